"""Sheets may be called as patients are, and words of cells be settings: no report but the internal one names them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run.composing import provenance
from reportgen.run.pipeline import protected
from tests.workbooks import write_workbook

NAMES = ["Mueller Hans", "Schulze Greta"]


@pytest.fixture
def source(tmp_path):
    """A sheet of the rows of each of two patients; one that is no table."""
    start = date(2019, 3, 4)
    sheets = {
        name: [{"patient_id": f"P{k}", "treatment_start": start, "vital_status": "alive", "ward": "zzunsaid",
                "last_contact": start + timedelta(days=900 + k)}]
        for k, name in enumerate(NAMES)
    }  # fmt: skip
    book = write_workbook(tmp_path / "c.xlsx", **sheets, **{"Weber Karl": [{"a": 1, "b": 2}]})
    (tmp_path / "c.toml").write_text(
        f'[source]\nstack = {json.dumps(NAMES)}\nignore = ["Weber Karl"]\nmissing = ["zzunsaid"]\n'
        f'header_rows = {{ "Mueller Hans" = 1 }}\n'
    )
    return book


@pytest.mark.parametrize("profile", ["internal", "board", "partner", "external"])
def test_the_settings_of_a_report_for_others_name_no_sheet_and_no_word_of_a_cell(tmp_path, source, profile):
    overrides = {"privacy.profile": profile, "privacy.release_agreed": True}
    cohort = load_cohort(source, config=tmp_path / "c.toml", overrides=overrides)
    assert cohort.n == len(NAMES)
    said = json.dumps(provenance(protected(cohort, tmp_path), 2), default=str)
    found = [name for name in (*NAMES, "Weber", "zzunsaid") if name in said]
    assert found == ([*NAMES, "Weber", "zzunsaid"] if profile == "internal" else [])
