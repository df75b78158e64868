"""Patients whom a column of the sheet itself marks as excluded, and who would be counted without a word."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import MAX_SAID
from reportgen.cohort.checks.view import View
from reportgen.cohort.clean import cells
from reportgen.cohort.coded import factorized
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.matching import UNUSED
from reportgen.cohort.mapping.schema import MISSING_WORDS, YES_NO
from reportgen.cohort.mapping.word_lists import plain_words

EXCLUDED = frozenset(
    ("excluded", "exclude", "exclusion", "ausgeschlossen", "ausschluss", "ausschluß", "exclu", "exclue", "excluido",
     "excluida", "escluso", "esclusa", "esclusione", "screenfailure", "screenfail", "ausschlussgrund")
)  # fmt: skip
FAILED = frozenset(("screen", "failure"))
# "HBV ausgeschlossen" is a finding: beside the word only these may stand.
BESIDE = frozenset(
    ("patient", "pt", "from", "the", "study", "analysis", "reason", "for", "of", "date", "grund", "des", "aus", "der",
     "von", "studie", "auswertung", "analyse", "datum", "yes", "no", "y", "n", "ja", "nein", "j",
     "raison", "motif", "motivo", "de", "la", "l", "d", "etude", "screen", "failure", "criteria", "criterion", "why")
)  # fmt: skip
NOT = frozenset(map(word_key, ("no", "0", *YES_NO["no"]))) | {
    "none",
    "keine",
    "kein",
    "included",
    "eingeschlossen",
}


def marked_excluded(view: View) -> Iterator[Issue]:
    """MARKED_EXCLUDED: rows that a column called "excluded" marks; nothing where all are marked, or where the settings
    leave the column out."""
    if view.table != "patients":
        return
    for header in view.headers:
        words = {*plain_words(header.text)}
        called = (words & EXCLUDED or words >= FAILED) and words <= EXCLUDED | BESIDE
        if header.how not in UNUSED or not called or header.name in view.left_out:
            continue
        codes, distinct = factorized(view.sheet.frame[header.position])
        marks = [_marks(cell) for cell in distinct]
        rows = [
            row for row, code in zip(view.sheet.frame.index, codes, strict=True) if code >= 0 and marks[code]
        ]
        if len(rows) == len(view.sheet.frame):
            continue
        problem = message("{a} marks the patient as excluded, but the row is counted", a=header.text)
        hint = message(
            'Delete the row if the patient does not belong to the cohort; else write exclude = ["{a}"] under '
            "[features] in report.toml",
            a=header.name,
        )
        for row in rows[:MAX_SAID]:
            yield view.issue(header.position, int(row), WARNING, "MARKED_EXCLUDED", problem, hint)


def _marks(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    key = word_key(cells.text(cell)[0])
    return key not in NOT and key not in MISSING_WORDS
