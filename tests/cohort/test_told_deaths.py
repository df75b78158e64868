"""Who is dead by any column of the source is never alive in survival for want of a date of death."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook

CODE = "DEATH_WITHOUT_DATE"


def patients(column: str, dead, alive, vital: bool = False) -> list[dict]:
    """12: P02, P05, P08 and P11 died, and P02 has no date of it."""
    rows = minimal_patients(12, death_date=None)
    for k, row in enumerate(rows):
        died = k % 3 == 1
        if died:
            row["last_contact"] = row["treatment_start"] + timedelta(days=200 + 10 * k)
            row["death_date"] = row["last_contact"] if k > 1 else None
        row[column] = dead if died else alive
        row["vital_status"] = "dead" if row["death_date"] else "alive"
        if not vital:
            del row["vital_status"]
    return rows


def asked(folder, rows: list[dict], toml: str = "") -> list[tuple[str, str | None, str | None]]:
    (folder / "report.toml").write_text(toml)
    source = write_workbook(folder / "c.xlsx", patients=rows)
    try:
        issues = load_cohort(source, config=folder / "report.toml").issues
    except DataRefused as refused:
        issues = refused.issues
    return [(issue.severity, issue.patient, issue.cell) for issue in issues if issue.code == CODE]


@pytest.mark.parametrize(
    "column, dead, alive, severity",
    [
        ("Status", "dead", "alive", "error"),
        ("Status at last FU", "DOD", "NED", "error"),
        ("outcome", "died", "alive", "error"),
        ("Verstorben", "ja", "nein", "error"),
        ("death", 1, 0, "error"),
        ("alive", "no", "yes", "error"),
        ("OS status", "1:DECEASED", "0:LIVING", "error"),
        ("fustat", 1, 0, "warning"),
        ("condition", "†", "lebt", "warning"),
    ],
)
def test_a_death_without_its_date(tmp_path, column, dead, alive, severity):
    assert asked(tmp_path, patients(column, dead, alive)) == [(severity, "P02", "E3")]


@pytest.mark.parametrize(
    "column, dead, alive",
    [
        ("prior_death_in_family", "yes", "no"),  # a fact at the start
        ("event", 0, 1),  # who died has not the event of it
        ("smoker", "yes", "no"),
        ("pfs_status", 1, 0),  # an event that need not be a death
    ],
)
def test_what_says_nothing_of_death(tmp_path, column, dead, alive):
    assert asked(tmp_path, patients(column, dead, alive)) == []


def test_beside_a_vital_status_it_is_a_doubt(tmp_path):
    rows = patients("Verstorben", "ja", "nein", vital=True)
    assert asked(tmp_path, rows) == [("warning", "P02", "F3")]


def test_with_all_dates_there_is_nothing_to_ask(tmp_path):
    rows = patients("Status", "dead", "alive")
    rows[1]["death_date"] = rows[1]["last_contact"]
    assert asked(tmp_path, rows) == []


@pytest.mark.parametrize(
    "toml", ['[features]\nexclude = ["status"]\n', '[columns.patients]\nvital_status = "Status"\n']
)
def test_the_question_can_be_answered(tmp_path, toml):
    assert asked(tmp_path, patients("Status", "dead", "alive"), toml) == []
