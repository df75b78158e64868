"""Lines above the names of the columns in a text file: a title, the date of the export, blanks."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import islice

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message

MOST_TITLES, LOOKED_AT = 10, 60
FEWEST_ROWS = 2


def lines_above(lines: Iterable[str], delimiters: Iterable[str]) -> int:
    """How many lines of a text stand above the names of its columns: lines of one cell, or none, above rows that have
    as many fields as the first of them, most of them filled in.

    >>> lines_above(["Registry X\\n", "\\n", "id;sex;age\\n", "1;f;44\\n", "2;m;61\\n"], ",;")
    2
    >>> lines_above(["Registry X;;\\n", "id;sex;age\\n", "1;f;44\\n", "2;m;61\\n"], ",;")
    1
    >>> lines_above(["id;sex;age\\n", "1;f;44\\n", "2;m;61\\n"], ",;")
    0
    """
    beginning = [*islice(lines, LOOKED_AT)]
    ways = {delimiter: _rows(beginning, delimiter) for delimiter in delimiters}
    for rows in ways.values():
        titles = next((place for place in range(MOST_TITLES + 1) if _is_table(rows[place:])), 0)
        # A title may hold a comma. A row of as many fields in any other way is the header itself: below one with
        # semicolons, decimal commas look like a table of two columns.
        if titles and all(
            _is_title(row, len(rows[titles])) for other in ways.values() for row in other[:titles]
        ):
            return titles
    return 0


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return [next(csv.reader([line], delimiter=delimiter, strict=True), []) for line in lines]
    except csv.Error:
        return []


def _is_title(row: Sequence[str], width: int) -> bool:
    return _filled(row) <= 1 or 2 * len(row) <= width


def said_above(sheet: str, many: int) -> Issue:
    """The note about lines that were left out."""
    problem = message(
        "The names of the columns were found in row {n}; what stands above was left out", n=many + 1
    )
    hint = message("Nothing to do; if wrong, name the row under [source] header_rows in report.toml")
    return Issue(NOTE, "CSV_FORMAT", sheet, None, None, problem, hint)


def _is_table(rows: Sequence[list[str]]) -> bool:
    width = len(rows[0]) if rows else 0
    below = [row for row in rows[1:] if row]
    return (
        width > 1
        and len(below) >= FEWEST_ROWS
        and all(len(row) == width for row in below)
        and 2 * _filled(rows[0]) > width
        and len({cell.strip() for cell in rows[0] if cell.strip()}) == _filled(rows[0])
    )


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)
