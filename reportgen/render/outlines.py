"""The letters of a figure as lines, for programs that would set them in another font."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import cast
from xml.etree.ElementTree import Element

import uharfbuzz

from reportgen.base.drawing import BEFORE, Anchor, Point, Words
from reportgen.base.required import required
from reportgen.render.html import fonts
from reportgen.render.svg import number

Stroke = tuple[
    str, tuple[Point, ...]
]  # M L Q C Z, as SVG has them, and its points: handles first, then the end
SET = ("x", "y", "font-size", "font-weight", "font-family", "font-style", "text-anchor")


def letters(words: Words) -> str:
    """The letters of a line as the data of one SVG path, in the embedded fonts."""
    return "".join(
        kind + " ".join(f"{number(x)} {number(y)}" for x, y in points) for kind, points in strokes(words)
    )


def strokes(words: Words) -> Iterator[Stroke]:
    """The letters of a line, stroke by stroke, where they stand in the drawing."""
    parts = [(font, *_line(font, part)) for font, part in _by_font(words.text, words.weight)]
    x = words.x - BEFORE[words.anchor] * sum(width for _, _, width in parts) * words.size
    for font, glyphs, width in parts:
        scale = words.size / font.face.upem
        for glyph, left in glyphs:
            edge = x + left * words.size
            for kind, points in _glyph(font, glyph):
                yield kind, tuple((edge + scale * right, words.y - scale * up) for right, up in points)
        x += width * words.size


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


@cache
def _glyph(font: uharfbuzz.Font, glyph: int) -> tuple[Stroke, ...]:
    """A letter in the units of its font, y upwards: drawn once, for a figure has the same ones by the hundred."""
    drawn: list[Stroke] = []
    font.draw_glyph(glyph, _pen(), drawn)
    return tuple(drawn)


@cache
def _pen() -> uharfbuzz.DrawFuncs:
    """Functions of the library that keep what is drawn in a list."""
    pen = uharfbuzz.DrawFuncs()
    pen.set_move_to_func(lambda x, y, drawn: drawn.append(("M", ((x, y),))))
    pen.set_line_to_func(lambda x, y, drawn: drawn.append(("L", ((x, y),))))
    pen.set_quadratic_to_func(lambda a, b, x, y, drawn: drawn.append(("Q", ((a, b), (x, y)))))
    pen.set_cubic_to_func(lambda a, b, c, d, x, y, drawn: drawn.append(("C", ((a, b), (c, d), (x, y)))))
    pen.set_close_path_func(lambda drawn: drawn.append(("Z", ())))
    return pen


@cache
def _further(face: fonts.Face) -> uharfbuzz.Font:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(fonts.font_bytes(face))))


@cache
def _font(weight: int) -> uharfbuzz.Font:
    """The face of our figures that is nearest in weight."""
    faces = (face for face in fonts.FACES if face.family == fonts.SANS)
    face = min(faces, key=lambda face: abs(face.weight - weight))
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(fonts.font_bytes(face))))
