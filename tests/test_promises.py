"""The promises of docs/trust.md that no other test keeps: the network, the files read, every row."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

import reportgen
from reportgen.base.errors import ERROR
from reportgen.cohort.load import load_cohort
from tests.chapters.test_every_chapter import DEAD, RELAPSED, patients
from tests.commands import command
from tests.conftest import ROOT, SAMPLE, TWO_GROUPS
from tests.workbooks import write_workbook

TRUST = ROOT / "docs" / "trust.md"
OUTPUTS = ("report.html", "report.pdf", "results.json")

# ---- no network, and no file but the input and its own --------------------------------------------------

WATCHED = """
import json, sys
events = []
def watch(event, args):
    if event in ("open", "os.listdir", "os.scandir", "ctypes.dlopen", "sqlite3.connect") or event.split(".")[0] in (
        "socket", "subprocess", "urllib", "http", "ftplib", "smtplib", "webbrowser"
    ) or event in ("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"):
        events.append((event, [str(part) for part in args]))
sys.addaudithook(watch)
from reportgen.cli.app import app
from reportgen.base.exits import run
status = run(app)
with open(sys.stdin.readline(), "w") as stream:
    json.dump(events, stream)
sys.exit(status)
"""
# What libraries read besides themselves: time zones, and a list of the fonts that the system has.
LIBRARIES_READ = re.compile(
    r"/zoneinfo/|/fontlist-[^/]*\.json$|/matplotlib(/|$)|^/dev/u?random$|^/proc/|^/sys/"
)


def watched_build(folder: Path) -> list[tuple[str, list[str]]]:
    """Every event of a whole build that Python's audit knows of, as (event, arguments)."""
    (folder / "here").mkdir()
    (folder / "temporary").mkdir()
    log = folder / "events.json"
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "build", str(SAMPLE), "--output", str(folder / "output")],
        input=str(log), cwd=folder / "here", capture_output=True, text=True, timeout=300, check=False,
        env=os.environ | {"TMPDIR": str(folder / "temporary")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [
        (event, arguments) for event, arguments in json.loads(log.read_text()) if str(log) not in arguments
    ]


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    return folder, watched_build(folder)


def test_a_build_asks_for_no_network_and_starts_no_program(events):
    _, happened = events
    harmless = {
        "open",
        "os.listdir",
        "os.scandir",
        "ctypes.dlopen",
        "sqlite3.connect",
        "sqlite3.connect/handle",
    }
    assert [event for event in happened if event[0] not in harmless] == []
    assert sum(event == "open" for event, _ in happened) > 100, "the hook heard nothing"


def test_a_build_reads_only_its_source_and_its_own_files(events):
    folder, happened = events
    own = [sys.prefix, sys.base_prefix, Path(reportgen.__file__).parent, ROOT / "templates", SAMPLE]
    own += [folder]
    allowed = tuple(os.path.realpath(place) for place in own)
    strange = [
        (event, arguments[0])
        for event, arguments in happened
        if event in ("open", "os.listdir", "os.scandir", "sqlite3.connect") and not arguments[0].isdigit()
        and not os.path.realpath(folder / "here" / arguments[0]).startswith(allowed)
        and not LIBRARIES_READ.search(arguments[0])
        and (event, os.path.realpath(arguments[0])) != ("os.listdir", str(ROOT))  # where Python looks for modules
    ]  # fmt: skip
    assert strange == []
    assert str(SAMPLE) in {arguments[0] for event, arguments in happened if event == "open"}


ALONE = ("unshare", "--map-root-user", "--net")  # in a network namespace of its own, without any network
STRACE = ("strace", "--follow-forks", "--trace=socket,connect,sendto,execve")


def permitted(*command: str) -> bool:
    return (
        bool(shutil.which(command[0]))
        and not subprocess.run([*command, "true"], capture_output=True, check=False).returncode
    )


@pytest.fixture(scope="module")
def isolated(tmp_path_factory) -> tuple[Path, Path | None, bool]:
    """A build without any network, watched by the kernel, as far as either is permitted here: (its output, what was
    called or None, whether it had no network)."""
    folder = tmp_path_factory.mktemp("isolated")
    alone, watched = permitted(*ALONE), permitted(*STRACE)
    before = [*(ALONE if alone else ()), *((*STRACE, f"--output={folder / 'calls'}") if watched else ())]
    command = [*before, sys.executable, "-m", "reportgen", "build", str(SAMPLE), "--quiet"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder / "output", folder / "calls" if watched else None, alone


def test_the_system_itself_sees_no_connection_and_no_program(isolated):
    """Libraries in C are not heard by Python's audit: the kernel is asked about them."""
    _, log, _ = isolated
    if log is None:
        pytest.skip("there is no strace to watch the system with, or it is not permitted here")
    calls = [line for line in log.read_text().splitlines() if re.search(r"\w+\(", line)]
    assert len(calls) == 1 and "execve(" in calls[0], calls


def test_the_same_report_is_made_without_any_network(events, isolated):
    output, _, alone = isolated
    reach = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    if not alone:
        pytest.skip("an isolated network namespace is not permitted here")
    tried = subprocess.run([*ALONE, sys.executable, "-c", reach], capture_output=True, text=True)
    assert "unreachable" in tried.stderr, "there is a network after all"
    made = [
        [hashlib.sha256((folder / SAMPLE.stem / name).read_bytes()).digest() for name in OUTPUTS]
        for folder in (events[0] / "output", output)
    ]
    assert made[0] == made[1]


# ---- cell text is never a path --------------------------------------------------------------------------


def test_no_cell_names_a_file(tmp_path):
    words = ("../../../etc/passwd", "/etc/passwd", "C:\\Windows\\x", "CON", "-rf", "~root", "$HOME", "`id`")
    rows = patients(*[RELAPSED | {"patient_id": word, "stage": word} for word in words])
    report = [{"key": "title", "value": "../title"}, {"key": "treatment", "value": "/treatment"}]
    (tmp_path / "data").mkdir()
    source = write_workbook(tmp_path / "data" / "cohort.xlsx", patients=rows, report=report)
    done = command("build", source, "--format", "html", "--output", "output", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert Path("output/cohort/report.html") in made
    assert {path.parent.as_posix() for path in made} == {"data", "output", "output/cohort"}
    assert [path.name for path in made if not re.fullmatch(r"\.?[a-z]+(\.[a-z]+)+", path.name)] == []


# ---- every input row is accounted for -------------------------------------------------------------------


def rows_of(source: Path) -> dict[str, list[dict]]:
    """The rows of every sheet that hold anything, by another reader than the program's."""
    book = openpyxl.load_workbook(source, data_only=True)
    sheets = {}
    for sheet in book:
        head, *rows = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [
            dict(zip(head, row, strict=False)) for row in rows if any(x is not None for x in row)
        ]
    return sheets


def assert_accounted(source: Path, **options) -> None:
    """What was read is what is analysed, and what left by a step of the flow or by an issue."""
    sheets, cohort = rows_of(source), load_cohort(source, **options)
    steps = cohort.flow
    twice = sum(issue.code == "DUPLICATE_ROW" and issue.sheet == "patients" for issue in cohort.issues)
    assert steps[0].n == len(sheets["patients"]) - twice
    for before, step in zip(steps, steps[1:], strict=False):
        assert before.n - step.out == step.n
        assert bool(step.out) == bool(step.reason)
    assert steps[-1].n == cohort.n
    kept = set(cohort.patients.frame["patient_id"])
    left = {str(row["patient_id"]) for row in sheets["patients"]} - kept
    blamed = {
        (issue.sheet, issue.cell[1:]) for issue in cohort.issues if issue.severity == ERROR and issue.cell
    }
    for name in ("toxicities", "treatments", "assessments"):
        if name not in sheets:
            continue
        of_nobody = [row for row in sheets[name] if str(row["patient_id"]) not in kept]
        unexplained = [row for row in of_nobody if str(row["patient_id"]) not in left]
        assert len(unexplained) <= sum(sheet == name for sheet, _ in blamed), unexplained
        said = [
            issue.problem for issue in cohort.issues
            if issue.code == "AFTER_CUTOFF" and issue.sheet == name and "rows that begin" in issue.problem
        ]  # fmt: skip
        too_late = sum(int(text.split(" ")[0]) for text in said)
        assert len(getattr(cohort, name)) + len(of_nobody) + too_late == len(sheets[name]), name


@pytest.mark.parametrize("source", [SAMPLE, TWO_GROUPS], ids=lambda path: path.stem)
@pytest.mark.parametrize("cutoff", [None, date(2016, 6, 30), date(2015, 1, 31)], ids=str)
def test_every_row_of_the_samples_is_accounted_for(source, cutoff):
    first = min(row["treatment_start"] for row in rows_of(source)["patients"])
    first = first.date() if isinstance(first, datetime) else first
    if cutoff and cutoff < first:
        cutoff = first
    assert_accounted(source, overrides={"cutoff": cutoff} if cutoff else {})


def test_every_row_of_a_cohort_with_excluded_patients_is_accounted_for(tmp_path):
    late = {"treatment_start": date(2023, 1, 1), "response_date": None, "treatment_stop": None,
            "stop_reason": None, "last_contact": date(2023, 6, 1)}  # fmt: skip
    rows = patients({}, RELAPSED | DEAD, {"sex": "banana"}, {"patient_id": "P1"}, {"patient_id": None}, late,
                    {"death_date": date(2019, 1, 1)}, {}, {"last_contact": None}, RELAPSED)  # fmt: skip
    events = [
        {"patient_id": f"P{number}", "term": "Nausea", "grade": 1, "onset_date": day}
        for number in (1, 2, 3, 6, 7, 8, 9)
        for day in (date(2020, 2, 1), date(2022, 12, 1))
    ]
    events += [{"patient_id": "P99", "term": "Nausea", "grade": 1, "onset_date": date(2020, 2, 1)}]
    source = write_workbook(tmp_path / "cohort.xlsx", patients=rows, toxicities=events)
    assert_accounted(source, on_invalid="exclude")
    assert_accounted(source, on_invalid="exclude", overrides={"cutoff": date(2022, 6, 30)})


# ---- the list itself ------------------------------------------------------------------------------------


def named_tests() -> list[str]:
    return re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", TRUST.read_text(encoding="utf-8"))


def test_the_promises_are_numbered_and_each_names_its_tests():
    text = TRUST.read_text(encoding="utf-8")
    promises = re.split(r"^## (?=\d+\. )", text, flags=re.MULTILINE)[1:]
    assert [int(promise.split(".")[0]) for promise in promises] == list(range(1, 14))
    for promise in promises:
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", promise), promise.splitlines()[0]


@pytest.mark.parametrize("name", sorted(set(named_tests())) if TRUST.exists() else [])
def test_the_tests_that_are_named_exist(name):
    file, _, test = name.partition("::")
    path = ROOT / file
    assert path.is_file(), f"{file} does not exist"
    assert not test or re.search(rf"^def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE)
