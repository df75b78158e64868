"""OpenDocument spreadsheets: read like workbooks, and refused like them where they must not be opened."""

from __future__ import annotations

import zipfile
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.cohort.readers.opendocument import KIND
from tests.tables import PATIENTS, TOXICITIES, assert_the_cohort

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip
ERROR_CELL = ('<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
              'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>')  # fmt: skip
NEVER_CALCULATED = '<table:table-cell table:formula="of:=[.A1]+1"/>'


class Xml(str):
    """A cell as it stands in the file."""


def cell(value) -> str:
    if isinstance(value, Xml):
        return value
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind, shown = f'"date" office:date-value="{value}"', f"{value:%d.%m.%Y}"
    elif isinstance(value, (int, float)):
        kind, shown = f'"float" office:value="{value}"', str(value)
    else:
        kind, shown = '"string"', escape(str(value))
    return f"<table:table-cell office:value-type={kind}><text:p>{shown}</text:p></table:table-cell>"


def table(name, rows, more="", style="") -> str:
    rows = list(rows)
    grid = [list(rows[0]), *(list(row.values()) for row in rows)] if isinstance(rows[0], dict) else rows
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in grid)
    named = f"table:name={quoteattr(name)} table:style-name={quoteattr(style)}"
    return f"<table:table {named}>{body}{more}</table:table>"


def write_ods(path, *tables, parts=None, head="", before=""):
    """Tables → a spreadsheet as office programs write it: the mimetype first and stored, then the content."""
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    root = f"<office:document-content {SPACES}>{head}{body}</office:document-content>"
    content = f'<?xml version="1.0" encoding="UTF-8"?>{before}{root}'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), KIND)
        archive.writestr("content.xml", content)
        for name, data in ({"META-INF/manifest.xml": "<manifest/>"} | (parts or {})).items():
            archive.writestr(name, data)
    return path


def refusal(path):
    with pytest.raises(DataRefused) as caught:
        read_source(path)
    return caught.value.issues[0].code


def good(tmp_path, **options):
    return write_ods(
        tmp_path / "cohort.ods", table("patients", PATIENTS), table("toxicities", TOXICITIES), **options
    )


def test_a_spreadsheet(tmp_path):
    cohort = load_cohort(good(tmp_path))
    assert_the_cohort(cohort)
    assert cohort.issues == () and cohort.patients.address(2, "sex") == "B2"


def test_it_is_known_by_its_content(tmp_path):
    assert_the_cohort(load_cohort(good(tmp_path).rename(tmp_path / "cohort.bin")))


def test_errors_and_formulas_without_a_value_are_found(tmp_path):
    rows = [dict(row) for row in PATIENTS]
    rows[0]["death_date"], rows[1]["age_at_start"] = Xml(ERROR_CELL), Xml(NEVER_CALCULATED)
    path = write_ods(tmp_path / "cohort.ods", table("patients", rows))
    book = read_source(path)
    _, issues = check_cohort(book, settings_for(book, path))
    assert {(i.code, i.cell) for i in issues} >= {("ERROR_CELL", "G2"), ("FORMULA_NO_VALUE", "C3")}


def test_repeated_empty_rows_and_columns_do_no_harm(tmp_path):
    tail = ('<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row>')  # fmt: skip
    assert load_cohort(write_ods(tmp_path / "cohort.ods", table("patients", PATIENTS, tail))).n == 4


@pytest.mark.parametrize(
    "rows, columns, code",
    [
        (1048576, 16384, "DIMENSIONS"),
        (1, 16384, "DIMENSIONS"),
        (1048576, 1, "DIMENSIONS"),
        ("9" * 20, 1, "BAD_XML"),
    ],
)
def test_a_cell_that_is_repeated_without_end_is_refused(tmp_path, rows, columns, code):
    cells = f'table:number-columns-repeated="{columns}" office:value-type="string"'
    tail = (
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f"<table:table-cell {cells}><text:p>x</text:p></table:table-cell></table:table-row>"
    )
    gap = '<table:table-row table:number-rows-repeated="1000000"/>'
    path = write_ods(tmp_path / "cohort.ods", table("patients", PATIENTS, gap + tail if rows == 1 else tail))
    assert refusal(path) == code


def test_what_is_hidden_merged_linked_or_programmed_is_said(tmp_path):
    head = ('<office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties '
            'table:display="false"/></style:style></office:automatic-styles>')  # fmt: skip
    merged = Xml('<table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>a</text:p>'
                 "</table:table-cell><table:covered-table-cell/>")  # fmt: skip
    notes = table("notes", [["a", "b"], [merged]], style="ta2")
    linked = table("linked", [["a"]], '<table:table-source xlink:href="file:///x.ods" xmlns:xlink="x"/>')
    parts = {"Basic/script-lc.xml": "<a/>"}
    path = write_ods(
        tmp_path / "cohort.ods", table("patients", PATIENTS), notes, linked, head=head, parts=parts
    )
    book = read_source(path)
    assert {(issue.code, issue.sheet, issue.cell) for issue in book.issues} == {
        ("HIDDEN_SHEET", "notes", None), ("MERGED_CELLS", "notes", "A2:B2"), ("MACRO_WORKBOOK", None, None),
        ("EXTERNAL_LINK", None, None),
    }  # fmt: skip


def test_hostile_files_are_refused(tmp_path):
    assert refusal(good(tmp_path, before='<!DOCTYPE x [<!ENTITY a "aaaa">]>')) == "XML_DTD"
    assert refusal(good(tmp_path, parts={"META-INF/manifest.xml": "<encryption-data/>"})) == "ENCRYPTED"
    assert refusal(good(tmp_path, parts={"encrypted-package": "x"})) == "ENCRYPTED"
    assert refusal(good(tmp_path, parts={"../x.xml": "<a/>"})) == "BAD_ZIP"
    assert refusal(good(tmp_path, parts={"Pictures/a": " " * 30_000_000})) == "TOO_LARGE"
    assert refusal(good(tmp_path, parts={"styles.xml": "<a>"})) == "BAD_XML"
    whole = good(tmp_path).read_bytes()
    half = tmp_path / "half.ods"
    half.write_bytes(whole[: len(whole) // 2])
    assert refusal(half) == "BAD_ZIP"
    half.write_bytes(b"patient_id;x\n")
    assert refusal(half) == "BAD_ZIP"
    assert refusal(write_ods(half, table("a", PATIENTS), table("A", PATIENTS))) == "AMBIGUOUS_SHEET"
