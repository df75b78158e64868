"""Toxicities in columns, durations in place of dates, and the names that OnCore uses."""

from __future__ import annotations

from datetime import date

import pytest

from reportgen.base.errors import DataRefused
from reportgen.cohort.load import check_cohort, load_cohort, read_source, settings_for
from tests.tables import PATIENTS, write_csv
from tests.workbooks import ErrorValue, minimal_patients, write_workbook

WIDE = {"tox_nausea": [2, 0, 1, None], "tox_neutrophil_count_decreased": [None, 0, 3, None]}
DICTIONARY = [
    {"column": "tox_nausea", "label": "Nausea", "role": "toxicity"},
    {"column": "tox_neutrophil_count_decreased", "label": None, "role": "toxicity"},
]


def issues_of(source):
    book = read_source(source)
    return check_cohort(book, settings_for(book, source))[1]


def rows(table):
    return table.frame[["patient_id", "term", "grade"]].values.tolist()


def test_columns_with_the_role_toxicity_become_rows(tmp_path):
    path = write_workbook(tmp_path / "c.xlsx", patients=minimal_patients(4, **WIDE), dictionary=DICTIONARY)
    cohort = load_cohort(path)
    assert rows(cohort.toxicities) == [
        ["P01", "Nausea", 2], ["P03", "Nausea", 1], ["P03", "tox neutrophil count decreased", 3],
    ]  # fmt: skip
    assert cohort.patients.frame["toxicity_assessed"].tolist() == ["yes", "yes", "yes", "no"]
    assert not [feature.name for feature in cohort.features if "tox" in feature.name]
    assert cohort.patients.frame["toxicity_unknown"].tolist() == [
        "tox neutrophil count decreased", None, None, "Nausea | tox neutrophil count decreased",
    ]  # fmt: skip
    assert [issue.problem for issue in cohort.issues] == [
        "2 columns hold toxicities, one term each",
        "2 cells count as no toxicity: 0 (2)",
        '3 cells count as not known, and not among the patients of that toxicity: "" (3)',
    ]


def test_toxicities_in_columns_of_a_sheet_that_is_joined(tmp_path):
    tox = [
        {"patient_id": f"P{n:02d}", "Neutropenie": grade}
        for n, grade in enumerate(("0", "Grad 2", "-", 3), 1)
    ]
    path = write_workbook(tmp_path / "c.xlsx", patients=minimal_patients(4), Nebenwirkungen=tox)
    (tmp_path / "report.toml").write_text(
        '[source]\njoin = ["Nebenwirkungen"]\ntoxicity_columns = ["Neutropenie"]\n'
    )
    cohort = load_cohort(path)
    assert rows(cohort.toxicities) == [["P02", "Neutropenie", 2], ["P04", "Neutropenie", 3]]
    assert cohort.patients.frame["toxicity_unknown"].tolist() == [None, None, "Neutropenie", None]


def test_a_code_of_the_dictionary_that_says_unknown_is_no_level(tmp_path):
    lines = [{"column": "stage", "type": "category", "levels": "1 = I | 2 = II | 9 = unknown"}]
    path = write_workbook(
        tmp_path / "c.xlsx", patients=minimal_patients(4, stage=[1, 2, 9, 2]), dictionary=lines
    )
    cohort = load_cohort(path)
    assert cohort.patients.frame["stage"].tolist() == ["I", "II", None, "II"]
    assert [f.levels for f in cohort.features if f.name == "stage"] == [("I", "II")]


def test_what_means_none_and_what_not_known_is_a_setting(tmp_path):
    given = minimal_patients(4, tox_rash=["-", None, 2, "nicht erfragt"])
    path = write_workbook(tmp_path / "c.xlsx", patients=given)
    (tmp_path / "report.toml").write_text(
        '[source]\ntoxicity_prefix = "tox_"\ntoxicity_none = ["", "-"]\ntoxicity_unknown = ["nicht erfragt"]\n'
    )
    cohort = load_cohort(path)
    assert rows(cohort.toxicities) == [["P03", "rash", 2]]
    assert cohort.patients.frame["toxicity_assessed"].tolist() == ["yes", "yes", "yes", "no"]


def test_columns_in_which_none_is_never_said_are_doubtful(tmp_path):
    given = minimal_patients(3, tox_nausea=[2, None, None])
    path = write_workbook(tmp_path / "c.xlsx", patients=given, dictionary=DICTIONARY[:1])
    (doubt,) = [issue for issue in issues_of(path) if issue.severity == "warning"]
    assert doubt.code == "TOXICITY_NONE_UNSAID" and 'toxicity_none = [""]' in doubt.hint


def test_grades_are_read_with_their_words(tmp_path):
    given = minimal_patients(6, tox_nausea=["Grade 1", "G2", "3 - severe", "no", True, "Gr 0"])
    path = write_workbook(tmp_path / "c.xlsx", patients=given, dictionary=DICTIONARY[:1])
    assert [grade for _, _, grade in rows(load_cohort(path).toxicities)[:3]] == [1, 2, 3]
    assert len(load_cohort(path).toxicities) == 4


def test_no_and_yes_in_other_languages_are_none_and_one_without_a_grade(tmp_path):
    given = minimal_patients(5, tox_rash=["nein", "non", "sí", "aucune", 3])
    path = write_workbook(tmp_path / "c.xlsx", patients=given)
    (tmp_path / "report.toml").write_text('[source]\ntoxicity_prefix = "tox_"\n')
    cohort = load_cohort(path)
    assert [(who, grade == 3) for who, _, grade in rows(cohort.toxicities)] == [("P03", False), ("P05", True)]
    assert cohort.patients.frame["toxicity_assessed"].tolist() == ["yes"] * 5


def test_columns_with_the_prefix_of_the_settings_become_rows(tmp_path):
    path = write_csv(tmp_path / "patients.csv", minimal_patients(4, **WIDE))
    (tmp_path / "report.toml").write_text('[source]\ntoxicity_prefix = "tox_"\n')
    cohort = load_cohort(path)
    assert rows(cohort.toxicities)[1:] == [["P03", "nausea", 1], ["P03", "neutrophil count decreased", 3]]


def test_who_was_assessed_is_taken_from_its_own_column_where_there_is_one(tmp_path):
    given = minimal_patients(4, **WIDE, toxicity_assessed=["yes", "yes", "yes", "yes"])
    cohort = load_cohort(write_workbook(tmp_path / "c.xlsx", patients=given, dictionary=DICTIONARY))
    assert cohort.patients.frame["toxicity_assessed"].tolist() == ["yes"] * 4


def test_a_wrong_grade_or_an_error_is_said_where_it_stands(tmp_path):
    given = minimal_patients(3, tox_nausea=["severe", 9, ErrorValue("#N/A")])
    path = write_workbook(tmp_path / "c.xlsx", patients=given, dictionary=DICTIONARY[:1])
    found = {(issue.code, issue.sheet, issue.cell, issue.patient) for issue in issues_of(path)}
    assert found >= {
        ("BAD_NUMBER", "patients", "E2", "P01"),
        ("GRADE_INVALID", "patients", "E3", "P02"),
        ("ERROR_CELL", "patients", "E4", "P03"),
    }


def test_toxicities_in_columns_and_rows_at_once_are_an_error(tmp_path):
    tox = [{"patient_id": "P01", "term": "Fever"}]
    path = write_workbook(
        tmp_path / "c.xlsx", patients=minimal_patients(4, **WIDE), toxicities=tox, dictionary=DICTIONARY
    )
    with pytest.raises(DataRefused) as caught:
        load_cohort(path)
    assert "AMBIGUOUS_SHEET" in {issue.code for issue in caught.value.issues}


def test_given_durations_in_place_of_dates(tmp_path):
    given = [
        {"id": 1, "futime": 59, "fustat": 1, "age": 72.3},
        {"id": 2, "futime": 115, "fustat": 1, "age": 74.5},
        {"id": 3, "futime": 421, "fustat": 0, "age": 66.5},
    ]
    path = write_csv(tmp_path / "ovarian.csv", given)
    (tmp_path / "report.toml").write_text(
        '[[endpoint]]\nkey = "os"\nlabel = "Overall survival"\ntime = "futime"\nunit = "days"\nevent = "fustat"\n'
    )
    cohort = load_cohort(path)
    assert cohort.endpoints["os"].duration.tolist() == [59, 115, 421]
    assert cohort.endpoints["os"].status.tolist() == [1, 1, 0]


def test_elapsed_months_in_place_of_dates(tmp_path):
    given = [
        {"patient_id": "A", "last_contact_months": 12, "death_months": 12, "relapse_days": 91},
        {"patient_id": "B", "last_contact_months": 24, "death_months": None, "relapse_days": None},
    ]
    cohort = load_cohort(write_csv(tmp_path / "shared.csv", given))
    assert cohort.endpoints["os"].duration.tolist() == [365.25, 730.5] and cohort.cutoff is None
    assert cohort.endpoints["pfs"].duration.tolist() == [91, 730.5]


def test_the_columns_of_oncore(tmp_path):
    folder = tmp_path / "oncore"
    folder.mkdir()
    names = {
        "patient_id": "sequence_no",
        "treatment_start": "on_treatment_date",
        "vital_status": "last_known_survival_status",
        "relapse_date": "date_of_progression",
        "death_date": "expired_date",
        "last_contact": "last_followup_date",
    }
    patients = [
        {names.get(name, name): cell for name, cell in row.items()}
        | {
            "off_treatment_date": row["relapse_date"],
            "best_response": "PR",
            "best_response_date": "2019-08-20",
        }
        for row in PATIENTS
    ]
    events = [
        {"sequence_no": who, "cdus_ctcae_toxicity_type_code": term, "toxicity_category": "Blood", "grade": grade,
         "onset_date_of_ae": date(2019, 8, 25), "resolved_date": None, "attribution_possible": possible,
         "attribution_probable": probable, "attribution_definite": definite}
        for who, term, grade, possible, probable, definite in (
            ("P1", "Anemia", 2, "Drug A", "", ""),
            ("P1", "Neutropenia", 3, "Drug A", "Drug B", "No"),
            ("P3", "Fatigue", 1, "", "", ""),
        )
    ]  # fmt: skip
    write_csv(folder / "subjects.csv", patients)
    write_csv(folder / "adverse_events.csv", events)
    cohort = load_cohort(folder)
    how = {match.column: match.how for match in cohort.matches}
    assert {
        how[name] for name in (*names, "treatment_stop", "response_date", "term", "category", "onset_date")
    } == {"synonym"}
    assert cohort.toxicities.frame["attribution"].tolist() == ["possible", "probable", None]
    where = {match.column: match.cell for match in cohort.matches if match.table == "toxicities"}
    assert where["attribution"] == "I1"
