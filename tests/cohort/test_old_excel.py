"""Old Excel workbooks (BIFF). old_workbook.xls: three invented patients, by xlwt 1.3.0; the other counts from 1904."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import load_cohort, read_source
from reportgen.cohort.readers import old_excel
from reportgen.settings.model import Settings

FOLDER = Path(__file__).parent
BOOKS = [FOLDER / "old_workbook.xls", FOLDER / "old_workbook_1904.xls"]


@pytest.mark.parametrize("book", BOOKS)
def test_cells_are_read_as_they_are(book):
    """Day 0 of 1904 too; a number in an accounting format is no date; a time just before midnight keeps its day."""
    patients, notes = read_source(book).sheets
    assert (patients.name, patients.header_row, notes.name) == ("patients", 2, "Old notes")
    rows = {number: list(row) for number, *row in patients.frame.itertuples()}
    assert rows[3] == [1.0, date(2015, 4, 20), date(2019, 2, 4), "alive", None, 12.5, True, "a"]
    assert rows[4][3:] == ["dead", date(2018, 2, 4), -3.0, False, None]
    assert rows[5][2] == datetime(2019, 3, 4, 23, 59, 59, 999000)
    assert patients.merged == ("B1:D1",)


@pytest.mark.parametrize("book", BOOKS)
def test_an_error_cell_is_no_empty_cell(book):
    """The third patient's date of death is #N/A: it never becomes "alive"."""
    assert read_source(book).sheets[0].faults == {(5, 4): "#N/A"}
    with pytest.raises(DataRefused) as refused:
        load_cohort(book)
    assert [(i.code, i.cell) for i in refused.value.issues if i.code == "ERROR_CELL"] == [
        ("ERROR_CELL", "E5")
    ]
    assert load_cohort(book, on_invalid="exclude").n == 2


def test_what_is_hidden_or_may_not_be_calculated_is_said():
    codes = {(issue.code, issue.sheet, issue.cell) for issue in read_source(BOOKS[0]).issues}
    assert codes == {
        ("HIDDEN_ROWS", "patients", "A4"), ("MERGED_CELLS", "patients", "B1:D1"), ("HIDDEN_SHEET", "Old notes", None),
        ("FORMULA_EMPTY", None, None),
    }  # fmt: skip


def test_a_damaged_workbook_is_read_or_refused():
    whole, draw = BOOKS[0].read_bytes(), random.Random(3)
    refused = 0
    for _ in range(120):
        data = bytearray(whole)
        for _ in range(draw.choice([1, 5, 40])):
            data[draw.randrange(len(data))] = draw.randrange(256)
        data = bytes(data[: draw.choice([len(data), draw.randrange(len(data))])])
        if not old_excel.recognises("cohort.xls", data):
            continue
        try:
            old_excel.read("cohort.xls", data, Settings())
        except DataRefused as error:
            assert error.issues[0].hint
            refused += 1
    assert refused > 20


def test_a_workbook_with_a_password_is_refused_as_such(monkeypatch):
    import xlrd
    from xlrd.biffh import XLRDError

    def opened(**_):
        raise XLRDError("Workbook is encrypted")

    monkeypatch.setattr(xlrd, "open_workbook", opened)
    with pytest.raises(DataRefused) as refused:
        old_excel.read("cohort.xls", BOOKS[0].read_bytes(), Settings())
    assert refused.value.issues[0].code == "ENCRYPTED"


def test_two_sheets_of_one_name_are_refused_and_no_patient_is_lost():
    whole = BOOKS[0].read_bytes()
    # The name of a sheet is its length, a flag and its letters; what is left of its record is not read.
    twins = whole.replace(b"\x09\x00Old notes", b"\x08\x00Patients\x00")
    assert twins != whole
    with pytest.raises(DataRefused) as refused:
        old_excel.read("cohort.xls", twins, Settings())
    assert refused.value.issues[0].code == "AMBIGUOUS_SHEET"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e300])
def test_what_is_no_day_stays_a_number(number):
    assert repr(old_excel._moment(number, 0)) == repr(number)


def test_a_formula_whose_length_lies_is_no_bug(monkeypatch):
    monkeypatch.setattr(old_excel, "_stream", lambda data: b"\x0a\x00\x00\x00\x06\x00\xff\xff\x00")
    assert list(old_excel._formulas_without_value(b"")) == []


def test_sheets_of_too_many_cells_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(old_excel, "MAX_CELLS", 10)
    with pytest.raises(DataRefused) as refused:
        old_excel.read("cohort.xls", BOOKS[0].read_bytes(), Settings())
    assert refused.value.issues[0].code == "TOO_LARGE"
