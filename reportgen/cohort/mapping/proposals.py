"""Which column a missing one may be: proposed by name and, for a date, by what it holds; never taken for it unasked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from reportgen.cohort.clean import cells, dates
from reportgen.cohort.raw import RawSheet

LIKELY = {
    "patient_id": re.compile(r"(?:^|_)(?:id|no|nr|number|code|case|pat\w*|subj\w*|record)(?:_|$|\d)"),
    "treatment_start": re.compile(
        r"enrol|entry|start|beg[ai]n|random|inclusion|baseline|registr|day_?[01]$|aufnahme"
    ),
    "last_contact": re.compile(r"last|final|follow|(?:^|_)fu(?:_|$)|censor|letzt|nachsorge|end_of_study"),
}
LOOKED_AT = 200


def likely(name: str, sheet: RawSheet, unread: Sequence[tuple[int, str]]) -> list[int]:
    """The positions of the columns that may be `name`. unread: position and normalised name of each without a use."""
    pattern = LIKELY.get(name)
    if pattern is None:
        return []
    dated = name != "patient_id"
    return [position for position, key in unread
            if pattern.search(key) and (not dated or _holds_dates(sheet, position))]  # fmt: skip


def _holds_dates(sheet: RawSheet, position: int) -> bool:
    filled = sheet.frame[position].dropna().iloc[:LOOKED_AT].tolist()
    known = [cell for cell in filled if not (isinstance(cell, str) and cells.missing(cells.text(cell)[0]))]
    doubtful = ("AMBIGUOUS_DATE", "DATE_AS_TEXT", "SHORT_YEAR")
    found = [cell for cell in known if isinstance(cell, date) or _is_date(dates.day(cell), doubtful)]
    return bool(known) and 2 * len(found) > len(known)


def _is_date(read: tuple, doubtful: tuple[str, ...]) -> bool:
    return read[0] is not None or read[1] in doubtful
