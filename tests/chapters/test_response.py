"""Response: all treated in the denominator, the exact interval, size against the right baseline."""

from __future__ import annotations

import pytest

from reportgen.analyses import tumours
from reportgen.analyses.tumours import NO_SIZE, NO_TUMOUR, ONE_SIZE, courses
from reportgen.chapters import response
from reportgen.render.svg import print_svg
from tests.chapters.chapters import HOSTILE, chapter, day, of, patient


def made(folder, best: list, assessments=None, overrides=None, **columns):
    rows = [patient(f"P{i}", best_response=b) for i, b in enumerate(best, 1)]
    for name, values in columns.items():
        rows = [r | {name: value} for r, value in zip(rows, values, strict=True)]
    sheets = {"patients": rows} | ({"assessments": assessments} if assessments else {})
    return chapter(response, folder, overrides=overrides, **sheets)


def size(who: str, on: int, mm: float | None) -> dict:
    return {"patient_id": who, "date": day(on), "tumour_size": mm}


def test_the_sample_says_that_all_responded(sample):
    told = of(response, sample.cohort)
    assert "All eight patients responded (8 of 8, 100%; 95% CI 63–100): six CR and two PR." in told.text
    rate = told.results["response.response.all.proportion"]
    assert (rate.events, rate.n) == (8, 8) and rate.low == pytest.approx(0.6306, abs=1e-4) and rate.high == 1
    assert told.has("figure-waterfall") and told.has("figure-spider")


def test_not_evaluable_and_not_recorded_stay_in_the_denominator(tmp_path):
    told = made(tmp_path, ["CR", "NE", None, "PD"])
    rate = told.results["response.response.all.proportion"]
    assert (rate.events, rate.n) == (1, 4)
    table = {line[0]: line[1] for line in told.table("table-response")}
    assert told.caption("table-response").startswith("Best response of all treated patients. "), (
        "four, all as frequent"
    )
    assert table["Not evaluable (NE)"] == "1/4 (25%)" and table["Not recorded"] == "1/4 (25%)"
    assert "one CR, one PD, one NE and one not recorded" in told.text


def test_nobody_responded(tmp_path):
    told = made(tmp_path, ["SD", "PD", "SD"], response_date=[None] * 3, relapse_date=[day(50), None, None])
    assert "No patient responded (0 of 3, 0%; 95% CI 0–71): two SD and one PD." in told.text
    said = "Most frequent best response of all treated patients: stable disease (SD), 2 of 3 (67%)."
    assert told.caption("table-response") == f"{said} Intervals are exact (Clopper–Pearson)."
    assert "Duration of response is not estimated: no patient responded." in told.text
    assert not told.figures()


def test_duration_lacks_its_columns(tmp_path):
    told = made(tmp_path, ["CR", "PR"])
    assert "Duration of response is not estimated: the data lack" in told.text
    assert "The data hold no date of first response." in told.text


def test_one_patient(tmp_path):
    told = made(tmp_path, ["PR"], response_date=[day(60)], relapse_date=[None])
    assert "The one patient responded: one PR." in told.text


def test_response_dates_may_be_missing(tmp_path):
    told = made(tmp_path, ["PR", "CR", "CR"], response_date=[day(60), day(30), None], relapse_date=[None] * 3)
    assert "it is not recorded for 1 of 3 responders" in told.text


def test_groups_are_compared_by_fisher_and_called_exploratory(two_groups):
    told = of(response, two_groups.cohort)
    test = told.results["response.response.arm.p_value"]
    assert test.value == pytest.approx(0.0674, abs=5e-4)
    assert "Comparison by regimen (exploratory): Fisher" in told.text


def test_groups_too_small_for_any_result_are_not_tested(tmp_path):
    told = made(tmp_path, ["CR"] * 3 + ["PD"] * 3, arm=["a"] * 3 + ["b"] * 3, overrides={"group": "arm"})
    assert told.results["response.response.arm.p_value"].value is None
    assert "not compared by a test: with these numbers no result could reach p = 0.05" in told.text


def test_groups_that_formed_later_are_not_compared(tmp_path):
    arm = ["yes"] * 8 + ["no"] * 8
    told = made(tmp_path, ["CR"] * 8 + ["PD"] * 8, surgery=arm, overrides={"group": "surgery"})
    assert (
        told.results["response.response.surgery.p_value"].note
        == "NE: the groups became known only after the start"
    )


def test_the_best_change_is_from_the_last_size_before_treatment_to_the_smallest_on_it(tmp_path):
    sizes = [
        size("P1", -40, 50),
        size("P1", -5, 100),
        size("P1", 60, 70),
        size("P1", 120, 40),
        size("P1", 200, 90),
    ]
    told = made(tmp_path, ["PR"], sizes)
    assert told.results["response.best_change.all.median"].value == pytest.approx(-0.6)
    assert told.results.facts["response"].tracks[0].times == (0.0, 65.0, 125.0, 205.0)


def test_sizes_after_relapse_are_left_out(tmp_path):
    sizes = [size("P1", 0, 100), size("P1", 60, 80), size("P1", 100, 130), size("P1", 200, 10)]
    told = made(tmp_path, ["SD"], sizes, relapse_date=[day(100)])
    assert told.results["response.best_change.all.median"].value == pytest.approx(-0.2)


def test_patients_who_cannot_be_drawn_are_counted_by_reason(tmp_path):
    sizes = [size("P1", 0, 50), size("P1", 60, 20), size("P2", 0, 50), size("P4", 0, 0), size("P4", 60, 0)]
    told = made(tmp_path, ["PR", "NE", "SD", "CR"], sizes)
    found, undrawn = courses(told.cohort)
    assert [course.patient for course in found] == [0]
    assert undrawn == {NO_SIZE: 1, NO_TUMOUR: 1, ONE_SIZE: 1}
    assert "Change of size cannot be given for 3 of 4 patients" in told.text


def test_a_late_baseline_is_said(tmp_path):
    told = made(tmp_path, ["PR"], [size("P1", 30, 100), size("P1", 90, 50)])
    assert "In one of them the baseline was measured more than 14 days after the start." in told.text


def test_no_size_at_all(tmp_path):
    told = made(tmp_path, ["PR"], [size("P1", 0, None)])
    assert not told.has("figure-waterfall")
    assert "Change of size cannot be given for 1 of 1 patient:" in told.text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_groups_stay_text(tmp_path, text):
    told = made(tmp_path, ["CR", "PD"] * 4, arm=[text, "other"] * 4, overrides={"group": "arm"})
    assert told.results[f"response.response.{text}.proportion"].n == 4
    assert text in told.text


def test_a_response_is_confirmed_by_another_assessment_so_late(tmp_path):
    """P1 twice 30 days apart, P2 twice 20 days apart, P3 once, P4 confirmed only after relapse; P5 has no response."""
    seen = [("P1", 60, "PR"), ("P1", 90, "CR"), ("P2", 60, "PR"), ("P2", 80, "PR"), ("P2", 120, "SD"), ("P3", 60, "PR"),
            ("P4", 60, "PR"), ("P4", 120, "PR"), ("P5", 60, "SD")]  # fmt: skip
    rows = [{"patient_id": who, "date": day(on), "response": said} for who, on, said in seen]
    told = made(tmp_path, ["CR", "PR", "PR", "PR", "SD"], rows, {"report.confirmation_days": 28},
                relapse_date=[None, None, None, day(100), None])  # fmt: skip
    row = told.results["response.response.all.response_confirmed"]
    assert (row.events, row.n) == (1, 5)
    assert str(row.note).startswith("no assessment so long after")
    assert told.table("table-response")[-1][:2] == ["Response confirmed after 28 days or more", "1/5 (20%)"]
    assert told.results["response.response.all.proportion"].events == 4


def test_who_was_assessed_on_the_last_day_that_confirms_is_not_open(tmp_path):
    """P1 is seen again after exactly 28 days, without a response; P2 the day before, and not again."""
    seen = [("P1", 60, "PR"), ("P1", 88, "SD"), ("P2", 60, "PR"), ("P2", 87, "SD")]
    rows = [{"patient_id": who, "date": day(on), "response": said} for who, on, said in seen]
    told = made(tmp_path, ["PR", "PR"], rows, {"report.confirmation_days": 28})
    row = told.results["response.response.all.response_confirmed"]
    assert row.events == 0 and str(row.note).endswith("in 1 of 2 with a response")


def test_a_progression_between_two_assessments_confirms_no_response(tmp_path):
    """RECIST 1.1, best response until progression: P1 has PD between, P2 SD between, P3 PD afterwards."""
    seen = [("P1", 60, "PR"), ("P1", 80, "PD"), ("P1", 120, "PR"), ("P2", 60, "PR"), ("P2", 80, "SD"),
            ("P2", 120, "PR"), ("P3", 60, "PR"), ("P3", 90, "PR"), ("P3", 120, "PD")]  # fmt: skip
    rows = [{"patient_id": who, "date": day(on), "response": said} for who, on, said in seen]
    told = made(tmp_path, ["PR", "PR", "PR"], rows, {"report.confirmation_days": 28})
    assert told.results["response.response.all.response_confirmed"].events == 2


def test_other_thresholds_of_size_than_those_of_recist(tmp_path):
    """Volumes: −70% and again 35 days later; −66% once; −50%; measured once only."""
    sizes = [size("P1", 0, 100), size("P1", 50, 30), size("P1", 85, 30), size("P2", 0, 100), size("P2", 50, 34),
             size("P2", 90, 50), size("P3", 0, 100), size("P3", 50, 50), size("P4", 0, 100)]  # fmt: skip
    asked = {"report.size_thresholds": [-65, 73], "report.confirmation_days": 28}
    told = made(tmp_path, ["PR", "PR", "SD", "NE"], sizes, asked)
    rates = [
        told.results[f"response.best_change.all.{name}"]
        for name in ("size_response", "size_response_confirmed")
    ]
    assert [(row.events, row.n) for row in rates] == [(2, 4), (1, 4)]
    assert "Smaller by 65% or more, of all patients: 2 of 4" in told.text
    drawn = next(figure for figure in told.figures() if figure.id == "figure-waterfall")
    svg = print_svg(drawn.drawing)
    assert "−65%" in svg and "+73%" in svg and "−30%" not in svg


def assessed(who: str, on: int, mm: float | None, response: str) -> dict:
    return size(who, on, mm) | {"response": response}


def test_a_visit_with_a_response_is_no_baseline(tmp_path):
    # Progression on day 9 is seen against the size before the start; P2's relapse has no word at its visit.
    sizes = [size("P1", -5, 52), assessed("P1", 9, 70, "PD"), size("P2", -5, 35), size("P2", 10, 47)]
    told = made(tmp_path, ["PD", "PD"], sizes, relapse_date=[None, day(10)])
    found, undrawn = courses(told.cohort)
    assert [course.changes[1] for course in found] == [pytest.approx(70 / 52 - 1), pytest.approx(47 / 35 - 1)]
    assert not undrawn and "cannot be given" not in told.text


def test_a_size_of_an_earlier_treatment_may_be_the_baseline(tmp_path):
    sizes = [assessed("P1", -3, 80, "PD"), assessed("P1", 60, 40, "PR")]
    told = made(tmp_path, ["PR"], sizes)
    assert courses(told.cohort)[0][0].changes == (0.0, -0.5)


def test_why_a_change_of_size_cannot_be_given_is_true(tmp_path):
    sizes = [
        assessed("P1", 60, 40, "PR"), assessed("P1", 120, 30, "PR"),  # never measured without treatment
        size("P2", -40, 50), size("P2", -5, 60),
        size("P3", 0, 50), size("P3", 90, 70),
        size("P4", 90, 50), size("P4", 120, 70),
        size("P5", 0, 50),
    ]  # fmt: skip
    relapses = [None, None, day(60), day(60), None]
    told = made(tmp_path, ["PR", "SD", "PD", "PD", "NE"], sizes, relapse_date=relapses)
    assert courses(told.cohort)[1] == dict.fromkeys(
        (tumours.NO_BASELINE, tumours.NOT_AGAIN, tumours.NOT_AGAIN_IN_TIME, tumours.NOT_IN_TIME, ONE_SIZE), 1
    )
