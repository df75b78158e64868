"""Rules on sheets as they were found: headers, ids, merged cells, direct identifiers. Each with its cell."""

from datetime import date, datetime

import openpyxl
import pytest

from reportgen.cohort.load import check_cohort, read_source
from reportgen.settings.model import Features, Settings
from tests.workbooks import Formula, minimal_patients, write_workbook


def found(path, settings=None):
    _, issues = check_cohort(read_source(path), settings or Settings())
    return {(i.severity, i.code, i.sheet, i.cell, i.patient) for i in issues}


def of(tmp_path, rows, settings=None, **sheets):
    return found(write_workbook(tmp_path / "a.xlsx", patients=rows, **sheets), settings)


def with_ids(*ids):
    return minimal_patients(len(ids), patient_id=list(ids))


@pytest.mark.parametrize(
    "ids, severity, code, cell",
    [
        (("P1", "P\u202e2", "P3"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "P\u200b2", "P3"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "../../etc/passwd"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "/etc/passwd"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "C:\\data"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "file://x"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "=1+1"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "@SUM(A1)"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", "Pа2"), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", date(2015, 1, 2)), "warning", "SUSPICIOUS_ID", "A3"),
        (("P1", True), "warning", "SUSPICIOUS_ID", "A3"),
        (("P01", "Р01"), "error", "SUSPICIOUS_ID", "A3"),
        (("P-1", "P–1"), "error", "SUSPICIOUS_ID", "A3"),
        (("B1", "В1"), "error", "SUSPICIOUS_ID", "A3"),
        (("P1", "P٢", "P2"), "error", "SUSPICIOUS_ID", "A3"),
        (("P01", "PO1"), "warning", "SUSPICIOUS_ID", "A3"),
        (("Pl", "P1"), "warning", "SUSPICIOUS_ID", "A2"),
        (("7", "007"), "error", "ID_TYPE_MISMATCH", "A3"),
        ((7, "007"), "error", "ID_TYPE_MISMATCH", "A3"),
        ((7, "8"), "note", "ID_TYPE_MISMATCH", "A3"),
        ((1.1, "1.10"), "warning", "ID_TYPE_MISMATCH", "A2"),
        (("P1", "1.23457E+16"), "error", "ID_PRECISION", "A3"),
        (("P1", 12345678901234567), "error", "ID_PRECISION", "A3"),
    ],
)
def test_ids(tmp_path, ids, severity, code, cell):
    said = {(s, c, p) for s, c, _, p, _ in of(tmp_path, with_ids(*ids))}
    assert (severity, code, cell) in said


@pytest.mark.parametrize(
    "ids",
    [
        ("P01", "P02", "10"), ("12/345", "13/346"), ("A.1", "A.2"), ("Müller-1", "Müller-2"), (1, 2), ("П01", "П02"),
        ("None", "NA", "null"), ("12345678901234567", "12345678901234568"), ("e1", "1E", "2e"), ("-1", "+2"),
    ],
)  # fmt: skip
def test_ids_that_are_merely_unusual_pass(tmp_path, ids):
    assert of(tmp_path, with_ids(*ids)) == set()


def test_ids_are_compared_across_sheets(tmp_path):
    tox = [
        {"patient_id": "Р01", "term": "a"},
        {"patient_id": "007", "term": "b"},
        {"patient_id": "O8", "term": "c"},
    ]
    said = of(tmp_path, with_ids("P01", 7, "08"), toxicities=tox)
    assert {(c, s, p) for _, c, s, p, _ in said} >= {
        ("SUSPICIOUS_ID", "toxicities", "A2"), ("ID_TYPE_MISMATCH", "toxicities", "A3"),
        ("SUSPICIOUS_ID", "toxicities", "A4"),
    }  # fmt: skip
    assert not any(code == "ORPHAN_ROW" and place == "A2" for _, code, _, place, _ in said)


def test_an_id_that_lost_invisible_characters_is_its_patient_all_the_same(tmp_path):
    rows = with_ids("P1", "P\u200b1")
    codes = {(c, p) for _, c, _, p, _ in of(tmp_path, rows)}
    assert codes >= {("SUSPICIOUS_ID", "A3"), ("DUPLICATE_ID", "A2"), ("DUPLICATE_ID", "A3")}


def merged(path, area):
    book = openpyxl.load_workbook(path)
    book["patients"].merge_cells(area)
    book.save(path)
    return found(path)


def test_a_merged_id_belongs_to_no_second_row(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(3))
    assert {
        ("error", "MERGED_CELLS", "patients", "A3", None),
        ("error", "MISSING_ID", "patients", "A3", None),
    } <= merged(path, "A2:A3")


def test_a_merged_date_is_no_missing_date(tmp_path):
    path = write_workbook(
        tmp_path / "a.xlsx", patients=minimal_patients(3, relapse_date=date(2016, 1, 1), score=[1, 2, 3])
    )
    assert {
        ("error", "MERGED_CELLS", "patients", "E4", "P03"), ("warning", "MERGED_CELLS", "patients", "F3", "P02"),
        ("warning", "MERGED_CELLS", "patients", "F4", "P03"),
    } <= merged(path, "E3:F4")  # fmt: skip


def test_a_merged_title_does_no_harm(tmp_path):
    rows = minimal_patients(2)
    path = write_workbook(
        tmp_path / "a.xlsx", patients=[["Our cohort"], list(rows[0]), *(list(row.values()) for row in rows)]
    )
    assert merged(path, "A1:D1") == {("note", "MERGED_CELLS", "patients", "A1:D1", None)}


@pytest.mark.parametrize(
    "header", ["Patient ID", "patient_id ", "PATIENT\nID", "\ufeffpatient_id", "patient\u200b_id"]
)
def test_headers_are_read_whatever_their_spelling(tmp_path, header):
    rows = [{header if k == "patient_id" else k: v for k, v in row.items()} for row in minimal_patients(2)]
    assert of(tmp_path, rows) == set()


def test_two_headers_that_normalise_to_one_are_an_error(tmp_path):
    rows = minimal_patients(2, **{"Relapse Date": None, "relapse_date": None})
    assert ("error", "DUPLICATE_COLUMN", "patients", "F1", None) in of(tmp_path, rows)


def test_a_sheet_without_a_header_is_said(tmp_path):
    rows = [["P1", "x", 3], ["P2", "y", 4]]
    assert ("error", "HEADER_NOT_FOUND", "patients", "A1", None) in of(tmp_path, rows)


def test_a_column_without_a_name_is_said(tmp_path):
    rows = [
        ["patient_id", "treatment_start", "last_contact", None],
        ["a", date(2020, 1, 1), date(2021, 1, 1), "x"],
    ]
    assert of(tmp_path, rows) == {("warning", "UNNAMED_COLUMN", "patients", "D1", None)}


NHS = ("943 476 5919", "987 654 3210", "450 557 7104")


@pytest.mark.parametrize(
    "name, values",
    [
        ("surname", ["a", "b", "c"]),
        ("contact", ["ann@x.org", "bob@y.com", "c.d@z.net"]),
        ("contact", ["07700 900123", "+44 7700 900456", "+49 30 1234567"]),
        ("number", list(NHS)),
        ("number", [9434765919, 9876543210, 4505577104]),
        ("number", ["078-05-1120", "219-09-9999", "123-45-6789"]),
    ],
)
def test_direct_identifiers_are_known_by_name_and_by_content_and_not_read(tmp_path, name, values):
    path = write_workbook(tmp_path / "a.xlsx", patients=minimal_patients(3, **{name: values}))
    cohort, issues = check_cohort(read_source(path), Settings())
    assert ("DIRECT_IDENTIFIER", "E1") in {(i.code, i.cell) for i in issues}
    assert name not in cohort.patients.frame and not [f for f in cohort.features if f.name == name]
    wanted = Settings(features=Features(include=(name,)))
    assert name in check_cohort(read_source(path), wanted)[0].patients.frame


def test_identifiers_in_texts_are_named_by_cell(tmp_path):
    rows = minimal_patients(3, relapse_site=["lung", "call 07700 900123", "ann@x.org"])
    tox = [
        {"patient_id": "P01", "term": "Nausea", "action": "NHS 943 476 5919", "first_name": "x", "grade": 1}
    ]
    assert of(tmp_path, rows, toxicities=tox) == {
        ("warning", "DIRECT_IDENTIFIER", "patients", "E3", "P02"),
        ("warning", "DIRECT_IDENTIFIER", "patients", "E4", "P03"),
        ("warning", "DIRECT_IDENTIFIER", "toxicities", "C2", "P01"),
        ("warning", "DIRECT_IDENTIFIER", "toxicities", "D1", None),
    }


@pytest.mark.parametrize(
    "ids", [("Smith, Ann", "Jones, Bob", "Ng, Li"), tuple(n.replace(" ", "") for n in NHS)]
)
def test_ids_that_are_names_or_numbers_of_persons_are_said(tmp_path, ids):
    assert ("warning", "DIRECT_IDENTIFIER", "patients", "A1", None) in of(tmp_path, with_ids(*ids))


def test_dates_times_and_plain_numbers_are_no_identifiers(tmp_path):
    rows = minimal_patients(
        3, score=[1234567890, 1234567891, 1234567892], relapse_site=["L5/S1 2.5 x 3.1 x 12 cm", "T4 N2", "01.02.2016"],
        visit=[datetime(2016, 1, 1, 9, 30)] * 3,
    )  # fmt: skip
    assert "DIRECT_IDENTIFIER" not in {code for _, code, *_ in of(tmp_path, rows)}


def test_a_formula_without_a_value_is_an_id_without_a_value(tmp_path):
    said = of(tmp_path, with_ids("P1", Formula('="P"&2')))
    assert ("error", "FORMULA_NO_VALUE", "patients", "A3", None) in said


def test_titles_above_the_header_do_no_harm(tmp_path):
    rows = minimal_patients(2)
    table = [list(rows[0]), *(list(row.values()) for row in rows)]
    lines = [["Study", "ALK-2"], [None, "as of", date(2020, 1, 1)], [], *table]
    assert of(tmp_path, lines) == set()


def test_errors_that_were_exported_as_text_are_errors(tmp_path):
    rows = minimal_patients(
        3, death_date=["#N/A", None, None], score=["#REF!", 2, 3], sex=["#VALUE!", "F", "M"]
    )
    assert of(tmp_path, rows) >= {
        ("error", "ERROR_CELL", "patients", "E2", "P01"), ("warning", "ERROR_CELL", "patients", "F2", "P01"),
        ("error", "ERROR_CELL", "patients", "G2", "P01"),
    }  # fmt: skip


@pytest.mark.parametrize("values", [["1,5", 2.5, 3.0], ["<5", 7, 8], ["> 100", "7", 8.5], ["5%", 7, 8]])
def test_numbers_that_cannot_be_read_are_said_cell_by_cell(tmp_path, values):
    said = of(tmp_path, minimal_patients(3, marker=values))
    assert ("warning", "BAD_NUMBER", "patients", "E2", "P01") in said


def test_groups_that_are_written_like_numbers_are_groups(tmp_path):
    path = write_workbook(
        tmp_path / "a.xlsx", patients=minimal_patients(4, weight=["<50", ">=50", "<50", ">=50"])
    )
    cohort, issues = check_cohort(read_source(path), Settings())
    assert issues == () and cohort.features[-1].levels == ("<50", ">=50")
