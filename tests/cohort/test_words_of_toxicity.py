"""Words of toxicity that are not understood: their patients are not known, never free of toxicity."""

from __future__ import annotations

import pytest

from reportgen.chapters import toxicity
from reportgen.cohort.load import load_cohort
from tests.chapters.chapters import of
from tests.workbooks import minimal_patients, write_workbook

KNOWN = ["rash g2", "none", "Fieber Grad 3, rash g1", "keine"]
TOML = '[source]\ntoxicity_text = ["Adverse events"]\n'


def loaded(folder, cells: list, toml: str = ""):
    (folder / "report.toml").write_text(TOML + toml)
    rows = minimal_patients(len(cells), **{"Adverse events": cells})
    return load_cohort(write_workbook(folder / "c.xlsx", patients=rows), config=folder / "report.toml")


def counted(cohort) -> tuple[int, int]:
    """(patients with any toxicity, patients assessed)"""
    any_grade = of(toxicity, cohort).results["toxicity.any.all.any_grade"]
    return any_grade.events, any_grade.n


@pytest.mark.parametrize(
    "word", ["Neutropenia III", "felt dizzy", "Übelkeit", "keine Neutropenie G4", "no rash g2", "siehe Brief"]
)
def test_who_is_not_understood_is_not_known(tmp_path, word):
    cohort = loaded(tmp_path, [*KNOWN, word])
    assert counted(cohort) == (2, 4)
    (found,) = [i for i in cohort.issues if i.code == "TOXICITY_IN_WORDS" and i.severity == "warning"]
    assert (
        found.cell == "E6"
        and "not assessed" in str(found.problem)
        and "[values.adverse_events]" in str(found.hint)
    )


@pytest.mark.parametrize("word", ["-", "n/a", "unknown", "k.A.", None])
def test_nor_is_of_whom_the_cell_says_nothing(tmp_path, word):
    assert counted(loaded(tmp_path, [*KNOWN, word])) == (2, 4)


@pytest.mark.parametrize("word", ["none; -", "keine, k.A.", "no adverse events"])
def test_none_is_none(tmp_path, word):
    assert counted(loaded(tmp_path, [*KNOWN, word])) == (2, 5)


@pytest.mark.parametrize(
    "word", ["rash g2, felt dizzy", "Fieber °2; abgeklungen", "no rash g2; nausea CTC 1"]
)
def test_a_part_that_is_understood_counts(tmp_path, word):
    assert counted(loaded(tmp_path, [*KNOWN, word])) == (3, 5)


@pytest.mark.parametrize(
    "toml, word, found",
    [
        ('[values.adverse_events]\n"neutropenia g3" = ["Neutropenia III"]', "Neutropenia III", (3, 5)),
        (
            '[values.adverse_events]\n"neutropenia g3" = ["Neutropenia III"]',
            "rash g1; neutropenia iii",
            (3, 5),
        ),
        ('[values.adverse_events]\nnone = ["ambulant"]', "ambulant", (2, 5)),
        ('[values.adverse_events]\nmissing = ["none"]', "rash g1", (3, 4)),
        ('toxicity_none = ["-"]', "-", (2, 5)),
        ('toxicity_unknown = ["keine"]', "rash g1", (3, 4)),
    ],
)
def test_the_settings_say_what_words_mean(tmp_path, toml, word, found):
    assert counted(loaded(tmp_path, [*KNOWN, word], toml)) == found


def test_other_toxicities_of_the_patient_keep_him_known(tmp_path):
    (tmp_path / "report.toml").write_text(
        '[source]\ntoxicity_text = ["other"]\ntoxicity_columns = ["rash"]\n'
    )
    rows = minimal_patients(3, rash=[0, 2, None], other=["felt dizzy", None, "felt dizzy"])
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=rows), config=tmp_path / "report.toml")
    assert list(cohort.patients.frame["toxicity_assessed"]) == ["yes", "yes", "no"]
