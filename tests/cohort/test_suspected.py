"""What a ward only suspects is asked about; whom its sheet marks as excluded is not counted without a word."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportgen.cohort.load import load_cohort
from tests.workbooks import mapped, minimal_patients, write_workbook

START = date(2018, 1, 8)
HEAD = ["Pat", "Therapiebeginn", "Ansprechen", "Vitalstatus", "Letzter Kontakt"]


@pytest.mark.parametrize(
    "word", ["V.a. PD", "v. a. PD", "PD?", "Verdacht auf PD", "susp. PD", "fraglich PR", "suspicion of PD"]
)
def test_a_suspected_response_is_asked_about(tmp_path, word):
    said = ["PR", word, "CR", "SD", "PD", "PR"]
    rows = [[k, START, one, "lebt", START + timedelta(days=100 + k)] for k, one in enumerate(said)]
    found = mapped(write_workbook(tmp_path / "c.xlsx", S=[HEAD, *rows]))
    assert [question.cell for question in found.open] == ["C1"]


def asked(folder, header: str, cells: list, toml: str = "") -> list:
    (folder / "report.toml").write_text(toml)
    rows = minimal_patients(len(cells), **{header: cells})
    cohort = load_cohort(write_workbook(folder / "c.xlsx", patients=rows), config=folder / "report.toml")
    return [
        (issue.severity, issue.cell, issue.patient)
        for issue in cohort.issues
        if issue.code == "MARKED_EXCLUDED"
    ]


@pytest.mark.parametrize(
    "header, cells",
    [
        ("Excluded", ["x", None, None]),
        ("excluded (y/n)", ["y", "n", "n"]),
        ("Ausgeschlossen", ["ja", "nein", None]),
        ("Ausschlussgrund", ["zweites Karzinom", None, "keine"]),
        ("Reason for exclusion", ["no consent", None, None]),
        ("Exclude", [1, 0, 0]),
        ("Exclu", ["oui", "non", "non"]),
        ("Screen failure", [True, False, False]),
    ],
)
def test_who_is_marked_as_excluded_is_named(tmp_path, header, cells):
    assert asked(tmp_path, header, cells) == [("warning", "E2", "P01")]


@pytest.mark.parametrize(
    "header, cells",
    [
        ("HBV ausgeschlossen", ["ja", "nein", "ja"]),  # ruled out
        ("Excluded", ["no", "no", None]),
        ("Included", ["x", None, "x"]),
        ("Failure", ["yes", "no", "no"]),
        ("excluded", ["x", "x", "x"]),
    ],
)
def test_what_marks_nobody_is_not_asked_about(tmp_path, header, cells):
    assert asked(tmp_path, header, cells) == []


def test_the_question_can_be_answered(tmp_path):
    assert asked(tmp_path, "Excluded", ["x", None, None], '[features]\nexclude = ["excluded"]\n') == []
