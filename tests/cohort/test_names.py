"""What a header may be: a name, a listed spelling, or something like it; the last is only ever proposed."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.proposal.headers import named
from reportgen.cohort.mapping.proposal.propose import propose
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.mapping.word_lists import FOLDER, lists
from reportgen.cohort.raw import RawWorkbook, from_grid
from reportgen.settings.model import Settings

TAKEN = {"patient_id", "sex", "birth_date", "age_at_start", "diagnosis_date", "treatment_start", "treatment_stop",
         "best_response", "relapse_date", "vital_status", "death_date", "last_contact", "term", "grade", "stop_reason",
         "cause_of_death", "relapse_site", "response_date"}  # fmt: skip


def best(header):
    found = takes_of(header)
    return (found[0].column, found[0].how) if found else None


@pytest.mark.parametrize(
    ("header", "column"),
    [("Date of Death (dd/mm/yyyy)", "death_date"), ("DOB [date]", "birth_date"), ("Date de décès", "death_date"),
     ("Todesdatum", "death_date"), ("Fecha de Nacimiento", "birth_date"), ("Stato vitale", "vital_status"),
     ("LSTALVDT", "last_contact"), ("DateOfDeath", "death_date"),
     ("Zuletzt gesehen am", "last_contact"), ("AEDECOD", "term"), ("AETOXGR", "grade")],
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


ROWS = 12
DAYS = [date(2016, 1, 5) + timedelta(days=37 * k) for k in range(ROWS)]
HELD = {
    "patient_id": [f"P{k:03}" for k in range(ROWS)], "sex": ["M", "F"] * 6, "age_at_start": list(range(40, 40 + ROWS)),
    "best_response": ["CR", "PR", "SD", "PD"] * 3, "vital_status": ["alive", "dead"] * 6,
    "term": ["nausea", "rash", "fatigue", "fever"] * 3, "grade": [1, 2, 3, 4] * 3,
    "stop_reason": ["progression", "toxicity", "death", "completed"] * 3,
    "cause_of_death": ["tumour", None, "infection", None] * 3, "relapse_site": ["lung", None, "liver", "bone"] * 3,
}  # fmt: skip
AMOUNT = re.compile(
    r"ecog|dos[aei]|weight|gewicht|peso|age\b|âge|alter|month|mois|mesi|meses|monat|number|no\.|count|percent|coverage|"
    r"time|years|nombre|número|numero|délai|anzahl|surviv|cycles|weeks",
    re.IGNORECASE,
)
MOMENT = re.compile(r"date|datum|fecha|\bdata\b|\bdt\b|next|onset|beginn|start|début|inicio|inizio|pr[oó]xim|prochain",
                    re.IGNORECASE)  # fmt: skip
FLAG = re.compile(r"\?|y/n|event|any|flag|status", re.IGNORECASE)


def cells_of(header: str, column: str) -> list:
    """What a column of this name holds: of ours its own kind of values, of any other what its name says."""
    if column:
        return HELD.get(column, DAYS)
    if AMOUNT.search(header):
        return [10 + 3 * k % 50 for k in range(ROWS)]
    if MOMENT.search(header):
        return DAYS
    return ["yes", "no", "unknown"] * 4 if FLAG.search(header) else ["a", "b", "c"] * 4


def proposed_for(header: str, column: str) -> set[str]:
    """What `map` takes a column for that stands alone beside the ids of the patients; nothing where its name says
    nothing of ours, for then its cells alone would have to.
    """
    if not column and not named("patients", header):
        return set()
    held, ids = cells_of(header, column), HELD["patient_id"]
    beside = [] if column == "patient_id" else [ids]
    table = "toxicities" if column in ("term", "grade") else "patients"
    first = ["patient_id", *ids] if beside else ["ecog", *(k % 3 for k in range(ROWS))]
    grid = [list(row) for row in zip(first, [header, *held], strict=True)]
    sheets = [from_grid(table, grid)]
    if table != "patients":
        sheets.insert(0, from_grid("patients", [["patient_id", "sex"], *([one, "F"] for one in ids)]))
    found = propose(RawWorkbook("any.csv", "", tuple(sheets)), Settings()).sheets[-1]
    takes = next(c.takes for c in found.columns if c.header == header)
    return {part.partition(".")[2] for part in takes.split("+")} & TAKEN


def test_names_in_use_are_known_or_proposed_and_hardly_ever_wrong():
    """Headers of public data dictionaries and of wards in five languages; those without a column must get none."""
    known = right = wrong = 0
    for row in IN_USE:
        wanted = {one for one in row["column"].split("|") if one}
        if row["column"].endswith(("_days", "_months")):
            got = {takes_of(row["header"])[0].column}
        else:
            got = proposed_for(row["header"], row["column"].partition("|")[0])
        known += bool(wanted)
        right += bool(wanted & got)
        wrong += bool(got - wanted) and not wanted & got
    assert len(IN_USE) > 2000 and known > 1400
    assert right >= 0.97 * known
    assert wrong <= 0.01 * len(IN_USE)


def test_what_is_taken_silently_is_never_wrong():
    for row in IN_USE:
        taken = {c.column for c in takes_of(row["header"]) if c.how != "similar"} & TAKEN
        assert taken <= set(row["column"].split("|")), row


def test_the_lists_name_columns_that_exist_and_no_spelling_means_two_of_them_for_sure():
    assert {file.stem for file in FOLDER.glob("*.toml")} >= {"en", "de", "fr", "es", "it"}
    for known in (lists().safe, lists().doubtful):
        for table, columns in known.items():
            assert table in TABLES and set(columns) <= set(columns_of(table))
    for columns in lists().safe.values():
        every = [spelling for spellings in columns.values() for spelling in spellings]
        assert len(every) == len(set(every)), sorted(s for s in every if every.count(s) > 1)


def taken_for(*columns: list) -> dict[str, str]:
    """Header → what `map` takes it for, of a table of the patients given by its columns."""
    grid = [list(row) for row in zip(*columns, strict=True)]
    found = propose(RawWorkbook("any.csv", "", (from_grid("patients", grid),)), Settings())
    return {column.header: column.takes for column in found.sheets[0].columns}


def test_what_is_called_an_id_tells_the_patients_apart_where_nothing_else_does():
    codes, ages = [f"CG{k:03}" for k in range(ROWS)], [40 + k for k in range(ROWS)]
    assert taken_for(["CGGA_ID", *codes], ["Age", *ages])["CGGA_ID"] == "patients.patient_id"
    both = taken_for(["CGGA_ID", *codes], ["Patient ID", *HELD["patient_id"]])
    assert both == {"CGGA_ID": "patients.identifier", "Patient ID": "patients.patient_id"}
    twice = taken_for(["CGGA_ID", *(codes[:6] * 2)], ["Age", *ages])
    assert twice["CGGA_ID"] != "patients.patient_id"


@pytest.mark.parametrize(
    "header", ["Sex (M=1, F=2)", "Sex M=1 F=2", "Gender (1, male; 2, female)", "Sex (1=m, 2=f)"]
)
def test_codes_are_known_whichever_way_a_header_explains_them(header):
    assert taken_for(["patient_id", *HELD["patient_id"]], [header, *([1, 2] * 6)])[header] == "patients.sex"


def test_years_as_numbers_are_years_of_birth():
    years = [1940 + k for k in range(ROWS)]
    assert (
        taken_for(["patient_id", *HELD["patient_id"]], ["BirthYear", *years])["BirthYear"]
        == "patients.birth_date"
    )
