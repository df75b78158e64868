"""The letters of a figure as lines, for programs that would set them in another font."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import cast
from xml.etree.ElementTree import Element

import uharfbuzz
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from reportgen.base.drawing import BEFORE, Anchor, Words
from reportgen.base.required import required
from reportgen.render.html import fonts

SET = ("x", "y", "font-size", "font-weight", "font-family", "font-style", "text-anchor")


def letters(words: Words) -> str:
    """The letters of a line as the data of one SVG path, in the embedded fonts."""
    parts = [(font, *_line(font, part)) for font, part in _by_font(words.text, words.weight)]
    x = words.x - BEFORE[words.anchor] * sum(width for _, _, width in parts) * words.size
    drawn = ""
    for font, glyphs, width in parts:
        drawn += _path(font, glyphs, x, words.y, words.size)
        x += width * words.size
    return drawn


def outlined(tree: Element) -> None:
    """Replace every <text> of a house's logo by the path of its letters, in place.

    ValueError for a text that is not a single line with its place and size.
    """
    for text in list(tree.iter("text")):
        if len(text) or not {"x", "y", "font-size"} <= set(text.attrib):
            raise ValueError("a text in a drawing must be one line, with its place and size")
        size = float(required(text.get("font-size")).removesuffix("px").removesuffix("pt"))
        x, y = (float(required(text.get(name))) for name in ("x", "y"))
        anchor = cast(Anchor, text.get("text-anchor", "start"))
        words = Words(text.text or "", x, y, size, int(text.get("font-weight", "400")), anchor, "")
        text.tag, text.text = "path", None
        for name in set(SET) & set(text.attrib):
            del text.attrib[name]
        text.set("d", letters(words))


def _by_font(words: str, weight: int) -> Iterator[tuple[uharfbuzz.Font, str]]:
    """The parts of a line, each with the font that holds it."""
    ours = fonts.charset()
    for face, part in groupby(words, lambda char: None if ord(char) in ours else fonts.further(char)):
        yield _font(weight) if face is None else _further(face), "".join(part)


def _line(font: uharfbuzz.Font, words: str) -> tuple[list[tuple[int, float]], float]:
    """The glyphs of a line, each with its left edge, and the width of the whole, in em."""
    line = uharfbuzz.Buffer()
    line.add_str(words)
    line.guess_segment_properties()
    uharfbuzz.shape(font, line)
    placed, x, upem = [], 0, font.face.upem
    for info, position in zip(line.glyph_infos, line.glyph_positions, strict=True):
        placed.append((info.codepoint, (x + position.x_offset) / upem))
        x += position.x_advance
    return placed, x / upem


def _path(font: uharfbuzz.Font, glyphs: list[tuple[int, float]], x: float, y: float, size: float) -> str:
    scale = size / font.face.upem
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    for glyph, left in glyphs:
        font.draw_glyph_with_pen(glyph, TransformPen(pen, (scale, 0, 0, -scale, x + left * size, y)))
    return pen.getCommands()


@cache
def _further(face: fonts.Face) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(fonts.font_bytes(face))))


@cache
def _font(weight: int) -> uharfbuzz.Font:
    """The face of our figures that is nearest in weight."""
    faces = (face for face in fonts.FACES if face.family == fonts.SANS)
    face = min(faces, key=lambda face: abs(face.weight - weight))
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(fonts.font_bytes(face))))
