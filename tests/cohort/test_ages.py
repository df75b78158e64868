"""An age at diagnosis is the age at the start only where nobody waited a year for the treatment."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from tests.workbooks import write_workbook

HEAD = ["Pat", "Sex", "Age at diagnosis", "Start of treatment", "Status", "Last contact", "Date of diagnosis"]
START = [date(2015, 1, 1) + timedelta(days=k) for k in range(12)]


def source_of(tmp_path, waited):
    rows = [[f"P{k}", "MF"[k % 2], 30 + k, day, "alive" if k % 4 else "dead", day + timedelta(days=900)]
            for k, day in enumerate(START)]  # fmt: skip
    if waited is None:
        return write_workbook(tmp_path / "c.xlsx", Daten=[HEAD[:-1], *rows])
    rows = [[*row, day - timedelta(days=waited)] for row, day in zip(rows, START, strict=True)]
    return write_workbook(tmp_path / "c.xlsx", Daten=[HEAD, *rows])


@pytest.mark.parametrize(
    "waited, proposal, severity", [(20, "y", None), (900, "s", None), (None, "y", "note")]
)
def test_it_is_asked_and_proposed_by_the_dates(tmp_path, waited, proposal, severity):
    source, asked = source_of(tmp_path, waited), []
    mapping.map_source(source, ask=lambda question: asked.append(question))
    (question,) = [one for one in asked if "age at the start" in str(one.text)]
    assert question.proposal == proposal and not question.open
    found = mapping.map_source(source)
    mapping.write(found)
    said = tomllib.loads(found.settings)
    assert ("age_at_start" in said["columns"]["patients"]) == (proposal == "y")
    cohort = load_cohort(source)
    assert "AGE_AT_DIAGNOSIS" in {i.code for i in cohort.issues} if severity else True
    if proposal == "s":
        assert "age_at_start" not in cohort.patients.frame and "age_at_diagnosis" in cohort.patients.frame
    assert mapping.map_source(source).settings == found.settings


def test_who_says_so_all_the_same_is_warned(tmp_path):
    source = source_of(tmp_path, 900)
    (tmp_path / "report.toml").write_text(
        '[columns.patients]\npatient_id = "Pat"\nage_at_start = "Age at diagnosis"\n'
        'treatment_start = "Start of treatment"\nvital_status = "Status"\n'
    )
    said = [issue for issue in load_cohort(source).issues if issue.code == "AGE_AT_DIAGNOSIS"]
    assert {issue.severity for issue in said} == {"warning"} and sum(issue.count for issue in said) == len(
        START
    )
