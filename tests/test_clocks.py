"""Units of time, landmarks and days that coincide: nothing crashes, and what is printed is right."""

from pathlib import Path

import pytest

from reportgen.errors import UsageError
from reportgen.render.html import render_html
from reportgen.report import Notice, plain
from tests.conftest import Made, make
from tests.workbooks import minimal_patients, write_workbook

CASES = Path(__file__).resolve().parent / "cases"


def made(name: str) -> Made:
    report = make(CASES / name / "cohort.xlsx", config=CASES / name / "report.toml")
    assert render_html(report.report)
    return report


def days_of(report: Made, statistic: str = "survival") -> list[float]:
    return [e.time for e in report.results.select(section="survival", endpoint="os", statistic=statistic)]


@pytest.mark.parametrize(("unit", "days"), [("days", 100), ("weeks", 700)])
def test_landmarks_are_in_the_unit_of_time(unit, days):
    assert days_of(made(f"crash_time_unit_{unit}")) == [days]


def test_without_status_and_day_of_death_the_chapter_on_relapse_says_what_is_missing():
    report = made("crash_no_vital_columns")
    (block,) = next(s for s in report.report.sections if s.key == "relapse").blocks
    assert isinstance(block, Notice) and "vital_status or death_date" in plain(block.text)


def test_who_was_last_seen_on_the_day_of_the_stop_gives_a_proportion_without_a_rate():
    report = made("crash_stop_on_last_contact")
    event = report.results["after_stopping.stopped.event.proportion"]
    assert (event.events, event.n) == (0, 1)
    assert not report.results["after_stopping.stopped.event.rate"].exists
    assert "nobody was observed after the day of the stop" in _text(report, "after_stopping")


def test_events_on_day_0_and_two_on_one_day():
    report = made("same_day")
    os, relapse = report.cohort.endpoints["os"], report.cohort.endpoints["relapse"]
    # P01 relapsed on the day of death: a relapse, not a competing death; P03 died on the day of the start.
    assert [data.status[i] for data in (os, relapse) for i in (0, 2)] == [1, 1, 1, 2]
    assert os.duration[2] == 0
    first = report.results.select_curves(section="survival", endpoint="os")[0].steps
    assert (first.time[0], first.at_risk[0], first.events[0], first.estimate[0]) == (0, 8, 1, 7 / 8)


@pytest.mark.parametrize("landmark", ["1e9", "1e-9", "0", "-1", "nan", "inf"])
def test_a_landmark_beyond_every_life_is_refused(tmp_path, landmark):
    (tmp_path / "report.toml").write_text(f"[report]\nlandmarks = [1, {landmark}]")
    book = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(3))
    with pytest.raises(UsageError, match="times (from 1 day to 150 years|above 0)"):
        make(book, config=tmp_path / "report.toml")


def test_landmarks_are_put_in_order_and_said_once(tmp_path):
    book = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(9))
    report = make(book, overrides={"landmarks": "2, 1, 1, 2.0"})
    assert days_of(report) == [365.25, 730.5]


def _text(report: Made, chapter: str) -> str:
    blocks = next(s for s in report.report.sections if s.key == chapter).blocks
    return " ".join(plain(block.text) for block in blocks if hasattr(block, "text"))
