"""What a header may be: a name, a listed spelling, or something like it; the last is only ever proposed."""

from __future__ import annotations

import pytest

from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.mapping.word_lists import FOLDER, lists


def best(header):
    found = takes_of(header)
    return (found[0].column, found[0].how) if found else None


@pytest.mark.parametrize(
    ("header", "column"),
    [("Date of Death (dd/mm/yyyy)", "death_date"), ("DOB [date]", "birth_date"), ("Date de décès", "death_date"),
     ("Todesdatum", "death_date"), ("Fecha de Nacimiento", "birth_date"), ("Stato vitale", "vital_status"),
     ("LSTALVDT", "last_contact"), ("DateOfDeath", "death_date"), ("AEDECOD", "term"), ("AETOXGR", "grade")],
)  # fmt: skip
def test_a_listed_spelling_is_a_synonym_whatever_its_units_accents_and_formats(header, column):
    assert best(header) == (column, "synonym")


@pytest.mark.parametrize(
    ("header", "column"),
    [("DOD", "diagnosis_date"), ("Status", "vital_status"), ("Enrolled", "treatment_start"), ("LTFU", "last_contact"),
     ("days_to_death", "death_date_days"), ("lastcontactdate", "last_contact"), ("Todes-Datum lt. Register", None),
     ("BOR (RECIST 1.1)", "best_response")],
)  # fmt: skip
def test_what_has_two_meanings_or_is_only_alike_is_proposed(header, column):
    assert best(header) == ((column, "similar") if column else None)


@pytest.mark.parametrize(
    "header", ["Haemoglobin (g/dl)", "ECOG", "Relapse date 2", "OS (months)", "Date of referral"]
)
def test_nothing_is_said_of_other_columns(header):
    assert takes_of(header) == ()


def test_a_word_with_two_meanings_names_both():
    assert {candidate.column for candidate in takes_of("DOD")} == {"diagnosis_date", "death_date"}


def test_the_lists_name_columns_that_exist_and_no_spelling_means_two_of_them_for_sure():
    assert {file.stem for file in FOLDER.glob("*.toml")} >= {"en", "de", "fr", "es", "it"}
    for known in (lists().safe, lists().doubtful):
        for table, columns in known.items():
            assert table in TABLES and set(columns) <= set(columns_of(table))
    for columns in lists().safe.values():
        every = [spelling for spellings in columns.values() for spelling in spellings]
        assert len(every) == len(set(every)), sorted(s for s in every if every.count(s) > 1)
