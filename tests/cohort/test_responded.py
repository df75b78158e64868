"""A response counts until relapse, the next line or the end of treatment; what came later is asked and is none."""

from datetime import date, timedelta

import pandas as pd
import pytest

from reportgen.chapters import response
from reportgen.cohort.load import load_cohort
from tests.chapters.chapters import chapter, of
from tests.workbooks import write_workbook

START = date(2020, 1, 17)
RATE = "response.response.all.proportion"


def on(day):
    return None if day is None else START + timedelta(days=day)


def patient(name, best="CR", responded=None, stop=100, relapse=None):
    return {
        "patient_id": name, "treatment_start": START, "vital_status": "alive", "death_date": None,
        "relapse_date": on(relapse), "last_contact": on(900), "treatment_stop": on(stop),
        "stop_reason": None if stop is None else "completed", "best_response": best, "response_date": on(responded),
    }  # fmt: skip


# After the stop; after relapse and stop; none; three in time.
ROWS = [patient("A", responded=300), patient("B", responded=400, relapse=200), patient("C", "PD"),
        *(patient(name, responded=60) for name in "DEF")]  # fmt: skip


def load(folder, rows, toml="", **more):
    (folder / "report.toml").write_text(toml)
    return load_cohort(write_workbook(folder / "a.xlsx", patients=rows, **more))


def after(cohort):
    return [(i.severity, i.cell, i.patient) for i in cohort.issues if i.code == "RESPONSE_AFTER"]


def responses(cohort):
    frame = cohort.patients.frame
    days = cohort.patients.days["response_date"].astype(object).where(frame["response_date"].notna(), None)
    return dict(zip(frame["patient_id"], zip(frame["best_response"], days, strict=True), strict=True))


def test_later_ones_are_none(tmp_path):
    told = chapter(response, tmp_path, patients=ROWS)
    assert (told.results[RATE].events, told.results[RATE].n) == (3, 6)
    assert "2 later responses are not counted." in told.text
    assert after(told.cohort) == [("warning", "J2", "A"), ("warning", "J3", "B")]
    for key in ("duration_of_response", "relapse_free_after_stopping"):
        assert len(told.cohort.endpoints[key].rows) == 3, key
    assert responses(told.cohort)["A"] == responses(told.cohort)["B"] == (None, None)


@pytest.mark.parametrize("until, counted", [("stop", 3), ("next_line", 4), ("relapse", 4)])
def test_the_settings_say_until_when(tmp_path, until, counted):
    cohort = load(tmp_path, ROWS, f'[report]\nresponse_until = "{until}"')
    assert of(response, cohort).results[RATE].events == counted
    assert len(after(cohort)) == 5 - counted


@pytest.mark.parametrize(
    "responded, stop, relapse, counts",
    [(100, 100, None, True), (101, 100, None, False), (100, None, 100, True), (101, None, 100, False),
     (101, None, None, True), (None, 100, 200, True)],
)  # fmt: skip
def test_on_the_day_itself_it_counts(tmp_path, responded, stop, relapse, counts):
    cohort = load(tmp_path, [patient("A", "PR", responded, stop, relapse), patient("B", "SD")])
    assert (responses(cohort)["A"] == ("PR", responded)) is counts and (after(cohort) == []) is counts


@pytest.mark.parametrize(
    "lines, counts",
    [
        ([(1, 0), (2, 200)], False),
        ([(1, 0), (2, 300)], True),
        ([(1, -200), (2, 0), (3, 200)], False),
        ([(1, 0), (1, 200)], True),
        ([(None, 0), (None, 200)], False),
    ],
)
def test_the_next_line_ends_it(tmp_path, lines, counts):
    given = [{"patient_id": "A", "line": k, "treatment": "x", "start_date": on(day)} for k, day in lines]
    cohort = load(tmp_path, [patient("A", responded=300, stop=None), patient("B", "SD")], treatments=given)
    assert (after(cohort) == []) is counts
    assert (responses(cohort)["A"] == ("CR", 300)) is counts


def test_in_its_place_stands_the_best_of_the_assessments_until_then(tmp_path):
    seen = [{"patient_id": who, "date": on(day), "response": word} for who, day, word in (
        ("A", 50, "SD"), ("A", 90, "PR"), ("A", 300, "CR"), ("B", 50, "SD"), ("B", 400, "CR"))]  # fmt: skip
    cohort = load(tmp_path, ROWS, assessments=seen)
    assert responses(cohort)["A"] == ("PR", 90)
    assert responses(cohort)["B"] == ("SD", None)
    assert pd.Timestamp(on(90)) == cohort.patients.frame["response_date"].iloc[0]
    assert of(response, cohort).results[RATE].events == 4
    assert [i.code for i in cohort.issues if "RESPONSE" in i.code] == ["RESPONSE_AFTER"] * 2


def test_without_a_date_the_first_assessment_that_shows_it_is_its_date(tmp_path):
    rows = [patient("A"), patient("B"), patient("C")]
    seen = [{"patient_id": who, "date": on(day), "response": word} for who, day, word in (
        ("A", 50, "SD"), ("A", 300, "CR"), ("B", 50, "CR"), ("C", 50, "SD"))]  # fmt: skip
    cohort = load(tmp_path, rows, assessments=seen)
    assert after(cohort) == [("warning", "I2", "A")]
    # C is taken as it is, and asked: no assessment ever showed it.
    assert {who: best for who, (best, _) in responses(cohort).items()} == {"A": "SD", "B": "CR", "C": "CR"}
    assert [(i.cell, i.patient) for i in cohort.issues if i.code == "RESPONSE_CONFLICT"] == [("I4", "C")]


def test_a_response_that_deepened_after_the_stop_is_no_contradiction(tmp_path):
    seen = [{"patient_id": "A", "date": on(day), "response": word} for day, word in ((50, "PR"), (200, "CR"))]
    cohort = load(tmp_path, [patient("A", "CR", 50), patient("B", "SD")], assessments=seen)
    assert not [i for i in cohort.issues if "RESPONSE" in i.code] and responses(cohort)["A"] == ("CR", 50)


def test_an_assessment_before_the_start_is_no_response_to_the_treatment(tmp_path):
    seen = [{"patient_id": "A", "date": on(day), "response": word} for day, word in (
        (-60, "CR"), (50, "SD"), (300, "CR"))]  # fmt: skip
    cohort = load(tmp_path, [patient("A", responded=300), patient("B", "SD")], assessments=seen)
    assert responses(cohort)["A"] == ("SD", None)
