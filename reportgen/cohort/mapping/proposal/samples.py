"""What a column holds, for a proposal: three sample values, and of which kind its cells are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

import numpy as np

from reportgen.cohort.clean import cells, dates
from reportgen.cohort.clean.rows_without_patients import NUMBERED, TOTAL, below_a_gap, holds_units
from reportgen.cohort.clean.written_grades import DENIED, ROMAN, grade
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import NOT_MEASURED, ONGOING
from reportgen.cohort.raw import RawSheet, letter
from reportgen.settings.model import Source

# A text alone in its row that explains or counts: of several words, or with an equals sign.
REMARK_ALONE = re.compile(r"=|\s\S+\s|^[*†‡§#]")
MASK = "•••"
MANY, LONGEST, LOOKED_AT = 3, 40, 2000
MOSTLY = 0.6
STILL = frozenset(map(word_key, ONGOING))
NOT_WHOLLY_READ = ("AMBIGUOUS_DATE", "DATE_AS_TEXT", "SHORT_YEAR", "PARTIAL_DATE")


def known_cells(sheet: RawSheet, position: int) -> list[object]:
    """The cells that hold something: neither empty nor a word that means missing."""
    filled = sheet.frame[position].dropna().iloc[:LOOKED_AT].tolist()
    return [
        cell for cell in filled if not (isinstance(cell, str) and cells.missing(cells.text(cell)[0].strip()))
    ]


def not_told_missing(content: Sequence[object], source: Source) -> list[object]:
    """The cells of a column without those that [source] missing says mean that nothing is known."""
    told = frozenset(map(word_key, source.missing))
    return [cell for cell in content if word_key(cells.text(cell)[0]) not in told] if told else [*content]


def samples(content: Sequence[object], masked: bool) -> tuple[str, ...]:
    """The first three different values, or as many masks."""
    shown = list(dict.fromkeys(_shown(cell) for cell in content))[:MANY]
    return (MASK,) * len(shown) if masked else tuple(shown)


def header_cell(sheet: RawSheet, position: int) -> str:
    """Where the header of a column stands in the source: "C4", or its name where the source has no such cells."""
    if sheet.place:
        return sheet.cell(sheet.header_row, position)[1]
    return f"{letter(position)}{sheet.header_row}"


def without_totals(sheet: RawSheet) -> RawSheet:
    """The sheet without rows that begin with the word of a total, hold nothing but a remark, or the header again."""
    names = frozenset(name_key(text) for text in sheet.header if text)
    filled, content = sheet.frame.notna().to_numpy(), sheet.frame.to_numpy(dtype=object)
    if not filled.size:
        return sheet
    firsts = content[np.arange(len(filled)), filled.argmax(axis=1)]
    # An id such as P000123 is none of these, and a registry has a million of them.
    quick = not any(re.search(r"\d", name) for name in names)
    nobody = np.array(
        [
            isinstance(first, str)
            and not (quick and NUMBERED.fullmatch(first))
            and _is_nobody(row[full], names)
            for first, row, full in zip(firsts, content, filled, strict=True)
        ]
    )
    nobody |= sheet.frame.index.isin(below_a_gap(sheet.frame, len(names)))
    return replace(sheet, frame=sheet.frame[~nobody]) if nobody.any() else sheet


def _is_nobody(content: Sequence[object], names: frozenset[str]) -> bool:
    """Whether a row is of no patient. content: its cells that hold something, the first one a text."""
    if holds_units(content):
        return True
    first = cells.text(content[0])[0]
    if name_key(first) in names:
        again = sum(isinstance(cell, str) and name_key(cell) in names for cell in content)
        if again > 1 and 2 * again > len(content):
            return True
    return bool(first) and bool(TOTAL.fullmatch(first) or (len(content) == 1 and REMARK_ALONE.search(first)))


def holds_dates(content: Sequence[object]) -> bool:
    """Whether most cells are dates, or texts that could be one in some order; "no", "none" and, of an end of treatment,
    "ongoing" count as no cells, however many they are.
    """
    content = [cell for cell in content if not (isinstance(cell, str) and _is_none(cells.text(cell)[0]))]
    return bool(content) and sum(map(_is_date, content)) >= MOSTLY * len(content)


def _is_none(text: str) -> bool:
    return cells.no_date(text) or word_key(text) in STILL


def few_dates(content: Sequence[object]) -> bool:
    """Whether a column of words holds true dates, two or more: it is none of groups."""
    return sum(isinstance(cell, date) for cell in content) > 1


def holds_years(content: Sequence[object]) -> bool:
    """Whether every cell is a year of our time, as a number: 1956 in a column of years of birth."""
    return bool(content) and all(
        not isinstance(cell, (str, bool)) and dates.day(cell)[1] == "PARTIAL_DATE" for cell in content
    )


def holds_serials(content: Sequence[object]) -> bool:
    """Whether nearly every cell is a number by which a spreadsheet may count days, and none is a date."""
    serial = sum(dates.serial_of(cell) is not None for cell in content)
    return bool(content) and serial >= 0.9 * len(content) and not any(map(_is_date, content))


def holds_numbers(content: Sequence[object]) -> bool:
    """Whether most cells are numbers, with a comma or a point."""
    return bool(content) and sum(number_in(c) is not None for c in content) >= MOSTLY * len(content)


def number_in(cell: object) -> float | None:
    """The number of a cell, with a comma or a point: as text, too."""
    found = cells.number(cell)[0]
    return cells.comma_number(cell)[0] if found is None else found


def holds_grades(content: Sequence[object]) -> bool:
    """Whether most cells are grades: 2, "G2", "3 - severe", "II"."""
    content = [cell for cell in content if cells.text(cell)[0].casefold() not in (*NOT_MEASURED, *DENIED)]
    read = [cell for cell in content if grade(cell)[0] is not None or cells.text(cell)[0].casefold() in ROMAN]
    return bool(content) and len(read) >= MOSTLY * len(content)


def _is_date(cell: object) -> bool:
    if isinstance(cell, date):
        return True
    found, code = dates.day(cell)
    return found is not None or (isinstance(cell, str) and code in NOT_WHOLLY_READ)


def _shown(cell: object) -> str:
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    shown = cells.text(cell)[0]
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
