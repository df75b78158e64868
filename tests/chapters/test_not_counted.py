"""Who is in none of the numbers is said where they stand: on page one, and beside the flow of the patients."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import make
from tests.reading import chapter

CASES = Path(__file__).parent.parent / "cases"


def page_one(name: str) -> str:
    made = make(CASES / name / "cohort.xlsx", config=CASES / name / "report.toml")
    return chapter(made.report, "summary")


def test_patients_without_a_vital_status():
    said = page_one("vital_missing")
    assert "Two relapsed; nobody died. 10 of 20 patients are not counted" in said
    assert "After relapse: two are alive." in said and "\nTwo are alive" not in said
    assert "Left out of overall survival: 10 of 20 (vital status not recorded)." in said


def test_patients_without_a_group():
    assert "8 of 24 patients are in no group, eight of them with relapse." in page_one("missing_groups")


def test_relapses_of_patients_whose_vital_status_nobody_recorded():
    said = page_one("crash_no_vital_columns")
    assert "Eight patients: relapses were recorded, but not who died, so that nothing is estimated." in said
    assert "nor relapse" not in said


def test_where_everybody_is_counted_nothing_is_said_of_it():
    said = page_one("competing_dates")
    assert "not counted" not in said and "no group" not in said and "Left out of" not in said
    assert "33% with arm: B, 58% with arm: A at 3 years" in said
