"""Levels of dose: rows of the line given at the start, as shares of the first dose."""

import pytest

from reportgen.analyses.doses import dose_levels
from reportgen.chapters import exposure, patients
from tests.chapters.chapters import day, of, patient
from tests.workbooks import write_workbook

# patient → (start, stop, dose) of each row of line 1; the last one of P4 is dated after its stop on day 600
STEPS = {
    "P1": [(0, None, "500 mg")],
    "P2": [(0, 100, "500 mg"), (101, 300, "250 mg"), (301, None, "500 mg")],
    "P3": [(0, 50, "500 mg"), (90, None, "250 mg")],
    "P4": [(0, None, "500 mg"), (200, None, "625 mg"), (610, None, "250 mg")],
    "P5": [(0, None, "5 mg/kg"), (100, None, "400 mg")],
}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    from reportgen.cohort.load import load_cohort

    rows = [
        patient(who, treatment_stop=600 if who in ("P2", "P4") else None, best_response="PR") for who in STEPS
    ]
    lines = [
        {
            "patient_id": who,
            "line": 1,
            "treatment": "x",
            "start_date": day(start),
            "stop_date": day(stop),
            "dose": dose,
        }
        for who, steps in STEPS.items()
        for start, stop, dose in steps
    ]
    lines.append({"patient_id": "P2", "line": 2, "treatment": "y", "start_date": day(660), "dose": "750 mg"})
    return load_cohort(
        write_workbook(tmp_path_factory.mktemp("dose") / "d.xlsx", patients=rows, treatments=lines)
    )


def test_levels_are_shares_of_the_first_dose_and_gaps_are_interruptions(cohort):
    found = {i: [(x.start, x.stop, x.dose) for x in levels] for i, levels in dose_levels(cohort).items()}
    assert found == {
        0: [(0, 1000, 1)],
        1: [(0, 100, 1), (101, 300, 0.5), (301, 600, 1)],
        2: [(0, 50, 1), (50, 90, 0), (90, 1000, 0.5)],
        3: [(0, 200, 1), (200, 600, 1.25)],
    }


def test_they_are_counted_among_those_whose_doses_are_known(cohort):
    told = of(exposure, cohort)
    rows = told.results.select(section="exposure", variable="dose", statistic="proportion")
    assert [(row.group, row.events, row.n) for row in rows] == [
        ("reduced", 2, 4), ("interrupted", 1, 4), ("increased", 1, 4),
    ]  # fmt: skip
    for kind, events in (("reduction", 2), ("interruption", 1)):
        over_time = told.results[f"exposure.dose_{kind}.all.count"]
        assert (over_time.events, over_time.n) == (events, 4)
    assert told.table("table-exposure")[-3][:2] == ["reduced below the first one", "2/4 (50%)"]


def test_a_level_of_dose_is_no_further_line(cohort):
    drawn = {one.label: one for one in of(patients, cohort).results.facts["patients"].courses.patients}
    lines = [part.line for one in drawn.values() for part in one.stretches if part.line]
    assert lines == [2]
    parts = [(part.start, part.stop, part.dose) for part in drawn["P3"].stretches]
    assert parts == [(0, 50, 1.0), (50, 90, 0.0), (90, 1000, 0.5)]
