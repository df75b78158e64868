"""Files and cells that nobody thought of: thousands under `make fuzz`, a few in every run of the tests.

REPORTGEN_FUZZ sets how many examples each test tries. Mutated workbooks are read in a process of their own,
for a library that aborts takes its process with it. Cells are compared with what was written: a patient
must come out as entered, or an issue must name the cell (or, in a note, its column).
"""

import io
import os
import random
import re
import unicodedata
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.cohort.mapping.keys import INVISIBLE
from reportgen.cohort.raw import letter
from tests.cohort.reading_process import ReadingProcess
from tests.workbooks import minimal_patients, write_workbook

EXAMPLES = int(os.environ.get("REPORTGEN_FUZZ", "40"))
SECONDS, MEGABYTES = 2.0, 300
often = settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@pytest.fixture(scope="module")
def process():
    reading = ReadingProcess()
    yield reading
    reading.close()


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> dict[str, bytes]:
    """The parts of a workbook with one of everything."""
    path = tmp_path_factory.mktemp("fuzz") / "good.xlsx"
    rows = minimal_patients(
        4, sex=["F", "M", "F", "M"], relapse_date=[date(2016, 1, 1), None, None, None], fever=[True, False, True, None],
        stage=["I", "II", "I", "II"], score=[1.5, 2, 3, 4],
    )  # fmt: skip
    events = [{"patient_id": "P01", "term": "Nausea", "grade": 2, "onset_date": date(2015, 2, 1)}]
    write_workbook(path, patients=rows, toxicities=events, report=[["key", "value"], ["title", "Fuzz"]])
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def asked(process, path) -> dict:
    said = process.read(path)
    assert said["seconds"] < SECONDS and said["megabytes"] < MEGABYTES, said
    assert said["patients"] is not None or any(severity == "error" for severity, *_ in said["issues"])
    return said


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


@often
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 30))
def test_bytes_changed_anywhere(process, parts, tmp_path, seed, changes):
    dice = random.Random(seed)
    data = bytearray(packed(parts))
    for _ in range(changes):
        place = dice.randrange(len(data))
        action = dice.randrange(4)
        if action == 0:
            data[place] = dice.randrange(256)
        elif action == 1:
            del data[place : place + dice.randrange(1, 40)]
        elif action == 2:
            data[place:place] = dice.randbytes(dice.randrange(1, 40))
        else:
            data[place : place + 4] = dice.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"PK\x01\x02"])
    path = tmp_path / "fuzz.xlsx"
    path.write_bytes(data)
    asked(process, path)


NUMBERS = [
    "0",
    "-1",
    "1",
    "4294967295",
    "99999999999999999999",
    "1048576",
    "1e308",
    "NaN",
    "",
    "x",
    "2147483648",
]
PIECES = [
    b"<c/>", b'<c r="A1"/>', b'<c r="XFD1048576"><v>1</v></c>', b'<c t="s"><v>0</v></c>', b'<c t="s"><v>-1</v></c>',
    b'<c t="e"><v>#N/A</v></c>', b'<c t="b"><v>7</v></c>', b'<c t="d"><v>2015-13-45</v></c>', b"<f>A1</f>", b"<v>",
    b"</v>", b'<c t="inlineStr"><is><t>x</t></is></c>', b'<row r="0"/>', b'<row r="1048577"/>', b"<row/>", b"</row>",
    b"<sheetData>", b'<mergeCell ref="A1:XFD1048576"/>', b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&#0;", b"&amp;",
    b"_x0000_", b"<!DOCTYPE x>", b"<?x?>", b'<sheet name="patients" sheetId="1" r:id="rId1"/>', b"<si><t>a</t></si>",
    b"<is/>", b'<numFmt numFmtId="14" formatCode="yyyy"/>', b'<c r="B2" s="99999"><v>1e9</v></c>', "\u202e".encode(),
    b"\xff\xfe",
]  # fmt: skip


def mutated(xml: bytes, dice: random.Random) -> bytes:
    action = dice.randrange(6)
    if action == 0:
        numbers = list(re.finditer(rb'"\d+"', xml))
        if numbers:
            hit = dice.choice(numbers)
            return xml[: hit.start()] + f'"{dice.choice(NUMBERS)}"'.encode() + xml[hit.end() :]
    if action == 1:
        values = list(re.finditer(rb">[^<]+<", xml))
        if values:
            hit = dice.choice(values)
            return xml[: hit.start() + 1] + dice.choice(NUMBERS).encode() + xml[hit.end() - 1 :]
    if action == 2:
        tags = [hit.start() for hit in re.finditer(b"<", xml)]
        place = dice.choice(tags) if tags else 0
        return xml[:place] + dice.choice(PIECES) + xml[place:]
    if action == 3:
        elements = list(re.finditer(rb"<(\w+)[^<>]*?(/>|>[^<]*</\1>)", xml))
        if elements:
            hit = dice.choice(elements)
            return xml[: hit.start()] + hit[0] * dice.choice([0, 2, 50]) + xml[hit.end() :]
    if action == 4:
        attributes = list(re.finditer(rb' [\w:]+="[^"]*"', xml))
        if attributes:
            hit = dice.choice(attributes)
            return xml[: hit.start()] + xml[hit.end() :]
    return xml.replace(
        *dice.choice([(b't="n"', b't="s"'), (b't="s"', b't="n"'), (b"<v>", b"<v>-"), (b'r="', b'r="Z')])
    )


@often
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 8))
def test_parts_changed_in_meaning(process, parts, tmp_path, seed, changes):
    dice = random.Random(seed)
    bad = dict(parts)
    names = [name for name in bad if name.endswith((".xml", ".rels"))]
    sheets = [name for name in names if "worksheets/" in name]
    for _ in range(changes):
        name = dice.choice(sheets if dice.random() < 0.6 else names)
        bad[name] = mutated(bad[name], dice)
    if dice.random() < 0.1:
        bad.pop(dice.choice(names))
    path = tmp_path / "fuzz.xlsx"
    path.write_bytes(packed(bad))
    asked(process, path)


FIRST, LAST = datetime(1900, 3, 1), datetime(2100, 1, 1)
CELL = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(-(10**18), 10**18),
    st.floats(-1e300, 1e300),
    st.booleans(),
    st.dates(FIRST.date(), LAST.date()),
    st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0)),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=10_000)),
    st.sampled_from(
        (
            "None",
            "NA",
            "null",
            "<5",
            "1,5",
            "12",
            "2015-04-20",
            "01/02/2015",
            "2015",
            "#N/A",
            "yes",
            "dead",
            "P01",
            "Р01",
            "p02 ",
            "../x",
            "=1+1",
            "\u202eP3",
            "EXAMPLE",
            "ann@x.org",
            "alive",
            "-",
            "?",
            "1e5",
            "07:30",
        )
    ),  # fmt: skip
)
XML_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
COLUMNS = (
    "patient_id",
    "treatment_start",
    "last_contact",
    "vital_status",
    "relapse_date",
    "age_at_start",
    "relapse_site",
)


def writable(value):
    return XML_TEXT.sub("", value) if isinstance(value, str) else value


@often
@given(values=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(COLUMNS), CELL), min_size=1, max_size=4))
def test_a_cell_comes_out_as_entered_or_is_named(process, tmp_path, values):
    rows = minimal_patients(4, relapse_date=None, age_at_start=[10, 20, 30, 40], relapse_site=["lung"] * 4)
    for row, column, value in values:
        rows[row][column] = writable(value)
    path = write_workbook(tmp_path / "fuzz.xlsx", patients=rows)
    said = asked(process, path)
    if said["patients"] is None:
        return
    named = {cell for _, _, sheet, cell, _ in said["issues"] if sheet == "patients" and cell}
    noted = {cell.rstrip("0123456789") for s, _, _, cell, _ in said["issues"] if s == "note" and cell}
    for number, row in enumerate(rows, start=2):
        found = said["patients"].get(str(number))
        if found is None:
            assert f"A{number}" in named, (row, said["issues"])
            continue
        for position, column in enumerate(COLUMNS):
            address = f"{letter(position)}{number}"
            if address not in named and letter(position) not in noted:
                assert same(row[column], found[column]), (address, row[column], found[column])


def same(entered, read) -> bool:
    """Whether what was read says the same as what was entered."""
    if entered is None or (isinstance(entered, str) and not comparable(entered)):
        return read is None
    if isinstance(entered, (datetime, date)):
        return str(read)[:10] == entered.isoformat()[:10]
    if isinstance(entered, bool):
        return read in ("yes", "no")
    if isinstance(entered, (int, float)):
        return read is not None and abs(float(read) - entered) <= 1e-9 * max(1, abs(entered))
    if isinstance(entered, (time, timedelta)):
        return read is not None
    return read is not None and comparable(read) == comparable(entered)


def comparable(text: object) -> str:
    seen = INVISIBLE.sub("", " ".join(str(text).split()))
    return " ".join(unicodedata.normalize("NFC", seen).split()).casefold()
