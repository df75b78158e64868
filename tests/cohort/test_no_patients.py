"""Totals, legends, lines of types and comments are nobody, in sources with dates and in those with durations."""

from datetime import date

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort, read_source
from reportgen.cohort.readers.comments import without_comments
from tests.cohort.test_meaning_of_cells import CASES, cells_of, csv_file, refused, said, with_lines
from tests.workbooks import write_workbook

DURATIONS = """
[[endpoint]]
key = "os"
time = "os_months"
unit = "months"
event = "dead"
event_values = [1]
censor_values = [0]
"""
HEADER = ["patient_id", "sex", "os_months", "dead", "ldh"]
PEOPLE = [["A1", "female", 12.5, 1, 210], ["A2", "male", 30.0, 0, 333], ["A3", "female", 7.0, 1, 250],
          ["A4", "male", 22.0, 0, 280]]  # fmt: skip


def with_durations(tmp_path, *rows, text=DURATIONS):
    source = write_workbook(tmp_path / "c.xlsx", patients=[HEADER, *rows])
    return with_lines(tmp_path, source, text)


@pytest.mark.parametrize(
    "row",
    [
        ["Total", None, 71.5, 2, 1073],
        ["Mean", None, 17.9, 0.5, 268.25],
        ["median (range)", None, 17.3, None, 265],
        ["n=4", None, None, None, None],
        [None, "Summe", 71.5, 2, None],
        ["red = dead, yellow = uncertain", None, None, None, None],
        [None, "as of January, preliminary", None, None, None],
        ["* censored at transplant", None, None, None, None],
        ["Note: months since diagnosis", None, None, None, None],
        ["STRING", "STRING", "NUMBER", "NUMBER", "NUMBER"],
        [None, "[f/m]", "[months]", "(1 = dead)", "[U/l]"],
        ["#1", 1, 1, 1, 1],
        HEADER,
    ],
)
def test_a_row_that_is_nobody_is_asked_about_and_never_counted(tmp_path, row):
    cohort = with_durations(tmp_path, *PEOPLE, row)
    assert cohort.patients.frame["patient_id"].tolist() == ["A1", "A2", "A3", "A4"]
    assert cohort.endpoints["os"].status.tolist() == [1, 0, 1, 0]
    (issue,) = said(cohort, "NOT_A_PATIENT")
    assert issue.severity == "warning" and issue.cell == "A6"


def test_a_type_line_under_the_header_is_nobody(tmp_path):
    cohort = with_durations(tmp_path, ["text", "text", "number", "integer", "number"], *PEOPLE)
    assert cells_of(cohort, "NOT_A_PATIENT") == ["A2"] and len(cohort.patients) == 4


def test_an_id_that_only_looks_like_a_total_can_be_named(tmp_path):
    text = '[values.patient_id]\nN = ["N"]\n' + DURATIONS
    cohort = with_durations(tmp_path, *PEOPLE, ["N", "male", 3.0, 0, 200], text=text)
    assert len(cohort.patients) == 5 and not said(cohort, "NOT_A_PATIENT")


@pytest.mark.parametrize("ids", [["#1", "#2", "#3"], ["Max", "Min", "Sum"], ["Key 1", "Key 2", "Key 3"]])
def test_ids_that_all_look_so_are_patients(tmp_path, ids):
    rows = [[name, "male", 3.0, 0, 200] for name in ids]
    cohort = with_durations(tmp_path, *rows)
    assert cohort.patients.frame["patient_id"].tolist() == ids


def test_a_row_of_values_without_an_id_may_be_a_patient(tmp_path):
    with pytest.raises(DataRefused) as caught:
        with_durations(tmp_path, *PEOPLE, [None, "male", 3.0, 0, 200])
    assert cells_of(caught.value.issues, "MISSING_ID") == ["A6"]


def test_totals_with_dates_are_nobody_and_say_nothing_else(tmp_path):
    rows = [["patient_id", "treatment_start", "last_contact"], ["P1", date(2019, 1, 1), date(2020, 1, 1)],
            ["P2", date(2019, 2, 1), date(2020, 2, 1)], ["Total", 2, 2]]  # fmt: skip
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=rows))
    assert [issue.code for issue in cohort.issues if issue.severity != "note"] == ["NOT_A_PATIENT"]
    assert len(cohort.patients) == 2


def test_lines_of_comment_above_the_header_are_no_patients():
    source = CASES / "cbioportal" / "data_clinical_patient.txt"
    (sheet,) = read_source(source).sheets
    assert sheet.header[0] == "PATIENT_ID" and sheet.header_row == 5
    assert len(sheet.frame) == 20 and sheet.frame.index[0] == 6
    issues = load_cohort(source).issues
    assert [issue.problem for issue in said(issues, "COMMENT_LINES")] == [
        "Rows that begin with # were left out: 4"
    ]


def test_a_header_that_begins_with_the_sign_of_comments_stays_the_header():
    text = "#patient_id,treatment_start,last_contact\nP1,2019-01-01,2020-01-01\n"
    assert without_comments(text, "c", "") == (text, 0, [])


def test_told_comments_are_left_out_wherever_they_stand(tmp_path):
    rows = ["P1,2019-01-01,2020-01-01", "% checked until here,,", "P2,2019-02-01,2020-02-30"]
    source = csv_file(tmp_path, "patient_id,treatment_start,last_contact", rows)
    (tmp_path / "report.toml").write_text('[source]\ncomment = "%"\n')
    issues = refused(source)
    assert cells_of(issues, "BAD_DATE") == ["C4"] and not said(issues, "NOT_A_PATIENT")
    assert len(said(issues, "COMMENT_LINES")) == 1


def test_told_comments_of_a_workbook_too(tmp_path):
    cohort = with_durations(
        tmp_path, *PEOPLE, ["% done", None, None, None, None], text='[source]\ncomment = "%"\n' + DURATIONS
    )
    assert len(cohort.patients) == 4 and cells_of(cohort, "COMMENT_LINES") == ["A6"]


def test_a_row_of_groups_above_the_header_is_not_the_header(tmp_path):
    rows = [
        ["Sarcoma registry"],
        ["Patient", None, None, "Treatment", None, None],
        ["patient_id", "sex", "age", "treatment_start", "last_contact", "stage"],
        ["P1", "male", 40, date(2019, 1, 1), date(2020, 1, 1), "II"],
        ["P2", "female", 50, date(2019, 2, 1), date(2020, 2, 1), "III"],
    ]
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=rows))
    assert cohort.patients.frame["patient_id"].tolist() == ["P1", "P2"]


def test_a_word_for_no_end_yet_is_no_fault_of_a_date(tmp_path):
    rows = ["P1,2019-01-01,ongoing,2020-01-01", "P2,2019-02-01,2019-05-01,2020-02-01"]
    cohort = load_cohort(csv_file(tmp_path, "patient_id,treatment_start,treatment_stop,last_contact", rows))
    assert cohort.patients.frame["treatment_stop"].isna().tolist() == [True, False]
    assert cells_of(cohort, "STILL_GOING_ON") == ["C2"]


def test_a_total_beside_the_ids_is_no_patient(tmp_path):
    """The number of the patients stands below their ids, and its word below their numbers."""
    head = ["Nr.", "patient_id", "treatment_start", "last_contact", "vital_status"]
    rows = [[k, f"P{k}", date(2015, 1, k), date(2018, 1, k), "alive"] for k in range(1, 9)]
    source = write_workbook(tmp_path / "c.xlsx", patients=[head, *rows, ["Summe", 8]])
    cohort = load_cohort(source)
    assert len(cohort.patients) == 8
    assert [i.cell for i in cohort.issues if i.code == "NOT_A_PATIENT"] == ["B10"]
