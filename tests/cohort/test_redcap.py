"""REDCap: choices, checkboxes, repeating forms, events and identifiers."""

from __future__ import annotations

import zipfile

import pytest

from reportgen.base.errors import ERROR, NOTE, WARNING, DataRefused
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from reportgen.cohort.raw import letter
from reportgen.run import mapping
from tests.redcap_files import API_HEADER, BASE, FIELDS, FIRST, ROWS, row, write_project


def issues_of(source):
    book = read_source(source)
    return check_cohort(book, settings_for(book, source))[1]


def changed(number, **cells):
    return [given | cells if place == number else given for place, given in enumerate(ROWS)]


def assert_the_project(cohort):
    frame = cohort.patients.frame.set_index("patient_id")
    assert list(frame.index) == ["P1", "P2", "P3", "P4"]
    assert frame["sex"].tolist() == ["female", "male", "female", "male"]
    assert frame["age_at_start"].round(1).tolist() == [34.5, 51.0, 46.2, 60.0]
    assert cohort.patients.days["last_contact"].tolist() == [419, 731, 731, 731]
    assert cohort.endpoints["pfs"].duration.tolist() == [238, 731, 366, 731]
    assert cohort.endpoints["os"].status.tolist() == [1, 0, 0, 0]
    assert cohort.toxicities.frame["term"].tolist() == ["Nausea", "Neutropenia", "Nausea"]
    assert cohort.toxicities.frame["grade"].tolist() == [2, 3, 1]
    assert cohort.toxicities.frame["serious"].tolist() == ["no", "yes", "no"]


def test_a_longitudinal_project_with_a_repeating_form(tmp_path):
    assert_the_project(load_cohort(write_project(tmp_path / "trial")))


def test_the_header_of_the_api_and_a_zip(tmp_path):
    folder = write_project(tmp_path / "trial", header=API_HEADER)
    archive = tmp_path / "trial.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in folder.iterdir():
            out.write(path, path.name)
    assert_the_project(load_cohort(archive))


def test_codes_become_labels_and_checkboxes_columns(tmp_path):
    cohort = load_cohort(write_project(tmp_path / "trial"))
    frame, labels = cohort.patients.frame, cohort.labels
    features = {feature.name: feature for feature in cohort.features}
    assert frame["ecog"].tolist() == [
        "Fully active, or nearly",
        "Restricted",
        *["Fully active, or nearly"] * 2,
    ]
    assert features["ecog"].levels == ("Fully active, or nearly", "Restricted")
    assert frame["smoker"].tolist() == ["no"] * 4 and "smoker" not in features
    assert frame["symptoms_1"].tolist() == ["yes"] * 4 and frame["symptoms_2"].tolist()[1] == "yes"
    assert (labels["ecog"], labels["symptoms_2"]) == ("ECOG status", "Symptoms: Fever")
    assert "symptoms___minus_1" in {match.header for match in cohort.matches}
    assert frame["crp"].tolist() == [1.5] * 4
    assert frame["redcap_data_access_group"].tolist() == ["centre_a"] * 4


def test_identifiers_are_named_and_their_values_are_nowhere(tmp_path):
    source = write_project(tmp_path / "trial")
    book = read_source(source)
    assert not [sheet for sheet in book.sheets if "Secret" in repr(sheet.frame.to_dict())]
    cohort = load_cohort(source)
    said = {i.problem.split()[0]: i for i in cohort.issues if i.code == "DIRECT_IDENTIFIER"}
    assert set(said) == {"full_name", "date_of_birth"} and {i.severity for i in said.values()} == {NOTE}
    assert (said["full_name"].sheet, said["full_name"].cell) == ("Trial_DATA_2021-08-30", "F1")
    assert "Secret" not in repr(cohort)
    assert not {"full_name", "date_of_birth", "birth_date"} & {feature.name for feature in cohort.features}


def test_a_record_id_that_is_an_identifier_is_not_printed(tmp_path):
    fields = [
        (*FIELDS[0][:6], "y"),
        *FIELDS[1:],
        ("study_id", "demographics", "text", "Study id", "", "", ""),
    ]
    rows = [given | ({"study_id": given["record_id"].replace("P", "S")} if given["redcap_event_name"] == BASE else {})
            for given in ROWS]  # fmt: skip
    source = write_project(tmp_path / "trial", rows, fields)
    assert [i.cell for i in issues_of(source) if i.severity == ERROR and i.code == "DIRECT_IDENTIFIER"] == [
        "A1"
    ]
    (source / "report.toml").write_text('[columns.patients]\npatient_id = "study_id"\n')
    cohort = load_cohort(source)
    assert cohort.patients.frame["patient_id"].tolist() == ["S1", "S2", "S3", "S4"]
    assert cohort.toxicities.frame["patient_id"].tolist() == ["S1", "S1", "S3"]


def test_what_events_say_differently_is_an_error_in_our_columns_and_doubtful_elsewhere(tmp_path):
    rows = [*ROWS, row("P2", "visit_2_arm_1", treatment_start="2019-02-05", weight="81", sex="2")]
    found = [
        issue
        for issue in issues_of(write_project(tmp_path / "trial", rows))
        if issue.code == "EVENT_CONFLICT"
    ]
    error, warning = found
    assert (error.severity, error.sheet, error.cell, error.patient) == (
        ERROR,
        "Trial_DATA_2021-08-30",
        "P14",
        "P2",
    )
    assert error.problem == f"treatment_start has different values at {BASE} and visit_2_arm_1"
    assert (
        warning.severity == WARNING
        and warning.problem.startswith("weight")
        and "2 of the records" in warning.problem
    )


def test_last_contact_and_vital_status_are_those_last_said(tmp_path):
    cohort = load_cohort(write_project(tmp_path / "trial"))
    first = cohort.patients.frame.iloc[0]
    assert (first["vital_status"], f"{first['last_contact']:%Y-%m-%d}") == ("dead", "2020-03-01")
    assert [i.problem[:6] for i in cohort.issues if i.code == "EVENT_CONFLICT"] == ["weight"]


def test_issues_stand_where_the_cell_stands_in_the_export(tmp_path):
    source = write_project(tmp_path / "trial", changed(3, grade="7", onset_date="01/02/2019"))
    (source / "report.toml").write_text('[tables]\ntoxicities = "adverse_events"\n')
    found = {issue.code: issue for issue in issues_of(source)}
    assert (found["GRADE_INVALID"].sheet, found["GRADE_INVALID"].patient) == ("Trial_DATA_2021-08-30", "P1")
    export = (source / "Trial_DATA_2021-08-30.csv").read_text().splitlines()[0].split(",")
    assert found["GRADE_INVALID"].cell == f"{letter(export.index('grade'))}5"
    assert found["AMBIGUOUS_DATE"].cell == f"{letter(export.index('onset_date'))}5"
    cohort = load_cohort(write_project(tmp_path / "good"))
    assert {match.column: match.cell for match in cohort.matches}["sex"] == "H1"


def test_a_form_in_events_is_a_table_where_the_settings_say_so(tmp_path):
    fields = [*FIELDS, ("scan_date", "scans", "text", "Date", "", "date_ymd", ""),
              ("response", "scans", "radio", "Response", "1, PR | 2, PD", "", "")]  # fmt: skip
    rows = [*ROWS, row("P1", FIRST, scan_date="2019-03-01", response="1"),
            row("P1", "visit_2_arm_1", scan_date="2019-09-02", response="2")]  # fmt: skip
    source = write_project(tmp_path / "trial", rows, fields)
    (source / "report.toml").write_text('[tables]\nassessments = "scans"\n')
    cohort = load_cohort(source)
    assert cohort.assessments.frame["response"].tolist() == ["PR", "PD"]
    assert cohort.n == 4 and "EVENT_CONFLICT" in {issue.code for issue in cohort.issues}


def test_a_project_without_events_or_repetitions(tmp_path):
    rows = [{k: v for k, v in given.items() if not k.startswith("redcap")} for given in ROWS
            if given["redcap_event_name"] == BASE]  # fmt: skip
    rows = [given | {"vital_status": "1", "last_contact": "2021-01-01"} for given in rows]
    cohort = load_cohort(write_project(tmp_path / "trial", rows))
    assert cohort.n == 4 and len(cohort.toxicities) == 0


def test_an_export_with_labels_for_names_is_refused(tmp_path):
    source = write_project(tmp_path / "trial")
    export = source / "Trial_DATA_2021-08-30.csv"
    export.write_text(export.read_text().replace("record_id,", "Record ID,", 1))
    with pytest.raises(DataRefused) as caught:
        read_source(source)
    assert caught.value.issues[0].code == "MISSING_SHEET" and "raw data" in caught.value.issues[0].hint
    write_project(source)
    (source / "second_dictionary.csv").write_bytes(
        (source / "Trial_DataDictionary_2021-08-30.csv").read_bytes()
    )
    with pytest.raises(DataRefused) as caught:
        read_source(source)
    assert caught.value.issues[0].code == "AMBIGUOUS_SHEET"


def test_a_repeating_form_of_serious_events_is_the_toxicities_with_the_grades_of_its_choices(tmp_path):
    folder = tmp_path / "trial"
    folder.mkdir()
    choices = "1, Mild | 2, Moderate | 3, Severe"
    kinds = ["record_id,demog,text,,,", "tx_start,demog,text,,,date_ymd", "dlc,demog,text,Last contact,,date_ymd",
             "vital_status,demog,radio,,\"0, Alive | 1, Dead\",", "sae_term,sae,text,Event term,,",
             f'sae_sev,sae,radio,CTCAE grade,"{choices}",']  # fmt: skip
    header = "field_name,form_name,field_type,field_label,select_choices_or_calculations,"
    header += "text_validation_type_or_show_slider_number"
    (folder / "x_DataDictionary.csv").write_text("\n".join([header, *kinds]))
    rows = [
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,tx_start,dlc,vital_status,sae_term,sae_sev"
    ]
    rows += [f"{k},,,2019-01-0{k},2020-01-0{k},{k % 2},," for k in range(1, 5)]
    rows += ["1,sae,1,,,,Sepsis,3", "1,sae,2,,,,Rash,1", "3,sae,1,,,,Thrombosis,2"]
    (folder / "x_DATA.csv").write_text("\n".join(rows))
    found = mapping.map_source(folder)
    mapping.write(found)
    toxicities = load_cohort(folder).toxicities
    assert toxicities is not None and toxicities.frame["grade"].tolist() == [3, 1, 2]


def test_a_choice_that_says_unknown_is_no_level_of_a_characteristic(tmp_path):
    fields = [
        (*f[:4], f"{f[4]} | 9, Unknown | -8, Not assessed", *f[5:]) if f[0] == "ecog" else f for f in FIELDS
    ]
    rows = [
        given | {"ecog": "9"} if given.get("record_id") == "P1" and "ecog" in given else given
        for given in ROWS
    ]
    cohort = load_cohort(write_project(tmp_path / "trial", rows, fields))
    ecog = next(feature for feature in cohort.features if feature.name == "ecog")
    assert ecog.levels == ("Fully active, or nearly", "Restricted")
    assert cohort.patients.frame["ecog"].isna().tolist() == [True, False, False, False]
    assert any(issue.code == "MISSING_WORD" for issue in cohort.issues)
