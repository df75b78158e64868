"""A grade is read with the words that may stand beside it, and nothing that could be two."""

from __future__ import annotations

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.clean.written_grades import Answers, grade
from reportgen.cohort.load import load_cohort
from tests.workbooks import minimal_patients, write_workbook


@pytest.mark.parametrize(
    ("written", "read"),
    [(2, 2), ("2", 2), ("Grade 1", 1), ("G2", 2), ("g 2", 2), ("Gr 3", 3), ("Gr. 3", 3), ("Grad 2", 2), ("2°", 2),
     ("°3", 3), ("CTCAE grade 4", 4), ("2 - moderate", 2), ("3 (severe)", 3), ("1, Mild", 1),
     ("4: life-threatening", 4),
     ("Severe (3)", 3), ("mild - grade 1", 1), ("Grade III", 3), ("grade iv", 4), ("5 fatal", 5), ("2.0", 2)],
)  # fmt: skip
def test_one_grade(written, read):
    assert grade(written)[0] == read


@pytest.mark.parametrize(
    "written",
    ["3+", "2-3", "2/3", "severe", "2 - severe", "mucositis gr 2", "grade", "G", "III", "G23", "G6"],
)
def test_no_grade(written):
    assert grade(written) == (None, "BAD_NUMBER")


@pytest.mark.parametrize(
    ("cell", "said"),
    [(0, "none"), ("0", "none"), ("G0", "none"), ("No", "none"), (False, "none"), (None, "unknown"), ("-", "unknown"),
     ("n/a", "unknown"), ("not done", "unknown"), ("yes", "occurred"), (True, "occurred"), (1, "grade"),
     ("?!", "grade")],
)  # fmt: skip
def test_answers(cell, said):
    assert Answers(("no",), ("not done",)).of(cell) == said


def test_the_settings_win():
    answers = Answers(("", "-"), ("0",))
    assert [answers.of(cell) for cell in (None, "-", 0)] == ["none", "none", "unknown"]


def test_a_word_in_place_of_a_grade_is_told_where_its_meaning_is_written(tmp_path):
    rows = [{"patient_id": f"P0{k}", "term": "Nausea", "grade": g} for k, g in ((1, "G2"), (2, "mild"))]
    with pytest.raises(DataRefused) as refused:
        load_cohort(write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(3), toxicities=rows))
    (issue,) = [issue for issue in refused.value.issues if issue.severity == "error"]
    assert issue.cell == "C3" and '[values.grade] in report.toml, such as 1 = ["mild"]' in issue.hint


def test_a_row_that_says_nothing_counts_for_no_grade(tmp_path):
    rows = [{"patient_id": "P01", "term": "Nausea", "grade": 2}, {"patient_id": "P02", "term": "-"}]
    book = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(3), toxicities=rows)
    assert "GRADES_MISSING" not in {issue.code for issue in load_cohort(book).issues}


def test_a_word_beside_grades_that_the_settings_name_is_a_question_too(tmp_path):
    source = write_workbook(
        tmp_path / "c.xlsx",
        patients=minimal_patients(3),
        toxicities=[["patient_id", "term", "grade"], ["P01", "Nausea", "III"], ["P01", "Rash", "some"]],
    )
    (tmp_path / "report.toml").write_text('[values.grade]\n3 = ["III"]\n', encoding="utf-8")
    with pytest.raises(DataRefused) as refused:
        load_cohort(source)
    assert [issue.cell for issue in refused.value.issues if issue.code == "BAD_NUMBER"] == ["C3"]
