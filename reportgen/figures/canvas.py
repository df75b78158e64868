"""A sheet to draw on, in points from the top left corner, that becomes a Drawing: see base/drawing.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import numpy as np

from reportgen.base.drawing import (
    Anchor,
    Circle,
    Drawing,
    Mark,
    Path,
    PatientBox,
    PlotArea,
    Point,
    Words,
    rounded,
)
from reportgen.figures.style import INK, MM, REGULAR, SIZE, SMALL, WHITE, clean

Points = Sequence[tuple[float, float]] | np.ndarray
HALF_SIDE = 0.886
SHAPES = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "triangle": ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
    "delta": ((0, 1.2), (1.15, -0.9), (-1.15, -0.9)),
    "diamond": ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
    "arrow": ((-1, -1.1), (1.1, 0), (-1, 1.1)),
    "left arrow": ((1, -1.1), (-1.1, 0), (1, 1.1)),
}
HOLLOW = {"ring": "circle", "box": "square", "lozenge": "diamond"}


class Canvas:
    """Collects marks in drawing order; `drawing(height)` is called once, at the end."""

    def __init__(self, figure_id: str, width_mm: float):
        self.figure_id = re.sub(r"[^A-Za-z0-9_-]+", "-", figure_id)
        self.width = width_mm * MM
        self._plot_areas: list[PlotArea] = []
        self._patient_boxes: list[PatientBox] = []
        self._marks: list[Mark] = []
        self._groups: tuple[str, ...] = ()

    @contextmanager
    def of(self, *groups: str) -> Iterator[None]:
        """What is drawn within is of these groups of patients, "all" is of none: a page may let it step back."""
        before, self._groups = self._groups, tuple(group for group in groups if group not in ("", "all"))
        yield
        self._groups = before

    def patient_box(self, x: float, y: float, width: float, height: float, patient: str):
        """A place that a page may light up for a patient; nothing of it is seen otherwise."""
        corners = *rounded(x, y), *rounded(x + width, y + height)
        self._patient_boxes.append(PatientBox(clean(patient), *corners))

    def plot_area(self, left: float, right: float, top: float, bottom: float, last: float):
        """Where curves are drawn, for a page that reads them. last: the time at the right edge, in the unit shown."""
        self._plot_areas.append(PlotArea(*(float(f"{x:.6g}") for x in (left, right, top, bottom, last))))

    def line(self, points: Points, colour: str = INK, width: float = 0.6, dash: Sequence[float] = ()):
        """An open line through the points."""
        self._path([points], "", colour, width, dash)

    def lines(self, segments: Iterable[Points], colour: str = INK, width: float = 0.6):
        """Many separate lines of one kind."""
        segments = list(segments)
        if segments:
            self._path(segments, "", colour, width)

    def area(self, points: Points, fill: str, edge: str | None = None, width: float = 0.6):
        """A closed shape."""
        self._path([points], fill, edge or "", width, closed=True)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, edge: str | None = None):
        """A filled rectangle from its upper left corner. edge: colour of the outline, None for none."""
        self.area(((x, y), (x + width, y), (x + width, y + height), (x, y + height)), fill, edge)

    def hatched(self, x: float, y: float, width: float, height: float, colour: str):
        """A rectangle with oblique lines, for what has no colour of its own."""
        self.rect(x, y, width, height, WHITE, colour)
        strokes, step = [], 3.2
        for shift in np.arange(step, width + height, step):
            start = (x + max(0.0, shift - height), y + min(shift, height))
            strokes.append((start, (x + min(shift, width), y + max(0.0, shift - width))))
        self.lines(strokes, colour, 0.5)

    def marker(self, x: float, y: float, kind: str, size: float, colour: str, halo: bool = False):
        """A sign centred at a point; size is its half width. halo: a white rim, over other marks."""
        fill, rim = colour, WHITE if halo else None
        if kind in HOLLOW:
            kind, fill, rim = HOLLOW[kind], WHITE, colour
        if kind == "cross":
            strokes = [
                ((x - size, y - size), (x + size, y + size)),
                ((x - size, y + size), (x + size, y - size)),
            ]
            if halo:
                self.lines(strokes, WHITE, 2.8)
            self.lines(strokes, colour, 1.2)
        elif kind == "circle":
            edge = rim.lower() if rim else ""
            self._marks.append(
                Circle(float(x), float(y), size, fill.lower(), edge, 0.9 if rim else 0, self._groups)
            )
        else:
            scale = size * (HALF_SIDE if kind == "square" else 1)
            self.area(np.array(SHAPES[kind]) * scale + (x, y), fill, rim, 0.9)

    def text(self, x: float, y: float, words: str, colour: str = INK, size: float = SIZE,
             weight: int = REGULAR, anchor: Anchor = "start"):  # fmt: skip
        """One line of text; y is its baseline."""
        words = clean(words)
        if words:
            place = rounded(x, y)
            self._marks.append(Words(words, *place, size, weight, anchor, colour.lower(), self._groups))

    def small(self, x: float, y: float, words: str, colour: str = INK, anchor: Anchor = "start"):
        """Text in the size of axes and keys, on the baseline y. anchor: "start", "middle" or "end"."""
        self.text(x, y, words, colour, SMALL, anchor=anchor)

    def drawing(self, height: float) -> Drawing:
        """The finished figure."""
        size = rounded(self.width, height)
        return Drawing(
            self.figure_id, *size, tuple(self._marks), tuple(self._patient_boxes), tuple(self._plot_areas)
        )

    def _path(self, lines: Iterable[Points], fill: str, edge: str, width: float,
              dash: Sequence[float] = (), closed: bool = False):  # fmt: skip
        points = tuple(_rounded(line) for line in lines)
        width = width if edge else 0
        self._marks.append(Path(points, fill.lower(), edge.lower(), width, tuple(dash), closed, self._groups))


def _rounded(points: Points) -> tuple[Point, ...]:
    """The points in hundredths, each once where several that follow one another are the same."""
    return tuple(
        point for point, _same in groupby(rounded(x, y) for x, y in np.asarray(points, float).tolist())
    )
