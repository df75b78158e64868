"""OnCore: one column per degree of attribution becomes one column of attributions; the rest are synonyms."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import YES_NO
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.settings.model import Settings

DEGREES = ("definite", "probable", "possible", "unlikely", "unrelated")
NOT_THIS = ("no", *YES_NO["no"], "none", "unchecked")


def recognises(sheets: tuple[RawSheet, ...]) -> bool:
    """Whether a sheet has two or more columns such as attribution_probable, and none named attribution."""
    return any(map(_columns, sheets))


def translate(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The sheets, each with the strongest attribution that a row is given to any agent as its last column.

    A cell counts if it is filled and does not say no: OnCore writes the agents, others write yes. A row
    without any such cell has no known attribution.
    """
    return replace(book, sheets=tuple(_with_attribution(sheet) for sheet in book.sheets))


def _columns(sheet: RawSheet) -> dict[str, int]:
    """Degree → position, the strongest first; empty where there is nothing to be joined."""
    names = {name_key(text): place for place, text in enumerate(sheet.header) if text}
    found = {degree: names[f"attribution_{degree}"] for degree in DEGREES if f"attribution_{degree}" in names}
    return found if len(found) > 1 and "attribution" not in names else {}


def _with_attribution(sheet: RawSheet) -> RawSheet:
    columns = _columns(sheet)
    if not columns:
        return sheet
    said: dict[int, str] = {}
    for degree, position in columns.items():
        for row, cell in sheet.frame[position].items():
            if cell is not None and not cells.missing(cells.text(cell)[0]) and word_key(cell) not in NOT_THIS:
                said.setdefault(row, degree)
    last = len(sheet.header)
    frame = sheet.frame.copy()
    frame[last] = pd.Series([said.get(row) for row in frame.index], index=frame.index, dtype=object)

    def place(row: int, position: int) -> tuple[str, str]:
        if position == last:
            position = columns[said[row]] if row in said else next(iter(columns.values()))
        return sheet.cell(row, position)

    return replace(sheet, header=(*sheet.header, "attribution"), frame=frame, place=place)
