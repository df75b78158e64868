"""Sources as others write them: German headers, labels of REDCap, errors in .ods, ids with zeros or slashes."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import range_boundaries

from reportgen.base.errors import DataRefused, UsageError
from reportgen.cohort.load import load_cohort
from reportgen.run.mapping import map_source
from tests.cohort.test_meaning_of_cells import CASES, cells_of, csv_file, feature, refused, said, with_lines
from tests.workbooks import write_workbook


def test_a_german_register_is_read(tmp_path):
    cohort = load_cohort(CASES / "german_csv" / "register.csv")
    frame = cohort.patients.frame
    assert frame["treatment_start"].dt.date.tolist()[:2] == [date(2019, 4, 27)] * 2
    assert frame["death_date"].notna().sum() == 5 and frame["vital_status"].eq("dead").sum() == 5
    assert feature(cohort, "hb_g_dl").kind == "number" and frame["hb_g_dl"].iloc[0] == 9.5
    assert len(cells_of(cohort, "DATE_DAY_FIRST")) == 4


def test_a_german_workbook_gives_the_same():
    ours = load_cohort(CASES / "german_xlsx" / "register.xlsx").patients.frame
    theirs = load_cohort(CASES / "german_csv" / "register.csv").patients.frame
    for column in ("patient_id", "sex", "treatment_start", "relapse_date", "death_date", "last_contact"):
        assert ours[column].tolist()[:4] == theirs[column].tolist()[:4] or ours[column].isna().any()
    assert len(ours) == len(theirs) == 12


def test_a_missing_column_is_proposed_by_name_and_content(tmp_path):
    source = CASES / "enrolled_final" / "c.csv"
    hints = [issue.hint for issue in said(refused(source), "MISSING_COLUMN")]
    assert 'treatment_start = "Enrolled"' in hints[0] and 'last_contact = "Final date"' in hints[1]
    cohort = with_lines(
        tmp_path, source, '[columns.patients]\ntreatment_start = "Enrolled"\nlast_contact = "Final date"\n'
    )
    assert cohort.patients.frame["treatment_start"].dt.date.iloc[0] == date(2017, 1, 19)


def test_no_column_without_dates_is_proposed_for_a_date(tmp_path):
    source = csv_file(
        tmp_path, "patient_id,treatment_start,final grade", ["P1,2019-01-01,3", "P2,2019-02-01,2"]
    )
    assert "final" not in said(refused(source), "MISSING_COLUMN")[0].hint


def test_an_export_of_redcap_with_labels_is_matched_by_its_dictionary():
    cohort = load_cohort(CASES / "redcap_label_export")
    assert len(cohort.patients) == 10 and said(cohort, "LABELS_MATCHED")
    assert {"sex", "treatment_start", "last_contact", "vital_status", "death_date"} <= set(
        cohort.patients.frame
    )


def test_labels_that_two_fields_share_are_refused(tmp_path):
    for file in (CASES / "redcap_label_export").iterdir():
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace("Prior surgery", "Sex"), encoding="utf-8")
    assert "raw data" in said(refused(tmp_path), "MISSING_SHEET")[0].hint


def test_a_whole_event_that_repeats_is_one_patient():
    cohort = load_cohort(CASES / "redcap_repeating_event")
    frame = cohort.patients.frame
    assert len(frame) == 6 and frame["last_contact"].dt.date.iloc[0] == date(2019, 11, 6)
    assert frame["vital_status"].eq("dead").sum() == frame["death_date"].notna().sum() > 0
    assert cohort.toxicities.frame["term"].tolist() == ["Nausea"] * 6


def test_no_adverse_event_yet_is_no_event():
    cohort = load_cohort(CASES / "redcap_no_ae_yet", config=CASES / "redcap_no_ae_yet" / "report.toml")
    assert len(cohort.patients) == 8
    assert cohort.toxicities is None or len(cohort.toxicities) == 0


def test_leading_zeros_on_one_sheet_are_an_error_that_says_so():
    found = said(refused(CASES / "leading_zeros" / "c.xlsx"), "ID_TYPE_MISMATCH")
    assert [issue.cell for issue in found] == ["A2", "A3"]
    assert all("leading zeros" in issue.problem and issue.severity == "error" for issue in found)
    assert not said(refused(CASES / "leading_zeros" / "c.xlsx"), "ORPHAN_ROW")
    # Whoever leaves out what is wrong leaves out these patients (and 005, who relapsed after the last contact),
    # and their rows on the other sheet with them.
    cohort = load_cohort(CASES / "leading_zeros" / "c.xlsx", on_invalid="exclude")
    assert len(cohort.patients) == 3 and len(cohort.toxicities) == 0


def test_errors_in_ods_are_errors():
    issues = refused(CASES / "ods_error_cell" / "c.ods")
    assert {(issue.cell, issue.severity) for issue in said(issues, "ERROR_CELL")} == {
        ("G4", "error"),
        ("I6", "warning"),
    }


def test_ods_is_read_as_xlsx_is():
    assert len(load_cohort(CASES / "ods_plain" / "c.ods").patients) == 10


def test_ids_that_look_like_paths_are_accepted_with_a_finding():
    cohort = load_cohort(CASES / "path_ids" / "c.xlsx")
    assert len(cohort.patients) == 6
    assert {issue.severity for issue in said(cohort, "SUSPICIOUS_ID")} == {"warning"}


@pytest.mark.parametrize("name", ["date", "letzter_kontakt", "Letzter Kontakt"])
def test_german_names_are_synonyms_where_no_other_column_is_meant(tmp_path, name):
    source = csv_file(tmp_path, f"patient_id,treatment_start,{name}", ["P1,2019-01-01,2020-01-01"])
    if name == "date":
        refused(source)
    else:
        assert load_cohort(source).patients.frame["last_contact"].notna().all()


def test_the_row_of_names_and_sheets_to_ignore_can_be_told(tmp_path):
    rows = [["id", "start", "x"], ["code", "first", "last"], ["P1", date(2019, 1, 1), date(2020, 1, 1)]]
    source = write_workbook(tmp_path / "c.xlsx", Sheet1=rows, Pivot=[["patient", "n"], ["all", 3]])
    text = """
[source]
header_rows = { Sheet1 = 2 }
[tables]
ignore = ["Pivot"]
[columns.patients]
patient_id = "code"
treatment_start = "first"
last_contact = "last"
"""
    cohort = with_lines(tmp_path, source, text)
    assert cohort.patients.frame["patient_id"].tolist() == ["P1"] and not said(cohort, "SHEET_NOT_USED")


def test_the_row_of_names_of_a_text_file_can_be_told(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("made by,x,y\npatient_id,treatment_start,last_contact\nP1,2019-01-01,2019-13-01\n")
    (tmp_path / "report.toml").write_text("[source]\nheader_rows = { c = 2 }\n")
    assert cells_of(refused(path), "BAD_DATE") == ["C3"]


@pytest.mark.parametrize("row", ['"3"', "0", "true", "[3]"])
def test_a_row_of_names_is_a_number(tmp_path, row):
    path = csv_file(tmp_path, "patient_id,treatment_start,last_contact", ["P1,2019-01-01,2020-01-01"])
    with pytest.raises(UsageError, match="header_rows"):
        with_lines(tmp_path, path, f"[source]\nheader_rows = {{ c = {row} }}\n")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("bundle.json", '\ufeff{"id": "x", "resourceType": "Bundle", "entry": []}', "FHIR"),
        (
            "Patient.ndjson",
            '{"resourceType":"Patient","id":"a"}\n{"resourceType":"Patient","id":"b"}\n',
            "FHIR",
        ),
        ("bundle.xml", '<?xml version="1.0"?>\n<Bundle xmlns="http://hl7.org/fhir"></Bundle>', "FHIR"),
        ("study.xml", '<?xml version="1.0"?>\n<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"></ODM>', "ODM"),
    ],
)
def test_what_is_no_table_is_named_and_not_read_as_one(tmp_path, name, content, kind):
    """They were read as CSV with odd columns, and the remedy that was named was of no use."""
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(DataRefused) as caught:
        load_cohort(tmp_path / name)
    (issue,) = caught.value.issues
    assert (
        issue.code == "NOT_A_TABLE" and f"{name} is {kind}," in issue.problem and "exchange.md" in issue.hint
    )


@pytest.mark.parametrize(
    "name",
    ["date_typo/c.xlsx", "arm_na/c.xlsx", "number_with_word/c.csv", "leading_zeros/c.xlsx", "path_ids/c.xlsx",
     "german_csv/register.csv", "cbioportal/data_clinical_patient.txt", "messy/asps.xlsx", "redcap_date_unk",
     "redcap_missing_codes", "adam_na"],
)  # fmt: skip
def test_every_cell_that_a_question_names_exists_in_the_source(name):
    source, files = CASES / name, {}
    for file in (p for p in (source.iterdir() if source.is_dir() else [source]) if p.suffix != ".toml"):
        if file.suffix == ".xlsx":
            files |= {s.title: (s.max_row, s.max_column) for s in openpyxl.load_workbook(file).worksheets}
        else:
            lines = file.read_text(encoding="utf-8").splitlines()
            files[file.stem] = len(lines), max(sum(map(line.count, ",;\t")) + 1 for line in lines)
    try:
        issues = load_cohort(source, config=Path("/dev/null")).issues
    except DataRefused as refused:
        issues = refused.issues
    mapped = map_source(source, Path("/dev/null"))
    named = [(i.sheet, i.cell) for i in issues if i.cell] + [(q.sheet, q.cell) for q in mapped.open]
    assert named
    for sheet, cell in named:
        rows, columns = files[sheet]
        _, _, column, row = range_boundaries(cell)
        assert (row or 0) <= rows and (column or 0) <= columns, (sheet, cell)
