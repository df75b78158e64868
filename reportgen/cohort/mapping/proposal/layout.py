"""How the sheets of a source lie: turned over, of several rows for a patient, or of several sheets for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.cohort.mapping.intervals import intervals
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.proposal.rival_sheets import alike
from reportgen.cohort.mapping.proposal.samples import known_cells
from reportgen.cohort.mapping.proposal.sheets import Taken, tables_of
from reportgen.cohort.mapping.proposal.types import Line
from reportgen.cohort.mapping.schema import known_names
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.layout import id_position, turned
from reportgen.settings.model import Settings

FEWEST_NAMES, OF_PATIENTS, SEVERAL = 3, 0.8, 0.3


def layout_lines(book: RawWorkbook, settings: Settings) -> list[Line]:
    """The lines of [source] that say how sheets lie, where the settings don't say it yet."""
    lines: list[Line] = []
    told = settings.source
    sheets = []
    for sheet in book.sheets:
        if not sheet.table and not told.transposed and _lies_over(sheet):
            lines.append(
                Line(("source", "transposed"), sheet.name, "its first column holds the names", adds=True)
            )
            sheet = turned(sheet)
        sheets.append(sheet)
    taken = [] if any(s.table == "patients" for s in sheets) else [*tables_of(book, settings)]
    main = next((one.sheet for one in taken if one.table == "patients"), None)
    key = None if main is None or lines else id_position(main, settings)
    if main is None or key is None:
        return lines
    ids = [word_key(cell) for cell in known_cells(main, key)]
    several = {who for who in ids if ids.count(who) > 1} if len(ids) < 20_000 else set()
    if intervals(main) is not None:
        return lines
    if not told.join_rows and len(several) >= SEVERAL * len(set(ids)) and several:
        lines.append(Line(("source", "join_rows"), True, "most patients have several rows"))
    joined = [
        Line(("source", "join"), one.sheet.name, "its ids are those of the patients", adds=True)
        for one in taken
        if not told.join
        and not alike(one.sheet, main)
        and _belongs(one, set(ids), main.header[key], settings)
    ]
    if joined or (lines and not told.join_rows):
        joined.insert(
            0, Line(("tables", "patients"), main.name, "its columns, and those of its patients elsewhere")
        )
    return [*lines, *joined]


def _lies_over(sheet: RawSheet) -> bool:
    """Whether the first column, and not the header, holds names of columns."""
    if len(sheet.header) < 3 or 0 not in sheet.frame:
        return False
    first = [sheet.header[0], *(cell for cell in sheet.frame[0] if isinstance(cell, str))]
    named = _known(first)
    return named >= FEWEST_NAMES and 2 * named >= len(sheet.frame) and _known(sheet.header[1:]) == 0


def _known(texts: Sequence[str]) -> int:
    known = known_names()
    return sum(bool(text) and (name_key(text) in known or bool(takes_of(text))) for text in texts)


def _belongs(one: Taken, ids: set[str], header: str, settings: Settings) -> bool:
    """Whether a sheet that is no table of ours holds further columns of the patients."""
    if one.table or one.nothing or not one.sheet.header or one.sheet.frame.empty:
        return False
    position = id_position(one.sheet, settings, header)
    if position is None or len([text for text in one.sheet.header if text]) < 2:
        return False
    content = [word_key(cell) for cell in known_cells(one.sheet, position)]
    return bool(content) and sum(cell in ids for cell in content) >= OF_PATIENTS * len(content)
