"""A REDCap project as it is exported: raw data and data dictionary, longitudinal, with a repeating form."""

from __future__ import annotations

import csv
from pathlib import Path

DICTIONARY_HEADER = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?",
    "Branching Logic (Show field only if...)", "Required Field?", "Custom Alignment",
    "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?", "Field Annotation",
)  # fmt: skip
API_HEADER = (
    "field_name", "form_name", "section_header", "field_type", "field_label", "select_choices_or_calculations",
    "field_note", "text_validation_type_or_show_slider_number", "text_validation_min", "text_validation_max",
    "identifier", "branching_logic", "required_field", "custom_alignment", "question_number", "matrix_group_name",
    "matrix_ranking", "field_annotation",
)  # fmt: skip
# name, form, type, label, choices, validation, identifier
FIELDS = (
    ("record_id", "demographics", "text", "Record ID", "", "", ""),
    ("full_name", "demographics", "text", "Name", "", "", "y"),
    ("date_of_birth", "demographics", "text", "Date of birth", "", "date_dmy", "y"),
    ("sex", "demographics", "radio", "Sex", "1, Female | 2, Male", "", ""),
    ("smoker", "demographics", "yesno", "Ever smoked?", "", "", ""),
    ("ecog", "demographics", "dropdown", "<b>ECOG</b> status:", "0, Fully active, or nearly | 1, Restricted", "", ""),
    ("crp", "demographics", "text", "CRP", "", "number_2dp_comma_decimal", ""),
    ("symptoms", "demographics", "checkbox", "Symptoms", "1, Pain | 2, Fever | -1, Other", "", ""),
    ("hint", "demographics", "descriptive", "Please fill in all", "", "", ""),
    ("treatment_start", "treatment", "text", "Start", "", "date_ymd", ""),
    ("relapse_date", "follow_up", "text", "Relapse", "", "date_ymd", ""),
    ("vital_status", "follow_up", "radio", "Vital status", "1, Alive | 2, Dead", "", ""),
    ("death_date", "follow_up", "text", "Date of death", "", "date_ymd", ""),
    ("last_contact", "follow_up", "text", "Last contact", "", "date_ymd", ""),
    ("weight", "follow_up", "text", "Weight", "", "number", ""),
    ("term", "adverse_events", "text", "Term", "", "", ""),
    ("grade", "adverse_events", "radio", "Grade", "1, 1 | 2, 2 | 3, 3 | 4, 4 | 5, 5", "", ""),
    ("onset_date", "adverse_events", "text", "Onset", "", "date_ymd", ""),
    ("serious", "adverse_events", "yesno", "Serious", "", "", ""),
)  # fmt: skip
SYSTEM = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
)
BASE, FIRST, SECOND = "baseline_arm_1", "visit_1_arm_1", "visit_2_arm_1"


def row(record: str, event: str, **cells) -> dict:
    return {"record_id": record, "redcap_event_name": event, **cells}


def adverse_event(record: str, instance: int, **cells) -> dict:
    return row(
        record, FIRST, redcap_repeat_instrument="adverse_events", redcap_repeat_instance=instance, **cells
    )


def baseline(record: str, sex: int, birth: str, start: str, **cells) -> dict:
    boxes = {"symptoms___1": "1", "symptoms___2": "0", "symptoms____1": "0"}
    given = {"full_name": f"Secret Name {record}", "date_of_birth": birth, "sex": sex, "smoker": "0", "ecog": "0",
             "crp": "1,5", "treatment_start": start, "redcap_data_access_group": "centre_a"}  # fmt: skip
    return row(record, BASE, **given | boxes | cells)


ROWS = (
    baseline("P1", 1, "1984-07-09", "2019-01-07"),
    row("P1", FIRST, vital_status="1", last_contact="2019-08-01", weight="61"),
    row("P1", SECOND, relapse_date="2019-09-02", vital_status="2", death_date="2020-03-01", last_contact="2020-03-01",
        weight="58"),  # fmt: skip
    adverse_event("P1", 1, term="Nausea", grade="2", onset_date="2019-01-20", serious="0"),
    adverse_event("P1", 2, term="Neutropenia", grade="3", onset_date="2019-02-01", serious="1"),
    baseline("P2", 2, "1968-02-04", "2019-02-04", ecog="1", symptoms___2="1"),
    row("P2", FIRST, vital_status="1", last_contact="2021-02-04", weight="80"),
    baseline("P3", 1, "1973-02-18", "2019-05-20"),
    row("P3", FIRST, relapse_date="2020-05-20", vital_status="1", last_contact="2021-05-20", weight="70"),
    adverse_event("P3", 1, term="Nausea", grade="1", onset_date="2019-06-01", serious="0"),
    baseline("P4", 2, "1959-08-02", "2019-08-01"),
    row("P4", FIRST, vital_status="1", last_contact="2021-08-01", weight="75"),
)  # fmt: skip


def write_project(folder: Path, rows=ROWS, fields=FIELDS, header=DICTIONARY_HEADER) -> Path:
    """The two files that REDCap gives, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "Trial_DataDictionary_2021-08-30.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for name, form, kind, label, choices, validation, identifier in fields:
            writer.writerow(
                [name, form, "", kind, label, choices, "", validation, "", "", identifier, *[""] * 7]
            )
    columns = [fields[0][0], *SYSTEM]
    for name, form, kind, _, choices, *_ in fields[1:]:
        codes = [part.split(",")[0].strip().replace("-", "_") for part in choices.split("|")]
        columns += [f"{name}___{code}" for code in codes] if kind == "checkbox" else [name]
        columns = [c for c in columns if c != f"{form}_complete"] + [f"{form}_complete"]
    columns = [column for column in columns if column != "hint"]
    with (folder / "Trial_DATA_2021-08-30.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({name: cell for name, cell in row.items() if name in columns} for row in rows)
    return folder
