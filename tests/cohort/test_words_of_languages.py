"""Words of wards in five languages: what is missing, what goes on, and what means one of our words."""

from __future__ import annotations

import pytest

from reportgen.cohort.clean import cells, dates
from reportgen.cohort.clean.column_reading import reading
from reportgen.cohort.mapping.schema import columns_of
from reportgen.settings.model import Settings

NOTHING = (
    "[Not Available]", "[Not Applicable]", "[Unknown]", "[Discrepancy]", "[Not Evaluated]", "'--", "NA", "n/a",
    "N.A.", "<NA>", "UNK", "unknown", "Not Reported", "not recorded", "not known", "not done", "not tested",
    "not performed", "not collected", "not documented", "not stated", "unspecified", "missing", "no data",
    "no information", "(blank)", "pending", "tbd", "NULL", "nk", "n/k", "ND", "n.d.", ".", "-", "--", "—", "?",
    "??", "unbekannt", "nicht bekannt", "keine Angabe", "k.A.", "k. A.", "n.b.", "nicht erhoben", "nicht bestimmt",
    "fehlt", "inconnu", "non connu", "non renseigné", "non fait", "non disponible", "manquant", "desconocido",
    "no consta", "no disponible", "sin datos", "no realizado", "sconosciuto", "non noto", "non eseguito",
    "non pervenuto",
)  # fmt: skip


def read(name: str, column: list) -> list:
    known = columns_of("patients")[name]
    how = reading(known.kind, name, Settings(), known.words).of(column, True)
    return [how(cell)[0] for cell in column]


@pytest.mark.parametrize("word", NOTHING)
def test_what_says_that_nothing_is_known_is_missing_in_every_column(word):
    for one in (cells.category, cells.number, dates.day):
        assert one(word) == (None, "MISSING_WORD")


@pytest.mark.parametrize("word", ["no", "nein", "keine", "aucune", "ninguna", "nessuna", "none"])
def test_what_says_that_there_was_none_is_missing_among_dates_and_a_level_elsewhere(word):
    assert dates.day(word) == (None, "MISSING_WORD")
    assert cells.category(word) == (word, None)


@pytest.mark.parametrize("word", ["NC", "NR", "indeterminate"])
def test_a_level_is_no_missing_word_of_a_category(word):
    assert cells.category(word) == (word, None) and cells.number(word) == (None, "MISSING_WORD")


@pytest.mark.parametrize(
    ("column", "theirs", "ours"),
    [("best_response", ["RC", "RP", "EE", "PE"], ["CR", "PR", "SD", "PD"]),
     ("best_response", ["réponse complète", "Teilremission", "malattia stabile"], ["CR", "PR", "SD"]),
     ("vital_status", ["vivant", "décédée", "Exitus", "vivo", "muerta", "deceduto"],
      ["alive", "dead", "dead", "alive", "dead", "dead"]),
     ("sex", ["Hombre", "Mujer", "femme", "uomo"], ["male", "female", "female", "male"]),
     ("sex", ["H", "F"], ["male", "female"]),
     ("stop_reason", ["läuft", "en cours", "Toxizität", "rechute", "decisión del paciente"],
      ["ongoing", "ongoing", "toxicity", "progression", "patient choice"])],
)  # fmt: skip
def test_values_of_other_languages_are_read(column, theirs, ours):
    assert read(column, theirs) == ours


def test_m_beside_h_is_not_read_as_a_man():
    assert read("sex", ["H", "M"]) == ["male", None]
    assert read("sex", ["F", "M"]) == ["female", "male"]


@pytest.mark.parametrize("word", ["läuft", "en cours", "ongoing", "in corso", "en curso"])
def test_what_goes_on_has_no_end_yet(word):
    assert reading("date", "treatment_stop", Settings()).of([word], True)(word) == (None, "STILL_GOING_ON")
