"""The sample workbooks come from their scripts, byte for byte, and say that they are synthetic."""

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

SAMPLES = Path(__file__).parents[1] / "sample_data"
SCRIPTS = {
    "ap_imt_crizotinib.xlsx": "make_ap_imt_crizotinib.py",
    "two_groups.xlsx": "make_two_groups.py",
}


@pytest.fixture(scope="module", params=SCRIPTS)
def workbook(request):
    return request.param, openpyxl.load_workbook(SAMPLES / request.param)


def rows(book, sheet: str) -> list[dict]:
    head, *body = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_script_makes_the_same_bytes(name, tmp_path):
    script = SAMPLES / SCRIPTS[name]
    subprocess.run([sys.executable, script, tmp_path], check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_the_first_sheet_says_synthetic(workbook):
    _, book = workbook
    assert "SYNTHETIC DATA" in book.worksheets[0]["A2"].value
    assert any(row["key"] == "notice" and "Synthetic" in row["value"] for row in rows(book, "report"))


def test_all_sheets_of_the_contract(workbook):
    _, book = workbook
    assert book.sheetnames[1:] == [
        "patients",
        "toxicities",
        "treatments",
        "assessments",
        "dictionary",
        "report",
    ]


def test_nothing_happens_after_the_last_contact(workbook):
    _, book = workbook
    last = {row["patient_id"]: row["last_contact"] for row in rows(book, "patients")}
    cutoff = next(row["value"] for row in rows(book, "report") if row["key"] == "cutoff")
    assert max(last.values()) <= cutoff
    for sheet in ("patients", "toxicities", "treatments", "assessments"):
        for row in rows(book, sheet):
            dates = [value for value in row.values() if hasattr(value, "year")]
            assert max(dates) <= last[row["patient_id"]], (sheet, row)


def test_death_and_vital_status_agree(workbook):
    _, book = workbook
    for row in rows(book, "patients"):
        assert (row["vital_status"] == "dead") == (row["death_date"] is not None)
        assert row["stop_reason"] != "progression" or row["relapse_date"] is not None
    fatal = {row["patient_id"] for row in rows(book, "toxicities") if row["grade"] == 5}
    assert fatal <= {row["patient_id"] for row in rows(book, "patients") if row["vital_status"] == "dead"}


def test_the_two_groups_hold_what_a_real_cohort_holds():
    book = openpyxl.load_workbook(SAMPLES / "two_groups.xlsx")
    patients, toxicities = rows(book, "patients"), rows(book, "toxicities")
    assert len({row["patient_id"] for row in patients}) == len(patients) == 120
    assert {row["arm"] for row in patients} == {"regimen A", "regimen B"}
    assert any(row["ldh"] is None for row in patients)
    assert sum(row["death_date"] is not None and row["relapse_date"] is None for row in patients) >= 10
    assert max(row["line"] for row in rows(book, "treatments")) == 4
    assert len({row["term"] for row in toxicities}) >= 30
    assert len({row["category"] for row in toxicities}) >= 8
    assert {row["grade"] for row in toxicities} == {1, 2, 3, 4, 5}
    assert any(row["tumour_size"] is None for row in rows(book, "assessments"))
