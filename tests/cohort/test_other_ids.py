"""Ids of the patients on other sheets: under other names, in another spelling, and beside numbers of the rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.run import mapping
from reportgen.settings.model import Settings
from tests.workbooks import write_workbook

N = 8
START = [date(2019, 1, 7) + timedelta(days=20 * k) for k in range(N)]
NUMBERS = [*range(1, N + 1)]


def patients(ids, header="MRN"):
    rows = [[who, day, "dead" if k % 4 == 1 else "alive", day + timedelta(days=300 + k)]
            for k, (who, day) in enumerate(zip(ids, START, strict=True))]  # fmt: skip
    return [[header, "Start of treatment", "Vital status", "Last contact"], *rows]


def events(ids, header, numbered="Rash no"):
    rows = [[k + 1, who, "Rash", 1 + k % 3] for k, who in enumerate(who for who in ids for _ in range(2))]
    return [[numbered, header, "Adverse event", "Grade"], *rows]


def mapped(source, **answers):
    ask = (lambda question: next((c for c in question.choices if c.key == "y"), None)) if answers else None
    found = mapping.map_source(source, ask=ask)
    mapping.write(found)
    return found


def test_a_running_number_called_id_is_not_the_patient(tmp_path):
    ids = [f"ASP-{k:03}" for k in NUMBERS]
    source = write_workbook(
        tmp_path / "c.xlsx", Patients=patients(ids, "ID"), AE=events(ids, "Subject", "ID")
    )
    assert mapped(source).open == ()
    toxicities = load_cohort(source).toxicities
    assert toxicities is not None and toxicities.frame["patient_id"].tolist() == [
        who for who in ids for _ in range(2)
    ]


def test_row_numbers_that_are_ids_by_chance_are_an_error_with_the_line(tmp_path):
    of_five = [1, 2, 4, 5, 7]
    source = write_workbook(
        tmp_path / "c.xlsx", patients=patients(NUMBERS, "ID"), toxicities=events(of_five, "Pat", "ID")
    )
    found = {(i.code, i.sheet, i.cell): str(i.hint) for i in check_cohort(read_source(source), Settings())[1]}
    assert 'patient_id = "Pat"' in found["AMBIGUOUS_COLUMN", "toxicities", "B1"]
    assert any("patient_id" in question.text for question in mapped(source).open)


@pytest.mark.parametrize("written", ["{:d}", "asp {:02d}", "ASP{:d}"])
def test_ids_in_another_spelling_are_asked_about_and_joined_when_told(tmp_path, written):
    ids = [f"ASP-{k:03}" if "a" in written.lower() else f"{k:03}" for k in NUMBERS]
    theirs = [written.format(k) for k in NUMBERS]
    outcome = [[who, *row[2:]] for who, row in zip(["Pat-ID", *theirs], patients(ids), strict=True)]
    clinical = [[*row[:2], *row[1:2] * 2] for row in patients(ids)]
    clinical[0][2:] = ["Date of diagnosis", "Treatment stopped on"]
    source = write_workbook(
        tmp_path / "c.xlsx", Clinical=clinical, Outcome=outcome, AE=events(theirs, "Patient")
    )
    left = mapped(source).open
    assert left and all("leading zeros" in question.text for question in left)
    mapped(source, all="y")
    cohort = load_cohort(source)
    assert cohort.patients.frame["patient_id"].tolist() == ids
    assert cohort.toxicities is not None and cohort.endpoints["os"].status.sum() == 2
    assert cohort.toxicities.frame["patient_id"].isin(ids).all()
    assert {issue.sheet for issue in cohort.issues if issue.code == "ID_SPELLING"} == {"Outcome", "AE"}


def test_sheets_are_joined_by_ids_of_another_name(tmp_path):
    ids = [f"{100 + 7 * k:06}" for k in NUMBERS]
    clinical, outcome = (
        [row[:2] for row in patients(ids)],
        [[row[0], *row[2:]] for row in patients(ids, "Fallnummer")],
    )
    source = write_workbook(tmp_path / "c.xlsx", Clinical=clinical, Outcome=outcome)
    assert mapped(source).open == ()
    assert load_cohort(source).endpoints["os"].status.sum() == 2
