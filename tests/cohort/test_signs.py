"""Findings written as signs: a minus beside plus signs is a negative finding, and no missing one."""

from __future__ import annotations

import pytest

from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook


def loaded(folder, values: list, toml: str = ""):
    (folder / "report.toml").write_text(toml)
    rows = minimal_patients(len(values), HBsAg=values)
    return load_cohort(write_workbook(folder / "c.xlsx", patients=rows), config=folder / "report.toml")


@pytest.mark.parametrize(
    "values",
    [
        ["+", "-", "-", "+"],
        ["+", "−", "++", "−"],
        ["+++", "-", "−", "(+)"],
        ["+", "–", "pos", "-"],
        ["positiv", "-", "-", "+"],
        ["1+", "-", "-", "3+"],
        ["±", "-", "-", "+/-"],
        ["+", "-", "-", None],
    ],
)
def test_a_minus_is_a_level(tmp_path, values):
    cohort = loaded(tmp_path, values)
    column = cohort.patients.frame["hbsag"]
    assert [row for row, value in enumerate(column) if value == "−"] == [
        row for row, value in enumerate(values) if value in ("-", "−", "–")
    ]
    (found,) = [issue for issue in cohort.issues if issue.code == "MINUS_IS_NEGATIVE"]
    assert (found.severity, found.cell, found.problem.parts["n"]) == ("note", "E3", 2)
    assert not [issue for issue in cohort.issues if issue.code == "MISSING_WORD"]
    (feature,) = cohort.features
    assert feature.levels[0] == "−"


@pytest.mark.parametrize(
    "values",
    [
        ["+", "-", "neg", "+"],  # there is a word for it
        ["yes", "-", "no", "yes"],
        ["3", "-", "4", "5"],
        ["0", "-", "1+", "2+"],
        ["A", "-", "B", "A"],
        ["pos", "-", "neg", "pos"],
    ],
)
def test_beside_other_values_it_is_missing(tmp_path, values):
    cohort = loaded(tmp_path, values)
    assert cohort.patients.frame["hbsag"].isna().sum() == 1
    assert not [issue for issue in cohort.issues if issue.code == "MINUS_IS_NEGATIVE"]


@pytest.mark.parametrize(
    "line, held", [('missing = ["-"]', None), ('negative = ["-"]', "negative"), ("+ = []", "−")]
)
def test_the_settings_say_what_it_means(tmp_path, line, held):
    line = line.replace("+ =", "'+' =")
    cohort = loaded(tmp_path, ["+", "-", "++", "+"], f"[values.hbsag]\n{line}\n")
    value = cohort.patients.frame["hbsag"].iloc[1]
    assert value == held or (held is None and value is None)


def test_signs_stand_in_their_order(tmp_path):
    (feature,) = loaded(tmp_path, ["+++", "-", "++", "(+)", "+", "+", "++", "-"]).features
    assert feature.levels == ("−", "(+)", "+", "++", "+++")
