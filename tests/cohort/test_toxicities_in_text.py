"""Toxicities in the words of the patients' own columns: what is counted nowhere is said."""

from __future__ import annotations

import pytest

from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook


def said(tmp_path, **sheets):
    issues = load_cohort(write_workbook(tmp_path / "c.xlsx", **sheets)).issues
    return [(i.cell, str(i.problem)) for i in issues if i.code == "TOXICITY_IN_WORDS"]


@pytest.mark.parametrize("header, cells, held", [
    ("Comments", ["did well; neutropenia G3 in May", None, "lost job", "Rash gr 2, epistaxis g1"], 2),
    ("Verlauf", ["Übelkeit Grad 2", "Mukositis G1", None, None], 2),
    ("Nebenwirkungen", ["Übelkeit", "keine", "Müdigkeit, Hautausschlag", None], 2),
])  # fmt: skip
def test_a_column_of_words_that_names_toxicities_is_a_warning(tmp_path, header, cells, held):
    ((cell, problem),) = said(tmp_path, patients=minimal_patients(4, **{header: cells}))
    assert cell == "E1" and problem == f"{header} holds toxicities in words, which are not counted: {held}"


@pytest.mark.parametrize(
    "cells", [["FIGO grade 2", "sarcoma G3", None, "grade 1"], ["colitis", "rash", None, None]]
)
def test_tumours_and_earlier_illness_are_none(tmp_path, cells):
    assert said(tmp_path, patients=minimal_patients(4, history=cells)) == []


def test_beside_a_table_of_toxicities_nothing_is_said(tmp_path):
    patients = minimal_patients(4, comments=["neutropenia G3", None, None, None])
    events = [{"patient_id": "P01", "term": "neutropenia", "grade": 3}]
    assert said(tmp_path, patients=patients, toxicities=events) == []
