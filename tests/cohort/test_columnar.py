"""Parquet, SAS and Dataset-JSON: typed tables, whose cells are named by column and row."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pyarrow
import pyarrow.parquet
import pytest

from reportgen.base.errors import DataRefused, MachineFailed
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.cohort.readers import parquet
from tests.sas_files import write_sas7bdat, write_xpt
from tests.tables import PATIENTS, TOXICITIES, assert_the_cohort


def write_parquet(path, rows, **options):
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([dict(row) for row in rows]), path, **options)
    return path


def write_json(path, rows):
    """Rows → Dataset-JSON 1.1."""
    names = list(rows[0])
    kinds = {name: next((row[name] for row in rows if row[name] is not None), "") for name in names}
    words = {str: "string", float: "float", int: "integer", date: "date"}
    columns = [
        {"itemOID": f"IT.{n}", "name": n, "label": n, "dataType": words[type(kinds[n])]} for n in names
    ]
    cells = [[c.isoformat() if isinstance(c, date) else c for c in row.values()] for row in rows]
    text = json.dumps({"datasetJSONVersion": "1.1.0", "name": path.stem, "records": len(rows), "columns": columns,
                       "rows": cells})  # fmt: skip
    path.write_text(text, encoding="utf-8")
    return path


WRITERS = {"parquet": write_parquet, "xpt": write_xpt, "sas7bdat": write_sas7bdat, "json": write_json}


def short(rows):
    """The rows under names of at most eight characters, which is what transport files allow."""
    names = {
        "patient_id": "usubjid",
        "age_at_start": "age",
        "treatment_start": "trtsdt",
        "relapse_date": "reldt",
        "vital_status": "vital",
        "death_date": "dthdt",
        "last_contact": "lastdt",
        "onset_date": "onset",
    }
    return [{names.get(name, name): cell for name, cell in row.items()} for row in rows]


SHORT = """
[columns.patients]
treatment_start = "trtsdt"
relapse_date = "reldt"
vital_status = "vital"
death_date = "dthdt"
last_contact = "lastdt"
"""


@pytest.mark.parametrize("ending", WRITERS)
def test_a_folder_of_files_of_each_kind(tmp_path, ending):
    source = tmp_path / "cohort"
    source.mkdir()
    WRITERS[ending](source / f"patients.{ending}", short(PATIENTS))
    WRITERS[ending](source / f"toxicities.{ending}", short(TOXICITIES))
    (source / "report.toml").write_text(SHORT)
    assert_the_cohort(load_cohort(source))


@pytest.mark.parametrize("ending", WRITERS)
def test_an_issue_names_column_row_and_patient(tmp_path, ending):
    rows = [row | {"sex": "banana" if row["patient_id"] == "P3" else "male"} for row in PATIENTS]
    path = WRITERS[ending](tmp_path / f"patients.{ending}", short(rows))
    (tmp_path / "report.toml").write_text(SHORT)
    book = read_source(path)
    _, issues = check_cohort(book, settings_for(book, path))
    (issue,) = [issue for issue in issues if issue.code == "UNKNOWN_VALUE"]
    assert (issue.sheet, issue.cell, issue.patient) == ("patients", "sex, row 3", "P3")


@pytest.mark.parametrize("ending", WRITERS)
def test_half_a_file_is_refused(tmp_path, ending):
    path = WRITERS[ending](tmp_path / f"patients.{ending}", short(PATIENTS * 50))
    for share in (0.3, 0.6, 0.9):
        half = tmp_path / f"half.{ending}"
        half.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        with pytest.raises(DataRefused) as caught:
            load_cohort(half)
        codes = {issue.code for issue in caught.value.issues}
        assert codes & {"BAD_PARQUET", "BAD_SAS", "BAD_JSON", "NOT_XLSX", "BAD_CSV", "MISSING_COLUMN"}


def test_every_type_of_a_parquet_column_is_read_or_named(tmp_path):
    columns = {
        "patient_id": pyarrow.array(["P1", "P2", None]).dictionary_encode(),
        "treatment_start": pyarrow.array([date(2020, 1, 1)] * 3),
        "last_contact": pyarrow.array([datetime(2021, 1, 1)] * 3, pyarrow.timestamp("us", tz="UTC")),
        "dose": pyarrow.array([Decimal("1.5"), Decimal("2.5"), None]),
        "whole": pyarrow.array([2**40, 2, None], pyarrow.int64()),
        "fever": pyarrow.array([True, None, False]),
        "code": pyarrow.array([b"a", b"\xff", None]),
        "visits": pyarrow.array([[1, 2], [], None]),
    }
    path = tmp_path / "patients.parquet"
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    book = read_source(path)
    frame = book.sheets[0].frame
    assert frame[3].tolist() == [1.5, 2.5, None] and frame[4].tolist()[:2] == [2**40, 2]
    assert frame[6].tolist() == ["a", "\ufffd", None] and frame.shape == (3, 7)
    assert [(issue.code, issue.cell) for issue in book.issues] == [("COLUMN_NOT_USED", "visits")]
    _, issues = check_cohort(book, settings_for(book, path))
    assert {issue.code for issue in issues if issue.severity == "error"} == {"MISSING_ID"}


def test_without_the_library_it_is_said_what_to_install(tmp_path, monkeypatch):
    path = write_parquet(tmp_path / "patients.parquet", PATIENTS)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MachineFailed, match=r"reportgen\[parquet\]"):
        read_source(path)


def test_a_parquet_file_that_unpacks_to_far_more_is_refused(tmp_path):
    column = pyarrow.array(["x" * 60] * 200_000)
    columns = {f"c{place}": column for place in range(100)}
    path = tmp_path / "bomb.parquet"
    pyarrow.parquet.write_table(pyarrow.table(columns), path, compression="zstd", use_dictionary=False)
    with pytest.raises(DataRefused) as caught:
        read_source(path)
    assert caught.value.issues[0].code == "TOO_LARGE"


def test_ten_million_patients_are_let_in_where_there_is_memory_for_them(monkeypatch):
    """Fifty million toxicities in 25 columns, which unpack to 0.7 GB; as many in 100 columns are no table of ours."""
    group = SimpleNamespace(total_byte_size=714_000_000)

    def facts(columns):
        return SimpleNamespace(
            num_row_groups=1, row_group=lambda _: group, num_columns=columns, num_rows=50_000_000
        )

    monkeypatch.setattr(parquet, "available", lambda: None)
    parquet._check_extent("toxicities.parquet", [facts(25)], 367_000_000)
    with pytest.raises(DataRefused):
        parquet._check_extent("toxicities.parquet", [facts(100)], 367_000_000)
    monkeypatch.setattr(parquet, "available", lambda: 8_000_000_000)
    with pytest.raises(MachineFailed, match=r"1,250,000,000 cells, .* 50\.0 GB .* 8\.0 GB are free"):
        parquet._check_extent("toxicities.parquet", [facts(25)], 367_000_000)


def test_text_in_another_encoding_is_asked_for(tmp_path):
    import pandas as pd

    rows = [row | {"stage": "på"} for row in short(PATIENTS)]
    path = write_xpt(tmp_path / "patients.xpt", rows)
    path.write_bytes(path.read_bytes().replace("på".encode(), "på ".encode("cp1252")))
    assert isinstance(pd.read_sas(path), pd.DataFrame)
    with pytest.raises(DataRefused) as caught:
        read_source(path)
    assert caught.value.issues[0].code == "BAD_ENCODING"
    book = read_source(path, overrides={"source.encoding": "cp1252"})
    assert set(book.sheets[0].frame[8]) == {"på"}


def test_a_data_set_without_rows_has_its_columns(tmp_path):
    path = write_xpt(tmp_path / "toxicities.xpt", short(TOXICITIES))
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"HEADER RECORD*******OBS") + 80])
    sheet = read_source(path).sheets[0]
    assert (sheet.header, len(sheet.frame)) == (("usubjid", "term", "grade", "onset", "serious"), 0)
    path = write_sas7bdat(tmp_path / "none.sas7bdat", short(TOXICITIES), count=0)
    sheet = read_source(path).sheets[0]
    assert (sheet.header, len(sheet.frame)) == (("usubjid", "term", "grade", "onset", "serious"), 0)


def test_transport_files_of_version_8_are_named(tmp_path):
    import pandas as pd
    import pyreadstat

    path = tmp_path / "patients.xpt"
    pyreadstat.write_xport(pd.DataFrame(short(PATIENTS)), path, file_format_version=8)
    with pytest.raises(DataRefused, match="1 error") as caught:
        read_source(path)
    assert caught.value.issues[0].code == "BAD_SAS" and "version 8" in caught.value.issues[0].problem


def test_dataset_json_of_version_1_0_and_as_lines(tmp_path):
    items = [{"OID": f"IT.{name}", "name": name, "label": name, "type": "string"} for name in
             ("ITEMGROUPDATASEQ", "patient_id", "treatment_start", "last_contact")]  # fmt: skip
    group = {"records": 2, "name": "patients", "items": items,
             "itemData": [[1, "P1", "2020-01-01", "2021-01-01"], [2, "P2", "2020-01-01", "2021-01-01"]]}  # fmt: skip
    old = tmp_path / "old.json"
    old.write_text(
        json.dumps({"clinicalData": {"itemGroupData": {"IG.P": group}}, "datasetJSONVersion": "1.0.0"})
    )
    assert load_cohort(old).n == 2
    whole = json.loads(write_json(tmp_path / "patients.json", PATIENTS).read_text())
    rows = whole.pop("rows")
    lines = tmp_path / "patients.ndjson"
    lines.write_text("\n".join(json.dumps(part) for part in (whole, *rows)))
    assert load_cohort(lines).n == 4


@pytest.mark.parametrize("change", [{"columns": []}, {"rows": [["P1"]]}, {"rows": [[[1]] * 9]}, {"columns": [{}]},
                                    {"rows": {"a": 1}}, {"columns": None}])  # fmt: skip
def test_json_that_is_not_as_the_standard_has_it_is_refused(tmp_path, change):
    path = write_json(tmp_path / "patients.json", PATIENTS)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(DataRefused) as caught:
        read_source(path)
    assert caught.value.issues[0].code == "BAD_JSON"


def test_json_nested_without_end_is_refused(tmp_path):
    path = tmp_path / "deep.json"
    path.write_text('{"datasetJSONVersion": "1.1.0", "columns": ' + "[" * 100_000)
    with pytest.raises(DataRefused) as caught:
        read_source(path)
    assert caught.value.issues[0].code == "BAD_JSON"
