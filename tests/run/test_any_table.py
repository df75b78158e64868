"""Tables as somebody else keeps them: what `map` makes of codes, words and encodings, and what it leaves open."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from tests.workbooks import write_workbook

N = 12
START = [date(2015, 1, 14) + timedelta(days=61 * k) for k in range(N)]
LAST = [day + timedelta(days=700 + k) for k, day in enumerate(START)]
DEAD = [k % 4 == 1 for k in range(N)]


def as_proposed(question):
    return next((c for c in question.choices if c.key == question.proposal), question.choices[0])


def mapped(source: Path) -> mapping.Mapped:
    """The proposals, taken as they are; the settings are written."""
    found = mapping.map_source(source)
    mapping.write(found)
    return found


def takes(found: mapping.Mapped) -> dict[str, str]:
    return {c["header"]: c["takes"] for s in mapping.as_json(found)["sheets"] for c in s["columns"]}


def workbook(tmp_path: Path, **columns) -> Path:
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    return write_workbook(tmp_path / "ward.xlsx", Tabelle1=rows)


def csv_of(path: Path, header: str, rows: list[tuple], encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([header, *(",".join(map(str, row)) for row in rows)]).encode(encoding))
    return path


EXPLAINED = ("Status (0=alive,1=dead)", "Status [0: alive; 1: dead of disease]", "Status 0=alive 1=dead")


@pytest.mark.parametrize("header", EXPLAINED)
def test_codes_that_a_header_explains_need_no_question(tmp_path, header):
    source = workbook(
        tmp_path,
        **{"Pat ID": range(1, N + 1), "Sex (1=M, 2=F)": [1, 2] * 6, "Therapy start": START, "Last contact": LAST,
           header: list(map(int, DEAD))},
    )  # fmt: skip
    assert mapped(source).open == ()
    patients = load_cohort(source).patients.frame
    assert patients["vital_status"].tolist() == [["alive", "dead"][dead] for dead in DEAD]
    assert patients["sex"].tolist() == ["male", "female"] * 6


def test_codes_of_a_status_that_nothing_explains_are_asked_and_never_taken(tmp_path):
    source = workbook(
        tmp_path,
        **{"Pat ID": range(1, N + 1), "Sex": [1, 2] * 6, "Therapy start": START, "Last contact": LAST,
           "Status": list(map(int, DEAD))},
    )  # fmt: skip
    left = mapped(source).open
    assert [(q.cell, q.choices[0].label) for q in left] == [
        ("B1", '"1" is male, "2" is female'),
        ("E1", '"1" is dead, "0" is alive'),
    ]
    mapping.write(mapping.map_source(source, ask=as_proposed))
    patients = load_cohort(source).patients.frame
    assert patients["death_date"].notna().tolist() == DEAD
    assert patients["sex"].tolist() == ["male", "female"] * 6


def test_two_codes_beside_a_date_of_death_are_no_question(tmp_path):
    died = [day if dead else None for day, dead in zip(LAST, DEAD, strict=True)]
    source = workbook(
        tmp_path,
        **{"Pat ID": range(1, N + 1), "Therapy start": START, "Last contact": LAST, "Death date": died,
           "Status": list(map(int, DEAD))},
    )  # fmt: skip
    assert mapped(source).open == ()
    assert load_cohort(source).patients.frame["death_date"].notna().tolist() == DEAD


def test_times_with_their_origin_and_events_with_two_words_are_pairs(tmp_path):
    rows = [(k, 12.5 + k, int(DEAD[k]), 6.5 + k, int(DEAD[k] or k % 3 == 0)) for k in range(N)]
    header = "Study ID,OS from start of treatment (mo),Death (0/1),PFS (mo),Progression or death (0/1)"
    source = csv_of(tmp_path / "c.csv", header, rows)
    found = mapped(source)
    assert found.open == () and takes(found)["Death (0/1)"] == "endpoint.os.event"
    endpoints = load_cohort(source).endpoints
    assert set(endpoints) == {"os", "pfs"} and endpoints["os"].status.sum() == sum(DEAD)


def test_abbreviations_of_a_clinic_say_who_died(tmp_path):
    words = ["NED", "DOD", "AWD", "DOC"] * 3
    source = csv_of(tmp_path / "c.csv", "ID,Time_months,Status", [(k, 10.5 + k, words[k]) for k in range(N)])
    found = mapped(source)
    assert found.open == () and takes(found)["Status"] == "endpoint.os.event"
    assert load_cohort(source).endpoints["os"].status.tolist() == [
        int(word in ("DOD", "DOC")) for word in words
    ]


def test_a_total_is_no_patient_where_row_numbers_are_the_ids(tmp_path):
    rows = [["Sesso", "Inizio terapia", "Ultimo contatto", "Data decesso"]]
    rows += [["M", START[k], LAST[k], LAST[k] if DEAD[k] else None] for k in range(N)]
    source = write_workbook(tmp_path / "ward.xlsx", Dati=[*rows, ["Totale", N], ["Total", 12.5, 3]])
    mapped(source)
    assert len(load_cohort(source).patients) == N


@pytest.mark.parametrize("encoding", ["mac_roman", "cp1252", "utf-16"])
def test_italian_words_are_read_in_each_encoding(tmp_path, encoding):
    rows = [
        (f"P{k}", START[k], LAST[k], ["vivo", "deceduto"][DEAD[k]], ["MS", "MP"][k % 2], "sì")
        for k in range(N)
    ]
    source = csv_of(
        tmp_path / "c.csv", "Codice paziente,Inizio terapia,Ultimo contatto,Stato vitale,Miglior risposta,Tossicità",
        rows, encoding)  # fmt: skip
    found = mapped(source)
    assert found.open == () and takes(found)["Tossicità"] == "patients.later"
    patients = load_cohort(source).patients.frame
    assert patients["best_response"].tolist() == ["SD", "PD"] * 6
