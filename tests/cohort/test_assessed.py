"""Until when each patient was assessed: progression-free survival ends where somebody last looked."""

from datetime import date, timedelta

import numpy as np
import pytest

from reportgen.chapters import survival
from reportgen.cohort.load import load_cohort
from reportgen.report import plain
from tests.chapters.chapters import chapter, of
from tests.workbooks import write_workbook

START = date(2020, 1, 17)
CONTACT = {"report.pfs_censor": "last_contact"}


def on(day):
    return None if day is None else START + timedelta(days=day)


def patient(name, relapse=None, died=None, last=1500, **more):
    return {
        "patient_id": name, "treatment_start": START, "vital_status": "dead" if died else "alive",
        "death_date": on(died), "relapse_date": on(relapse), "last_contact": on(died or last),
    } | more  # fmt: skip


def visits(name, *days, response="SD"):
    """Visits with one response; (day, response) where it differs."""
    found = [visit if isinstance(visit, tuple) else (visit, response) for visit in days]
    return [{"patient_id": name, "date": on(day), "response": said} for day, said in found]


# Twelve patients seen for 1500 days. Four relapsed at an assessment; the others were assessed to day 120 only.
RELAPSES = (170, 190, 210, 230)
PATIENTS = [patient(f"P{k:02}", relapse=day) for k, day in enumerate(RELAPSES, 1)]
PATIENTS += [patient(f"P{k:02}") for k in range(5, 13)]
VISITS = [v for k, day in enumerate(RELAPSES, 1) for v in visits(f"P{k:02}", 0, 60, 120, (day, "PD"))]
VISITS += [v for k in range(5, 13) for v in visits(f"P{k:02}", 0, 60, 120)]


def load(folder, patients, assessments, toml="", **more):
    (folder / "report.toml").write_text(toml)
    book = write_workbook(folder / "a.xlsx", patients=patients, assessments=assessments)
    return load_cohort(book, **more)


def ends(cohort, key):
    data = cohort.endpoints[key]
    names = cohort.patients.frame.loc[data.rows, "patient_id"]
    return dict(zip(names, zip(data.duration.tolist(), data.status.tolist(), strict=True), strict=True))


def codes(cohort, code):
    return [(issue.sheet, issue.cell, issue.patient) for issue in cohort.issues if issue.code == code]


def test_without_an_event_it_ends_at_the_last_assessment(tmp_path):
    cohort = load(tmp_path, PATIENTS, VISITS)
    assert [end for end, status in ends(cohort, "pfs").values() if status == 0] == [120] * 8
    assert "censored at their last adequate assessment" in cohort.endpoints["pfs"].definition
    # Death competes with a relapse until the last contact.
    assert [end for end, status in ends(cohort, "relapse").values() if status == 0] == [1500] * 8
    assert {end for end, _ in ends(cohort, "os").values()} == {1500}
    assert "last contact" in cohort.endpoints["os"].definition
    # Beyond day 120 four are at risk, and each of them relapses: nobody was seen free of relapse later.
    at_one_year = of(survival, cohort).results["survival.pfs.all.survival@365.25"]
    assert at_one_year.value is None or at_one_year.value == 0


def test_or_at_the_last_contact_where_the_settings_say_so(tmp_path):
    cohort = load(tmp_path, PATIENTS, VISITS, overrides=CONTACT)
    assert [end for end, status in ends(cohort, "pfs").values() if status == 0] == [1500] * 8
    assert "censored at their last contact" in cohort.endpoints["pfs"].definition
    assert of(survival, cohort).results["survival.pfs.all.survival@365.25"].value == pytest.approx(8 / 12)


def test_the_rule_stands_beside_the_number(tmp_path):
    rows = [patient("A"), *PATIENTS]
    told = chapter(survival, tmp_path, patients=rows, assessments=VISITS)
    assert "One patient, never assessed, is censored on day 0." in told.text
    figure = next(f for f in told.figures() if f.id == "figure-survival-pfs")
    assert "Censored at the last adequate assessment." in plain(figure.notes[0])
    assert ends(told.cohort, "pfs")["A"] == (0, 0)
    assert codes(told.cohort, "NEVER_ASSESSED") == [("patients", "A2", "A")]


@pytest.mark.parametrize("last", ["NE", None])
def test_an_assessment_without_an_answer_is_none(tmp_path, last):
    rows = [patient("A"), patient("B")]
    seen = [
        *visits("A", 60, 120, (180, last)),
        *visits("B", 60, 120),
        {"patient_id": "B", "date": None, "response": "SD"},
    ]
    assert ends(load(tmp_path, rows, seen), "pfs") == {"A": (120, 0), "B": (120, 0)}


def test_without_responses_a_measurement_is_an_assessment(tmp_path):
    rows = [patient("A"), patient("B")]
    seen = [{"patient_id": who, "date": on(day), "tumour_size": size}
            for who, day, size in (("A", 60, 20), ("A", 120, None), ("B", 90, 11))]  # fmt: skip
    assert ends(load(tmp_path, rows, seen), "pfs") == {"A": (60, 0), "B": (90, 0)}


def test_no_assessment_with_an_answer_leaves_the_last_contact(tmp_path):
    cohort = load(tmp_path, [patient("A"), patient("B")], visits("A", 60, response="NE"))
    assert ends(cohort, "pfs")["A"] == (1500, 0) and not codes(cohort, "NEVER_ASSESSED")


def test_every_clock_that_ends_with_a_relapse_ends_so(tmp_path):
    more = {
        "treatment_stop": on(100),
        "stop_reason": "completed",
        "best_response": "CR",
        "response_date": on(60),
    }
    seen = [*visits("A", (60, "CR"), (120, "CR")), *visits("B", (60, "CR"))]
    cohort = load(tmp_path, [patient("A", **more), patient("B", **more)], seen)
    assert ends(cohort, "duration_of_response") == {"A": (60, 0), "B": (0, 0)}
    assert ends(cohort, "relapse_free_after_stopping") == {"A": (20, 0), "B": (0, 0)}
    assert cohort.endpoints["relapse_free_after_stopping"].never_assessed == 1
    assert ends(cohort, "time_on_treatment") == {"A": (100, 1), "B": (100, 1)}


OWN = """
[[endpoint]]
key = "ttr"
events = ["relapse_date"]
"""
COMPETING = 'competing = ["death_date"]\n'


def test_an_endpoint_of_ones_own_with_a_relapse_is_no_other(tmp_path):
    cohort = load(tmp_path, PATIENTS, VISITS, OWN + COMPETING)
    assert ends(cohort, "ttr") == ends(cohort, "relapse")
    cohort = load(tmp_path, PATIENTS, VISITS, OWN)
    assert ends(cohort, "ttr") == ends(cohort, "pfs")
    assert cohort.endpoints["ttr"].definition.endswith("otherwise censored at last adequate assessment.")
    cohort = load(tmp_path, PATIENTS, VISITS, OWN + 'censor = "last_contact"')
    assert ends(cohort, "ttr")["P12"] == (1500, 0)
    cohort = load(tmp_path, PATIENTS, VISITS, OWN + 'censor = "last_assessment"', overrides=CONTACT)
    assert ends(cohort, "ttr")["P12"] == (120, 0) and ends(cohort, "pfs")["P12"] == (1500, 0)


def test_nobody_is_free_of_progression_for_longer_than_alive(tmp_path):
    rows = [
        patient("A", last=100),
        patient("B", died=300),
        patient("C", relapse=500, last=400),
        patient("D", last=90),
    ]
    seen = [*visits("A", 60, 250), *visits("B", 60), *visits("C", 60), *visits("D", 60)]
    cohort = load(tmp_path, rows, seen)
    for toml in ("", "last_contact"):
        cohort = load(tmp_path, rows, seen, overrides=CONTACT if toml else {})
        assert all(ends(cohort, "pfs")[who][0] <= ends(cohort, "os")[who][0] for who in "ABCD")
    assert ends(load(tmp_path, rows, seen), "os")["A"] == (250, 0)


def test_progression_without_a_date_is_asked_and_ends_what_is_known(tmp_path):
    none, stopped = (
        {"stop_reason": None, "treatment_stop": None},
        {"stop_reason": "progression", "treatment_stop": on(100)},
    )
    rows = [patient("A", **none), patient("B", **stopped), patient("C", **none)]
    seen = [*visits("A", 60, (120, "PD"), 180), *visits("B", 60, 180), *visits("C", 60, (0, "PD"), 180)]
    cohort = load(tmp_path, rows, seen)
    assert ends(cohort, "pfs") == {"A": (60, 0), "B": (100, 0), "C": (180, 0)}
    assert codes(cohort, "PROGRESSION_WITHOUT_DATE") == [("assessments", "C3", "A"), ("patients", "E3", "B")]
    assert ends(load(tmp_path, rows, seen, overrides=CONTACT), "pfs") == {
        "A": (60, 0),
        "B": (100, 0),
        "C": (1500, 0),
    }


def test_two_missed_assessments_before_an_event_are_said(tmp_path):
    # The usual interval is 60 days: two were missed where more than 2 x 60 + 14 = 134 days lie before the event.
    regular = [v for k in range(5) for v in visits(f"R{k}", 0, 60, 120)]
    rows = [patient(f"R{k}") for k in range(5)]
    rows += [
        patient("A", relapse=254),
        patient("B", relapse=255),
        patient("C", died=400),
        patient("D", relapse=135),
    ]
    seen = [
        *regular,
        *visits("A", 0, 60, 120, (254, "PD")),
        *visits("B", 0, 60, 120),
        *visits("C", 60, 120, 300),
    ]
    told = chapter(survival, tmp_path, patients=rows, assessments=seen)
    assert codes(told.cohort, "MISSED_ASSESSMENTS") == [("patients", "E8", "B"), ("patients", "E10", "D")]
    assert told.cohort.endpoints["pfs"].missed == 2
    assert "Two events followed two or more missed assessments." in told.text
    (issue, _) = [i for i in told.cohort.issues if i.code == "MISSED_ASSESSMENTS"]
    assert "usual interval 60 days" in issue.problem and issue.severity == "note"


def test_the_cutoff_takes_later_assessments_away(tmp_path):
    cohort = load(tmp_path, PATIENTS, VISITS, overrides={"report.cutoff": on(100)})
    assert np.unique(cohort.endpoints["pfs"].duration).tolist() == [60]


def test_of_few_assessments_no_usual_interval_is_taken(tmp_path):
    # Four intervals tell none; with the fifth, 500 days without an assessment are too long.
    rows = [patient("A"), patient("B", relapse=500)]
    for days, said in (
        ((0, 60, 120, 180, 240), []),
        ((0, 60, 120, 180, 240, 300), [("patients", "E3", "B")]),
    ):
        cohort = load(tmp_path, rows, visits("A", *days))
        assert codes(cohort, "MISSED_ASSESSMENTS") == said


def test_two_readings_of_one_day_are_no_interval(tmp_path):
    rows = [patient("A"), patient("B", relapse=134)]
    seen = [v for day in (0, 60, 120, 180, 240, 300) for v in 3 * visits("A", day)]
    # Were the repeated readings counted, the median of the intervals would be 0.
    assert codes(load(tmp_path, rows, seen), "MISSED_ASSESSMENTS") == []
