"""The colours of best response, and their key; NE is hatched."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reportgen.present.figures.canvas import Canvas
from reportgen.present.figures.key import Sign, hatch, swatch
from reportgen.present.figures.style import RESPONSES, SECOND

WORDS = {
    "CR": "Complete response",
    "PR": "Partial response",
    "SD": "Stable disease",
    "PD": "Progressive disease",
    "NE": "Not evaluable",
}


def known(response: str) -> str:
    """One of CR, PR, SD, PD and NE; whatever else is NE."""
    return response if response in RESPONSES else "NE"


def colour_of(response: str) -> str:
    return RESPONSES[known(response)] or SECOND


def draw_bar(canvas: Canvas, x: float, y: float, width: float, height: float, response: str):
    if RESPONSES[known(response)]:
        canvas.rect(x, y, width, height, colour_of(response))
    else:
        canvas.hatched(x, y, width, height, SECOND)


def bar_sign(response: str) -> Sign:
    return swatch(colour_of(response)) if RESPONSES[response] else hatch(SECOND)


def line_sign(response: str) -> Sign:
    colour, dash = colour_of(response), line_dash(response)
    return lambda canvas, x, y: canvas.line(((x, y), (x + 12, y)), colour, 1.2, dash)


def line_dash(response: str) -> tuple[float, ...]:
    return () if RESPONSES[known(response)] else (2, 1.4)


def response_key(responses: Iterable[str], sign: Callable[[str], Sign], width: float = 7.0):
    """What occurs, best first, for `draw_key`."""
    occurring = {known(response) for response in responses}
    return [(sign(name), width, WORDS[name]) for name in RESPONSES if name in occurring]
