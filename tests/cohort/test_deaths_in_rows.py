"""A row of visits, or of another sheet, that says that a patient died is held against what the patients count as."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reportgen.base.errors import DataRefused, Issue
from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook

CODE = "DEATH_WITHOUT_DATE"


def people(vital: bool = True) -> list[dict]:
    """Eight: P01 and P02 died by the sheet of patients."""
    rows = minimal_patients(8, death_date=None)
    for row in rows[:2]:
        row["last_contact"] = row["death_date"] = row["treatment_start"] + timedelta(days=300)
        row["vital_status"] = "dead"
    for row in rows:
        del row["death_date" if vital else "vital_status"]
    return rows


def visits(rows: list[dict], column: str, dead, alive, died=("P01", "P02", "P05")) -> list[dict]:
    """Two visits each; at the second P01 and P02 are dead, and P05, of whom the sheet of patients knows nothing."""
    return [
        {"patient_id": row["patient_id"], "date": row["treatment_start"] + timedelta(days=day), "response": "SD",
         column: dead if day == 90 and row["patient_id"] in died else alive}
        for row in rows for day in (40, 90)
    ]  # fmt: skip


def asked(folder, name: str = "assessments", **sheets) -> list[Issue]:
    source = write_workbook(folder / "c.xlsx", **sheets)
    try:
        issues = load_cohort(source).issues
    except DataRefused as refused:
        issues = refused.issues
    return [issue for issue in issues if issue.code == CODE]


@pytest.mark.parametrize(
    "column, dead, alive",
    [
        ("status", "dead", "alive"),
        ("Status", "deceased", "alive"),
        ("Vitalstatus", "verstorben", "lebt"),
        ("Vital status at visit", "Died", ""),
        ("Verstorben", "ja", "nein"),
        ("Dead", "yes", "no"),
        ("Befinden", "†", "gut"),  # its words speak of death in all who died
        ("lebt", "nein", "ja"),
        ("OS status", "1:DECEASED", "0:LIVING"),
    ],
)
def test_a_visit_that_says_dead_of_a_living_patient_is_asked_about(tmp_path, column, dead, alive):
    rows = people()
    (found,) = asked(tmp_path, patients=rows, assessments=visits(rows, column, dead, alive))
    assert (found.severity, found.sheet, found.cell, found.patient) == (
        "warning",
        "assessments",
        "D11",
        "P05",
    )
    assert "D6 of patients" in str(found.problem)


def test_without_a_vital_status_nobody_counts_as_alive_for_want_of_a_date(tmp_path):
    rows = people(vital=False)
    (found,) = asked(tmp_path, patients=rows, assessments=visits(rows, "status", "dead", "alive"))
    assert (found.severity, found.cell, found.patient) == ("error", "D11", "P05")
    assert "D6 of patients holds no date of death" in str(found.problem)


@pytest.mark.parametrize(
    "column, dead, alive",
    [
        ("status", "PD", "SD"),
        ("smoker", "yes", "no"),
        ("Mutter verstorben", "ja", "nein"),
        ("pfs_status", 1, 0),
        ("remarks", "no death", "well"),
    ],
)
def test_what_says_nothing_of_death_is_not_asked_about(tmp_path, column, dead, alive):
    rows = people()
    assert asked(tmp_path, patients=rows, assessments=visits(rows, column, dead, alive)) == []


def test_words_that_only_one_living_patient_has_are_no_status(tmp_path):
    rows = people()
    told = visits(rows, "remarks", "mother died", "", died=("P05",))
    assert asked(tmp_path, patients=rows, assessments=told) == []


def test_another_sheet_than_that_of_visits_tells_of_it_too(tmp_path):
    rows = people()
    begun = rows[4]["treatment_start"] + timedelta(days=20)
    events = [{"patient_id": "P05", "term": "sepsis", "grade": 4, "onset_date": begun, "death": "yes"},
              {"patient_id": "P06", "term": "rash", "grade": 2, "onset_date": begun, "death": "no"}]  # fmt: skip
    (found,) = asked(tmp_path, patients=rows, toxicities=events)
    assert (found.sheet, found.cell, found.patient) == ("toxicities", "E2", "P05")


def test_many_are_one_question(tmp_path):
    rows = minimal_patients(30)
    told = visits(rows, "status", "dead", "alive", died=tuple(row["patient_id"] for row in rows))
    (found,) = asked(tmp_path, patients=rows, assessments=told)
    assert found.count == 30
