"""Sheets that are turned over: their first column holds the names. So does each of a sheet per patient."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.proposal.types import Line
from reportgen.cohort.mapping.schema import SHEETS, known_names
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.stacking import SHEET, form_names, same_names
from reportgen.settings.model import Settings

FEWEST_NAMES = 3
# No sheet has as many columns as this; where more rows stand, they are patients, and none is asked for its name.
MOST_NAMES = 2000


def turn_lines(book: RawWorkbook, settings: Settings) -> list[Line]:
    """The lines of [source] that turn sheets over: where the settings turn none yet, or for who is new among sheets of
    one patient each.
    """
    told = bool(settings.source.transposed)
    free = [sheet for sheet in book.sheets if not sheet.table]
    alone = [] if told else [sheet for sheet in free if _lies_over(sheet)]
    forms = _forms([sheet for sheet in book.sheets if all(sheet is not other for other in alone)])
    return [
        Line(("source", "transposed"), sheet.name, why, adds=True)
        for sheets, why in (
            (alone, "its first column holds the names"),
            (forms, "its first column holds the names, and those of other sheets are the same"),
        )
        for sheet in sheets
    ]


def _lies_over(sheet: RawSheet) -> bool:
    """Whether the first column, and not the header, holds names of columns."""
    if len(sheet.header) < 3 or 0 not in sheet.frame or len(sheet.frame) > MOST_NAMES:
        return False
    first = _first_column(sheet)
    named = _known(first)
    return named >= FEWEST_NAMES and 2 * named >= len(sheet.frame) and _known(sheet.header[1:]) == 0


def _forms(sheets: Sequence[RawSheet]) -> list[RawSheet]:
    """Those of one patient each: names in the first column, what is true of him in the second, the names the same."""
    forms = {sheet.name: form_names(sheet) for sheet in sheets if _is_form(sheet)}
    read = [{name_key(text) for text in sheet.header if text} - {SHEET} for sheet in sheets if sheet.place]
    return [
        sheet
        for sheet in sheets
        if sheet.name in forms
        and any(
            same_names(forms[sheet.name], names)
            for names in (*(names for other, names in forms.items() if other != sheet.name), *read)
        )
    ]


def _is_form(sheet: RawSheet) -> bool:
    if (
        sheet.table
        or sheet.place
        or len(sheet.header) != 2
        or sheet.frame.empty
        or len(sheet.frame) > MOST_NAMES
    ):
        return False
    if any(
        name_key(sheet.name) in (table, *others) for table, others in SHEETS.items() if table != "patients"
    ):
        return False
    return _known(_first_column(sheet)) >= FEWEST_NAMES and _known(sheet.header[1:]) == 0


def _first_column(sheet: RawSheet) -> list[str]:
    return [sheet.header[0], *(cell for cell in sheet.frame[0] if isinstance(cell, str))]


def _known(texts: Sequence[str]) -> int:
    known = known_names()
    return sum(bool(text) and (name_key(text) in known or bool(takes_of(text))) for text in texts)
