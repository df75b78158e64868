"""Cells of a ward's sheet that say a little more than their value: a plus beside a day, a code for a missing one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort
from tests.workbooks import mapped, minimal_patients, write_workbook

HEAD = ["ID", "Age", "Start", "Best response", "Last contact", "Vital status"]
START = date(2018, 1, 8)


def german(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def loaded(source):
    """(cohort or None, issues)"""
    try:
        cohort = load_cohort(source)
    except DataRefused as refused:
        return None, refused.issues
    return cohort, cohort.issues


def rows(signs: list[str], status: list[str]) -> list[list]:
    return [
        [k + 1, 50 + k, START, "PR", sign.format(german(START + timedelta(days=100 + k))), said]
        for k, (sign, said) in enumerate(zip(signs, status, strict=True))
    ]


@pytest.mark.parametrize("sign", ["+{}", "+ {}", "{}+", "{} +", "{} (+)"])
@pytest.mark.parametrize("signed, plain", [("alive", "dead"), ("verstorben", "lebt")])
def test_a_plus_that_the_vital_status_explains_is_no_fault(tmp_path, sign, signed, plain):
    book = [HEAD, *rows([sign, "{}", sign, "{}"], [signed, plain, signed, plain])]
    source = write_workbook(tmp_path / "c.xlsx", S=book)
    mapped(source)
    cohort, issues = loaded(source)
    assert cohort is not None
    last = cohort.patients.frame["last_contact"].dt.date.tolist()
    assert last == [START + timedelta(days=100 + k) for k in range(4)]
    (found,) = [issue for issue in issues if issue.code == "PLUS_SIGN"]
    assert (found.severity, found.cell, found.problem.parts["n"]) == ("note", "E2", 2)


@pytest.mark.parametrize("status", [["alive", "dead", "dead", "dead"], ["dead", "dead", "dead", "alive"]])
def test_a_plus_that_it_does_not_explain_is_asked_about(tmp_path, status):
    book = [HEAD, *rows(["+{}", "{}", "+{}", "{}"], status)]
    source = write_workbook(tmp_path / "c.xlsx", S=book)
    mapped(source)
    _, issues = loaded(source)
    assert [issue.cell for issue in issues if issue.code == "BAD_DATE"] == ["E2", "E4"]


def test_the_bad_cells_are_named_and_not_the_good_ones(tmp_path):
    signs = ["† {}", "Mutter verstorben {}", "verstorben {}", "wife died {}", "{} died?"]
    book = [HEAD[:5], *(row[:5] for row in rows(signs, [""] * 5))]
    source = write_workbook(tmp_path / "c.xlsx", S=book)
    mapped(source)
    _, issues = loaded(source)
    assert [issue.cell for issue in issues if issue.code == "BAD_DATE"] == ["E3", "E5", "E6"]


@pytest.mark.parametrize("code", [999, -1, -9, -99])
def test_an_age_that_may_be_a_code_has_its_line(tmp_path, code):
    ages = minimal_patients(3, age_at_start=[50, code, 60])
    source = write_workbook(tmp_path / "c.xlsx", patients=ages)
    _, issues = loaded(source)
    (found,) = [issue for issue in issues if issue.code == "VALUE_RANGE"]
    line = f"missing = [{code}] under [values.age_at_start]"
    assert found.cell == "E3" and line in str(found.hint)
    (tmp_path / "report.toml").write_text(f"[values.age_at_start]\nmissing = [{code}]\n")
    cohort, _ = loaded(source)
    assert cohort is not None and cohort.patients.frame["age_at_start"].isna().sum() == 1


def test_an_age_that_is_no_code_has_none(tmp_path):
    source = write_workbook(tmp_path / "c.xlsx", patients=minimal_patients(3, age_at_start=[50, 456, 60]))
    _, issues = loaded(source)
    assert [str(i.hint) for i in issues if i.code == "VALUE_RANGE"] == ["Correct the value"]


def test_what_was_said_to_be_missing_is_not_asked(tmp_path):
    book = [HEAD, *rows(["{}"] * 4, ["alive", "dead", 9, "alive"])]
    book[2][3], book[1][4] = 9, german(START + timedelta(days=100))
    source = write_workbook(tmp_path / "c.xlsx", S=book)
    assert mapped(source).open
    (tmp_path / "report.toml").write_text("[source]\nmissing = [9]\n")
    assert mapped(source).open == ()


def visits(ages: list) -> list[list]:
    head = ["Patient", "Age", "Treatment start", "Visit date", "Response", "Status"]
    first = [
        ["A", age, START, START + timedelta(days=200 * k), "SD", "alive"] for k, age in enumerate(ages, 1)
    ]
    other = [["B", 61, START, START + timedelta(days=60 * k), "PR", "alive"] for k in (1, 2)]
    return [head, *first, *other, ["C", 40, START, START + timedelta(days=90), "SD", "dead"]]


@pytest.mark.parametrize("ages", [[50, 51], [50, 50, 51], [50, 51, 52], [51, 50], [50, None, 51]])
def test_an_age_that_rises_is_that_of_the_first_row(tmp_path, ages):
    source = write_workbook(tmp_path / "c.xlsx", S=visits(ages))
    mapped(source)
    cohort, issues = loaded(source)
    assert cohort is not None and cohort.patients.frame["age_at_start"].tolist() == [50, 61, 40]
    assert [issue.severity for issue in issues if issue.code == "AGE_RISES"] == ["note"]


@pytest.mark.parametrize("ages", [[50, 15], [50, 53], [50, 51, 50]])
def test_another_age_is_asked_about(tmp_path, ages):
    source = write_workbook(tmp_path / "c.xlsx", S=visits(ages))
    mapped(source)
    _, issues = loaded(source)
    assert {"ROWS_DIFFER", "VISIT_COLUMN"} & {issue.code for issue in issues}
    assert "AGE_RISES" not in {issue.code for issue in issues}
