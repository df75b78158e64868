"""The colours of best response, and their key; NE is hatched."""

from __future__ import annotations

from collections.abc import Iterable

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


def response_key(responses: Iterable[str]) -> list[tuple[Sign, float, str]]:
    """What occurs, best first."""
    occurring = {known(response) for response in responses}
    return [
        (swatch(colour) if colour else hatch(SECOND), 7.0, WORDS[name])
        for name, colour in RESPONSES.items()
        if name in occurring
    ]
