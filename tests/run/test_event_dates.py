"""A date that ends at an event or at the last visit: what is asked, and that its answer makes the chapters."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from reportgen.cohort.load import load_cohort
from reportgen.run import mapping
from tests.workbooks import write_workbook

N = 20
START = [date(2018, 1, 10) + timedelta(days=40 * k) for k in range(N)]
LAST = [day + timedelta(days=100 + 17 * k) for k, day in enumerate(START)]


def answered(source: Path) -> list:
    """The questions asked, each answered as it is proposed, or by its first choice."""
    asked = []

    def ask(question):
        asked.append(question)
        key = question.proposal or question.choices[0].key
        return next(choice for choice in question.choices if choice.key == key)

    mapping.write(mapping.map_source(source, ask=ask))
    return asked


@pytest.mark.parametrize("head, words", [
    (("Pat", "Therapiebeginn", "Datum Ereignis", "Ereignis"), ("lebt", "Rezidiv", "Tod", "verloren")),
    (("ID", "Start of treatment", "Event date", "Event"), ("none", "progression", "death", "LTFU")),
    (("N° patient", "Début traitement", "Date évènement", "Évènement"), ("aucun", "rechute", "décès", "perdu de vue")),
    (("Nº paciente", "Inicio tratamiento", "Fecha evento", "Evento"), ("vivo", "recaída", "muerte", "perdido")),
    (("Paziente", "Inizio trattamento", "Data evento", "Evento"), ("vivo", "recidiva", "decesso", "perso")),
])  # fmt: skip
def test_a_date_of_an_event_is_what_the_word_beside_it_says(tmp_path, head, words):
    rows = [[f"p{k}", START[k], LAST[k], words[k % 4]] for k in range(N)]
    source = write_workbook(tmp_path / "ward.xlsx", Data=[head, *rows])
    (left,) = mapping.map_source(source).open
    assert [choice.key for choice in left.choices] == ["y", "n"] and left.cell == "C1"
    answered(source)
    cohort = load_cohort(source)
    frame = cohort.patients.frame
    assert frame["vital_status"].tolist() == [["alive", "alive", "dead", "alive"][k % 4] for k in range(N)]
    told = [day.date() if day == day else None for day in frame["relapse_date"]]
    assert told == [LAST[k] if k % 4 == 1 else None for k in range(N)]
    assert (cohort.endpoints["os"].status == 1).sum() == 5
    assert [(cohort.endpoints["relapse"].status == cause).sum() for cause in (1, 2)] == [5, 5]


def test_codes_of_an_event_are_not_read(tmp_path):
    rows = [[f"p{k}", START[k], LAST[k], k % 2] for k in range(N)]
    source = write_workbook(
        tmp_path / "ward.xlsx", Data=[("Pat", "Therapiebeginn", "Datum Ereignis", "Ereignis"), *rows]
    )
    (left,) = mapping.map_source(source).open
    assert left.text == "No column was recognised as the last contact. Which is it?"


def test_who_relapsed_is_asked_by_map_as_the_build_asks_it(tmp_path):
    """All have a date of relapse, and of eight of twelve it is the last visit; what says who relapsed is chosen."""
    rows = [
        {"patient_id": f"P{k}", "treatment_start": START[k],
         "relapse_date": START[k] + timedelta(days=60) if k < 4 else LAST[k],
         "vital_status": "alive", "last_contact": LAST[k], "outcome": "back" if k < 4 else "well"}
        for k in range(12)
    ]  # fmt: skip
    source = write_workbook(tmp_path / "ward.xlsx", patients=rows)
    (left,) = mapping.map_source(source).open
    assert left.text.endswith("that of 8 of the living is the last contact. Which column says who relapsed?")
    assert [choice.label for choice in left.choices][0] == "outcome (F1)"
