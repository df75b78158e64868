"""A registry in Parquet: one file per table or a folder of part files, and the same report from both."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from bench.make_registry import registry, write
from reportgen.base.errors import DataRefused
from reportgen.cohort import coded
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.run.pipeline import Request, build
from tests.tables import PATIENTS, TOXICITIES, assert_the_cohort


def write_parts(folder: Path, rows, *ends: int) -> Path:
    """The rows as parts that end before these rows, the last part with what is left."""
    folder.mkdir(parents=True)
    table = pyarrow.Table.from_pylist([dict(row) for row in rows])
    for part, (low, high) in enumerate(zip((0, *ends), (*ends, len(rows)), strict=True)):
        pyarrow.parquet.write_table(table.slice(low, high - low), folder / f"part-{part}.parquet")
    return folder


def codes(caught) -> set[str]:
    return {issue.code for issue in caught.value.issues}


def test_one_file_or_many_give_the_same_results_to_the_last_digit(tmp_path):
    results = {}
    for name, parts in (("one", 1), ("many", 11)):
        write(tmp_path / name, 300, parts)
        run = build(Request(tmp_path / name, output=tmp_path / "output", formats=("html",)))
        results[name] = json.loads((run.folder / "results.json").read_text())
    for kind in ("estimates", "curves"):
        assert results["one"][kind] == results["many"][kind] and results["one"][kind]


def test_a_folder_of_parts_is_one_table(tmp_path):
    write_parts(tmp_path / "cohort" / "patients", PATIENTS, 2)
    write_parts(tmp_path / "cohort" / "toxicities.parquet", TOXICITIES, 1)
    (tmp_path / "cohort" / "patients" / "_SUCCESS").touch()
    (tmp_path / "cohort" / "patients" / "_metadata.parquet").write_bytes(b"the writer's own")
    (tmp_path / "cohort" / "patients" / ".part-0.parquet.crc").write_bytes(b"a sum")
    (tmp_path / "cohort" / "scans").mkdir()
    assert_the_cohort(load_cohort(tmp_path / "cohort"))


def test_parts_are_read_in_the_order_of_their_numbers(tmp_path):
    rows = [row | {"patient_id": f"P{n}"} for n, row in enumerate(PATIENTS[:1] * 12)]
    write_parts(tmp_path / "cohort" / "patients", rows, *range(1, 12))
    frame = read_source(tmp_path / "cohort").sheets[0].frame
    assert frame[0].tolist() == [f"P{n}" for n in range(12)]


@pytest.mark.parametrize("parts", [1, 3])
def test_ids_of_two_tables_are_the_same_texts(parts, tmp_path, monkeypatch):
    monkeypatch.setattr(coded, "MANY_ROWS", 1)
    write(tmp_path, 30, parts)
    patients, toxicities = (sheet.frame[0] for sheet in read_source(tmp_path).sheets)
    assert patients.array.distinct is toxicities.array.distinct
    assert toxicities.tolist() == registry(30)["toxicities"]["patient_id"].tolist()


@pytest.mark.parametrize("odd", [None, "", "a\0b", "nobody's"])
def test_ids_that_are_no_patients_or_none_stay_what_they_are(odd, tmp_path, monkeypatch):
    monkeypatch.setattr(coded, "MANY_ROWS", 1)
    write(tmp_path, 5)
    rows = [row | {"patient_id": odd if place == 2 else row["patient_id"]} for place, row in enumerate(
        pyarrow.parquet.read_table(tmp_path / "toxicities.parquet").to_pylist())]  # fmt: skip
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "toxicities.parquet")
    found = read_source(tmp_path).sheets[1].frame[0].tolist()
    shown = {None: None, "": None, "a\0b": "a\u2400b"}.get(odd, odd)
    assert found == [shown if place == 2 else row["patient_id"] for place, row in enumerate(rows)]


def test_an_issue_names_the_part_and_the_row_in_it(tmp_path):
    rows = [row | {"sex": "banana" if row["patient_id"] == "P3" else "male"} for row in PATIENTS]
    write_parts(tmp_path / "cohort" / "patients", rows, 1)
    book = read_source(tmp_path / "cohort")
    _, issues = check_cohort(book, settings_for(book, tmp_path / "cohort"))
    (issue,) = [issue for issue in issues if issue.code == "UNKNOWN_VALUE"]
    assert (issue.sheet, issue.cell, issue.patient) == ("patients", "sex, row 2 of part-1.parquet", "P3")


def test_parts_with_other_columns_are_refused(tmp_path):
    folder = write_parts(tmp_path / "cohort" / "patients", PATIENTS, 2)
    lacking = [{name: cell for name, cell in row.items() if name != "relapse_date"} for row in PATIENTS]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(lacking), folder / "part-1.parquet")
    with pytest.raises(DataRefused) as caught:
        read_source(tmp_path / "cohort")
    assert codes(caught) == {"BAD_PARQUET"}
    assert "relapse_date" in caught.value.issues[0].hint


def test_a_damaged_part_is_refused(tmp_path):
    folder = write_parts(tmp_path / "cohort" / "patients", PATIENTS, 2)
    whole = (folder / "part-1.parquet").read_bytes()
    (folder / "part-1.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataRefused) as caught:
        read_source(tmp_path / "cohort")
    assert codes(caught) == {"BAD_PARQUET"}


def test_a_column_that_nothing_is_read_from_is_not_read(tmp_path):
    folder = tmp_path / "cohort"
    folder.mkdir()
    rows = [row | {"narrative": "a long story"} for row in TOXICITIES]
    for name, table in (("patients", PATIENTS), ("toxicities", rows)):
        pyarrow.parquet.write_table(
            pyarrow.Table.from_pylist([dict(r) for r in table]), folder / f"{name}.parquet"
        )
    sheet = next(sheet for sheet in read_source(folder).sheets if sheet.name == "toxicities")
    cells = dict(zip(sheet.header, sheet.frame.to_numpy().T.tolist(), strict=True))
    assert set(cells["narrative"]) == {None} and cells["term"] == [row["term"] for row in rows]
    assert_the_cohort(load_cohort(folder))


def test_with_a_dictionary_every_column_is_read(tmp_path):
    folder = tmp_path / "cohort"
    folder.mkdir()
    rows = [{"event": row["term"], **{k: v for k, v in row.items() if k != "term"}} for row in TOXICITIES]
    entries = [{"column": "event", "table": "toxicities", "role": "term"}]
    for name, table in (("patients", PATIENTS), ("toxicities", rows), ("dictionary", entries)):
        pyarrow.parquet.write_table(
            pyarrow.Table.from_pylist([dict(r) for r in table]), folder / f"{name}.parquet"
        )
    sheet = next(sheet for sheet in read_source(folder).sheets if sheet.name == "toxicities")
    assert sheet.frame[sheet.header.index("event")].tolist() == [row["event"] for row in rows]
