"""Work in a process of its own: how far it is, what came of it, and how it is stopped."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.desk.command_jobs import _changed, _replaced
from reportgen.desk.job_process import DONE, FAILED, REFUSED, RUNNING, STOPPED, Made
from reportgen.desk.jobs import Job, Jobs
from reportgen.run.pipeline import Request, build
from tests.conftest import SAMPLE

PATIENCE = 120


@dataclass(frozen=True)
class Waits:
    """Says that it has begun, then writes `end` unless it is stopped before."""

    end: Path

    def __call__(self, progress):
        progress("waiting", 0.5)
        time.sleep(PATIENCE)
        self.end.write_text("")
        return Made()


@dataclass(frozen=True)
class Ends:
    """Ends at once, as its name says."""

    how: str

    def __call__(self, progress):
        if self.how == "refused":
            raise DataRefused(())
        if self.how == "wrong":
            raise UsageError("a setting is wrong")
        if self.how == "bug":
            raise KeyError("Mustermann")
        return Made("folder", ("a.pdf",), ("said",))


def ended(job: Job, state: str = RUNNING) -> Job:
    end = time.monotonic() + PATIENCE
    while job.state == state:
        assert time.monotonic() < end
        time.sleep(0.05)
    return job


def test_what_is_stopped_ends_at_once_and_writes_no_more(tmp_path):
    jobs = Jobs()
    job = jobs.start("build", "x", Waits(tmp_path / "end"))
    end = time.monotonic() + PATIENCE
    while job.said != "waiting":
        assert time.monotonic() < end
        time.sleep(0.05)
    assert (job.state, job.share) == (RUNNING, 0.5)
    job.stop()
    assert job.state == STOPPED and not (tmp_path / "end").exists()


def test_no_more_than_two_at_once(tmp_path):
    jobs = Jobs()
    for _ in range(2):
        jobs.start("build", "x", Waits(tmp_path / "end"))
    with pytest.raises(UsageError, match="Two pieces of work"):
        jobs.start("build", "x", Ends("done"))
    jobs.stop_all()


@pytest.mark.parametrize(
    ("how", "state", "why"), [("done", DONE, ""), ("refused", REFUSED, "nothing was published"),
                              ("wrong", FAILED, "a setting is wrong"), ("bug", FAILED, "bug")],
)  # fmt: skip
def test_each_end_is_told_and_no_value_of_the_data(how, state, why):
    job = ended(Jobs().start("build", "x", Ends(how)))
    assert job.state == state and why in job.why and "Mustermann" not in job.why
    assert job.made == (Made("folder", ("a.pdf",), ("said",)) if how == "done" else Made())


def test_what_changed_is_told_of_the_report_that_is_replaced(tmp_path):
    """Before the first report there is nothing to compare with, and what can't be read is nothing."""
    source = Path(shutil.copy(SAMPLE, tmp_path / "cohort.xlsx"))
    wanted = Request(source, output=tmp_path / "output", formats=(), overrides={"cutoff": date(2016, 12, 31)})
    board = tmp_path / "output" / "cohort" / "board"
    board.mkdir(parents=True)
    (board / "manifest.json").write_text("{}")
    assert _replaced(wanted) == {}
    made = build(wanted)
    before = _replaced(wanted)
    assert list(before) == [made.folder]
    assert _changed(before[made.folder], made.folder, wanted, "de") == ("Es gibt keinen Unterschied.",)
    build(replace(wanted, overrides={"cutoff": date(2018, 6, 30)}))
    changed = "\n".join(_changed(before[made.folder], made.folder, wanted, "en"))
    assert "31 December 2016" in changed and _changed(None, made.folder, wanted, "en") == ()
    (made.folder / "manifest.json").unlink()
    (why,) = _changed(before[made.folder], made.folder, wanted, "en")  # the report that was made stays made
    assert why.endswith(".")
