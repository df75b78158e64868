"""What the template says: of each column what belongs in it, one example row per sheet, the settings."""

from __future__ import annotations

from datetime import date

from reportgen.cohort.clean.example_rows import EXAMPLE_ID

HELP = {
    "patients": {
        "patient_id": "One row per patient, and one id per patient. The same id on every sheet. No names, no "
        "hospital or insurance numbers.",
        "sex": "As recorded at birth or in the file.",
        "birth_date": "May be left out where the age is given.",
        "age_at_start": "Age in years on the day the treatment began. Worked out from birth_date where it is empty.",
        "diagnosis": "In words.",
        "diagnosis_date": "The day of the histological diagnosis.",
        "treatment": "The treatment whose outcome is reported.",
        "treatment_start": "The day of the first dose. All times count from here.",
        "treatment_stop": "The day of the last dose. Empty: still on treatment.",
        "stop_reason": "Why the treatment ended.",
        "best_response": "The best response to this treatment.",
        "response_date": "The day on which a CR or PR was first seen.",
        "relapse_date": "The day of the first relapse or progression. Empty: none.",
        "relapse_site": "Where the relapse was.",
        "vital_status": "On the day of the last contact.",
        "disease_status": "At the last contact, in words.",
        "death_date": "Only for patients who died.",
        "cause_of_death": "Only for patients who died.",
        "last_contact": "The last day on which the patient was seen or known to be alive; for those who died, the "
        "day of death.",
        "toxicity_assessed": "Whether somebody looked for toxicity. It tells `none` from `not known`.",
    },
    "toxicities": {
        "patient_id": "As on the sheet patients. One row per event; a patient without events has no row.",
        "term": "The CTCAE term, such as neutrophil count decreased.",
        "category": "The CTCAE system organ class.",
        "grade": "The highest CTCAE grade of this event.",
        "onset_date": "The day on which it began.",
        "resolved_date": "The day on which it was over. Empty: ongoing.",
        "attribution": "How likely the treatment caused it.",
        "serious": "Serious adverse event.",
        "action": "What was done: dose reduced, treatment interrupted, none …",
    },
    "treatments": {
        "patient_id": "As on the sheet patients. One row per line of therapy.",
        "line": "1 for the first line, and so on.",
        "treatment": "What was given.",
        "start_date": "The first day of this line.",
        "stop_date": "The last day of this line. Empty: ongoing.",
        "stop_reason": "Why this line ended.",
        "best_response": "The best response to this line.",
        "dose": "The dose, such as 250 mg; after a change a further row of the same line, from its day on.",
    },
    "assessments": {
        "patient_id": "As on the sheet patients. One row per visit with an assessment of the tumour.",
        "date": "The day of the scan.",
        "response": "The response on that day.",
        "tumour_size": "Sum of the diameters of the target lesions, in mm.",
    },
    "measurements": {
        "patient_id": "As on the sheet patients. One row per value: of the laboratory, a questionnaire, a device.",
        "date": "The day of the sample or of the answer.",
        "name": "What was measured, written alike each time, such as LDH.",
        "value": "The number alone. What lies below a limit of detection has none: leave it empty.",
        "unit": "One unit for all values of a name.",
        "lower": "The lower limit of the reference range. May be left out.",
        "upper": "The upper limit of the reference range. May be left out.",
    },
    "dictionary": {
        "column": "The name of a column, as it stands in its header.",
        "table": "The sheet of that column. Empty: wherever it occurs.",
        "label": "How the report names it.",
        "unit": "Of numbers.",
        "type": "What the column holds.",
        "levels": "The categories in printed order: I | II | III. Codes are written 0 = no | 1 = yes.",
        "role": "feature: known at the start, examined. later: known only afterwards. identifier, ignore: not read. "
        "text: listed, not examined. toxicity: the worst grade of one toxicity. Or the name of the column of this "
        "template that it is.",
        "min": "The lowest value that is plausible: a number or a date. `check` asks about lower ones.",
        "max": "The highest value that is plausible: a number or a date.",
    },
    "report": {
        "key": "A setting. Those of report.toml win over these.",
        "value": "Empty: the default.",
        "what it is": "",
    },
}  # fmt: skip

# Columns of one's own: examples of a category and of a yes/no, described on the sheet dictionary.
FEATURES = {
    "stage": ("A column of your own. Rename it, or delete it; describe it on the sheet dictionary.",
              ("I", "II", "III", "IV")),
    "prior_surgery": ("A column of your own. Rename it, or delete it; describe it on the sheet dictionary.",
                      ("yes", "no")),
}  # fmt: skip

EXAMPLES = {
    "patients": {
        "patient_id": EXAMPLE_ID, "sex": "female", "birth_date": date(2004, 5, 17), "age_at_start": 11,
        "diagnosis": "sarcoma", "diagnosis_date": date(2015, 3, 2), "treatment": "crizotinib",
        "treatment_start": date(2015, 4, 20), "treatment_stop": date(2015, 10, 20), "stop_reason": "progression",
        "best_response": "CR", "response_date": date(2015, 6, 1), "relapse_date": date(2015, 10, 20),
        "relapse_site": "abdomen", "vital_status": "dead", "disease_status": "dead of disease",
        "death_date": date(2017, 5, 26), "cause_of_death": "disease", "last_contact": date(2017, 5, 26),
        "toxicity_assessed": "yes", "stage": "II", "prior_surgery": "no",
    },
    "toxicities": {
        "patient_id": EXAMPLE_ID, "term": "neutrophil count decreased", "category": "Investigations", "grade": 3,
        "onset_date": date(2015, 5, 4), "resolved_date": date(2015, 5, 18), "attribution": "probable",
        "serious": "no", "action": "dose reduced",
    },
    "treatments": {
        "patient_id": EXAMPLE_ID, "line": 1, "treatment": "crizotinib", "start_date": date(2015, 4, 20),
        "stop_date": date(2015, 10, 20), "stop_reason": "progression", "best_response": "CR",
        "dose": "250 mg",
    },
    "assessments": {
        "patient_id": EXAMPLE_ID, "date": date(2015, 6, 1), "response": "CR", "tumour_size": 0,
    },
    "measurements": {
        "patient_id": EXAMPLE_ID, "date": date(2015, 6, 1), "name": "LDH", "value": 231, "unit": "U/L",
        "lower": 135, "upper": 225,
    },
}  # fmt: skip

DICTIONARY = (
    {"column": "stage", "table": "patients", "label": "stage at the start", "type": "category",
     "levels": "I | II | III | IV", "role": "feature"},
    {"column": "prior_surgery", "table": "patients", "label": "surgery before the treatment", "type": "yes/no",
     "role": "feature"},
    {"column": "tumour_size", "table": "assessments", "label": "sum of diameters", "unit": "mm",
     "type": "number", "min": 0, "max": 500},
)  # fmt: skip

REPORT = {
    "title": "The title of the report.",
    "subtitle": "A line below it.",
    "diagnosis": "The diagnosis of the cohort, in words.",
    "treatment": "The treatment of the cohort, in words.",
    "cutoff": "The data cut-off: what happened later is not counted. Empty: the last contact of all.",
    "extracted": "When the data were taken from their system. Empty: when the workbook was saved.",
    "time_unit": "The unit in which times are shown.",
    "landmarks": "The times at which survival is given, in that unit, separated by commas.",
    "group": "The column whose groups are compared.",
    "group_names": 'What the groups are called in the report, separated by commas: "regimen A: A, regimen B: B".',
    "strata": "Columns within whose levels the groups are compared as well, separated by commas.",
    "ctcae_version": "The CTCAE version by which toxicities were graded.",
    "overdue_days": "After how many days without contact a patient counts as overdue.",
    "origin": "The date from which all times count, such as diagnosis_date. Empty: treatment_start.",
    "response_until": "A response counts until relapse, next_line or stop of the treatment.",
    "disease_control_weeks": "How many weeks stable disease must last to count as disease control; 0: as recorded.",
    "response_by_weeks": "The share with a response by the end of these weeks is given.",
    "size_thresholds": "Changes of tumour size that are response and progression, in percent, such as -30, 20.",
    "confirmation_days": "After how many days another assessment confirms a response; 0: that is not asked for.",
    "confidence_level": "The level of all intervals: 0.9, 0.95 or 0.99.",
    "survival_interval": "Intervals of survival: by size, log-log, log or beta product.",
    "pfs_censor": "Where assessments are given, who has no relapse counts until the last_assessment or last_contact.",
    "notice": "A remark on the first page, such as: interim data, not for publication.",
    "profile": "Who reads the report.",
    "language": "The language of the report.",
}
