"""CSV and TSV: one file, a folder, a zip; what was found out is said, and what is doubtful is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from reportgen.base.errors import NOTE, DataRefused, UsageError
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from tests.tables import PATIENTS, TOXICITIES, assert_the_cohort, write_csv


def said(book):
    return [issue.problem for issue in book.issues if issue.code == "CSV_FORMAT"]


def refusal(path, **options):
    with pytest.raises(DataRefused) as caught:
        read_source(path, **options)
    return caught.value.issues


def issues_of(path):
    book = read_source(path)
    return check_cohort(book, settings_for(book, path))[1]


def folder(tmp_path, **options):
    source = tmp_path / "cohort"
    source.mkdir()
    write_csv(source / "patients.csv", PATIENTS, **options)
    write_csv(source / "toxicities.csv", TOXICITIES, **options)
    return source


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_folder_of_files(tmp_path, delimiter):
    source = folder(tmp_path, delimiter=delimiter)
    cohort = load_cohort(source)
    assert_the_cohort(cohort)
    assert cohort.source.name == "cohort" and cohort.source.rows == {"patients": 4, "toxicities": 3}
    assert [i.severity for i in cohort.issues if i.code == "CSV_FORMAT"] == [NOTE, NOTE]
    assert "NUMBER_AS_TEXT" not in {issue.code for issue in cohort.issues}


def test_a_zip_of_files_gives_the_same_as_their_folder(tmp_path):
    source = folder(tmp_path)
    archive = tmp_path / "cohort.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in source.iterdir():
            out.write(path, f"export/{path.name}")
        out.writestr("__MACOSX/._patients.csv", b"\0\1")
    assert_the_cohort(load_cohort(archive))
    assert read_source(archive).sha256 == read_source(source).sha256


def test_one_file_is_the_patients(tmp_path):
    path = write_csv(tmp_path / "registry_2021.csv", PATIENTS)
    cohort = load_cohort(path)
    assert cohort.n == 4 and cohort.toxicities is None
    assert cohort.patients.address(2, "sex") == "B2"


def test_files_of_other_names_are_named_in_the_settings(tmp_path):
    source = tmp_path / "export"
    source.mkdir()
    write_csv(source / "tbl_a.csv", PATIENTS)
    write_csv(source / "tbl_b.tsv", TOXICITIES, delimiter="\t")
    (source / "readme").write_text("Exported by the registry.\nAsk us.\n")
    (source / "report.toml").write_text('[tables]\npatients = "tbl_a.csv"\ntoxicities = "tbl_b"\n')
    cohort = load_cohort(source)
    assert_the_cohort(cohort)
    assert [issue.sheet for issue in cohort.issues if issue.code == "FILE_NOT_USED"] == ["readme"]


def test_issues_have_the_address_that_a_spreadsheet_program_shows(tmp_path):
    rows = [dict(row) for row in PATIENTS]
    rows[0]["stage"] = "two\nlines"
    rows[1]["sex"] = "banana"
    rows[2]["age_at_start"] = "<5"
    rows[3]["death_date"] = "01/02/2020"
    found = issues_of(write_csv(tmp_path / "patients.csv", rows))
    where = {issue.code: (issue.sheet, issue.cell, issue.patient) for issue in found}
    assert where["UNKNOWN_VALUE"] == ("patients", "B3", "P2")
    assert where["BAD_NUMBER"] == ("patients", "C4", "P3")
    assert where["AMBIGUOUS_DATE"] == ("patients", "G5", "P4")


def test_blank_lines_keep_the_numbers_of_the_others(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text("patient_id,treatment_start,last_contact\nA,2020-01-01,2021-01-01\n\nB,2020-01-01,x\n\n")
    (issue,) = [issue for issue in issues_of(path) if issue.code == "BAD_DATE"]
    assert issue.cell == "C4"


@pytest.mark.parametrize(
    "encoding, words", [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-8", "UTF-8")]
)
def test_an_encoding_that_proves_itself_is_said(tmp_path, encoding, words):
    rows = [row | {"stage": "Zürich"} for row in PATIENTS]
    book = read_source(write_csv(tmp_path / "patients.csv", rows, encoding=encoding))
    assert said(book) == [f"The file was read as {words} and with columns separated by commas"]
    assert book.sheets[0].header[0] == "patient_id"
    assert set(book.sheets[0].frame[8]) == {"Zürich"}


def test_old_encodings_are_read_only_where_all_that_make_sense_agree(tmp_path):
    german = [row | {"stage": "für Köln, Größe"} for row in PATIENTS]
    book = read_source(write_csv(tmp_path / "german.csv", german, encoding="cp1252"))
    assert set(book.sheets[0].frame[8]) == {"für Köln, Größe"}
    assert "Windows-1252" in said(book)[0]
    norse = [row | {"stage": "på sjukhus"} for row in PATIENTS]
    path = write_csv(tmp_path / "norse.csv", norse, encoding="cp1252")
    (issue,) = refusal(path)
    assert issue.code == "BAD_ENCODING" and "Windows-1250" in issue.problem and "encoding" in issue.hint
    book = read_source(path, overrides={"source.encoding": "cp1252"})
    assert set(book.sheets[0].frame[8]) == {"på sjukhus"}
    assert "cp1252" not in said(book)[0]


def test_an_encoding_that_the_settings_name_must_exist_and_fit(tmp_path):
    path = write_csv(tmp_path / "patients.csv", [row | {"stage": "på"} for row in PATIENTS])
    with pytest.raises(UsageError, match=r"source\.encoding is 'klingon'"):
        read_source(path, overrides={"source.encoding": "klingon"})
    with pytest.raises(UsageError, match=r"source\.encoding is 'hex'"):
        read_source(path, overrides={"source.encoding": "hex"})
    assert refusal(path, overrides={"source.encoding": "ascii"})[0].code == "BAD_ENCODING"


def test_a_delimiter_that_may_be_two_is_asked_for(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text("patient_id;a,b\n1;2,3\n4;5,6\n")
    (issue,) = refusal(path)
    assert issue.code == "BAD_CSV" and "commas or semicolons" in issue.problem
    book = read_source(path, overrides={"source.delimiter": "semicolon"})
    assert book.sheets[0].header == ("patient_id", "a,b") and said(book) == []
    with pytest.raises(UsageError, match=r"source\.delimiter"):
        read_source(path, overrides={"source.delimiter": "blank"})


def test_the_line_by_which_spreadsheet_programs_name_the_delimiter(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text(
        "sep=;\npatient_id;treatment_start;last_contact\nA;2020-01-01;2021-01-01\nB;2020-01-01;x\n"
    )
    book = read_source(path)
    assert said(book) == [] and book.sheets[0].header_row == 2
    assert [issue.cell for issue in issues_of(path) if issue.code == "BAD_DATE"] == ["C4"]


@pytest.mark.parametrize(
    "content, cell",
    [
        ("patient_id,a,b\n1,2,3\n4,5\n", "B3"),
        ("patient_id,a,b\n1,2,3\n4,5,6,7\n", "C3"),
    ],
)
def test_rows_of_other_length_are_refused_with_their_place(tmp_path, content, cell):
    path = tmp_path / "patients.csv"
    path.write_text(content)
    (issue,) = refusal(path)
    assert (issue.code, issue.sheet, issue.cell) == ("BAD_CSV", "patients", cell)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"patient_id\nA\n",
        b'patient_id,a\n1,"2\n3,4\n',
        b'patient_id,a\n1,"2"x\n',
        b"\npatient_id,a\n1,2\n",
        b"patient_id,a\n1,\0\n",
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "patients.csv"
    path.write_bytes(content)
    assert [issue.code for issue in refusal(path)] == ["BAD_CSV"]


def test_decimal_commas_are_read_where_they_can_mean_nothing_else(tmp_path):
    rows = [row | {"age_at_start": str(row["age_at_start"]).replace(".", ",")} for row in PATIENTS]
    rows = [row | {"crp": value} for row, value in zip(rows, ("0,5", "12,25", "", "3"), strict=True)]
    cohort = load_cohort(write_csv(tmp_path / "patients.csv", rows, delimiter=";"))
    assert cohort.patients.frame["age_at_start"].tolist() == [34.5, 51.0, 46.25, 60.0]
    assert cohort.patients.frame["crp"].tolist()[:2] == [0.5, 12.25]
    notes = [issue for issue in cohort.issues if issue.code == "DECIMAL_COMMA"]
    assert [(issue.severity, issue.cell) for issue in notes] == [(NOTE, "C2"), (NOTE, "J2")]


@pytest.mark.parametrize(
    "values", [("1,500", "2,250", "", ""), ("1,5", "2.5", "", ""), ("1,5,2", "3", "", "")]
)
def test_commas_that_may_mark_thousands_are_no_numbers(tmp_path, values):
    rows = [row | {"age_at_start": value} for row, value in zip(PATIENTS, values, strict=True)]
    found = issues_of(write_csv(tmp_path / "patients.csv", rows, delimiter=";"))
    assert "BAD_NUMBER" in {issue.code for issue in found}


def test_two_files_of_one_name_are_refused(tmp_path):
    source = folder(tmp_path)
    write_csv(source / "Patients.tsv", PATIENTS, delimiter="\t")
    assert [issue.code for issue in refusal(source)] == ["AMBIGUOUS_SHEET"]


def test_a_folder_without_a_table_is_refused(tmp_path):
    (tmp_path / "notes").write_text("nothing here")
    assert [issue.code for issue in refusal(tmp_path)] == ["NOT_A_FILE"]


def test_text_named_as_a_workbook_is_said_to_be_none(tmp_path):
    path = write_csv(tmp_path / "patients.xlsx", PATIENTS)
    assert [issue.code for issue in refusal(path)] == ["NOT_XLSX"]


def test_a_workbook_named_as_text_is_read_as_the_workbook_it_is(tmp_path):
    from tests.workbooks import minimal_patients, write_workbook

    path = write_workbook(tmp_path / "cohort.xlsx", patients=minimal_patients(3))
    assert load_cohort(path.rename(tmp_path / "cohort.csv")).n == 3


def test_a_cell_that_is_too_long_is_no_quotation_mark(tmp_path):
    path = tmp_path / "cohort.csv"
    path.write_text(f"patient_id,remark\nP1,{'x' * 140_000}\n")
    (issue,) = refusal(path)
    assert issue.code == "BAD_CSV" and "a cell of row 2 is longer than 131,072 characters" in issue.problem
    path.write_text('patient_id,remark\nP1,"x"y\n')
    (issue,) = refusal(path)
    assert "a quotation mark in row 2 is in the wrong place" in issue.problem


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "patients.csv"
    text = "patient_id,treatment_start,last_contact\nP1,2015-01-01,2016-01-01\n"
    path.write_text(text)
    read = Path.read_bytes

    def grows(self):
        data = read(self)
        with self.open("a") as file:
            file.write("P2,2015-01-01,2016-01-01\n")
        return data

    monkeypatch.setattr(Path, "read_bytes", grows)
    for source in (path, tmp_path):
        with pytest.raises(DataRefused) as refused:
            read_source(source)
        assert [issue.code for issue in refused.value.issues] == ["SOURCE_CHANGED"]
        assert "patients.csv changed while it was read" in refused.value.issues[0].problem
    monkeypatch.undo()
    assert len(read_source(path).sheets[0].frame) == 3


def test_a_last_row_that_was_cut_off_is_an_error_at_its_cell(tmp_path):
    text = (
        "patient_id,treatment_start,last_contact,sex\nP1,2015-01-01,2016-01-01,male\nP2,2015-01-01,2016-01-01"
    )
    path = tmp_path / "patients.csv"
    path.write_text(text + ",female")
    assert len(read_source(path).sheets[0].frame) == 2
    path.write_text(text)
    with pytest.raises(DataRefused) as refused:
        read_source(path)
    assert [(issue.code, issue.cell) for issue in refused.value.issues] == [("BAD_CSV", "C3")]


@pytest.mark.parametrize("above", ["Registry X\nExported by a user, 2024\n\n", "Registry X,,,\n,,,\n"])
def test_a_title_above_the_names_of_the_columns_is_left_out_and_said(tmp_path, above):
    path = tmp_path / "c.csv"
    rows = "patient_id,treatment_start,last_contact,vital_status\nA,2020-01-01,2021-01-01,alive\n"
    path.write_text(above + rows + "B,2020-02-01,2021-x-01,dead\n", encoding="utf-8")
    book = read_source(path)
    (sheet,) = book.sheets
    lines = above.count("\n")
    assert (sheet.header[0], sheet.header_row, [*sheet.frame.index]) == (
        "patient_id",
        lines + 1,
        [lines + 2, lines + 3],
    )
    assert f"row {lines + 1};" in " ".join(str(issue.problem) for issue in book.issues)


def test_decimal_commas_below_a_header_with_semicolons_are_no_table_below_a_title(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("patient_id;os_months;ldh\nA;1,5;200\nB;2,5;210\nC;3,5;220\n", encoding="utf-8")
    (sheet,) = read_source(path).sheets
    assert (sheet.header, sheet.header_row) == (("patient_id", "os_months", "ldh"), 1)
