"""Where the numbers of a table column stand: all decimal points, or all slashes, under one another.

Neither browsers nor WeasyPrint align on a character. So numbers are set flush right, and every cell gets
as much room at its right as its tail (from the point or slash on) is narrower than the widest tail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from reportgen.render.html.fonts import bound, width

LONGEST = 24  # a cell with more characters is words, and may wrap
GUTTER = 1.65  # em between two columns
SEMIBOLD = 1.05  # how much wider than regular type a head is
SLACK = 1.03  # what a line may be wider than its letters: rounding, and second ink set apart
HEAD = 8  # em; a head that is longer may be broken
HEAD_WORD = 9  # em; a word in a head that is longer is broken itself
WORD = 16  # em; a word that is longer is broken itself


def tails(cells: Sequence[str], decimal: str = ".") -> list[float | None]:
    """The room at the right of each cell, in em; None for a cell that is words and is not aligned.

    >>> tails(["5/8", "10/12", "–"])
    [0.497, 0.0, 1.344]
    """
    anchors = [_anchor(cell, decimal) for cell in cells]
    lengths = [
        None if anchor is None else width(cell[anchor:]) for cell, anchor in zip(cells, anchors, strict=True)
    ]
    widest = max((length for length in lengths if length is not None), default=0)
    return [None if length is None else round(widest - length, 3) for length in lengths]


def _anchor(cell: str, decimal: str) -> int | None:
    """How many characters stand before the point or slash: all of them in an integer, a dash or NR."""
    if len(cell) > LONGEST:
        return None
    thousands = "." if decimal == "," else ","
    number = re.match(rf"(?:[^\d\s]\s?){{0,2}}\d+(?:[\u00a0\u202f{thousands}]\d{{3}}(?!\d))*", cell)
    if number:
        return number.end()
    return len(cell) if len(cell) <= 3 else None


@dataclass(frozen=True)
class Measured:
    """A column as set on one line each. natural: its widest line; least: what it needs; cells: its widest line below
    the head, which costs a line in every row where it is broken. In em without gutter.
    """

    natural: float
    least: float
    cells: float = 0.0


def measured(head: str, cells: Sequence[str], breakable: bool) -> Measured:
    """How wide a column is. breakable: its cells are words, that may be broken between lines."""
    words = head_words(head)
    heading = max(words, min(HEAD, SEMIBOLD * width(head)))
    lines = SLACK * max(map(width, cells), default=0)
    longest = max((width(word) for cell in cells for word in cell.split()), default=0) if breakable else lines
    return Measured(max(heading, lines), max(words, min(longest, WORD)), lines)


def with_words(size: Measured, cells: Sequence[str]) -> Measured:
    """The size of a column of numbers with the words that stand in some of its cells: none of them is broken itself.

    >>> with_words(Measured(4, 4, 4), ["not recorded"]).least > 5
    True
    """
    longest = max((SLACK * width(word) for cell in cells for word in bound(cell).split(" ")), default=0)
    least = min(longest, WORD)
    return Measured(max(size.natural, least), max(size.least, least), max(size.cells, least))


def head_words(head: str) -> float:
    """How wide the longest word of a head is, in em."""
    return min(HEAD_WORD, max((SEMIBOLD * width(word) for word in bound(head).split(" ")), default=0))


def room_needed(columns: Sequence[Measured]) -> float:
    """Width in em of the table in which no line is broken."""
    return sum(column.natural + GUTTER for column in columns) - GUTTER


def shares(columns: Sequence[Measured], wished: Sequence[float], room: float) -> list[float]:
    """The share of each column in a table as wide as `room`; they add up to 1 at most.

    wished: the share that each column was given by whoever made the table, 0 where none was.

    Every column gets its longest line where there is room for all; what is left over goes to those that were
    wished wider, and then to those without a wish, in proportion. Without that room, heads are broken first, then
    the columns that can be, down to their longest word.

    >>> shares([Measured(10, 10), Measured(10, 10)], [0, 0], 40)
    [0.4618, 0.5381]
    >>> shares([Measured(8, 3, 8), Measured(8, 3, 4)], [0, 0], 14)
    [0.5714, 0.4285]
    """
    gutters = [0.0] + [GUTTER] * (len(columns) - 1)
    natural = [column.natural + gutter for column, gutter in zip(columns, gutters, strict=True)]
    spare = room - sum(natural)
    if spare >= 0:
        wants = [max(0.0, wish * room - size) for wish, size in zip(wished, natural, strict=True)]
        met = min(1.0, spare / max(sum(wants), 1e-9))
        free = [0.0 if wish else size for wish, size in zip(wished, natural, strict=True)]
        free = free if sum(free) else natural
        left = (spare - met * sum(wants)) / sum(free)
        sizes = [
            size + met * want + left * part for size, want, part in zip(natural, wants, free, strict=True)
        ]
    else:
        least = [column.least + gutter for column, gutter in zip(columns, gutters, strict=True)]
        unbroken = [
            max(column.cells + gutter, low)
            for column, gutter, low in zip(columns, gutters, least, strict=True)
        ]
        fits = sum(unbroken) <= room
        wanted = [
            wish * room or size for wish, size in zip(wished, natural if fits else unbroken, strict=True)
        ]
        least = unbroken if fits else least
        slack = [max(0.0, want - low) for want, low in zip(wanted, least, strict=True)]
        given = max(0.0, room - sum(least)) / max(sum(slack), 1e-9)
        sizes = [low + given * more for low, more in zip(least, slack, strict=True)]
    # Rounded down: columns that add up to more than the table make it wider than its place.
    return [floor(1e4 * size / sum(sizes)) / 1e4 for size in sizes]
