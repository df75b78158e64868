"""Bad files: each gets a clear answer before a spreadsheet library sees it."""

import io
import re
import struct
import zipfile

import pytest

from reportgen.base.errors import DataRefused, UsageError
from reportgen.cohort.load import check_cohort, load_cohort, read_source
from reportgen.cohort.readers import gate
from reportgen.settings.model import Settings
from tests.workbooks import ErrorValue, Formula, minimal_patients, write_workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(tmp_path):
    return write_workbook(tmp_path / "good.xlsx", patients=minimal_patients(3))


def changed(path, change, name=SHEET, target="bad.xlsx"):
    """A copy of a workbook in which one part was changed; None leaves it out."""
    out = path.with_name(target)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            data = old.read(member)
            if member == name:
                data = change(data)
            if data is not None:
                new.writestr(member, data)
    return out


def with_part(path, name, data, target="bad.xlsx"):
    out = changed(path, lambda same: same, target=target)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out


def code_of(path):
    with pytest.raises(DataRefused) as caught:
        read_source(path)
    (issue,) = caught.value.issues
    assert issue.problem and issue.hint
    return issue.code


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "NOT_XLSX"),
        (b"patient_id,treatment_start\n", "NOT_XLSX"),
        (b"%PDF-1.7", "NOT_XLSX"),
        (gate.OLE2 + b"\0" * 600, "UNSUPPORTED_XLS"),
        (gate.OLE2 + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
        (b"\x09\x08\x08\x00" + b"\0" * 100, "UNSUPPORTED_XLS"),
        (b"PK\x03\x04" + b"\0" * 100, "BAD_ZIP"),
    ],
)
def test_what_is_no_xlsx_is_known_by_its_content(tmp_path, content, code):
    path = tmp_path / "cohort.xlsx"
    path.write_bytes(content)
    assert code_of(path) == code


def test_a_folder_is_no_file_and_a_missing_file_is_a_mistake_of_use(tmp_path):
    assert code_of(tmp_path) == "NOT_A_FILE"
    with pytest.raises(UsageError, match="no file 'none.xlsx'"):
        read_source(tmp_path / "none.xlsx")


def test_half_a_workbook_is_refused(good):
    half = good.with_name("half.xlsx")
    half.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    assert code_of(half) == "BAD_ZIP"


def test_another_kind_of_zip_is_no_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert code_of(path) == "NOT_XLSX"


@pytest.mark.parametrize("name", ["../outside.xml", "/outside.xml", "xl\\..\\x.xml", "C:/x.xml"])
def test_parts_that_lead_out_of_the_archive_are_refused(good, name):
    assert code_of(with_part(good, name, b"<a/>")) == "BAD_ZIP"


def test_a_part_that_stands_twice_is_refused(good):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = with_part(good, SHEET, b"<a/>")
    assert code_of(path) == "BAD_ZIP"


def test_entities_are_refused(good):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = changed(good, lambda data: data.replace(b"<worksheet", bomb + b"<worksheet", 1))
    assert code_of(path) == "XML_DTD"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_broken_xml_is_refused(good, part):
    assert code_of(changed(good, lambda data: data[: len(data) // 2], part)) == "BAD_XML"


def test_another_encoding_is_refused(good):
    path = changed(
        good, lambda data: ('<?xml version="1.0" encoding="UTF-16"?>' + data.decode()).encode("utf-16")
    )
    assert code_of(path) == "BAD_XML"


def test_a_zip_bomb_is_refused_unopened(good):
    assert code_of(with_part(good, "xl/media/image.xml", b" " * 30_000_000)) == "TOO_LARGE"


def test_a_part_larger_than_its_directory_says_is_refused(good):
    out = good.with_name("bad.xlsx")
    data = bytearray(good.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo(SHEET).file_size
    central = data.rindex(SHEET.encode()) - 46
    assert data[central : central + 4] == b"PK\x01\x02"
    data[central + 24 : central + 28] = struct.pack("<I", size - 100)
    out.write_bytes(data)
    assert code_of(out) == "BAD_ZIP"


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD2"])
def test_a_value_far_outside_the_table_is_refused(good, place):
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    assert code_of(changed(good, lambda data: data.replace(b"</sheetData>", cell))) == "DIMENSIONS"


def test_an_empty_formatted_cell_far_outside_does_no_harm(good):
    cell = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    path = changed(good, lambda data: data.replace(b"</sheetData>", cell))
    assert len(read_source(path).sheets[0].frame) == 3


@pytest.mark.parametrize("place", ["ZZZZZZZ99999999999", "A" + "9" * 5000, "A0", "A", "7", "a2", "$A$2"])
def test_impossible_addresses_are_refused(good, place):
    path = changed(good, lambda data: data.replace(b'r="A2"', f'r="{place}"'.encode()))
    assert code_of(path) == "BAD_XML"


def test_a_false_count_of_texts_is_refused(good):
    strings = '<sst xmlns="x" count="1" uniqueCount="99999999999"><si><t>a</t></si></sst>'
    assert code_of(with_part(good, "xl/sharedStrings.xml", strings)) == "BAD_XML"


def test_a_text_that_is_not_there_is_refused(good):
    path = changed(
        good, lambda data: re.sub(rb'<c r="A2"[^>]*>.*?</c>', b'<c r="A2" t="s"><v>9</v></c>', data)
    )
    assert code_of(path) == "BAD_XML"


def test_macros_links_merged_and_hidden_sheets_are_said(good):
    path = with_part(good, "xl/vbaProject.bin", b"x", "1.xlsx")
    path = with_part(path, "xl/externalLinks/externalLink1.xml", b"<a/>", "2.xlsx")
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    path = changed(path, lambda data: data.replace(b"</sheetData>", merged), target="3.xlsx")
    path = changed(path, lambda data: data.replace(b'state="visible"', b'state="hidden"'), "xl/workbook.xml")
    codes = {issue.code for issue in read_source(path).issues}
    assert codes == {"MACRO_WORKBOOK", "EXTERNAL_LINK", "HIDDEN_SHEET", "MERGED_CELLS"}


def test_cells_without_an_address_are_counted_on(good):
    plain = read_source(good).sheets[0]
    path = changed(good, lambda data: re.sub(rb'<c r="[A-Z]+\d+"', b"<c", data))
    assert read_source(path).sheets[0].frame.equals(plain.frame)


def test_an_error_or_an_uncalculated_formula_is_never_an_empty_cell(tmp_path):
    rows = minimal_patients(3, death_date=[ErrorValue("#N/A"), Formula("=B2"), None])
    path = write_workbook(tmp_path / "a.xlsx", patients=rows)
    cohort, issues = check_cohort(read_source(path), Settings())
    assert cohort is None
    found = {(issue.code, issue.cell, issue.patient) for issue in issues}
    assert found >= {("ERROR_CELL", "E2", "P01"), ("FORMULA_NO_VALUE", "E3", "P02")}


def test_a_formula_with_a_stored_value_is_read(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(3, score=[Formula("=1+1"), 1, 5]))
    stored = b"<f>1+1</f><v>2</v>"
    path = changed(
        path, lambda data: data.replace(b"<f>1+1</f><v></v>", stored).replace(b"<f>1+1</f><v/>", stored)
    )
    assert load_cohort(path).patients.frame["score"].tolist() == [2.0, 1.0, 5.0]


def test_the_hash_is_of_the_bytes_and_the_name_has_no_folder(good):
    import hashlib

    book = read_source(good)
    assert book.name == "good.xlsx"
    assert book.sha256 == hashlib.sha256(good.read_bytes()).hexdigest()


def test_a_megabyte_in_a_cell_is_cut_and_said(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(2, relapse_site=["MARK", "lung"]))
    path = changed(path, lambda data: data.replace(b"MARK", b"<![CDATA[" + b"<x>" * 350_000 + b"]]>"))
    cohort = load_cohort(path)
    assert len(cohort.patients.frame["relapse_site"].iloc[0]) == 1_000
    assert [issue.code for issue in cohort.issues] == ["CELL_TOO_LONG"]
