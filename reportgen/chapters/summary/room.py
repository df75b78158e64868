"""How high page one can draw its curves, so that they stand on it with all that is said above them."""

from __future__ import annotations

from math import ceil

from reportgen.report import Table, Text, plain

LOW, HIGH = 96.0, 180.0  # points; of a plot without the rows below it
# Points, as the style of the page has them: from the headline to the foot, and what one line or row takes of it.
BODY, HEADLINE, WORDS, ROW, SMALL = 676.0, 22.0, 12.0, 13.6, 10.0
# Letters in a line of the headline, of prose, of a note; and of the first column of the table.
OF_HEADLINE, OF_WORDS, OF_NOTE, OF_NAME = 54, 92, 118, 26
FIXED = 62.0  # the head of the table and its caption, and what parts one from another
AROUND, COUNTED = 74.0, 9.6  # of a figure: its title, axis and caption; a line of numbers under it
SPARE = 16.0  # for a title that takes one line more


def plot_height(headline: Text, table: Table, words: Text, counted: int) -> float:
    """Points of a plot. counted: the lines of numbers under it, with the names of the groups."""
    above = HEADLINE * _lines(headline, OF_HEADLINE) + WORDS * _lines(words, OF_WORDS) + FIXED
    above += ROW * len(table.rows) + SMALL * sum(_lines(row.cells[0], OF_NAME) - 1 for row in table.rows)
    above += SMALL * _lines(" ".join(map(plain, table.notes)), OF_NOTE)
    return max(LOW, min(HIGH, BODY - SPARE - above - AROUND - COUNTED * counted))


def _lines(text: Text | str, letters: int) -> int:
    return ceil(len(plain(text)) / letters)
