"""Workbooks out: dates are dates, numbers are numbers, text is text, and no byte tells when or where."""

import tempfile
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from reportgen.publish.workbook import EPOCH, Sheet, workbook_bytes

SHEET2 = Sheet("t", ("a",), [])
SHEET = Sheet("s", ("a", "b", "c"), [["=1+1", 7, date(2018, 6, 30)], [None, 0.5, "x" * 80]])


def read(*sheets):
    return openpyxl.load_workbook(BytesIO(workbook_bytes(sheets)))


def test_every_cell_keeps_its_kind():
    first, second = list(read(SHEET)["s"].iter_rows(min_row=2))
    assert [cell.data_type for cell in first] == ["s", "n", "d"]
    assert (first[0].value, first[1].value, first[2].value.date()) == ("=1+1", 7, date(2018, 6, 30))
    assert first[2].number_format == "yyyy-mm-dd"
    assert (second[0].value, second[1].value) == (None, 0.5)


def test_a_row_is_as_high_as_its_wrapped_lines():
    sheet = read(
        Sheet("s", ("a", "b"), [["x", "word " * 30], ["x", "short"], ["x", "word " * 900]], {"b": 50})
    )["s"]
    assert [sheet.row_dimensions[n].height for n in (2, 3, 4)] == [60, None, 409], (
        "four lines of 46 characters"
    )


def test_sheets_keep_their_order():
    assert read(Sheet("b", ("x",), []), Sheet("a", ("x",), [])).sheetnames == ["b", "a"]


def test_no_time_but_the_fixed_one():
    with ZipFile(BytesIO(workbook_bytes([SHEET]))) as parts:
        assert {info.date_time for info in parts.infolist()} == {EPOCH.timetuple()[:6]}
    properties = read(SHEET).properties
    assert (properties.created, properties.modified) == (EPOCH, EPOCH)


def test_a_ragged_row_is_a_bug():
    with pytest.raises(ValueError, match=r"row 2 of sheet 's' has 1 cells, not 3"):
        workbook_bytes([Sheet("s", ("a", "b", "c"), [[1]])])


def test_a_column_is_as_wide_as_asked_or_as_its_longest_cell():
    widths = read(Sheet("s", ("a", "b"), [["12345678", "x" * 80]], {"b": 33.0}))["s"].column_dimensions
    assert (widths["A"].width, widths["B"].width) == (10, 33)


def test_no_sheet_goes_through_the_temporary_folder(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    assert read(SHEET)["s"]["A2"].value == "=1+1"
    assert [len(list(read(SHEET, SHEET2)[name].rows)) for name in ("s", "t")] == [3, 1]
