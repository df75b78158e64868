"""What a header may be: a name, a listed spelling, or something like it; the last is only ever proposed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.mapping.word_lists import FOLDER, lists

TAKEN = {"patient_id", "sex", "birth_date", "age_at_start", "diagnosis_date", "treatment_start", "treatment_stop",
         "best_response", "relapse_date", "vital_status", "death_date", "last_contact", "term", "grade"}  # fmt: skip


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
    [("DOD", "death_date"), ("Status", "vital_status"), ("Enrolled", "treatment_start"), ("LTFU", "last_contact"),
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
    assert {candidate.column for candidate in takes_of("DDN")} == {"birth_date", "last_contact"}
    assert all(candidate.how == "similar" for candidate in takes_of("DDN"))


IN_USE = tuple(
    csv.DictReader(Path(__file__).with_name("names_in_use.csv").read_text(encoding="utf-8").splitlines())
)


def test_names_in_use_are_known_or_proposed_and_hardly_ever_wrong():
    """Headers of public data dictionaries and of clinics; those without a column belong to none that is examined."""
    rows = IN_USE
    asked = {row["column"].removesuffix("_days") for row in rows} - {""}
    found = [
        (
            [c.column for c in takes_of(row["header"]) if c.column.removesuffix("_days") in asked],
            row["column"],
        )
        for row in rows
    ]
    named = [(columns, column) for columns, column in found if column]
    assert len(named) > 300 and sum(column in columns for columns, column in named) >= 0.95 * len(named)
    wrong = [pair for pair in found if pair[0] and pair[0][0] != pair[1]]
    assert len(wrong) <= 0.01 * len(rows)


def test_what_is_taken_silently_is_never_wrong():
    for row in IN_USE:
        taken = {c.column for c in takes_of(row["header"]) if c.how != "similar"} & TAKEN
        assert taken <= {row["column"]}, row


def test_the_lists_name_columns_that_exist_and_no_spelling_means_two_of_them_for_sure():
    assert {file.stem for file in FOLDER.glob("*.toml")} >= {"en", "de", "fr", "es", "it"}
    for known in (lists().safe, lists().doubtful):
        for table, columns in known.items():
            assert table in TABLES and set(columns) <= set(columns_of(table))
    for columns in lists().safe.values():
        every = [spelling for spellings in columns.values() for spelling in spellings]
        assert len(every) == len(set(every)), sorted(s for s in every if every.count(s) > 1)
