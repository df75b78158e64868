"""Tables as wards keep them, in several languages: a few keys, and every date, word and status is right."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from tests.workbooks import write_workbook

N = 12
START = [date(2015, 1, 14) + timedelta(days=61 * k) for k in range(N)]
STOP = [day + timedelta(days=200 + k) if k % 3 else None for k, day in enumerate(START)]
PROGRESS = [day + timedelta(days=180 + k) if k % 2 else None for k, day in enumerate(START)]
LAST = [day + timedelta(days=700 + k) for k, day in enumerate(START)]
DEAD = [k % 4 == 1 for k in range(N)]
BEST = ["CR", "PR", "SD", "PD"] * 3


def written(days: list[date | None], form: str, none: str) -> list[str]:
    return [day.strftime(form) if day else none for day in days]


def ward_de() -> list[list]:
    head = ["lfd. Nr.", "Nachname", "m/w", "Beginn Imatinib", "Ende Imatinib", "Grund Absetzen", "Bestes Ansprechen",
            "Progress am", "Verstorben (j/n)", "letzter Kontakt / Tod", "Bemerkungen"]  # fmt: skip
    columns = [range(1, N + 1), [f"N{k}" for k in range(N)], ["m", "w"] * 6, written(START, "%d.%m.%y", ""),
               written(STOP, "%d.%m.%y", "läuft"), [day and "Progress" for day in STOP], BEST,
               written(PROGRESS, "%d.%m.%y", "nein"), ["j" if dead else "n" for dead in DEAD],
               written(LAST, "%d.%m.%y", ""), ["", "HA informiert"] * 6]  # fmt: skip
    title = [["GIST-Ambulanz"], ["Stand: 12.10.2025"], []]
    return [*title, head, *map(list, zip(*columns, strict=True)), [], ["Summe", N], ["UAW = Nebenwirkung"]]


def ward_fr() -> list[list]:
    groups = ["Identité", None, "Traitement", None, None, "Évolution", None, None, None, None]
    head = ["N° dossier", "Sexe (H/F)", "Début pembrolizumab", "Arrêt pembrolizumab", "Motif d'arrêt",
            "Meilleure réponse", "Date de progression", "Statut vital", "Date DN", "Cause du décès"]  # fmt: skip
    best = dict(zip(BEST[:4], ("RC", "RP", "Stable", "Progression"), strict=True))
    columns = [[f"FR{k:02}" for k in range(N)], ["H", "F"] * 6, written(START, "%d/%m/%Y", ""),
               written(STOP, "%d/%m/%Y", "en cours"), [day and "progression" for day in STOP],
               [best[one] for one in BEST], written(PROGRESS, "%d/%m/%Y", "non"),
               ["décédé" if dead else "vivant" for dead in DEAD], written(LAST, "%d/%m/%Y", ""),
               ["cancer" if dead else None for dead in DEAD]]  # fmt: skip
    return [groups, head, *map(list, zip(*columns, strict=True))]


def ward_us() -> list[list]:
    head = [
        "Pt",
        "Sex",
        "Date of SCT",
        "Off drug",
        "Why stopped",
        "Best resp",
        "Relapse dt",
        "Alive/Dead",
        "Last f/u",
        "COD",
    ]
    columns = [range(1, N + 1), ["M", "F"] * 6, START, written(STOP, "%m/%d/%Y", "ongoing"),
               [day and "PD" for day in STOP], BEST, written(PROGRESS, "%m/%d/%Y", "n/a"),
               ["D" if dead else "A" for dead in DEAD], written(LAST, "%m/%d/%Y", ""),
               ["GVHD" if dead else None for dead in DEAD]]  # fmt: skip
    return [head, *map(list, zip(*columns, strict=True)), ["Total", N]]


def as_proposed(question):
    return next(choice for choice in question.choices if choice.key == question.proposal)


def assert_right(source: Path) -> None:
    patients = load_cohort(source).patients.frame
    assert len(patients) == N

    def days(column: str) -> list[date | None]:
        return [day.date() if day == day else None for day in patients[column]]

    assert days("treatment_start") == START
    assert days("treatment_stop") == STOP
    assert days("relapse_date") == PROGRESS
    assert days("last_contact") == LAST
    assert days("death_date") == [day if dead else None for day, dead in zip(LAST, DEAD, strict=True)]
    assert patients["best_response"].tolist() == BEST
    assert patients["sex"].tolist() == ["male", "female"] * 6


@pytest.mark.parametrize("ward", [ward_de, ward_fr, ward_us])
def test_a_ward_needs_a_few_keys_for_a_right_report(tmp_path, ward):
    source = write_workbook(tmp_path / "ward.xlsx", Tabelle1=ward())
    asked = []
    mapped = mapping.map_source(source, ask=lambda question: asked.append(question) or as_proposed(question))
    mapping.write(mapped)
    assert mapped.open == () and len(asked) <= 7
    assert_right(source)
    takes = {column["header"]: column["takes"] for column in mapping.as_json(mapped)["sheets"][0]["columns"]}
    known_later = {"Cause du décès": "patients.cause_of_death", "COD": "patients.cause_of_death",
                   "Bemerkungen": "patients.text", "Nachname": "patients.identifier"}  # fmt: skip
    assert all(takes[header] == known_later[header] for header in set(takes) & set(known_later))


def test_which_answer_is_death_is_never_taken_unasked(tmp_path):
    source = write_workbook(tmp_path / "ward.xlsx", Tabelle1=ward_de())
    (left,) = mapping.map_source(source).open
    assert [choice.label for choice in left.choices] == [
        '"j" is dead, "n" is alive',
        '"j" is alive, "n" is dead',
    ]


def test_grades_as_roman_numerals_are_proposed(tmp_path):
    tox = [
        ["lfd. Nr.", "Nebenwirkung", "Grad"],
        [1, "Übelkeit", "II"],
        [2, "Ödeme", 1],
        [3, "Exanthem", "G3"],
    ]
    source = write_workbook(tmp_path / "ward.xlsx", Liste=ward_de(), UAW=tox)
    mapping.write(mapping.map_source(source, ask=as_proposed))
    assert load_cohort(source).toxicities.frame["grade"].tolist() == [2.0, 1.0, 3.0]


def test_an_encoding_that_bytes_leave_open_is_asked_with_words_of_the_file(tmp_path):
    rows = "\n".join(
        f"P{n};2019-0{n}-02;2021-0{n}-03;alive;{'più' if n % 2 else 'meno'}" for n in range(1, 7)
    )
    source = tmp_path / "it.csv"
    source.write_bytes(f"Codice paz.;Inizio terapia;Ultimo FU;Stato;Attività\n{rows}".encode("cp1252"))
    asked = []
    mapped = mapping.map_source(source, ask=lambda question: asked.append(question) or as_proposed(question))
    mapping.write(mapped)
    assert asked[0].choices[0].label == "Attività, più (Windows-1252)" and len(asked[0].choices) > 1
    assert len(load_cohort(source).patients) == 6
    assert 'encoding = "cp1252"' in mapping.map_source(source).settings
