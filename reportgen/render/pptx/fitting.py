"""How large a table can be set in a room of a slide, and how wide its columns are: no word is broken within."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reportgen.render.html import fonts
from reportgen.report import Row, Table, plain

# Named in every run: at hand on Windows and macOS, and of the same widths as what stands for it elsewhere. Where that
# is missing, too, the widest usual font is taken (DejaVu Sans), and so measured against ours.
FONT = "Arial"
REGULAR, BOLD = 1.27, 1.4
SIZES = (14, 13, 12, 11, 10)
LEADING, MARGIN, ASIDE = 1.2, 3, 5  # of a line; above and below, left and right of a cell, in points
PARTS = re.compile(r"[^ \n-]+-?|-")


@dataclass(frozen=True)
class Fitted:
    """A size in points, the widths of the columns, and the height; fits: that nothing is broken or runs out."""

    size: int
    widths: tuple[float, ...]
    height: float
    fits: bool


def width(words: str, size: float, bold: bool = False) -> float:
    """The width of some words on one line, in points."""
    return size * fonts.width(words) * (BOLD if bold else REGULAR)


def lines(words: str, room: float, size: float, bold: bool = False) -> int:
    """On how many lines some words stand in a room."""
    space, count, used = width(" ", size, bold), 1, 0.0
    for word in words.split(" "):
        wide = width(word, size, bold)
        if used and used + space + wide > room:
            count, used = count + 1, wide
        else:
            used += wide + (space if used else 0)
    return count


def fitted(table: Table, room: tuple[float, float]) -> Fitted:
    """The largest size at which the table fits its width and height, or else the smallest one."""
    found = [_set(table, room, size) for size in SIZES]
    return next((one for one in found if one.fits), found[-1])


def head_of(table: Table, place: int) -> str:
    """The head of a column, with the unit as one word."""
    column = table.columns[place]
    unit = column.unit if "," in column.unit else column.unit.replace(" ", "\u00a0")
    return " ".join(filter(None, (column.over, column.head, unit)))


def _set(table: Table, room: tuple[float, float], size: int) -> Fitted:
    columns = range(len(table.columns))
    cells = [
        [
            (head_of(table, i), True),
            *(("    " * row.indent * (i == 0) + plain(row.cells[i]), row.head) for row in table.rows
              if i < len(row.cells) and not spans(row)),
        ]
        for i in columns
    ]  # fmt: skip
    least = [max((_longest(words, size, bold) for words, bold in column), default=0) for column in cells]
    whole = [max(width(words, size, bold) for words, bold in column) for column in cells]
    least, whole = ([wide + 2 * ASIDE + 1 for wide in widths] for widths in (least, whole))
    spare, wanted = room[0] - sum(least), sum(whole) - sum(least)
    if spare < 0:
        widths = [room[0] * wide / sum(least) for wide in least]
    elif wanted and spare < wanted:
        widths = [low + spare * (high - low) / wanted for low, high in zip(least, whole, strict=True)]
    else:
        widths = [high + (spare - wanted) * high / sum(whole) for high in whole]
    height = sum(
        LEADING * size * most + 2 * MARGIN
        for most in (
            max(lines(column[n][0], widths[i] - 2 * ASIDE, size, column[n][1])
                for i, column in enumerate(cells) if n < len(column))
            for n in range(max(map(len, cells)))
        )
    )  # fmt: skip
    height += sum(spans(row) for row in table.rows) * (LEADING * size + 2 * MARGIN)
    return Fitted(size, tuple(widths), height, spare >= 0 and height <= room[1])


def spans(row: Row) -> bool:
    """Whether a row has one cell, which is set across all columns."""
    return row.head and len(row.cells) == 1


def _longest(words: str, size: float, bold: bool) -> float:
    return max((width(word, size, bold) for word in PARTS.findall(words)), default=0.0)
