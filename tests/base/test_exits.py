"""However a run ends: a documented status, words without data, and nothing half-written."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import reportgen.cli.verification
import reportgen.run.mapping
from reportgen.base.exits import STATUSES
from tests.chapters.test_every_chapter import RELAPSED, patients
from tests.commands import command
from tests.conftest import ROOT, SAMPLE, TWO_GROUPS
from tests.workbooks import write_workbook

CANARY = "Zyxwv-Canary-4711"
STEPS = """
import sys
from reportgen.run import pipeline
from reportgen.cli.main import main
real = pipeline.Steps.run
def run(self, name, step):
    print(name, flush=True)
    return real(self, name, step)
pipeline.Steps.run = run
main()
"""
FAULT = """
import logging, sys, warnings
from reportgen.chapters import survival
def analyse(cohort):
    values = cohort.patients.frame.to_string()
    class Doomed:
        def __del__(self):
            raise ValueError(values)
    warnings.warn(values)
    logging.getLogger("a library").error(values)
    Doomed()
    error = ValueError(values)
    error.add_note(values)
    raise error
survival.analyse = analyse
from reportgen.cli.main import main
main()
"""


def run(*arguments, cwd, program=None, **environment):
    return command(*arguments, cwd=cwd, program=program, env=os.environ | environment)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def canary_cohort(tmp_path: Path) -> Path:
    """A cohort whose free cells all hold the canary."""
    rows = [RELAPSED | {"stage": CANARY, "diagnosis": CANARY, "relapse_site": CANARY}, {"stage": "I"}, {}]
    return write_workbook(tmp_path / "cohort.xlsx", patients=patients(*rows))


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals")
@pytest.mark.parametrize(
    ("step", "number"),
    [("analyse", signal.SIGINT), ("compose", signal.SIGHUP), ("pdf", signal.SIGTERM)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_build_told_to_stop_midway_cleans_up(tmp_path, step, number):
    old = tmp_path / "output" / SAMPLE.stem
    old.mkdir(parents=True)
    (old / "report.html").write_text("the last good report")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    building = subprocess.Popen(
        [sys.executable, "-c", STEPS, "build", str(SAMPLE)],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    )  # fmt: skip
    with building:
        while (line := building.stdout.readline().strip()) != step:
            assert line, building.stderr.read()
        building.send_signal(number)
        _, said = building.communicate(timeout=120)
    assert building.returncode == 128 + number and building.returncode in STATUSES
    assert said == (
        f"reportgen: stopped by {number.name}. Nothing half-written is left; an earlier report is untouched.\n"
    )
    left = content(tmp_path / "output")
    status = json.loads(left.pop(f"{SAMPLE.stem}/status.json"))
    assert (status["state"], status["exit"]) == ("failed", 128 + number)
    assert left == {f"{SAMPLE.stem}/report.html": b"the last good report"}
    assert content(temporary) == {}


def test_a_fault_in_a_chapter_is_said_without_a_value(tmp_path):
    source = canary_cohort(tmp_path)
    done = run("build", source, cwd=tmp_path, program=FAULT)
    assert done.returncode == 1
    assert "this is a bug: ValueError at <string>:" in done.stderr
    assert "(while building section survival)" in done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    left = content(tmp_path / "output")
    assert list(left) == ["cohort/status.json"] and CANARY not in left["cohort/status.json"].decode()


def test_all_is_said_where_it_is_asked_for(tmp_path):
    done = run("build", canary_cohort(tmp_path), cwd=tmp_path, program=FAULT, REPORTGEN_TRACEBACK="1")
    assert done.returncode == 1
    assert "Traceback" in done.stderr and CANARY in done.stderr


def test_refused_data_are_said_by_cell_and_patient_but_never_by_value(tmp_path):
    bad = {
        "patient_id": "P-77", "sex": CANARY, "birth_date": CANARY, "age_at_start": CANARY,
        "vital_status": CANARY, "best_response": CANARY, "last_contact": CANARY, "diagnosis": CANARY,
    }  # fmt: skip
    grades = [{"patient_id": "P-77", "term": CANARY, "grade": CANARY, "onset_date": date(2019, 1, 1)}]
    source = write_workbook(tmp_path / "cohort.xlsx", patients=patients(bad, {}), toxicities=grades)
    for options in ((), ("--json",)):
        done = run("build", source, *options, cwd=tmp_path)
        assert done.returncode == 3
        assert "P-77" in done.stderr and "UNKNOWN_VALUE" in done.stderr
        assert CANARY not in done.stdout + done.stderr


def test_an_ordinary_run_says_no_value_and_names_no_file_after_one(tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = run("build", canary_cohort(tmp_path), cwd=tmp_path, TMPDIR=str(temporary))
    assert done.returncode == 0
    assert CANARY not in done.stdout + done.stderr + "".join(map(str, tmp_path.rglob("*")))
    assert list(temporary.iterdir()) == []


def endings() -> dict[str, set[str]]:
    """What every exit of the program is given, as written, and where."""
    found: dict[str, set[str]] = {}
    for path in Path(reportgen.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name.rpartition(".")[2] in ("Exit", "exit", "_exit", "abort", "SystemExit"):
                found.setdefault(", ".join(map(ast.unparse, node.args)), set()).add(path.name)
    return found


def test_only_documented_exit_statuses_can_be_reached():
    known = {"status", "MachineFailed.status", "DataRefused.status", "DIFFERENT", "UsageError.status",
             "mapping.OPEN_STATUS", ""}  # fmt: skip
    assert {text: places for text, places in endings().items() if text not in known} == {}
    assert {reportgen.cli.verification.DIFFERENT, reportgen.run.mapping.OPEN_STATUS} <= set(STATUSES)
    kinds = [reportgen.base.errors.ReportError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
        assert kind.status in STATUSES
    assert {128 + number for number in reportgen.base.signals.STOPPING} <= set(STATUSES)


def test_the_statuses_are_documented():
    documents = ((ROOT / "README.md").read_text(), (ROOT / "docs" / "trust.md").read_text())
    for text in documents:
        said = re.search(r"Exit status:(.*?)\n\n", text, re.DOTALL)[1]
        assert {int(number) for number in re.findall(r"(?<![\w+])\d+\b", said)} == set(STATUSES)


def changed_run(tmp_path: Path) -> tuple[str, ...]:
    assert run("build", SAMPLE, "--format", "html", cwd=tmp_path).returncode == 0
    (tmp_path / "output" / SAMPLE.stem / "results.json").write_text("{}")
    return ("verify", f"output/{SAMPLE.stem}")


def test_every_status_but_those_of_signals_is_reached(tmp_path):
    source = canary_cohort(tmp_path)
    bad = write_workbook(tmp_path / "bad.xlsx", patients=patients({"sex": "banana"}))
    (tmp_path / "file").touch()
    ends = {
        0: run("build", source, "--format", "html", cwd=tmp_path),
        1: run("build", source, cwd=tmp_path, program=FAULT),
        2: run("build", source, "--no-such-option", cwd=tmp_path),
        3: run("build", bad, cwd=tmp_path),
        4: run("build", source, "--output", "file", "--format", "html", cwd=tmp_path),
        5: run(*changed_run(tmp_path), cwd=tmp_path),
    }
    assert {status: done.returncode for status, done in ends.items()} == {
        status: status for status in range(6)
    }


@pytest.mark.parametrize(
    ("raised", "words"),
    [
        ("MemoryError()", "too little memory"),
        ("OSError(28, 'No space left on device', 'Zyxwv-Canary-4711')", "the disk is full"),
        ("ModuleNotFoundError('no', name='scipy')", "the Python package scipy can't be loaded"),
    ],
)
def test_a_machine_that_fails_is_status_4(tmp_path, raised, words):
    program = (
        f"from reportgen.base.exits import run\ndef fail():\n    raise {raised}\nraise SystemExit(run(fail))"
    )
    done = run(cwd=tmp_path, program=program)
    assert done.returncode == 4
    assert words in done.stderr and CANARY not in done.stderr


def test_a_part_of_the_program_that_is_missing_is_a_bug(tmp_path):
    program = (
        "from reportgen.base.exits import run\nraise SystemExit(run(lambda: __import__('reportgen.none')))"
    )
    assert run(cwd=tmp_path, program=program).returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_answer_that_cannot_be_written_is_status_4(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reportgen", "--version"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 4 and b"the disk is full" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has other pipes")
def test_an_answer_that_nobody_reads_is_status_4(tmp_path):
    end, start = os.pipe()
    os.close(end)
    done = subprocess.run([sys.executable, "-m", "reportgen", "--help"], stdout=start, stderr=subprocess.PIPE)
    os.close(start)
    assert done.returncode == 4 and b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="names with such letters, and terminals, are of POSIX")
@pytest.mark.parametrize(
    "command", [("check",), ("verify",), ("build", "--format", "csv", "--period", "2999-01")]
)
def test_no_name_of_a_file_steers_a_terminal(tmp_path, command):
    """A name with an escape sequence would set the title of a terminal, and one with a line break fake a line."""
    import pty

    source = tmp_path / "evil\x1b]0;pwn\x07\nreportgen: all is well.xlsx"
    shutil.copy(TWO_GROUPS, source)
    reader, terminal = pty.openpty()
    arguments = [sys.executable, "-m", "reportgen", command[0], str(source), *command[1:]]
    done = subprocess.run(
        arguments, cwd=tmp_path, stdout=terminal, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal that nobody holds any more ends
        while part := os.read(reader, 1 << 16):
            shown += part
    os.close(reader)
    assert done.stderr + shown and b"\x1b" not in shown + done.stderr and b"\x07" not in shown + done.stderr
    assert b"\nreportgen: all is well" not in shown
