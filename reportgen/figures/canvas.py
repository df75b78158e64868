"""A sheet to draw on, in points from the top left corner, that becomes one plain `<svg>` element.

Text stays text, set by whoever shows the figure in the embedded font; colours and widths are presentation
attributes, so that a style sheet can override them; there is no `<style>`, no `<defs>` and no opacity.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from reportgen.base.required import required
from reportgen.figures.style import FAMILY, INK, MM, REGULAR, SIZE, SMALL, WHITE, clean

Points = Sequence[tuple[float, float]] | np.ndarray
ANCHORS = {"start": "left", "middle": "center", "end": "right"}
HALF_SIDE = 0.886
SHAPES = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "triangle": ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
    "delta": ((0, 1.2), (1.15, -0.9), (-1.15, -0.9)),
    "diamond": ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
    "arrow": ((-1, -1.1), (1.1, 0), (-1, 1.1)),
    "left arrow": ((1, -1.1), (-1.1, 0), (1, 1.1)),
}
SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "path.snap": False, "path.sketch": None}
BOW = 0.5523  # the handle of a cubic curve that is nearest to a quarter of a circle
CIRCLE = np.array(
    ((1, 0), (1, BOW), (BOW, 1), (0, 1), (-BOW, 1), (-1, BOW), (-1, 0),
     (-1, -BOW), (-BOW, -1), (0, -1), (BOW, -1), (1, -BOW), (1, 0), (1, 0))
)  # fmt: skip
CURVES = (Path.MOVETO, *[Path.CURVE4] * 12, Path.CLOSEPOLY)
OF = "of "  # before the group that a mark is of
HOLLOW = {"ring": "circle", "box": "square", "lozenge": "diamond"}


class Canvas:
    """Collects marks in drawing order; `svg(height)` is called once, at the end."""

    def __init__(self, figure_id: str, width_mm: float):
        self.figure_id = re.sub(r"[^A-Za-z0-9_-]+", "-", figure_id)
        self.width = width_mm * MM
        self.plot = ""  # where curves are drawn, for a page that reads them: see curves.survival_figure
        self._hot: list[str] = []
        self._places = {anchor: Text(ha=side) for anchor, side in ANCHORS.items()}
        self._group = ""
        # Of which group, and how it is drawn by `svg`, under our settings.
        self._marks: list[tuple[str, Callable[[RendererSVG, Affine2D], None]]] = []

    @contextmanager
    def of(self, *groups: str) -> Iterator[None]:
        """What is drawn within is of these groups of patients, "all" is of none: a page may let it step back."""
        before, self._group = self._group, " ".join(quote(group) for group in groups if group != "all")
        yield
        self._group = before

    def hot(self, x: float, y: float, width: float, height: float, patient: str):
        """A place that a page may light up for a patient; nothing of it is seen otherwise."""
        d = f"M{_number(x)} {_number(y)}H{_number(x + width)}V{_number(y + height)}H{_number(x)}z"
        self._hot.append(f'<path d="{d}" fill="none" data-patient="{escape(clean(patient))}"/>')

    def line(self, points: Points, colour: str = INK, width: float = 0.6, dash: Sequence[float] = ()):
        """An open line through the points."""
        self._path(Path(np.asarray(points, float)), "none", colour, width, dash)

    def lines(self, segments: Iterable[Points], colour: str = INK, width: float = 0.6):
        """Many separate lines of one kind."""
        segments = [np.asarray(segment, float) for segment in segments]
        if segments:
            codes = [code for s in segments for code in (Path.MOVETO, *[Path.LINETO] * (len(s) - 1))]
            self._path(Path(np.concatenate(segments), codes), "none", colour, width)

    def area(self, points: Points, fill: str, edge: str | None = None, width: float = 0.6):
        """A closed shape."""
        points = np.asarray(points, float)
        codes = [Path.MOVETO, *[Path.LINETO] * (len(points) - 1), Path.CLOSEPOLY]
        self._path(Path(np.vstack([points, points[:1]]), codes), fill, edge or "none", width if edge else 0)

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
            self._path(Path(CIRCLE * size + (x, y), CURVES), fill, rim or "none", 0.9 if rim else 0)
        else:
            scale = size * (HALF_SIDE if kind == "square" else 1)
            self.area(np.array(SHAPES[kind]) * scale + (x, y), fill, rim, 0.9)

    def text(self, x: float, y: float, words: str, colour: str = INK, size: float = SIZE,
             weight: int = REGULAR, anchor: str = "start"):  # fmt: skip
        """One line of text; y is its baseline."""
        words = clean(words)
        if words:
            place, font = self._places[anchor], _font(size, weight)

            def draw(renderer: RendererSVG, down: Affine2D):
                pen = renderer.new_gc()
                pen.set_foreground(colour)
                place.set_position((x, y))
                place.set_transform(down)
                renderer.draw_text(pen, x, y, words, font, 0, mtext=place)

            self._marks.append((self._group, draw))

    def small(self, x: float, y: float, words: str, colour: str = INK, anchor: str = "start"):
        """Text in the size of axes and keys, on the baseline y. anchor: "start", "middle" or "end"."""
        self.text(x, y, words, colour, SMALL, anchor=anchor)

    def svg(self, height: float) -> str:
        """The finished figure, with its size in points and a viewBox so that a page can scale it."""
        down, sheet = Affine2D().scale(1, -1).translate(0, height), io.StringIO()
        with matplotlib.rc_context({**SETTINGS, "svg.hashsalt": self.figure_id}):
            renderer = RendererSVG(self.width, height, sheet, metadata={"Date": None})
            for group, draw in self._marks:
                renderer.open_group("mark", gid=f"{OF}{group}")
                draw(renderer, down)
                renderer.close_group("mark")
            renderer.finalize()
        w, h = _number(self.width), _number(height)
        plot = f' data-plot="{self.plot}"' if self.plot else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{self.figure_id}-svg" width="{w}pt" height="{h}pt" '
            f'viewBox="0 0 {w} {h}" font-family="\'{FAMILY}\', sans-serif" stroke-linejoin="miter"{plot}>'
            f"{''.join(self._hot)}{_marks(sheet.getvalue())}</svg>"
        )

    def _path(self, path: Path, fill: str, edge: str, width: float, dash: Sequence[float] = ()):
        path.should_simplify = False  # it would make slopes of the smallest steps

        def draw(renderer: RendererSVG, down: Affine2D):
            pen = renderer.new_gc()
            pen.set_linewidth(width if edge != "none" else 0)
            pen.set_foreground(edge if edge != "none" else WHITE)
            pen.set_dashes(0, tuple(dash) or None)
            pen.set_joinstyle("miter")
            renderer.draw_path(pen, path, down, to_rgb(fill) if fill != "none" else None)

        self._marks.append((self._group, draw))


@cache
def _font(size: float, weight: int) -> FontProperties:
    return FontProperties(family=FAMILY, size=size, weight=weight)


def _number(x: float) -> str:
    text = f"{float(x):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _short(d: str) -> str:
    """Path data with two decimals, and level or upright lines as such; half as long for steps."""
    shown, x, y = [], "", ""
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        points = [_number(part) for part in rest.split()]
        if command == "L" and points[0] == x:
            shown.append(f"V{points[1]}" if points[1] != y else "")
        elif command == "L" and points[1] == y:
            shown.append(f"H{points[0]}")
        else:
            shown.append(command + " ".join(points))
        x, y = points[-2:] or (x, y)
    return "".join(shown)


def _marks(svg: str) -> str:
    """The paths and texts of a drawing, those of a group of patients together in one element.

    Its data-group is the names of the groups, percent-encoded.
    """
    drawn: list[tuple[str, str]] = []
    for mark in ElementTree.fromstring(svg):
        name = mark.get("id", "")
        if name.startswith(OF):
            drawn += [(name.removeprefix(OF), written) for written in map(_written, mark.iter()) if written]
    return "".join(
        f'<g data-group="{group}">{"".join(written for _group, written in marks)}</g>'
        if group
        else "".join(written for _group, written in marks)
        for group, marks in groupby(drawn, key=itemgetter(0))
    )


def _written(element: ElementTree.Element) -> str:
    """A path or a text with plain attributes instead of a style; nothing of any other element."""
    name = element.tag.rpartition("}")[2]
    if name not in ("path", "text"):
        return ""
    style = dict(part.split(": ", 1) for part in element.get("style", "").split("; ") if part)
    if name == "path":
        kept = {"d": _short(required(element.get("d")))}
    else:
        kept = {
            "x": _number(float(required(element.get("x")))),
            "y": _number(float(required(element.get("y")))),
        }
        kept["font-size"] = style.pop("font-size").removesuffix("px")
    style.pop("font-family", None)
    defaults = {"stroke-dashoffset": "0", "text-anchor": "start", "stroke-linejoin": "miter"}
    kept |= {k: v.rstrip(";") for k, v in style.items() if defaults.get(k) != v.rstrip(";")}
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
    body = f">{escape(required(element.text), quote=False)}</text>" if name == "text" else "/>"
    return f"<{name}{attributes}{body}"
