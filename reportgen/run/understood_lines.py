"""What was understood of a source, in lines that fit the terminal: columns, chapters, and lines for report.toml."""

from __future__ import annotations

import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from reportgen.run.understanding import NO, YES, Chapter

if TYPE_CHECKING:
    from reportgen.cohort.mapping.proposals import Offer
    from reportgen.cohort.understood import Column, Understood

# What is written to a file or a pipe is as wide as this.
WIDTH = 100
NARROW, LEAST, GAP = 64, 8, 2
HEADS = ("column", "taken for", "how", "filled", "sample")
HOW = {"name": "its name", "synonym": "a synonym", "settings": "report.toml", "dictionary": "dictionary",
       "feature": "own column", "ignored": ""}  # fmt: skip


def width_of_terminal() -> int:
    """Columns of the terminal; WIDTH where the lines go to a file or a pipe."""
    return shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH


def understood_lines(
    found: Understood, chapters: Sequence[Chapter], width: int, mended: bool
) -> Iterator[str]:
    """mended: whether the chapters depend on errors being mended first."""
    for sheet, columns in groupby(found.columns, lambda column: (column.table, column.sheet)):
        table, name = sheet
        yield ""
        yield from wrapped(f"SHEET {name}" if name == table else f"SHEET {name}, taken for {table}", width)
        yield from columns_table(list(columns), width)
    if found.unused:
        yield ""
        yield from wrapped(f"Not used: the sheets {', '.join(found.unused)}", width)
    if chapters:
        yield ""
        yield from wrapped("CHAPTERS, once the errors are mended" if mended else "CHAPTERS", width)
        yield from _chapters(chapters, width)
    further = _not_yet_said(found.offers, chapters)
    if further:
        yield ""
        yield from wrapped("COLUMNS THAT MAY BE MORE (a line for report.toml, if so)", width)
        for offer in further:
            yield from _offered(offer, "  ", width)


def columns_table(columns: Sequence[Column], width: int) -> Iterator[str]:
    """One line a column; on a narrow terminal two, so that nothing is cut that tells columns apart."""
    rows = [
        (c.header or f"({c.cell})", c.taken, HOW.get(c.how, c.how), f"{c.filled}/{c.rows}", c.sample)
        for c in columns
    ]
    if width < NARROW:
        for header, taken, how, filled, sample in rows:
            yield from wrapped(f"{header} → {taken}", width, "  ", "    ")
            yield from wrapped(", ".join(filter(None, (how, filled, sample))), width, "    ")
        return
    widths = _widths([HEADS, *rows], width - 2)
    for row in (HEADS, *rows):
        cells = [_fitted(cell, size) for cell, size in zip(row, widths, strict=True)]
        yield "  " + (" " * GAP).join(cells).rstrip()


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """A paragraph of at most this width; a word that is longer stays whole."""
    after = first if rest is None else rest
    return textwrap.wrap(
        text, max(width, 20), initial_indent=first, subsequent_indent=after, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _chapters(chapters: Sequence[Chapter], width: int) -> Iterator[str]:
    made = [chapter.title for chapter in chapters if chapter.made == YES]
    if made:
        yield from wrapped(f"yes      {', '.join(made)}", width, "  ", " " * 11)
    said: set[Offer] = set()
    rest = sorted((c for c in chapters if c.made != YES), key=lambda c: c.made == NO)
    for (made, without, lacks), alike in groupby(rest, lambda c: (c.made, c.without, c.lacks)):
        found = list(alike)
        it = "it lacks" if len(found) == 1 else "they lack"
        why = f"{it} {', '.join(lacks)}"
        why = f"without {' and '.join(without)}, for {why}" if without else why
        titles = ", ".join(chapter.title for chapter in found)
        yield from wrapped(f"{made:<7}  {titles}: {why}", width, "  ", " " * 11)
        for offer in (offer for chapter in found for offer in chapter.offers):
            if offer not in said:
                yield from _offered(offer, " " * 11, width)
            said.add(offer)


def _offered(offer: Offer, indent: str, width: int) -> Iterator[str]:
    yield from wrapped(f"`{offer.header}` looks like {offer.column}:", width, indent)
    yield f"{indent}  {offer.line}"


def _not_yet_said(offers: Sequence[Offer], chapters: Sequence[Chapter]) -> list[Offer]:
    said = {offer for chapter in chapters for offer in chapter.offers}
    return [offer for offer in offers if offer not in said]


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Of each column: its longest cell; where that is too much, the widest give way first, numbers never."""
    widths = [max(map(_columns_of, column)) for column in zip(*rows, strict=True)]
    give = [place for place, head in enumerate(HEADS) if head != "filled"]
    while sum(widths) + GAP * (len(widths) - 1) > width:
        widest = max(give, key=lambda place: widths[place])
        if widths[widest] <= LEAST:
            break
        widths[widest] -= 1
    return widths


def _fitted(text: str, size: int) -> str:
    """A text cut or filled up to a width on the screen, on which some characters take two places."""
    if _columns_of(text) > size:
        while _columns_of(text) > size - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (size - _columns_of(text))


def _columns_of(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )
