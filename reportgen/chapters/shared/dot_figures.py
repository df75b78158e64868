"""Dot and forest plots as figures: a long one in parts, so that none leaves a page half empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

from reportgen.base.drawing import Drawing
from reportgen.chapters.shared.drawings import drawings
from reportgen.report import Figure, Text
from reportgen.writing.language import _
from reportgen.writing.narrative import join, lower, say

if TYPE_CHECKING:
    from reportgen.figures.dot_plot import DotRow

MOST_ROWS = 16  # a third of a page

Told = tuple["DotRow", str]  # a row, and what it says to those who cannot see it


def dot_figures(
    id: str, rows: Sequence[Told], caption: Text, how: Text, kind: str, plot: Callable[..., Drawing]
) -> tuple[Figure, ...]:
    """One figure, or parts of about equal size that share their axis and columns; no feature is split.

    caption: what is found, under the first part; how: the method. kind: the first word of the text alternative. plot:
    takes id, the rows of a part, and `among`, all the rows, by which the parts are set alike.
    """
    parts = in_parts([[*group] for group in _features(rows)], MOST_ROWS)
    drawn = []
    for place, part in enumerate(parts, start=1):
        name = id if len(parts) == 1 else f"{id}-{place}"
        which = "" if len(parts) == 1 else f" {_('(part {place} of {all})', place=place, all=len(parts))}"
        found = caption if place == 1 else _continued(part)
        shown, among = ([row for row, _words in some] for some in (part, rows))
        drawing, narrow = drawings(partial(plot, name, shown, among=among))
        said = "; ".join(words for _row, words in part if words)
        alt = f"{kind}{which}. {said}." if said else f"{kind}{which}."
        drawn.append(Figure(name, drawing, found, alt, notes=(how,) if place == 1 else (), narrow=narrow))
    return tuple(drawn)


def _continued(part: Sequence[Told]) -> Text:
    """The caption of a further part: the features that stand in it."""
    names = [lower(row.label) for row, _words in part if row.head]
    return say("Continued: {features}.", features=join(names))


def _features(rows: Sequence[Told]) -> list[list[Told]]:
    """The rows by feature: a head begins one."""
    groups: list[list[Told]] = []
    for row in rows:
        if row[0].head or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups


def in_parts(groups: Sequence[list], most: int) -> list[list]:
    """Whole groups, one after the other, in as few parts of about `most` as there must be.

    >>> in_parts([[1, 2], [3, 4], [5, 6]], 4)
    [[1, 2], [3, 4, 5, 6]]
    """
    total = sum(map(len, groups))
    count = max(1, ceil(total / most))
    parts: list[list] = [[] for _place in range(count)]
    before = 0
    for group in groups:
        parts[int((before + len(group) / 2) * count / total)] += group
        before += len(group)
    return [part for part in parts if part]
