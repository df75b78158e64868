"""A sheet to draw on, in points from the top left corner, that becomes one plain `<svg>` element.

Text stays text, set by whoever shows the figure in the embedded font; colours and widths are presentation
attributes, so that a style sheet can override them; there is no `<style>`, no `<defs>` and no opacity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from math import isfinite

import numpy as np

from reportgen.present.figures.style import FAMILY, INK, MM, REGULAR, SIZE, SMALL, WHITE, clean

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
BOW = 0.5523  # the handle of a cubic curve that is nearest to a quarter of a circle
CIRCLE = np.array(
    ((1, 0), (1, BOW), (BOW, 1), (0, 1), (-BOW, 1), (-1, BOW), (-1, 0),
     (-1, -BOW), (-BOW, -1), (0, -1), (BOW, -1), (1, -BOW), (1, 0))
)  # fmt: skip
HOLLOW = {"ring": "circle", "box": "square", "lozenge": "diamond"}


class Canvas:
    """Collects marks in drawing order; `svg(height)` is called once, at the end."""

    def __init__(self, figure_id: str, width_mm: float):
        self.figure_id = re.sub(r"[^A-Za-z0-9_-]+", "-", figure_id)
        self.width = width_mm * MM
        self.plot = ""  # where curves are drawn, for a page that reads them: see curves.survival_figure
        self._marks: list[str] = []

    def line(self, points: Points, colour: str = INK, width: float = 0.6, dash: Sequence[float] = ()):
        """An open line through the points."""
        self._path(_lines([points]), "none", colour, width, dash)

    def lines(self, segments: Iterable[Points], colour: str = INK, width: float = 0.6):
        """Many separate lines of one kind."""
        drawn = _lines(segments)
        if drawn:
            self._path(drawn, "none", colour, width)

    def area(self, points: Points, fill: str, edge: str | None = None, width: float = 0.6):
        """A closed shape."""
        self._path(_lines([points], "z"), fill, edge or "none", width if edge else 0)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, edge: str | None = None):
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
            self._path(_circle(x, y, size), fill, rim or "none", 0.9 if rim else 0)
        else:
            scale = size * (HALF_SIDE if kind == "square" else 1)
            self.area(np.array(SHAPES[kind]) * scale + (x, y), fill, rim, 0.9)

    def text(self, x: float, y: float, words: str, colour: str = INK, size: float = SIZE,
             weight: int = REGULAR, anchor: str = "start"):  # fmt: skip
        """One line of text; y is its baseline."""
        words = clean(words)
        if words:
            attributes = {"x": _number(x), "y": _number(y), "font-size": _number(size)}
            attributes |= {"font-weight": str(weight)} if weight != REGULAR else {}
            attributes |= {"text-anchor": anchor} if anchor != "start" else {}
            self._add("text", attributes | {"fill": colour.lower()}, escape(words, quote=False))

    def small(self, x: float, y: float, words: str, colour: str = INK, anchor: str = "start"):
        self.text(x, y, words, colour, SMALL, anchor=anchor)

    def svg(self, height: float) -> str:
        """The finished figure, with its size in points and a viewBox so that a page can scale it."""
        w, h = _number(self.width), _number(height)
        plot = f' data-plot="{self.plot}"' if self.plot else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{self.figure_id}-svg" width="{w}pt" height="{h}pt" '
            f'viewBox="0 0 {w} {h}" font-family="\'{FAMILY}\', sans-serif" stroke-linejoin="miter"{plot}>'
            f"{''.join(self._marks)}</svg>"
        )

    def _path(self, d: str, fill: str, edge: str, width: float, dash: Sequence[float] = ()):
        attributes = {"d": d, "fill": fill.lower()}
        attributes |= {"stroke-dasharray": ",".join(map(_number, dash))} if dash else {}
        if edge != "none" and width:
            attributes |= {"stroke": edge.lower()}
            attributes |= {"stroke-width": _number(width)} if width != 1 else {}
        self._add("path", attributes)

    def _add(self, name: str, attributes: dict[str, str], body: str = ""):
        said = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self._marks.append(f"<{name}{said}" + (f">{body}</{name}>" if body else "/>"))


def _number(x: float) -> str:
    text = f"{float(x):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _lines(segments: Iterable[Points], end: str = "") -> str:
    """Lines as path data with two decimals; level or upright ones are said as such: half as long for steps."""
    said = []
    for segment in segments:
        begun, last = len(said), ("", "")
        for x, y in np.asarray(segment, float).tolist():
            if not (isfinite(x) and isfinite(y)):  # there is no such place: the line is broken
                begun = len(said)
                continue
            place = _number(x), _number(y)
            if len(said) == begun:
                kind, step = "M", " ".join(place)
            elif place == last:
                continue
            elif place[0] == last[0]:
                kind, step = "V", place[1]
            else:
                kind, step = ("H", place[0]) if place[1] == last[1] else ("L", " ".join(place))
            said.append(kind + step)
            last = place
        said.append(end)
    return "".join(said)


def _circle(x: float, y: float, radius: float) -> str:
    corners = [" ".join(map(_number, point)) for point in (CIRCLE * radius + (x, y)).tolist()]
    curves = "".join("C" + " ".join(corners[i : i + 3]) for i in range(1, 13, 3))
    return f"M{corners[0]}{curves}z"
