"""Monthly reports by the command: periods and cut-offs, months made again, runs that are killed or collide."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from reportgen.base.errors import MachineFailed
from reportgen.history.runs import announced, load, periods
from reportgen.history.store import reading
from reportgen.publish.run_files import sha256
from reportgen.report import Table, plain
from reportgen.run import pipeline
from tests.cli.test_cli import run
from tests.commands import command, start
from tests.history.reports import monthly, patient
from tests.history.series import PERIODS, settings, workbook
from tests.history.test_changes import four, table
from tests.reading import sentences
from tests.servers import PASSWORD
from tests.workbooks import write_workbook

KILLED = """
import os, signal, sys
from reportgen.history import recording as keep
keep.keep = lambda kept: os.kill(os.getpid(), signal.SIGKILL)
from reportgen.cli.main import main
main()
"""


def source_in(folder: Path, last: date = date(2020, 6, 15)) -> Path:
    return write_workbook(folder / "cohort.xlsx", patients=four(P1={"last_contact": last}))


def build(source: Path, period: str, *more: str, cwd: Path) -> subprocess.CompletedProcess:
    return run("build", source, "--period", period, "--format", "html", *more, cwd=cwd)


def known(folder: Path) -> dict[str, str]:
    """Period → SHA-256 of results.json, as the history has it."""
    with reading(folder / "output" / "cohort.history.sqlite") as session:
        return {p: load(session, "cohort", p).about["results"] for p in periods(session, "cohort")}


def published(folder: Path) -> dict[str, str]:
    found = (folder / "output" / "cohort").glob("*/results.json")
    return {path.parent.name: sha256(path.read_bytes()) for path in found}


@pytest.mark.parametrize(
    "text", ["2020-13", "2020-6", "202006", "2020-06-30", "June 2020", "../2020-06", "２０２０-06"]
)
def test_a_period_is_a_month(tmp_path, text):
    done = build(source_in(tmp_path), text, cwd=tmp_path)
    assert done.returncode == 2 and "--period must be a month as YYYY-MM" in done.stderr
    assert not (tmp_path / "output").exists()


def test_a_cut_off_beside_a_period_is_refused_unless_it_is_its_end(tmp_path):
    source = source_in(tmp_path)
    done = build(source, "2020-06", "--cutoff", "2020-06-15", cwd=tmp_path)
    assert done.returncode == 2
    assert "2020-06-30" in done.stderr and "2020-06-15" in done.stderr and not (tmp_path / "output").exists()
    assert build(source, "2020-06", "--cutoff", "2020-06-30", cwd=tmp_path).returncode == 0


def test_a_month_that_is_not_over_is_said(tmp_path):
    source, today = source_in(tmp_path), date.today()
    month = f"{today:%Y-%m}"
    done = build(source, month, cwd=tmp_path)
    assert done.returncode == 0 and f"{month} ends on" in done.stderr
    assert build(source, month, "--quiet", cwd=tmp_path).stderr == ""
    over = today.replace(day=1) - timedelta(days=1)
    assert build(source, f"{over:%Y-%m}", cwd=tmp_path).stderr == ""


def test_a_month_made_again_is_the_same_and_an_older_one_knows_no_later_one(tmp_path):
    source, folder = source_in(tmp_path), tmp_path / "output" / "cohort"
    for period in ("2020-06", "2020-08", "2020-09"):
        assert build(source, period, cwd=tmp_path).returncode == 0
    made = [*folder.glob("*/report.html"), *folder.glob("*/results.json")]
    before = {path: path.read_bytes() for path in made}
    for period in ("2020-08", "2020-06"):
        assert build(source, period, cwd=tmp_path).returncode == 0
    assert len(made) == 6 and {path: path.read_bytes() for path in made} == before
    assert known(tmp_path) == published(tmp_path) and len(known(tmp_path)) == 3
    assert build(source, "2020-07", cwd=tmp_path).returncode == 0
    page = (folder / "2020-07" / "report.html").read_text()
    assert "since the report for June 2020" in page and "August 2020" not in page


@pytest.mark.skipif(os.name != "posix", reason="signals are of POSIX")
def test_a_run_killed_after_publishing_is_in_the_history_of_the_next(tmp_path):
    assert build(source_in(tmp_path), "2020-06", cwd=tmp_path).returncode == 0
    source = source_in(tmp_path, date(2020, 7, 20))
    arguments = ["build", str(source), "--period", "2020-07", "--format", "html"]
    done = command(*arguments, program=KILLED, cwd=tmp_path, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert set(known(tmp_path)) == {"2020-06"} and set(published(tmp_path)) == {"2020-06", "2020-07"}
    assert build(source_in(tmp_path, date(2020, 8, 20)), "2020-08", cwd=tmp_path).returncode == 0
    assert known(tmp_path) == published(tmp_path)
    page = (tmp_path / "output" / "cohort" / "2020-08" / "report.html").read_text()
    assert "the report for July 2020" in page


def test_a_run_that_failed_to_publish_does_not_count(tmp_path, monkeypatch):

    def fail(*_):
        raise MachineFailed("no")

    assert build(source_in(tmp_path), "2020-06", cwd=tmp_path).returncode == 0
    kept = known(tmp_path)
    source = source_in(tmp_path, date(2020, 6, 2))
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "_publish", fail)
        with pytest.raises(MachineFailed):
            pipeline.build(
                pipeline.Request(
                    source, None, tmp_path / "output", "2020-06", ("html",), {"cutoff": "2020-06-30"}
                )
            )
    with reading(tmp_path / "output" / "cohort.history.sqlite") as session:
        assert set(announced(session, "cohort")) == {"2020-06"}
    assert build(source_in(tmp_path), "2020-07", cwd=tmp_path).returncode == 0
    assert known(tmp_path)["2020-06"] == kept["2020-06"]


DAMAGED = [
    (lambda path: path.write_text("no database" * 999), "begins a new history"),
    (lambda path: path.write_bytes(path.read_bytes()[:5000]), "begins a new history"),
    (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "begins a new history"),
    (lambda path: path.write_bytes(b""), "was cut off"),
    (lambda path: _do(path, "UPDATE reportgen_part SET content = 'eNrt'"), "what it holds is damaged"),
    (lambda path: _do(path, "DELETE FROM reportgen_part"), "what it holds is damaged"),
    (lambda path: _do(path, "UPDATE reportgen_run SET about = CAST(x'7bff' AS TEXT)"), "it holds is damaged"),
    (lambda path: _do(path, "UPDATE reportgen_history SET version = 99"), "newer reportgen"),
]


def test_a_history_that_cannot_be_used_stops_the_report_and_leaves_the_last_one(tmp_path):
    assert build(source_in(tmp_path), "2020-06", cwd=tmp_path).returncode == 0
    before, place = published(tmp_path), tmp_path / "output" / "cohort.history.sqlite"
    source, whole = source_in(tmp_path, date(2020, 7, 20)), place.read_bytes()
    wanted = pipeline.Request(
        source, None, tmp_path / "output", "2020-07", ("html",), {"cutoff": date(2020, 7, 31)}
    )
    for damage, said in DAMAGED:
        damage(place)
        damaged = place.read_bytes()
        with pytest.raises(MachineFailed, match=said):
            pipeline.build(wanted)
        assert published(tmp_path) == before and place.read_bytes() == damaged
        place.write_bytes(whole)
    place.write_bytes(b"")
    done = build(source, "2020-07", cwd=tmp_path)
    assert done.returncode == 4 and "was cut off" in done.stderr and "Traceback" not in done.stderr
    place.unlink()
    done = build(source, "2020-07", cwd=tmp_path)
    assert done.returncode == 0 and "the history of this source is not there" in done.stderr


def test_a_history_that_is_held_is_waited_for_and_then_named(tmp_path, monkeypatch):
    from reportgen.history import store

    monthly(tmp_path, "2020-06", patients=four())
    monkeypatch.setattr(store, "WAIT", 0.2)
    with closing(
        sqlite3.connect(tmp_path / "output" / "cohort.history.sqlite", isolation_level=None)
    ) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(MachineFailed, match="held it for a minute"):
            monthly(tmp_path, "2020-07", patients=four())
        other.execute("ROLLBACK")
    assert monthly(tmp_path, "2020-07", patients=four()).chapter is not None


def test_a_database_of_version_1_is_read_by_this_version(tmp_path):
    place = tmp_path / "output" / "cohort.history.sqlite"
    place.parent.mkdir()
    with closing(sqlite3.connect(place)) as database:
        database.executescript(Path(__file__).with_name("version_1.sql").read_text())
    tox = [{"patient_id": "P1", "term": "nausea", "grade": 3, "onset_date": date(2020, 3, 1)}]
    later = four(P2={"relapse_date": date(2020, 7, 9), "last_contact": date(2020, 7, 20)})
    made = monthly(tmp_path, "2020-07", patients=later, toxicities=tox)
    assert made.value("patients.new.count") == 2 and made.value("relapses.new.count") == 1
    assert made.value("pfs.follow_up.survival_change@365.25") is None  # NE: beyond the last follow-up
    assert made.value("corrections.all.count") == 0 and made.value("severe.2020-06.count") == 1


def test_two_months_at_once_leave_a_history_of_what_is_published(tmp_path):
    source = source_in(tmp_path)
    runs = [
        start("build", source, "--format", "html", "--period", period, cwd=tmp_path)
        for period in ("2020-06", "2020-07")
    ]
    ends = [one.ended(120).returncode for one in runs]
    assert set(ends) <= {0, 4} and 0 in ends
    assert known(tmp_path) == published(tmp_path) and len(published(tmp_path)) == ends.count(0)


def test_a_year_of_reports(tmp_path):
    """A month is missing, a patient is taken out, cells are corrected, a setting changes; all of it adds up."""
    made = {}
    for period in (p for p in PERIODS if p != "2025-05"):
        made[period] = monthly(tmp_path, period, source=workbook(tmp_path, period), settings=settings(period))
    for found in list(made.values())[1:]:
        facts, total = found.results.facts["changes"], len(found.cohort.patients)
        people = facts.happened[0]
        assert people.now == total == people.then + len(people.new) - len(people.gone)
        for whole in found.results.select(section="changes", group="all"):
            if whole.statistic.endswith("_change") and whole.exists:
                parts = found.results.select(section="changes", endpoint=whole.endpoint, variable=whole.variable,
                                             statistic=whole.statistic, time=whole.time)  # fmt: skip
                assert sum(e.value for e in parts if e.group != "all") == pytest.approx(
                    whole.value, abs=1e-12
                )
    corrected = {p: {(c.patient, c.column, c.kind) for c in m.results.facts["changes"].corrections}
                 for p, m in list(made.items())[1:]}  # fmt: skip
    assert corrected["2025-02"] == set()
    assert ("P001", "best_response", "corrected") in corrected["2025-03"]
    assert corrected["2025-04"] == {("P005", "subtype", "deleted")}
    assert ("P002", "treatment_start", "corrected") in corrected["2025-06"]
    assert ("P004", "", "row deleted") in corrected["2025-07"]
    assert corrected["2025-09"] == {
        (f"P{k:03}", "subtype", "corrected" if k != 5 else "entered late") for k in (1, 2, 3, 5, 6, 7)
    }
    assert made["2025-06"].cohort.earlier.last.name == "2025-04"
    assert "There is no report for May 2025." in sentences(made["2025-06"].chapter)
    assert "no report for" not in sentences(made["2025-07"].chapter)
    assert [c.name for c in made["2025-08"].cohort.earlier.changes] == ["landmarks"]


def test_long_lists_end_with_a_count(tmp_path):
    """Everybody of 60 is new or corrected: cells name 12 of them, tables 40; diff has them all."""
    few = [patient(f"P{k:03}", date(2020, 1, 1), date(2020, 6, 15)) for k in range(60)]
    monthly(tmp_path, "2020-06", patients=few)
    more = [patient(f"Q{k:03}", date(2020, 7, 1), date(2020, 7, 15)) for k in range(60)]
    made = monthly(tmp_path, "2020-07", patients=[row | {"stage": "III"} for row in few] + more)
    (people, *_), corrected = table(made, "table-changes-events"), table(made, "table-changes-corrections")
    assert people[-1].count("Q0") == 12 and people[-1].endswith(" and 48 more")
    assert len(corrected) == 40 and "20 more are listed by reportgen diff" in words(made)


def words(made) -> str:
    tables = [block for block in made.chapter.every if isinstance(block, Table)]
    return " ".join(plain(note) for block in tables for note in block.notes)


def test_reports_at_once_share_a_database(tmp_path, server):
    """Different cohorts, and processes that both find the database empty."""
    commands = []
    for k in range(2):
        folder = tmp_path / str(k)
        folder.mkdir()
        source = write_workbook(folder / f"cohort{k}.xlsx", patients=four())
        (folder / "report.toml").write_text(f'[history]\nurl = "{server}"\n')
        commands.append(("build", source, "--format", "html", "--period"))
    for period in ("2020-06", "2020-07"):
        runs = [start(*arguments, period, cwd=tmp_path) for arguments in commands]
        done = [one.ended(180) for one in runs]
        said = [(one.stdout, one.stderr) for one in done]
        assert [one.returncode for one in done] == [0, 0], said
        assert not any(PASSWORD in text or quote(PASSWORD, safe="") in text for out in said for text in out)
    for k in range(2):
        folder = tmp_path / "output" / f"cohort{k}"
        with reading(server) as session:
            assert periods(session, f"cohort{k}") == ("2020-06", "2020-07")
        assert "Nothing changed" in (folder / "2020-07" / "report.html").read_text()
        for path in folder.rglob("*"):
            assert not path.is_file() or quote(PASSWORD, safe="").encode() not in path.read_bytes()
    assert not list(tmp_path.rglob("*.sqlite"))


def _do(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)
