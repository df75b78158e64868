"""Dates that say they are not known: relapsed, stopped or dead on a day that nobody wrote down is not "none"."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.checks.rule import MAX_SAID
from reportgen.cohort.checks.view import View
from reportgen.cohort.coded import factorized
from reportgen.cohort.distinct import chosen
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.rows import labels

# Dates whose empty cell means that it did not happen.
OF_EVENTS = ("relapse_date", "treatment_stop", "death_date", "stop_date")
NOT_KNOWN = frozenset(
    ("unknown", "date unknown", "unknown date", "unk", "unkn", "ukn", "not known", "nk", "n.k.", "n/k", "?", "??",
     "not recorded", "not reported", "not documented", "not available", "missing", "yes", "[unknown]",
     "[not available]", "unbekannt", "datum unbekannt", "nicht bekannt", "nicht dokumentiert", "k.a.", "keine angabe",
     "inconnu", "desconocido", "sconosciuto")
)  # fmt: skip
# Spelled so by programs that write no value, and by persons for "no end yet".
NONE, STOPS = "None", ("treatment_stop", "stop_date")


def dates_not_known(view: View) -> Iterator[Issue]:
    """DATE_UNKNOWN, at each such cell of a date of what may have happened."""
    for header in view.headers:
        if header.name not in OF_EVENTS or header.how in ("feature", "ignored"):
            continue
        not_known = message(
            "{a} is not known, which is not the same as none; until it is entered the patient counts as without it",
            a=header.name,
        )
        yield from _asked(view, header.position, lambda cell: word_key(cell) in NOT_KNOWN, not_known)
        if header.name in STOPS:
            unsure = message(
                "{a} holds None, which may mean that treatment goes on or that its end is not known; until it is "
                "entered the patient counts as still treated",
                a=header.name,
            )
            yield from _asked(view, header.position, lambda cell: cell.strip() == NONE, unsure)


def _asked(view: View, position: int, meant: Callable[[str], bool], problem: Message) -> Iterator[Issue]:
    cells = view.sheet.frame[position]
    codes, distinct = factorized(cells)
    says = [isinstance(cell, str) and meant(cell) for cell in distinct]
    if not any(says):
        return
    hint = message("Enter the date, or leave the cell empty if it did not happen")
    for row in labels(cells.index, chosen(np.array([*says, False]), codes))[:MAX_SAID]:
        yield view.issue(position, row, WARNING, "DATE_UNKNOWN", problem, hint)
