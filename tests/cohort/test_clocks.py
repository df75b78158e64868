"""Units of time, landmarks and days that coincide: nothing crashes, and what is printed is right."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reportgen.base.errors import UsageError
from reportgen.cohort.clean.timing import dates_after
from reportgen.render.html.document import render_html
from reportgen.report import Notice, plain
from tests.commands import command
from tests.conftest import Made, make
from tests.workbooks import minimal_patients, write_workbook

CASES = Path(__file__).resolve().parents[1] / "cases"


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
    (block,) = next(s for s in report.report.sections if s.key == "relapse").every
    assert isinstance(block, Notice) and "vital_status or death_date" in plain(block.text)
    page = render_html(report.report)
    assert "8 patients, observed for" in page and "relapse in 2" in page
    assert not any(
        unknown in page for unknown in ("death in 0", "response in 0", "alive at the last contact")
    )


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


def test_landmarks_are_put_in_order_and_none_is_given_twice(tmp_path):
    book = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(9))
    report = make(book, overrides={"landmarks": "2, 1"})
    assert days_of(report) == [365.25, 730.5]
    with pytest.raises(UsageError, match="each time once"):
        make(book, overrides={"landmarks": "2, 1, 1, 2.0"})


def _text(report: Made, chapter: str) -> str:
    blocks = next(s for s in report.report.sections if s.key == chapter).every
    return " ".join(plain(block.text) for block in blocks if hasattr(block, "text"))


def late_entry(name: str, file: str, toml: str = "", folder: Path | None = None) -> Made:
    config = CASES / name / "report.toml"
    if folder:
        (folder / "report.toml").write_text(config.read_text() + toml)
        config = folder / "report.toml"
    report = make(CASES / name / file, config=config)
    assert render_html(report.report)
    return report


@pytest.mark.parametrize(
    ("name", "file", "key", "marks", "median"),
    [
        ("diag", "c.xlsx", "osdx", {365.25: (0.9375, 15), 1095.75: (0.556957426, 65)}, 1220),
        ("origin_diagnosis", "cohort.xlsx", "os_dx", {365.25: (None, 0), 1095.75: (0.1458333333, 8)}, 671),
    ],
)
def test_a_clock_from_diagnosis_has_late_entry_at_the_start_of_treatment(name, file, key, marks, median):
    """R: summary(survfit(Surv(entry, t, e) ~ 1), times = c(365.25, 1095.75)); quantile(…, 0.5)."""
    report = late_entry(name, file)
    for day, (value, at_risk) in marks.items():
        row = report.results[f"survival.{key}.all.survival@{day:g}"]
        assert (row.value, row.at_risk) == (pytest.approx(value, abs=1e-9) if value else None, at_risk)
    assert report.results[f"survival.{key}.all.median_time"].value == median
    text = _text(report, "survival")
    assert "Too early" not in _text(report, "summary")
    assert "late entry" in text and "numbers at risk rise at first" in text
    assert "Patients are at risk from the start of treatment on (late entry)" in text


def test_given_durations_have_late_entry_as_map_proposes(tmp_path):
    """R: survfit(Surv(entry, t, e) ~ 1); without entry it would be 0.82 and 50.8 months."""
    source = tmp_path / "lt.csv"
    source.write_bytes((CASES / "diag" / "lt.csv").read_bytes())
    done = command("map", source, "--yes", cwd=tmp_path)
    assert done.returncode == 0 and "endpoint.event.entry" in done.stdout
    report = make(source, config=tmp_path / "report.toml")
    assert report.results["survival.event.all.survival@1095.75"].value == pytest.approx(0.556957426, abs=1e-9)
    assert report.results["survival.event.all.median_time"].value == 1220
    assert "Patients are at risk from the time in the column entry on (late entry)" in _text(
        report, "survival"
    )
    assert "every duration counts from where its column does" in _text(report, "cohort")


def test_late_entry_can_be_left_out_and_the_assumption_is_printed(tmp_path):
    """R: summary(survfit(Surv(t, e) ~ 1), times = 1095.75); quantile(…, 0.5) / 30.4375."""
    report = late_entry("diag", "c.xlsx", "late_entry = false\n", tmp_path)
    assert report.cohort.endpoints["osdx"].entry is None
    assert report.results["survival.osdx.all.survival@1095.75"].value == pytest.approx(0.82, abs=0.005)
    assert report.results["survival.osdx.all.median_time"].value / 30.4375 == pytest.approx(50.8, abs=0.05)
    assert "on the assumption that nobody had to reach the start of treatment" in _text(report, "survival")


def test_what_cannot_take_late_entry_is_refused(tmp_path):
    rows = [
        row | {"diagnosis_date": row["treatment_start"] - timedelta(days=20 + 7 * k), "arm": "AB"[k % 2]}
        | ({"vital_status": "dead", "death_date": row["last_contact"]} if k % 3 else {})
        for k, row in enumerate(minimal_patients(12))
    ]  # fmt: skip
    (tmp_path / "report.toml").write_text(
        '[report]\ngroup = "arm"\n[[endpoint]]\nkey = "osdx"\norigin = "diagnosis_date"\nevents = ["death_date"]'
    )
    report = make(write_workbook(tmp_path / "a.xlsx", patients=rows), config=tmp_path / "report.toml")
    notes = {s: report.results[f"survival.osdx.arm.{s}"].note for s in ("p_value", "hazard_ratio")}
    assert notes == {
        "p_value": "NE: a relabelling of patients takes no late entry",
        "hazard_ratio": "NE: Firth’s penalised model takes no late entry here",
    }


def test_who_died_before_treatment_could_begin_is_not_at_risk(tmp_path):
    rows = minimal_patients(6, diagnosis_date=date(2014, 1, 1))
    rows[0]["relapse_date"] = rows[0]["treatment_start"]
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "rel"\norigin = "diagnosis_date"\nevents = ["relapse_date"]'
    )
    report = make(write_workbook(tmp_path / "a.xlsx", patients=rows), config=tmp_path / "report.toml")
    data = report.cohort.endpoints["rel"]
    assert (1, "not observed free of the event after the start of treatment") in data.left_out
    assert len(data.rows) == 5


def test_who_was_seen_on_the_anniversary_is_seen_at_the_landmark():
    report = made("anniversary")
    row = report.results["survival.pfs.all.survival@365.25"]
    assert (row.value, row.at_risk, row.events) == (7 / 8, 7, 1)
    assert row.low == pytest.approx(0.4735, abs=1e-4)
    assert report.results["relapse.relapse.all.cumulative_incidence@365.25"].at_risk == 7
    assert report.results["follow_up.censored.all.proportion@365.25"].events == 0
    assert report.results["follow_up.pfs.all.known_status@365.25"].value == 1
    assert report.results["follow_up.pfs.all.extreme_low@365.25"].value == 7 / 8
    assert [e.time for e in report.results.select(statistic="mature_after")] == [1095.75]
    assert "Too early" not in _text(report, "summary")
    assert not report.results["survival.pfs.all.survival@1095.75"].exists


def test_what_was_known_only_later_is_never_compared_as_if_it_were_known_at_the_start():
    report = made("immortal")
    names = ("cycles_received", "maintenance", "remission", "number_of_doses")
    assert {f.name: f.known_at_start for f in report.cohort.features} == dict.fromkeys(names, False)
    compared = [
        e
        for e in report.results.select(section="relapse")
        if "p_value" in e.statistic or "ratio" in e.statistic
    ]
    assert compared and not any(e.exists for e in compared)


def test_a_date_after_an_unknown_day_is_unknown_and_nothing_else_is_read():
    start = pd.Series(pd.to_datetime(["2020-01-01", "2020-01-01", None, "2020-02-28"]))
    later = dates_after(start, pd.Series([31.0, np.nan, 5.0, 2.0]))
    assert later.astype(str).tolist() == ["2020-02-01", "NaT", "NaT", "2020-03-01"]
