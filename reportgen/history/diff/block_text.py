"""Tables and paragraphs of a report as lines of text that fit a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import zip_longest

from reportgen.report import Column, Table, plain

WIDTH, GAP, NARROWEST = 100, 2, 12
STICKY = "\N{NO-BREAK SPACE}"


def wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """A paragraph. first and rest: what its first line and the others begin with."""
    after = first if rest is None else rest
    lines = textwrap.wrap(text.strip(), WIDTH, initial_indent=first, subsequent_indent=after)
    return [line.replace(STICKY, " ") for line in lines]


def whole(words: str) -> str:
    """Words that `wrapped` leaves on one line, if they fit."""
    return words.replace(" ", STICKY)


def table_lines(table: Table) -> Iterator[str]:
    """Heads, rows and notes. Heads of numbers take lines as they need, and so does the widest text."""
    rows = [
        [f"{'  ' * row.indent}{plain(cell)}" if i == 0 else plain(cell) for i, cell in enumerate(row.cells)]
        for row in table.rows
    ]
    widths = _widths(table.columns, [row for row in rows if len(row) == len(table.columns)])
    for cells in ([f"{column.over} {column.head}".strip() for column in table.columns], *rows):
        if len(cells) < len(table.columns):
            yield from wrapped(cells[0], " " * (len(cells[0]) - len(cells[0].lstrip())))
        else:
            yield from _row(cells, widths, table.columns)
    for note in table.notes:
        yield from wrapped(plain(note))


def _widths(columns: tuple[Column, ...], rows: list[list[str]]) -> list[int]:
    """The width of each column: of its longest cell, and where that is too much the widest texts give way."""
    widths = []
    for place, column in enumerate(columns):
        head = [column.head] if column.align == "left" else column.head.split()
        widths.append(max((len(words) for words in (*(row[place] for row in rows), *head)), default=0))
    texts = [place for place, column in enumerate(columns) if column.align == "left"]
    while texts and (over := sum(widths) + GAP * (len(widths) - 1) - WIDTH) > 0:
        widest = max(texts, key=lambda place: widths[place])
        if widths[widest] <= NARROWEST:
            break
        widths[widest] = max(NARROWEST, widths[widest] - over if len(texts) == 1 else widths[widest] - 1)
    return widths


def _row(cells: list[str], widths: list[int], columns: tuple[Column, ...]) -> Iterator[str]:
    indent = len(cells[0]) - len(cells[0].lstrip())
    parts = [
        textwrap.wrap(cell.strip(), width, initial_indent=" " * indent * (i == 0),
                      subsequent_indent=" " * (indent + 2) * (i == 0)) or [""]
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]  # fmt: skip
    for line in zip_longest(*parts, fillvalue=""):
        said = (
            part.ljust(width) if column.align == "left" else part.rjust(width)
            for part, width, column in zip(line, widths, columns, strict=True)
        )
        yield (" " * GAP).join(said).rstrip()
