"""An extract that may be last month's is said, and told to those who are to hear of a run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from reportgen.base.errors import UsageError
from reportgen.run.pipeline import Request, build
from reportgen.settings.choices import cutoff_of
from reportgen.settings.model import Notify
from reportgen.unattended.followed import followed
from reportgen.unattended.notices import wanted
from reportgen.unattended.notices.event import Ended, Event
from reportgen.unattended.notices.notice_words import body
from reportgen.unattended.status import is_odd, read_status
from tests.history.reports import month_end
from tests.history.series import workbook


def report(folder: Path, period: str, data: str):
    source = workbook(folder, data, 12)
    request = Request(source, None, folder / "out", period, ("csv",), {"cutoff": month_end(period)})
    with followed(request, "build") as run:
        return run.attempt(request, build)


def test_an_extract_of_last_month_is_doubted(tmp_path):
    assert report(tmp_path, "2025-03", "2025-03").doubts == ()
    (said,) = report(tmp_path, "2025-04", "2025-03").doubts
    assert said.startswith("nobody was seen since the report for 2025-03") and "last month's" in said
    status = json.loads((tmp_path / "out" / "cohort" / "status.json").read_text())
    assert status["state"] == "done" and status["doubts"] == [said]
    (older,) = report(tmp_path, "2025-05", "2025-02").doubts
    assert older.startswith("the data end before those of the report for 2025-04")
    assert report(tmp_path, "2025-06", "2025-06").doubts == ()


def test_a_doubt_is_told_where_only_failures_are_asked_for():
    ended = Ended("2025-04", "done", 0, errors=0, warnings=0, doubts=("nobody was seen.",))
    event = Event("build", "done", 0, (ended,), "then", "now", "here", Path("out"))
    assert wanted(Notify(), event) and "Doubtful (2025-04): nobody was seen." in body(event)
    quiet = Event("build", "done", 0, (Ended("2025-04", "done", 0),), "then", "now", "here", Path("out"))
    assert not wanted(Notify(), quiet)


def test_a_month_that_has_not_begun_is_refused():
    later = f"{date.today().year + 1}-01"
    with pytest.raises(UsageError, match=f"{later} has not begun.*clock"):
        cutoff_of("", later)
    assert cutoff_of("", f"{date.today():%Y-%m}")


@pytest.mark.parametrize(
    "text",
    [
        "[1",
        "7",
        '{"state": 3}',
        '{"state": "done", "missing": 7}',
        '{"state": "running", "process": 3}',
        "[" * 50_000,
    ],
)
def test_an_odd_status_is_no_bug_and_is_said(tmp_path, text, capsys):
    root = tmp_path / "out" / "cohort"
    root.mkdir(parents=True)
    (root / "status.json").write_text(text)
    report(tmp_path, "2025-03", "2025-03")
    said = capsys.readouterr().err
    assert json.loads((root / "status.json").read_text())["state"] == "done"
    (root / "status.json").write_text(text)
    found = read_status(root)
    assert ("could not be understood and is written anew" in said) == (found is None)
    assert found is None or (found.missing == () and found.reports == ())


@pytest.mark.parametrize(
    "text",
    [
        '{"state": "running", "process": {"pid": Infinity, "host": "h", "birth": ""}}',
        '{"state": "done", "what_failed": "\\ud800"}',
        '{"state": "done", "reports": [{"period": 5, "state": [], "exit": "0", "what_failed": ""}]}',
        '{"state": "done", "notices": [{"by": "mail", "sent": NaN}]}',
    ],
)
def test_a_status_that_could_not_be_written_again_is_odd(tmp_path, text):
    (tmp_path / "status.json").write_text(text)
    assert read_status(tmp_path) is None and is_odd(tmp_path)
