"""Dates that say they are not known: relapsed, stopped or dead on a day that nobody wrote down is not "none"."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
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


def dates_not_known(view: View) -> Iterator[Issue]:
    """DATE_UNKNOWN, at each such cell of a date of what may have happened."""
    for header in view.headers:
        if header.name not in OF_EVENTS or header.how in ("feature", "ignored"):
            continue
        cells = view.sheet.frame[header.position]
        codes, distinct = factorized(cells)
        says = [isinstance(cell, str) and word_key(cell) in NOT_KNOWN for cell in distinct]
        if not any(says):
            continue
        for row in labels(cells.index, chosen(np.array([*says, False]), codes))[:MAX_SAID]:
            yield view.issue(
                header.position,
                row,
                WARNING,
                "DATE_UNKNOWN",
                message(
                    "{a} is not known, which is not the same as none; until it is entered the patient counts as "
                    "without it",
                    a=header.name,
                ),
                message("Enter the date, or leave the cell empty if it did not happen"),
            )
