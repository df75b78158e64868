"""The cells of a source on the desk: a page of a sheet, a cell among its neighbours, and what its word may mean."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.cohort.load import overview, read_source
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.mapping.source_settings import settings_for
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.source import SETTINGS, own_settings
from reportgen.desk.source_view import Meanings, Rows
from reportgen.run import mapping
from reportgen.settings.writing import Line, merged

PAGE_ROWS, WIDEST = 30, 60


def rows(path: str, config: str, sheet: int, first: int, place: tuple[str, str]) -> Rows:
    """A page of a sheet, from its first-th row on; with a place (sheet and cell) that where it stands, marked."""
    book = book_of(path, config)
    names = tuple(s.name for s in book.sheets)
    row, column = 0, -1
    for number, one in enumerate(book.sheets) if any(place) else ():
        found = _place(one, place)
        if found:
            sheet, (row, column) = number, found
            index = list(one.frame.index)
            first = max(0, (index.index(row) if row in index else 0) - PAGE_ROWS // 3)
            break
    shown = book.sheets[min(max(sheet, 0), len(book.sheets) - 1)]
    part = shown.frame.iloc[max(first, 0) : max(first, 0) + PAGE_ROWS]
    return Rows(
        names, min(max(sheet, 0), len(names) - 1), tuple(map(cell_text, shown.header)),
        tuple(int(n) for n in part.index),
        tuple(tuple(cell_text(cell) for cell in line) for line in part.itertuples(index=False, name=None)),
        max(first, 0), len(shown.frame), row, column,
    )  # fmt: skip


def meanings(path: str, config: str, place: tuple[str, str]) -> Meanings | None:
    """What the word in a cell may be said to mean; None where the cell is empty, or none that can be found."""
    book = book_of(path, config)
    for sheet in book.sheets:
        found = _place(sheet, place)
        if found is None or found[0] not in sheet.frame.index:
            continue
        row, position = found
        word, header = cell_text(sheet.frame.at[row, position]), cell_text(sheet.header[position])
        if not word:
            return None
        settings = settings_for(book, Path(path), Path(config) if config else None)
        _counted, matches = overview(book, settings)
        canonical = next(
            ((m.table, m.column) for m in matches if name_key(m.header) == name_key(header) and m.table in TABLES
             and m.column in columns_of(m.table)), None,
        )  # fmt: skip
        allowed = tuple(columns_of(canonical[0])[canonical[1]].words) if canonical else ()
        return Meanings(canonical[1] if canonical else name_key(header), header, word, ("missing", *allowed))
    return None


def let_mean(path: str, config: str, place: tuple[str, str], word: str, meaning: str) -> None:
    """Write to the settings that the word of a cell has this meaning in its column. Nothing where it may not.

    UsageError where another word stands there by now: the file was saved since its page was shown.
    """

    found = meanings(path, config if config and Path(config).is_file() else "", place)
    if found is None or found.word != word:
        raise UsageError(
            message("The cell holds something else now: the file was saved again. Check it again.")
        )
    if meaning not in found.words:
        return
    mapped = mapping.map_source(Path(path), Path(config) if config else None)
    line = Line(("values", found.column, meaning), found.word, "as said at the desk", adds=True)
    mapping.write(replace(mapped, settings=merged(mapped.before, (line,))))


def _place(sheet: RawSheet, place: tuple[str, str]) -> tuple[int, int] | None:
    """The row and column of a cell named as the source names it; row 0 where only a column was named."""
    name, cell = place
    if sheet.place is None and sheet.name != name:
        return None
    # A place in a registry begins with its column, which is asked first: there are millions of rows.
    heads = [sheet.cell(sheet.header_row, position)[1] for position in range(len(sheet.header))]
    for position in sorted(range(len(heads)), key=lambda position: not cell.startswith(heads[position])):
        if sheet.cell(sheet.header_row, position) == (name, cell):
            return sheet.header_row, position
        for row in sheet.frame.index if sheet.place else _row_of(cell):
            if sheet.cell(int(row), position) == (name, cell):
                return int(row), position
    return None


def _row_of(cell: str) -> tuple[int, ...]:
    digits = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (int(digits),) if digits.isdecimal() else ()


def _stamp(path: str, config: str) -> tuple:
    """Other when the source or its settings were saved again."""
    source = Path(path)
    inside = sorted(source.iterdir()) if source.is_dir() else ()
    files = (
        source,
        *inside,
        *((Path(config),) if config else (own_settings(source), source.parent / SETTINGS)),
    )
    return tuple((s.st_mtime_ns, s.st_size) for s in (f.stat() for f in files if f.exists()))


def book_of(path: str, config: str) -> RawWorkbook:
    """The source as read, once for as long as neither it nor its settings are saved again."""
    return _book(path, config, _stamp(path, config))


@lru_cache(maxsize=1)
def _book(path: str, config: str, stamp: tuple) -> RawWorkbook:
    return read_source(Path(path), Path(config) if config else None)


def cell_text(cell: object) -> str:
    """A cell as text of one line, not longer than a column is wide."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).removesuffix(" 00:00:00").split())
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
