"""Whatever a file is: a clear answer, in under two seconds and 300 MB, never an abort, a hang or a traceback.

The files are read in a process of their own, as `reportgen check` reads them.
"""

import io
import os
import re
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from reportgen.cohort.raw import letter
from tests.cohort.reading_process import ReadingProcess
from tests.workbooks import ErrorValue, Formula, minimal_patients, write_workbook

SECONDS, MEGABYTES = 2.0, 300
BOOK, SHEET = "xl/workbook.xml", "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def process():
    reading = ReadingProcess()
    yield reading
    reading.close()


def answer(path: Path, process) -> dict:
    """What is said of a file; the test fails where the process dies, hangs or costs too much."""
    said = process.read(path)
    assert said["seconds"] < SECONDS, said["seconds"]
    assert said["megabytes"] < MEGABYTES, said["megabytes"]
    return said


def ids(said: dict) -> list[str]:
    return [row["patient_id"] for row in said["patients"].values()]


def refusal(path: Path, process) -> str:
    """The code of the one reason for which a file is not read."""
    said = answer(path, process)
    assert said["patients"] is None and len(said["issues"]) == 1, said["issues"][:5]
    return said["issues"][0][1]


def good(folder: Path, n: int = 3, **columns) -> Path:
    return write_workbook(folder / "good.xlsx", patients=minimal_patients(n, **columns))


def repacked(path: Path, changes=None, extra=None, target="bad.xlsx") -> Path:
    """A copy of a workbook with some parts changed (part → function of its bytes) and others added."""
    out = path.with_name(target)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = (changes or {}).get(name, lambda same: same)
            new.writestr(name, change(old.read(name)))
        for name, data in (extra or {}).items():
            new.writestr(name, data)
    return out


def cells_at_the_end(xml: bytes):
    """Rows put behind the last one of the first sheet."""
    return {SHEET: lambda data: data.replace(b"</sheetData>", xml + b"</sheetData>")}


# ---- Files that are no workbooks ---------------------------------------------------------------------


def truncated(folder):
    path = good(folder)
    out = folder / "bad.xlsx"
    out.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    return out


def written(content):
    def make(folder):
        path = folder / "bad.xlsx"
        path.write_bytes(content)
        return path

    return make


def renamed_zip(folder):
    path = folder / "bad.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return path


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000


@pytest.mark.parametrize(
    "make, code",
    [
        (truncated, "BAD_ZIP"),
        (written(b""), "NOT_XLSX"),
        (written(b"%PDF-1.7\n\xff\xfe\x00"), "NOT_XLSX"),
        (written(b"\x89PNG\r\n\x1a\n\x00\x00"), "NOT_XLSX"),
        (written(OLE2), "UNSUPPORTED_XLS"),
        (written(OLE2 + "EncryptedPackage".encode("utf-16-le")), "ENCRYPTED"),
        (written(b"PK\x03\x04" + os.urandom(500)), "BAD_ZIP"),
        (written(b"PK\x05\x06" + b"\0" * 18), "NOT_XLSX"),
        (renamed_zip, "NOT_XLSX"),
    ],
)
def test_what_is_no_workbook(tmp_path, process, make, code):
    assert refusal(make(tmp_path), process) == code


def test_a_pipe_is_not_waited_for(tmp_path, process):
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "bad.xlsx")
    assert refusal(tmp_path / "bad.xlsx", process) == "NOT_A_FILE"


def test_an_endless_device_is_not_read(process):
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    assert refusal(Path("/dev/zero"), process) == "NOT_A_FILE"


# ---- Containers that attack --------------------------------------------------------------------------


def with_bomb(size):
    return lambda folder: repacked(good(folder), extra={"xl/media/a.xml": b" " * size})


def many_small_bombs(folder):
    return repacked(good(folder), extra={f"xl/media/{k}.xml": b" " * 9_000_000 for k in range(12)})


def bomb_as_sheet(folder):
    row = b'<row r="9"><c r="A9"/></row>' * 1
    return repacked(good(folder), cells_at_the_end(row + b"<c/>" * 4_000_000))


def dense_elements(folder):
    return repacked(good(folder), cells_at_the_end(b"<row>" + b"<c/>" * 2_000_000 + b"</row>"))


def texts_multiplied(folder):
    """One long shared text, in ten thousand cells."""
    strings = f'<sst xmlns="x" count="1" uniqueCount="1"><si><t>{"long " * 100_000}</t></si></sst>'
    rows = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(9, 10_009))
    path = repacked(
        good(folder), cells_at_the_end(rows.encode()), {"xl/sharedStrings.xml": strings}, "strings.xlsx"
    )
    return with_relation(path, "sharedStrings", "sharedStrings.xml")


def with_relation(path, kind, target):
    relation = (
        f'<Relationship Id="rIdX" Target="{target}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}"/></Relationships>'
    )
    return repacked(
        path,
        {"xl/_rels/workbook.xml.rels": lambda data: data.replace(b"</Relationships>", relation.encode())},
    )


def one_part_many_sheets(folder):
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (k, k + 9) for k in range(400))
    return repacked(good(folder), {BOOK: lambda data: data.replace(b"</sheets>", sheets + b"</sheets>")})


def thousands_of_sheets(folder):
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="r%d"/>' % (k, k, k) for k in range(9, 50_000))
    return repacked(good(folder), {BOOK: lambda data: data.replace(b"</sheets>", sheets + b"</sheets>")})


def thousands_of_parts(folder):
    return repacked(good(folder), extra={f"xl/x{k}": b"" for k in range(70_000)})


def entity_expansion(folder):
    dtd = "<!DOCTYPE x [" + "".join(
        f'<!ENTITY e{k} "{"".join(f"&e{k - 1};" * 10) if k else "ha"}">' for k in range(10)
    ) + "]>"  # fmt: skip
    return repacked(
        good(folder), {SHEET: lambda data: data.replace(b"<worksheet", dtd.encode() + b"<worksheet", 1)}
    )


def external_entity(folder):
    dtd = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return repacked(good(folder), {BOOK: lambda data: dtd + data[data.index(b"<workbook") :]})


def cell_at(place):
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    xml = f'<row r="{row}"><c r="{place}"><v>1</v></c></row>'
    return lambda folder: repacked(good(folder), cells_at_the_end(xml.encode()))


def false_count_of_texts(folder):
    strings = '<sst xmlns="x" count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>'
    return repacked(good(folder), extra={"xl/sharedStrings.xml": strings})


def false_count_in_capitals(folder):
    strings = '<sst xmlns="x" count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>'
    return repacked(good(folder), extra={"XL/SHAREDSTRINGS.XML": strings})


def duplicate_member(folder):
    path = good(folder)
    out = folder / "bad.xlsx"
    with pytest.warns(UserWarning, match="Duplicate name"):
        repacked(path, extra={SHEET: b"<worksheet/>"})
    return out


def traversal(folder):
    return repacked(good(folder), extra={"../../etc/passwd": b"x"})


def lying_directory(folder):
    path = good(folder)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo(SHEET).file_size
    place = data.rindex(SHEET.encode()) - 46
    data[place + 24 : place + 28] = struct.pack("<I", size - 10)
    out = folder / "bad.xlsx"
    out.write_bytes(data)
    return out


def encrypted_member(folder):
    data = bytearray(good(folder).read_bytes())
    place = data.rindex(SHEET.encode()) - 46
    data[place + 8] |= 1
    out = folder / "bad.xlsx"
    out.write_bytes(data)
    return out


def sheet_that_is_not_there(folder):
    sheet = b'<sheet name="toxicities" sheetId="9" r:id="rId99"/></sheets>'
    return repacked(good(folder), {BOOK: lambda data: data.replace(b"</sheets>", sheet)})


def a_quarter_of_a_million_errors(folder):
    rows = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{letter(k)}{r}" t="e"><v>#N/A</v></c>' for k in range(50))
        + "</row>"
        for r in range(9, 5_009)
    )
    return repacked(good(folder), cells_at_the_end(rows.encode()))


def cell_that_stands_twice(folder):
    again = b'<c r="B2"><v>42000</v></c><c r="B2"><v>42001</v></c>'
    return repacked(good(folder), {SHEET: lambda data: re.sub(rb'<c r="B2".*?</c>', again, data)})


def row_that_stands_twice(folder):
    return repacked(good(folder), {SHEET: lambda data: re.sub(rb'(<row r="3".*?</row>)', rb"\1\1", data)})


def nested_deeply(folder):
    return repacked(good(folder), cells_at_the_end(b"<x>" * 200_000 + b"</x>" * 200_000))


@pytest.mark.parametrize(
    "make, code",
    [
        (with_bomb(60_000_000), "TOO_LARGE"),
        (many_small_bombs, "TOO_LARGE"),
        (bomb_as_sheet, "TOO_LARGE"),
        (dense_elements, "TOO_LARGE"),
        (texts_multiplied, "TOO_LARGE"),
        (one_part_many_sheets, "BAD_XML"),
        (thousands_of_sheets, "TOO_LARGE"),
        (thousands_of_parts, "TOO_LARGE"),
        (entity_expansion, "XML_DTD"),
        (external_entity, "XML_DTD"),
        (cell_at("XFD1048576"), "DIMENSIONS"),
        (cell_at("A1048576"), "DIMENSIONS"),
        (cell_at("XFD5"), "DIMENSIONS"),
        (cell_at("ZZZZ99999999"), "BAD_XML"),
        (false_count_of_texts, "BAD_XML"),
        (false_count_in_capitals, "BAD_XML"),
        (duplicate_member, "BAD_ZIP"),
        (traversal, "BAD_ZIP"),
        (lying_directory, "BAD_ZIP"),
        (encrypted_member, "ENCRYPTED"),
        (sheet_that_is_not_there, "BAD_XML"),
        (cell_that_stands_twice, "BAD_XML"),
        (row_that_stands_twice, "BAD_XML"),
        (a_quarter_of_a_million_errors, "ERROR_CELL"),
    ],
)
def test_attacks_are_refused(tmp_path, process, make, code):
    assert refusal(make(tmp_path), process) == code


def with_false_dimension(folder):
    return repacked(
        good(folder),
        {SHEET: lambda data: data.replace(b'<dimension ref="A1:D4"', b'<dimension ref="A1:XFD1048576"')},
    )


def with_false_styles(folder):
    return repacked(
        good(folder), {"xl/styles.xml": lambda data: data.replace(b"<cellXfs", b'<cellXfs count="4294967295"', 1)
                       if b"<cellXfs>" in data else data.replace(b"<cellXfs count=", b"<cellXfs counts=", 1)}
    )  # fmt: skip


def with_false_spans(folder):
    return repacked(good(folder), {SHEET: lambda data: data.replace(b"<row ", b'<row spans="1:16384" ')})


@pytest.mark.parametrize("make", [with_false_dimension, with_false_styles, with_false_spans, nested_deeply])
def test_false_statements_that_do_no_harm_change_no_patient(tmp_path, process, make):
    said = answer(make(tmp_path), process)
    assert ids(said) == ["P01", "P02", "P03"]


def test_macros_hidden_sheets_and_links_are_read_and_said(tmp_path, process):
    path = repacked(
        good(tmp_path), {BOOK: lambda data: data.replace(b'state="visible"', b'state="veryHidden"')},
        {"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<a/>"},
    )  # fmt: skip
    said = answer(path, process)
    assert len(said["patients"]) == 3
    assert {issue[1] for issue in said["issues"]} == {"MACRO_WORKBOOK", "EXTERNAL_LINK", "HIDDEN_SHEET"}


def test_rows_that_a_filter_hides_are_read_and_said(tmp_path, process):
    path = repacked(
        good(tmp_path), {SHEET: lambda data: data.replace(b'<row r="3"', b'<row r="3" hidden="1"')}
    )
    said = answer(path, process)
    assert ids(said) == ["P01", "P02", "P03"]
    assert said["issues"] == [["note", "HIDDEN_ROWS", "patients", "A3", None]]


def test_a_sheet_in_an_unusual_folder_is_read_like_any_other(tmp_path, process):
    path = write_workbook(
        tmp_path / "good.xlsx", patients=minimal_patients(2), toxicities=[{"patient_id": "P09", "term": "a"}]
    )
    out = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).replace(b"worksheets/sheet2.xml", b"data/tox.xml")
            new.writestr(name.replace("worksheets/sheet2.xml", "data/tox.xml"), data)
    codes = {issue[1] for issue in answer(out, process)["issues"]}
    assert codes & {"ORPHAN_ROW", "BAD_XML"}


def test_two_sheets_of_one_name_are_not_chosen_between(tmp_path, process):
    path = write_workbook(
        tmp_path / "a.xlsx", patients=minimal_patients(2), **{"Patients ": minimal_patients(3)}
    )
    assert "AMBIGUOUS_SHEET" in {issue[1] for issue in answer(path, process)["issues"]}
    one = repacked(path, {BOOK: lambda data: data.replace(b'"Patients "', b'"PATIENTS"')})
    assert refusal(one, process) == "AMBIGUOUS_SHEET"


# ---- Cells -------------------------------------------------------------------------------------------

START = date(2015, 1, 5)


@pytest.mark.parametrize(
    "columns, code, cell",
    [
        ({"death_date": [ErrorValue("#N/A"), None, None]}, "ERROR_CELL", "E2"),
        ({"death_date": [Formula("=B2"), None, None]}, "FORMULA_NO_VALUE", "E2"),
        ({"relapse_date": [42500, None, None]}, "DATE_AS_NUMBER", "E2"),
        ({"relapse_date": [0, None, None]}, "DATE_AS_NUMBER", "E2"),
        ({"relapse_date": ["2015-06", None, None]}, "PARTIAL_DATE", "E2"),
        ({"relapse_date": ["03/04/2016", None, None]}, "AMBIGUOUS_DATE", "E2"),
        ({"relapse_date": ["31.12.2015", None, None]}, "DATE_DAY_FIRST", "E2"),
        ({"relapse_date": ["2015-02-30", None, None]}, "BAD_DATE", "E2"),
        ({"relapse_date": ["1066-10-14", None, None]}, "DATE_RANGE", "E2"),
        ({"relapse_date": ["2015-06-01T12:00:00+02:00", None, None]}, "DATE_HAS_TIME", "E2"),
        ({"age_at_start": ["1,5", 2, 3]}, "BAD_NUMBER", "E2"),
        ({"age_at_start": ["<5", 2, 3]}, "BAD_NUMBER", "E2"),
        ({"age_at_start": ["12", 2, 3]}, "NUMBER_AS_TEXT", "E2"),
        ({"patient_id": [12345678901234567, 2, 3]}, "ID_PRECISION", "A2"),
        ({"patient_id": ["P\u202e1", "P2", "P3"]}, "SUSPICIOUS_ID", "A2"),
        ({"patient_id": ["P01", "Р01", "P3"]}, "SUSPICIOUS_ID", "A3"),
        ({"patient_id": ["../../x", "P2", "P3"]}, "SUSPICIOUS_ID", "A2"),
        ({"patient_id": ["P1", "p1 ", "P3"]}, "DUPLICATE_ID", "A3"),
    ],
)
def test_a_cell_that_cannot_be_trusted_is_named(tmp_path, process, columns, code, cell):
    said = answer(good(tmp_path, **columns), process)
    assert (code, cell) in {(issue[1], issue[3]) for issue in said["issues"]}


def test_none_and_na_are_ids_and_words_like_others(tmp_path, process):
    said = answer(
        good(tmp_path, patient_id=["None", "NA", "null"], relapse_site=["None", "lung", "null"]), process
    )
    assert ids(said) == ["None", "NA", "null"]


def test_dates_counted_from_1904_are_the_same_days(tmp_path):
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    from reportgen.cohort.load import load_cohort

    path = good(tmp_path)
    book = openpyxl.load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book.save(path)
    assert load_cohort(path).patients.frame["treatment_start"].iloc[0].date() == START


def test_a_wide_sheet_of_ordinary_size_is_read(tmp_path, process):
    path = good(tmp_path, n=40, **{f"marker_{letter(k)}": k for k in range(200)})
    assert len(answer(path, process)["patients"]) == 40
