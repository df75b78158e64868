"""The best response of the sheet of patients against their visits: a question that names both cells."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook

START = date(2015, 1, 5)


def asked(folder, stated: str, *visits, relapse=None, sheet="assessments", **columns) -> list:
    """visits: (day, response) of the first of two patients."""
    rows = minimal_patients(2, relapse_date=None, best_response="SD")
    rows[0] |= {
        "best_response": stated,
        "relapse_date": relapse and START + timedelta(days=relapse),
        **columns,
    }
    seen = [
        {"patient_id": "P01", "date": START + timedelta(days=day), "response": said} for day, said in visits
    ]
    seen.append(
        {"patient_id": "P02", "date": rows[1]["treatment_start"] + timedelta(days=50), "response": "SD"}
    )
    cohort = load_cohort(write_workbook(folder / "c.xlsx", **{"patients": rows, sheet: seen}))
    return [issue for issue in cohort.issues if issue.code == "RESPONSE_CONFLICT"]


@pytest.mark.parametrize(
    "stated, visits, relapse, other",
    [
        ("CR", [(50, "PD")], 45, "C2"),  # all visits are later than the relapse
        ("CR", [(50, "SD"), (90, "PD")], 90, "C2"),
        ("PR", [(20, "SD"), (50, "PD")], 45, "C2"),
        ("CR", [(50, "PD"), (90, "PD")], None, "C2"),
        ("PD", [(50, "SD"), (90, "CR")], None, "C3"),
        ("SD", [(50, "PR"), (90, "PD")], 90, "C2"),
    ],
)
def test_both_cells_are_named(tmp_path, stated, visits, relapse, other):
    (found,) = asked(tmp_path, stated, *visits, relapse=relapse)
    assert (found.severity, found.sheet, found.cell, found.patient) == ("warning", "patients", "F2", "P01")
    assert f"{other} of assessments" in str(found.problem)


@pytest.mark.parametrize(
    "stated, visits, relapse",
    [
        ("PR", [(50, "PR"), (90, "PD")], 90),
        ("PD", [(90, "CR")], 45),  # a response after the relapse is none to this treatment
        ("PD", [(50, "PD")], 45),
        ("SD", [(50, "NE")], None),
        ("CR", [], 45),
        ("NE", [(50, "PD")], 45),
        ("PD", [(50, "PR"), (50, "PD")], 50),  # of one day progression counts, which is asked about by itself
    ],
)
def test_what_agrees_is_not_asked_about(tmp_path, stated, visits, relapse):
    assert asked(tmp_path, stated, *visits, relapse=relapse) == []


def test_many_are_one_question(tmp_path):
    rows = minimal_patients(25, best_response="CR", relapse_date=None)
    seen = [{"patient_id": row["patient_id"], "date": row["treatment_start"] + timedelta(days=50), "response": "SD"}
            for row in rows]  # fmt: skip
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=rows, assessments=seen))
    (found,) = [issue for issue in cohort.issues if issue.code == "RESPONSE_CONFLICT"]
    assert found.count == 25 and "of assessments" not in str(found.problem)
