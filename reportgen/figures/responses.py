"""The colours of best response, and their key; NE is hatched."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reportgen.base.message import N_
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import Sign, hatch, swatch
from reportgen.figures.style import RESPONSES, SECOND
from reportgen.writing.language import _

SECOND_FAINT = "#8A949D"
WORDS = {
    "CR": N_("Complete response"),
    "PR": N_("Partial response"),
    "SD": N_("Stable disease"),
    "PD": N_("Progressive disease"),
    "NE": N_("Not evaluable"),
}


def known(response: str) -> str:
    """One of CR, PR, SD, PD and NE; whatever else is NE."""
    return response if response in RESPONSES else "NE"


def _colour_of(response: str) -> str:
    return RESPONSES[known(response)] or SECOND


def draw_bar(canvas: Canvas, x: float, y: float, width: float, height: float, response: str):
    """A bar in the colour of a best response; NE, which has none, is hatched."""
    if RESPONSES[known(response)]:
        canvas.rect(x, y, width, height, _colour_of(response))
    else:
        canvas.hatched(x, y, width, height, SECOND)


def bar_sign(response: str) -> Sign:
    """The sign of a response in the key of bars."""
    return swatch(_colour_of(response)) if RESPONSES[response] else hatch(SECOND)


def line_sign(response: str) -> Sign:
    """The sign of a response in the key of lines."""
    colour, dash = line_style(response)
    return lambda canvas, x, y: canvas.line(((x, y), (x + 14, y)), colour, 1.2, dash)


def line_style(response: str) -> tuple[str, tuple[float, ...]]:
    """Colour and dash of a thin line; what reads as a bar may be too faint for it."""
    dash = {"PD": (5, 1.6), "NE": (2, 1.4)}.get(known(response), ())
    return (SECOND_FAINT if known(response) == "SD" else _colour_of(response)), dash


def response_key(responses: Iterable[str], sign: Callable[[str], Sign], width: float = 7.0):
    """What occurs, best first, for `draw_key`."""
    occurring = {known(response) for response in responses}
    return [(sign(name), width, _(WORDS[name])) for name in RESPONSES if name in occurring]
