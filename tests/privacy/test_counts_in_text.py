"""A text of the author that tells an exact count is no text for readers outside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reportgen.base.errors import UsageError
from reportgen.cohort.load import load_cohort
from reportgen.privacy.protect import protect
from reportgen.privacy.release import released
from tests.workbooks import minimal_patients, write_workbook


def outside(tmp_path, rows: list[dict], **texts: str):
    source = write_workbook(tmp_path / "c.xlsx", patients=rows)
    overrides = {
        "privacy.profile": "external",
        **{name.replace("__", "."): text for name, text in texts.items()},
    }
    return released(protect(load_cohort(source, overrides=overrides)))


def three_dead(n: int) -> list[dict]:
    rows = minimal_patients(n)
    for row in rows[:3]:
        row |= {"vital_status": "dead", "death_date": row["last_contact"]}
    return rows


@pytest.mark.parametrize(
    "texts",
    [
        {"title": "Crizotinib: 3 deaths"},
        {"title": "Crizotinib, 3 frühe Todesfälle"},
        {"title": "Crizotinib: Three deaths"},
        {"title": "Crizotinib: 3 of them died"},
        {"notice": "In 3 von 41 war es anders."},
        {"subtitle": "deaths: n=3"},
        {"notice": "Among them 3 patients died."},
        {"branding__footer": "N = 3, all of one ward"},
    ],
)
def test_an_exact_count_that_is_masked_is_refused_by_the_name_of_its_text(tmp_path, texts):
    with pytest.raises(UsageError) as refused:
        outside(tmp_path, three_dead(41), **texts)
    said = str(refused.value)
    assert next(iter(texts)).replace("__", ".").split(".")[-1] in said and "3" not in said


def test_a_group_that_is_called_after_its_size_is_refused(tmp_path):
    rows = three_dead(42)
    for k, row in enumerate(rows):
        row["arm"] = "B (3 patients)" if k in (5, 6, 7) else "A"
    with pytest.raises(UsageError, match="name of a group"):
        outside(tmp_path, rows, group="arm")


@pytest.mark.parametrize(
    "title",
    [
        "Phase 3, stage 3 disease",
        "Years 2003–2041",
        "41 patients and more",
        "Line 3/7 in patients",
        "3.5 patients",
    ],
)
def test_other_numbers_are_no_masked_count(tmp_path, title):
    assert outside(tmp_path, three_dead(41), title=title).estimates


def test_the_exact_count_of_what_is_printed_rounded_is_refused_too(tmp_path):
    rows = three_dead(41)
    for row in rows[:12]:
        row["relapse_date"] = row["treatment_start"] + timedelta(days=100)
    with pytest.raises(UsageError, match="exact count"):
        outside(tmp_path, rows, title="Twelve relapses")
    assert outside(tmp_path, rows, title="Eleven centres, 41 patients").estimates
