"""A figure drawn straight into a PDF: paths and lines of text, which is what `figures` makes.

The PDF library draws an SVG too, but lays out each letter by itself, and puts every centred word into a group with
resources of its own: half of the time of a short document. An SVG that holds anything else is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from reportgen.base.required import required

KNOWN = {
    "svg": frozenset(("id", "width", "height", "viewBox", "font-family", "stroke-linejoin", "fill")),
    "path": frozenset(("id", "d", "fill", "stroke", "stroke-width", "stroke-dasharray")),
    "text": frozenset(("id", "x", "y", "font-size", "font-weight", "text-anchor", "fill")),
}
COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
POINTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "z": 0, "Z": 0}
LENGTH = re.compile(r"([\d.]+)pt")
JOINS = {"miter": 0, "round": 1}
PIXELS = 96 / 72  # per point
KEPT = 2000  # lines of text, such as the numbers of an axis, that the next document has too


@dataclass(frozen=True)
class Stroke:
    """A path as PDF operators. fill, edge: colours, or "" for none."""

    operators: bytes
    fill: str
    edge: str
    width: float
    dash: tuple[float, ...]


@dataclass(frozen=True)
class Words:
    """A line of text; anchor: the share of its width that stands left of x."""

    text: str
    x: float
    y: float
    size: float
    weight: int
    anchor: float
    colour: str


@dataclass(frozen=True)
class Drawing:
    """A figure as an image of the PDF library, which asks it for its size in CSS pixels and to draw itself."""

    size: tuple[float, float]
    box: tuple[float, float, float, float]
    family: str
    join: int
    marks: tuple[Stroke | Words, ...]
    fonts: Any
    shared: bool

    def get_intrinsic_size(self, image_resolution: float, font_size: float) -> tuple[float, float, float]:
        """Width, height and their ratio; the library asks for these three."""
        return (*self.size, self.size[0] / self.size[1])

    def draw(self, stream, width: float, height: float, style: object) -> None:
        """Draw all marks onto the stream of a page, fitted to a box of width by height CSS pixels."""
        left, top, across, down = self.box
        with stream.stacked():
            wide, high = width / across, height / down
            stream.transform(a=wide, d=high, e=-left * wide, f=-top * high)
            stream.set_line_join(self.join)
            stream.set_miter_limit(4)
            pen: tuple = (1.0, ())
            for mark in self.marks:
                if isinstance(mark, Words):
                    self._write(stream, mark)
                    continue
                if mark.edge and (mark.width, mark.dash) != pen:
                    pen = (mark.width, mark.dash)
                    stream.set_line_width(mark.width)
                    stream.set_dash(mark.dash, 0)
                _paint(stream, mark)

    def _write(self, stream, words: Words) -> None:
        from weasyprint.draw.text import draw_first_line
        from weasyprint.matrix import Matrix

        laid_out = _line if self.shared else _line.__wrapped__
        line = laid_out(words.text, self.family, words.size, words.weight, self.fonts)
        stream.set_color(_colour(words.colour))
        stream.begin_text()
        place = Matrix(d=-1, e=round(words.x - words.anchor * line.width, 3), f=words.y)
        draw_first_line(stream, line, "none", "none", place)
        stream.end_text()


@dataclass(frozen=True)
class Line:
    """A text laid out, as the PDF library's own functions want it."""

    text: str
    style: Mapping
    pango_layout: Any
    width: float


def drawing(svg: bytes, fonts, shared: bool = True) -> Drawing | None:
    """The figure; None where it holds more than paths and lines of text.

    fonts: the library's configuration; shared: that other documents have it too, so that lines of text are kept.
    """
    tree = fromstring(svg)
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
        if element.attrib.keys() - KNOWN.get(element.tag, frozenset(("",))) or element.tag not in KNOWN:
            return None
    across, down = (LENGTH.fullmatch(tree.get(side, "")) for side in ("width", "height"))
    marks = [mark for mark in (_mark(element, tree) for element in tree) if mark is not None]
    if across is None or down is None or len(marks) < len(tree) or any(len(element) for element in tree):
        return None
    if tree.get("stroke-linejoin", "miter") not in JOINS:
        return None
    left, top, wide, high = (float(part) for part in tree.get("viewBox", "").split())
    return Drawing(
        (float(across[1]) * PIXELS, float(down[1]) * PIXELS),
        (left, top, wide, high),
        tree.get("font-family", ""),
        JOINS[tree.get("stroke-linejoin", "miter")],
        tuple(marks),
        fonts,
        shared,
    )


def _mark(element: Element, root: Element) -> Stroke | Words | None:
    fill = element.get("fill", root.get("fill", "#000000"))
    fill = "" if fill == "none" else fill
    if element.tag == "text":
        anchor = {"start": 0.0, "middle": 0.5, "end": 1.0}.get(element.get("text-anchor", "start"))
        if anchor is None or not (element.text or "").strip() or not fill:
            return None
        x, y, size = (float(required(element.get(name))) for name in ("x", "y", "font-size"))
        return Words(required(element.text), x, y, size, int(element.get("font-weight", 400)), anchor, fill)
    edge, operators = element.get("stroke", "none"), _operators(element.get("d", ""))
    if operators is None:
        return None
    dash = tuple(float(part) for part in element.get("stroke-dasharray", "").replace(",", " ").split())
    width = float(element.get("stroke-width", 1))
    return Stroke(operators, fill, "" if edge == "none" or not width else edge, width, dash)


def _operators(d: str) -> bytes | None:
    """Path data in PDF's words; None for commands that our figures don't use.

    >>> _operators("M1 2H3V4C1 2 3 4 5 6z")
    b'1 2 m 3 2 l 3 4 l 1 2 3 4 5 6 c h'
    """
    said, x, y, start = [], "0", "0", ("0", "0")
    for command, rest in COMMAND.findall(d):
        points = rest.replace(",", " ").split()
        if len(points) != POINTS.get(command, -1):
            return None
        if command in "zZ":
            said.append("h")
            x, y = start
            continue
        if command == "H":
            points = [points[0], y]
        elif command == "V":
            points = [x, points[0]]
        x, y = points[-2:]
        start = (x, y) if command == "M" else start
        said.append(" ".join((*points, {"M": "m", "C": "c"}.get(command, "l"))))
    return " ".join(said).encode()


def _paint(stream, mark: Stroke) -> None:
    if mark.fill:
        stream.set_color(_colour(mark.fill))
    if mark.edge:
        stream.set_color(_colour(mark.edge), stroke=True)
    stream.stream.append(mark.operators)
    if mark.fill and mark.edge:
        stream.fill_and_stroke()
    elif mark.edge:
        stream.stroke()
    elif mark.fill:
        stream.fill()
    else:
        stream.end()


@lru_cache(KEPT)
def _colour(name: str):
    from tinycss2.color5 import parse_color

    return parse_color(name)


@lru_cache(KEPT)
def _line(text: str, family: str, size: float, weight: int, fonts) -> Line:
    """The text as a line; the language is said, for else it would be that of the machine."""
    from weasyprint.css.properties import INITIAL_VALUES
    from weasyprint.text.line_break import create_layout, line_size

    given = {"font_family": tuple(family.split(",")), "font_size": size, "font_weight": weight, "lang": "en"}
    style = _Style(INITIAL_VALUES | given)
    style.font_config = fonts
    layout = create_layout(text, style, None, None, 0)
    return Line(text, style, layout, line_size(layout.get_first_line()[0], style)[0])


class _Style(dict):
    """The style of a text as the library asks for it, with the fonts beside it."""

    font_config: Any
