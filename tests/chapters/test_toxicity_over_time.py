"""Toxicity over time, counted by hand; and the bounds of curves in the chapter Follow-up."""

import numpy as np
import pytest

from reportgen.chapters import follow_up, toxicity
from reportgen.report import plain
from tests.chapters.chapters import chapter, day, patient

PATIENTS = [
    patient("A", treatment_stop=None, last_contact=400),
    patient("B", treatment_stop=50, last_contact=400),
    patient("C", treatment_stop=None, last_contact=120, death_date=120, vital_status="dead"),
    patient("D", treatment_stop=300, last_contact=400),
    patient("E", treatment_stop=None, last_contact=20),
]


def event(name, grade, onset, resolved=None, term="nausea"):
    return {
        "patient_id": name,
        "term": term,
        "grade": grade,
        "onset_date": day(onset),
        "resolved_date": day(resolved),
    }


EVENTS = [
    event("A", 3, 40, 80), event("A", 4, 200, 210), event("B", 3, 60), event("D", 1, 10, 100),
    event("D", 3, 250, 320), event("A", 2, 25, 35),
]  # fmt: skip


@pytest.fixture
def told(tmp_path):
    return chapter(toxicity, tmp_path, patients=PATIENTS, toxicities=EVENTS)


def test_the_first_grade_3_competes_with_stop_and_death(told):
    """E is censored on day 20; of four A has one on day 40, B stops on 50 (the one of day 60 comes later), C dies
    on 120, D has one on day 250: incidence 1/4 of all from day 40 on, then 2/4."""
    stem = "toxicity.toxicity_grade_3_plus.all"
    assert (told.results[f"{stem}.count"].events, told.results[f"{stem}.competing_count"].events) == (2, 2)
    at = [told.results[f"{stem}.cumulative_incidence@{m * 30.4375:.10g}"].value for m in (1, 3, 6)]
    assert at == [0, 0.25, 0.25]
    assert told.results[f"{stem}.cumulative_incidence"].steps.estimate[-1] == 0.5


def test_prevalence_is_of_those_on_treatment_then(told):
    month = told.results["toxicity.any.all.prevalence@30.4375"]
    assert (month.events, month.n) == (2, 4)  # A until day 35, D until day 100; E is gone
    third = told.results["toxicity.toxicity_grade_3_plus.all.prevalence@91.3125"]
    assert (third.events, third.n) == (0, 3)


def test_the_mean_count_is_of_those_who_live(told):
    """On day 60: D's first of five, then A's of four on days 25 and 40."""
    count = told.results["toxicity.any.all.mean_count@91.3125"]
    assert np.isclose(count.value, 1 / 5 + 1 / 4 + 1 / 4) and count.events == 3
    curve = told.results["toxicity.any.all.mean_cumulative_count"]
    assert curve.kind == "mean_cumulative_count" and curve.n == 5


def test_it_is_one_table_and_none_without_dates_of_onset(told, tmp_path):
    assert "table-toxicity-time" in {getattr(b, "id", "") for b in told.section.further}
    undated = [{k: v for k, v in row.items() if k != "onset_date"} for row in EVENTS]
    (tmp_path / "undated").mkdir()
    bare = chapter(toxicity, tmp_path / "undated", patients=PATIENTS, toxicities=undated)
    assert not bare.results.select(statistic="prevalence") and not bare.results.select(statistic="mean_count")


def test_bounds_under_extreme_censoring_stand_in_follow_up(tmp_path):
    told = chapter(follow_up, tmp_path, patients=PATIENTS)
    low, high = (told.results[f"follow_up.os.all.extreme_{end}@365.25"] for end in ("low", "high"))
    # Seen alive at one year: A, B and D; C died, E was censored before.
    assert (low.value, high.value, low.at_risk) == (0.6, 0.8, 3)
    assert "table-maturity" in {getattr(b, "id", "") for b in told.section.further}


def test_another_time_zero_moves_no_time_on_treatment(told, tmp_path):
    """Times on treatment count from its start, also where survival counts from a diagnosis 100 days earlier."""
    (tmp_path / "origin").mkdir()
    rows = [row | {"diagnosis_date": day(-100)} for row in PATIENTS]
    other = chapter(toxicity, tmp_path / "origin", patients=rows, toxicities=EVENTS,
                    overrides={"report.origin": "diagnosis_date"})  # fmt: skip
    for statistic in ("prevalence", "competing_count", "mean_count", "cumulative_incidence"):
        pairs = zip(*(one.results.select(statistic=statistic) for one in (told, other)), strict=True)
        assert all((a.id, a.value, a.n) == (b.id, b.value, b.n) for a, b in pairs), statistic


def test_a_group_that_has_all_stopped_has_its_final_incidence_and_the_reason_for_what_it_lacks(tmp_path):
    """Of those of X, all off treatment on day 50, one of three had a grade 3 before it stopped: one third, for good."""
    arms = [patient(name, treatment_stop=50, last_contact=400, arm="X") for name in "ABC"]
    arms += [patient(name, treatment_stop=None, last_contact=400, arm="Y") for name in "DEF"]
    told = chapter(toxicity, tmp_path, patients=arms, toxicities=[event("A", 3, 40, 80), event("D", 3, 10, 20)],
                   overrides={"report.group": "arm"})  # fmt: skip
    at_one_year = told.results["toxicity.toxicity_grade_3_plus.X.cumulative_incidence@365.25"]
    np.testing.assert_allclose(at_one_year.value, 1 / 3)
    rows = {(row[0], row[1]) for row in told.table("table-toxicity-time")}
    assert {("12 months", "33%"), ("X", "33%"), ("Y", "33%")} <= rows
    notes = [
        plain(n) for b in told.section.every if getattr(b, "id", "") == "table-toxicity-time" for n in b.notes
    ]
    assert "Not given: beyond the last follow-up (50 days)." in notes
