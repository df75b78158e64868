"""A figure as data: marks in drawing order, which the writer of each medium walks.

All lengths are points from the upper left corner, y downwards, in hundredths; colours are #rrggbb in small letters,
"" for none. The groups of a mark are those of patients whose it is, () for those of all: a page may let a group step
back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
BEFORE: dict[Anchor, float] = {"start": 0.0, "middle": 0.5, "end": 1.0}
BOW = 0.5523  # the handle of a cubic curve that is nearest to a quarter of a circle


@dataclass(frozen=True)
class Path:
    """Lines through points, all in one stroke and fill. closed: each line ends where it began."""

    lines: tuple[tuple[Point, ...], ...]
    fill: str = ""
    edge: str = ""
    width: float = 0
    dash: tuple[float, ...] = ()
    closed: bool = False
    groups: tuple[str, ...] = ()

    @property
    def is_upright(self) -> bool:
        """Whether every piece of it is level or upright, as of boxes, axes and steps."""
        pairs = (pair for line in self.lines for pair in zip(line, line[1:], strict=False))
        return all(a[0] == b[0] or a[1] == b[1] for a, b in pairs)


@dataclass(frozen=True)
class Circle:
    """A circle, with its rim."""

    x: float
    y: float
    radius: float
    fill: str = ""
    edge: str = ""
    width: float = 0
    groups: tuple[str, ...] = ()

    @property
    def curves(self) -> tuple[Point, ...]:
        """Its four quarters as cubic curves: the rightmost point, then two handles and an end for each."""
        quarter = ((1, BOW), (BOW, 1), (0, 1))
        half = (*quarter, (-BOW, 1), (-1, BOW), (-1, 0))
        unit = ((1, 0), *half, *((-x, -y) for x, y in half))
        return tuple(rounded(self.x + x * self.radius, self.y + y * self.radius) for x, y in unit)


@dataclass(frozen=True)
class Words:
    """One line of text in the embedded sans. y: of its baseline; anchor: what of it stands at x."""

    text: str
    x: float
    y: float
    size: float
    weight: int
    anchor: Anchor
    colour: str
    groups: tuple[str, ...] = ()


Mark = Path | Circle | Words


@dataclass(frozen=True)
class PatientBox:
    """A box that a page lights up for a patient; nothing of it is seen otherwise."""

    patient: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PlotArea:
    """Where curves are drawn, for a page that reads them. last: the time at its right edge, in the unit shown."""

    left: float
    right: float
    top: float
    bottom: float
    last: float


@dataclass(frozen=True)
class Drawing:
    """A drawing of a width and height. plot_areas: one, or one for each curve."""

    id: str
    width: float
    height: float
    marks: tuple[Mark, ...] = ()
    patient_boxes: tuple[PatientBox, ...] = ()
    plot_areas: tuple[PlotArea, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every line of text in it."""
        return tuple(mark.text for mark in self.marks if isinstance(mark, Words))

    @property
    def colours(self) -> set[str]:
        """Every colour in it."""
        used = ((mark.colour,) if isinstance(mark, Words) else (mark.fill, mark.edge) for mark in self.marks)
        return {colour for pair in used for colour in pair if colour}

    def reworded(self, written: Callable[[str], str]) -> Drawing:
        """The drawing with every text as `written` gives it."""
        marks = (
            replace(mark, text=written(mark.text)) if isinstance(mark, Words) else mark for mark in self.marks
        )
        return replace(self, marks=tuple(marks))


def rounded(x: float, y: float) -> Point:
    """A point in hundredths, with no zero below zero."""
    return round(float(x), 2) + 0.0, round(float(y), 2) + 0.0
