"""A table laid out: which cells a row shows, how each is aligned, and how wide each column is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from reportgen.render.html import fonts, number_alignment
from reportgen.render.html.heads import columns_of, heads_of, in_parts, inseparable, spanning
from reportgen.render.html.page import Page
from reportgen.report import Column, Row, Table, Text, Value, plain
from reportgen.writing.language import _

LONG = 10  # lines; what is longer may be split between pages, its head repeated, to leave no page half empty
KEPT = 10  # lines; a group that is no longer is never split
TYPE, SMALL = 8.5, 7.5  # points; SMALL in the supplement on paper, which is looked up and not read
TEXT_WIDTH, FULL_WIDTH = 374, 482  # points; a wide table takes the margin column too
TEXT_COLUMN, FULL_MEASURE = TEXT_WIDTH / TYPE, FULL_WIDTH / TYPE  # em
INDENT = 8 / TYPE  # em
ALIGNED = {"left": "l", "number": "n", "centre": "c", "axis": "axis"}
BOLD = 1.5  # the power by which letters of other fonts are wider in bold
MOST_STACKED = 30  # rows; of a table too broad for a tablet, which shows each as a list of its cells
AXIS = 11  # em; of dots with their intervals


@dataclass(frozen=True)
class Measures:
    """How a table stands on its page. room: its width in em, the text column's being text; wide: it takes the margin
    column too.

    shares: of each column; rooms: per column, the room after each of its cells in em, None for words. cells,
    texts: every row filled up to the table's columns. lines: how many each row takes, about.
    """

    room: float
    text: float
    wide: bool
    shares: list[float]
    rooms: list[list[float | None]]
    cells: list[list[Text]]
    texts: list[list[str]]
    lines: list[int]
    sizes: list[number_alignment.Measured]

    @property
    def long(self) -> bool:
        """Whether the table has more lines than LONG."""
        return sum(self.lines) > LONG


def laid_out(table: Table, page: Page) -> list[dict]:
    """What the table's template needs, of each of its parts; they bear one number.

    ValueError if a row has more cells than the table has columns.
    """
    number = page.number("table")
    return [_laid_out(part, number, page) for part in parts(table, page)]


def parts(table: Table, page: Page, letters: float = 1) -> tuple[Table, ...]:
    """The table, or on paper, where its columns can't stand beside each other, as many tables as it takes.

    Each has the first column; the notes stand below the last. letters: as in `measure`.
    """
    if not page.printed or len(table.columns) < 3:
        return (table,)
    sizes, full = (
        [size.least + number_alignment.GUTTER for size in _scaled(table, _sizes(table, page)[0], letters)],
        _measure_of(page)[1],
    )
    shown = in_parts(inseparable(table.columns), sizes, number_alignment.GUTTER, full)
    if len(shown) == 1:
        return (table,)
    return tuple(
        replace(
            table,
            id=table.id if place == 1 else f"{table.id}-{place}",
            caption=(*table.caption, f" {_('Part {place} of {all}.', place=place, all=len(shown))}"),
            columns=tuple(table.columns[i] for i in (0, *chosen)),
            rows=tuple(
                replace(
                    row, cells=(row.cells[:1] + tuple(row.cells[i] for i in chosen if i < len(row.cells)))
                )
                for row in table.rows
            ),
            notes=table.notes if place == len(shown) else (),
        )
        for place, chosen in enumerate(shown, start=1)
    )


def in_words(table: Table) -> Table:
    """The table without its axes, where nothing can be drawn in a cell."""
    told = [i for i, column in enumerate(table.columns) if column.align != "axis"]
    if len(told) == len(table.columns):
        return table
    rows = tuple(
        replace(row, cells=tuple(row.cells[i] for i in told if i < len(row.cells))) for row in table.rows
    )
    return replace(table, columns=tuple(table.columns[i] for i in told), rows=rows, dots=())


def measure(table: Table, page: Page, letters: float = 1) -> Measures:
    """How wide the table and its columns are. ValueError if a row has more cells than the table has columns.

    letters: how wide they may be where the table is read with other fonts, ours being 1.
    """
    sizes, rooms, cells, texts = _sizes(table, page)
    sizes = _scaled(table, sizes, letters)
    text, full = _measure_of(page)
    wide = number_alignment.room_needed(sizes) > text
    room = full if wide else _room(sizes, text)
    if not page.printed and least_room(sizes) > full:  # scrolled on every screen: no line need be broken
        room = number_alignment.room_needed(sizes)
    shares = number_alignment.shares(sizes, [column.width for column in table.columns], room)
    lines = [_lines(row, shares, room) for row in texts]
    return Measures(room, text, wide, shares, rooms, cells, texts, lines, sizes)


def _scaled(
    table: Table, sizes: list[number_alignment.Measured], letters: float
) -> list[number_alignment.Measured]:
    """The sizes of the columns in letters that are so much wider."""
    heads = [letters**BOLD * number_alignment.head_words(column.head) for column in table.columns]
    return [
        number_alignment.Measured(
            max(letters * size.natural, head), max(letters * size.least, head), letters * size.cells
        )
        for size, head in zip(sizes, heads, strict=True)
    ]


def _laid_out(table: Table, number: str, page: Page) -> dict:
    name = page.unique(f"table-{table.id.removeprefix('table-')}")
    measures = measure(table, page)
    if measures.room < measures.text:
        page.rules[f"#{name} table{{width:{measures.room:.4g}em}}"] = None
    _size_columns(name, measures, page)
    rows = [
        _row(row, measures.cells[n], measures.texts[n], [room[n] for room in measures.rooms], table, page)
        | {"lines": measures.lines[n]}
        for n, row in enumerate(table.rows)
    ]
    marks = [[(f"at{round(100 * at)}", words) for at, words in column.marks] for column in table.columns]
    for at, _words in (mark for several in marks for mark in several):
        page.rules[f".{at}{{left:{at.removeprefix('at')}%}}"] = None
    over, of = (
        spanning(table),
        columns_of([[_group_of(cell, page) for cell in row] for row in measures.cells], len(table.columns)),
    )
    paired = " paired" if len(table.columns) == 2 else ""
    broad = " broad" if measures.room > FULL_MEASURE and len(table.rows) <= MOST_STACKED else ""
    return {
        "kind": "table", "id": name, "table": table, "number": number,
        "spanning": over, "marks": marks, "of": of, "over_of": heads_of(over, of),
        "groups": [{"rows": group, "kept": _height(group) <= KEPT} for group in _groups(rows)],
        "classes": f"{'wide' if measures.wide else 'narrow'} {'long' if measures.long else 'short'}{paired}{broad}",
    }  # fmt: skip


def _sizes(table: Table, page: Page) -> tuple[list[number_alignment.Measured], list, list, list]:
    """Each column measured, the room after each of its cells, and all rows filled up: as cells and as text."""
    count = len(table.columns)
    for row in table.rows:
        if len(row.cells) > count:
            raise ValueError(f"table {table.id!r} has {count} columns, but a row of {len(row.cells)} cells")
    filled = [[*row.cells, *((),) * (count - len(row.cells))] for row in table.rows]
    texts = [[page.writable(plain(cell)) for cell in row] for row in filled]
    indents = [INDENT * row.indent for row in table.rows]
    spanning = [_spans(row, text) for row, text in zip(table.rows, texts, strict=True)]
    rooms, sizes = [], []
    for i, column in enumerate(table.columns):
        cells = ["" if spans else row[i] for row, spans in zip(texts, spanning, strict=True)]
        if column.align == "axis":
            rooms.append([None] * len(texts))
            sizes.append(number_alignment.Measured(AXIS, AXIS))
            continue
        numbers = column.align == "number"
        rooms.append(number_alignment.tails(cells, page.words["decimal"]) if numbers else [None] * len(cells))
        shown = [cell for cell, room in zip(cells, rooms[i], strict=True) if room is not None or not numbers]
        head = max(column.head, column.unit, key=fonts.width)
        size = _below(column, number_alignment.measured(head, shown, breakable=not numbers), table)
        if numbers:
            words = [cell for cell, room in zip(cells, rooms[i], strict=True) if room is None]
            size = number_alignment.with_words(size, words)
        if i == 0 and not numbers:
            natural = max(map(sum, zip(map(fonts.width, cells), indents, strict=True)), default=0)
            least = max(map(sum, zip(map(_longest_word, cells), indents, strict=True)), default=0)
            size = number_alignment.Measured(max(size.natural, natural), max(size.least, least), natural)
        sizes.append(size)
    return sizes, rooms, filled, texts


def _below(column: Column, size: number_alignment.Measured, table: Table) -> number_alignment.Measured:
    """A column's size with its part of the words that stand over it and others."""
    if not column.over:
        return size
    part = number_alignment.head_words(column.over) / sum(
        other.over == column.over for other in table.columns
    )
    return number_alignment.Measured(max(size.natural, part), max(size.least, part), size.cells)


def _longest_word(cell: str) -> float:
    """Its width in em; a word that is to be broken itself counts as wide as it may be."""
    return min(number_alignment.SLACK * max(map(fonts.width, cell.split()), default=0), number_alignment.WORD)


def _measure_of(page: Page) -> tuple[float, float]:
    """How wide the text column is, and the page, in em of the type that tables have there."""
    size = SMALL if page.printed and page.letter else TYPE
    return TEXT_WIDTH / size, FULL_WIDTH / size


def _room(sizes: list[number_alignment.Measured], text: float) -> float:
    """The width of a table that leaves the margin column free: half of the text column, two thirds, or all."""
    needed = 1.25 * number_alignment.room_needed(sizes)
    return next((text * part for part in (1 / 2, 2 / 3) if needed <= text * part), text)


def _height(rows: list[dict]) -> int:
    return sum(row["lines"] for row in rows)


def _lines(texts: list[str], shares: list[float], room: float) -> int:
    """About how many lines a row takes."""
    places = [max(share * room - number_alignment.GUTTER, 1) for share in shares]
    return max(1, *(ceil(fonts.width(text) / place) for text, place in zip(texts, places, strict=True)))


def _size_columns(name: str, measures: Measures, page: Page) -> None:
    """The shares of the columns as rules of the page."""
    for i, share in enumerate(measures.shares, 1):
        page.rules[f"#{name} col:nth-child({i}){{width:{100 * share:.4g}%}}"] = None
    if not page.printed:
        natural = number_alignment.room_needed(measures.sizes)
        least = natural if measures.room > FULL_MEASURE else min(natural, least_room(measures.sizes))
        page.rules[f"#{name} table{{min-width:{least:.4g}em}}"] = None


def least_room(sizes: list[number_alignment.Measured]) -> float:
    """How wide a table of such columns must be, in em, for no number and no word to be broken."""
    return sum(size.least + number_alignment.GUTTER for size in sizes)


def _row(
    row: Row, cells: list, texts: list[str], rooms: list[float | None], table: Table, page: Page
) -> dict:
    """A row's cells, each with its class. A head without further cells spans the table."""
    spans = _spans(row, texts)
    views = []
    for cell, text, room, column in zip(cells, texts, rooms, table.columns, strict=True):
        name = "w" if column.align == "number" and room is None and text else ALIGNED[column.align]
        if room:
            page.rules[f".e{room * 1000:.0f}{{padding-right:{room:.3f}em}}"] = None
            name += f" e{room * 1000:.0f}"
        views.append({"class": name, "text": cell, "of": _group_of(cell, page)})
    return {
        "cells": views[:1] if spans else views,
        "head": row.head,
        "spans": spans,
        "indent": min(row.indent, 3),
    }


def _group_of(cell: Text, page: Page) -> int:
    """The number of the group of patients that all numbers of a cell are of; 0 where there is none."""
    found = {page.lit.get(part.ref or "", 0) for part in cell if isinstance(part, Value)}
    return found.pop() if len(found) == 1 else 0


def _spans(row: Row, texts: list[str]) -> bool:
    """Whether a row is a head that stands over the whole table: its words make no column wide."""
    return row.head and not any(text.strip() for text in texts[1:])


def _groups(rows: list[dict]) -> list[list[dict]]:
    """Rows by group: a head begins one."""
    groups: list[list[dict]] = []
    for row in rows:
        if row["head"] or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups
