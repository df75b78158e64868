"""A figure drawn straight into a PDF, mark by mark.

The PDF library draws the figure's SVG too, but lays out each letter by itself, and puts every centred word into a group
with resources of its own: half of the time of a short document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reportgen.base.drawing import BEFORE, Circle, Drawing, Path, Words
from reportgen.render.svg import font_family, number

PIXELS = 96 / 72  # per point
MITER, MITER_LIMIT = 0, 4
KEPT = 2000  # lines of text, such as the numbers of an axis, that the next document has too


@dataclass(frozen=True)
class DrawnFigure:
    """A figure as an image of the PDF library, which asks it for its size in CSS pixels and to draw itself.

    fonts: the library's configuration; shared: that other documents have it too, so that lines of text are kept.
    """

    drawing: Drawing
    fonts: Any
    shared: bool = True

    def get_intrinsic_size(self, image_resolution: float, font_size: float) -> tuple[float, float, float]:
        """Width, height and their ratio; the library asks for these three."""
        width, height = self.drawing.width * PIXELS, self.drawing.height * PIXELS
        return width, height, width / height

    def draw(self, stream, width: float, height: float, style: object) -> None:
        """Draw all marks onto the stream of a page, fitted to a box of width by height CSS pixels."""
        family = font_family(self.drawing)
        with stream.stacked():
            stream.transform(a=width / self.drawing.width, d=height / self.drawing.height)
            stream.set_line_join(MITER)
            stream.set_miter_limit(MITER_LIMIT)
            pen: tuple = (1.0, ())
            for mark in self.drawing.marks:
                if isinstance(mark, Words):
                    self._write(stream, mark, family)
                    continue
                used = (mark.width, mark.dash if isinstance(mark, Path) else ())
                if mark.edge and used != pen:
                    pen = used
                    stream.set_line_width(mark.width)
                    stream.set_dash(used[1], 0)
                _paint(stream, mark)

    def _write(self, stream, words: Words, family: str) -> None:
        from weasyprint.draw.text import draw_first_line
        from weasyprint.matrix import Matrix

        laid_out = _line if self.shared else _line.__wrapped__
        line = laid_out(words.text, family, words.size, words.weight, self.fonts)
        stream.set_color(_colour(words.colour))
        stream.begin_text()
        place = Matrix(d=-1, e=round(words.x - BEFORE[words.anchor] * line.width, 3), f=words.y)
        draw_first_line(stream, line, "none", "none", place)
        stream.end_text()


@dataclass(frozen=True)
class Line:
    """A text laid out, as the PDF library's own functions want it."""

    text: str
    style: Mapping
    pango_layout: Any
    width: float


def operators(mark: Path | Circle) -> bytes:
    """The lines of a mark in PDF's words.

    >>> operators(Path((((1, 2), (3, 2.5)),), closed=True))
    b'1 2 m 3 2.5 l h'
    """
    said = []
    if isinstance(mark, Circle):
        first, *rest = (f"{number(x)} {number(y)}" for x, y in mark.curves)
        curves = (f"{' '.join(rest[i : i + 3])} c" for i in range(0, len(rest), 3))
        return " ".join((f"{first} m", *curves, "h")).encode()
    for line in mark.lines:
        said += [f"{number(x)} {number(y)} {'l' if k else 'm'}" for k, (x, y) in enumerate(line)]
        said += ["h"] if mark.closed else []
    return " ".join(said).encode()


def _paint(stream, mark: Path | Circle) -> None:
    if mark.fill:
        stream.set_color(_colour(mark.fill))
    if mark.edge:
        stream.set_color(_colour(mark.edge), stroke=True)
    stream.stream.append(operators(mark))
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
