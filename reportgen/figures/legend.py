"""The key of a figure: one line (or as many as it takes) of signs with their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reportgen.figures.canvas import Canvas
from reportgen.figures.style import LINE, SECOND, SMALL, fit, width_of

WIDE, TIGHT = 11.0, 5.5
Sign = Callable[[Canvas, float, float], None]  # draws at the left end (x) and middle height (y)


def draw_key(canvas: Canvas, items: Iterable[tuple[Sign, float, str]], y: float, left: float = 0.0) -> float:
    """Signs (each with its width) and words from a first baseline on; returns the last baseline."""
    items = [
        (sign, width, fit(words, canvas.width - left - width - 4, SMALL)) for sign, width, words in items
    ]
    alone = sum(width + 3.5 + width_of(words, SMALL) for _, width, words in items)
    spare = (canvas.width - left - alone) / max(1, len(items) - 1)
    gap = spare if TIGHT <= spare < WIDE else WIDE
    x = left
    for sign, width, words in items:
        advance = width + 3.5 + width_of(words, SMALL)
        if x > left and x + advance > canvas.width + 0.1:
            x, y = left, y + LINE + 0.6
        sign(canvas, x, y - 2.5)
        canvas.small(x + width + 3.5, y, words, SECOND)
        x += advance + gap
    return y


def swatch(colour: str, edge: str | None = None) -> Sign:
    """A filled rectangle, as of a bar or an area."""
    return lambda canvas, x, y: canvas.rect(x, y - 3, 7, 6, colour, edge)


def hatch(colour: str) -> Sign:
    """A hatched rectangle, as of what is not evaluable."""
    return lambda canvas, x, y: canvas.hatched(x, y - 3, 7, 6, colour)


def sign(kind: str, size: float, colour: str) -> Sign:
    """A marker of a point. kind: as Canvas.marker has it."""
    return lambda canvas, x, y: canvas.marker(x + 3.5, y, kind, size, colour)
