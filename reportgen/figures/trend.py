"""Small multiples: how each main estimate stood at every report, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from reportgen.base.drawing import Drawing
from reportgen.figures.axes import TICK, Axis, round_ticks, tick_word
from reportgen.figures.canvas import Canvas
from reportgen.figures.style import (
    ACCENT,
    FULL,
    HAIRLINE,
    INK,
    LINE,
    SECOND,
    SEMIBOLD,
    SMALL,
    fit,
    tint,
    width_of,
)
from reportgen.writing.numbers import percent

ACROSS, GUTTER, PLOT = 3, 16.0, 46.0  # ACROSS: panels in a row, one fewer on a narrow screen
NARROW = 4.0


@dataclass(frozen=True)
class Panel:
    """One estimate over the reports. points: (value, low, high), None where they do not exist; note: why not.

    detail: of which time, said below the title, as is the unit. top: the end of the axis; None for proportions,
    which run from 0 to 1.
    """

    title: str
    detail: str
    points: Sequence[tuple[float | None, float | None, float | None]]
    notes: Sequence[str]
    top: float | None = None
    unit: str = ""


def trend_figure(
    figure_id: str, panels: Sequence[Panel], days: Sequence[date], *, width_mm: float = FULL
) -> Drawing:
    """days: the cut-off of each report, in order; panels: as many points each. Three panels stand in a row, or two."""
    canvas = Canvas(figure_id, width_mm)
    across = ACROSS if width_mm >= FULL else ACROSS - 1
    wide = (canvas.width - GUTTER * (across - 1)) / across
    left = max(width_of(word, SMALL) for panel in panels for word in _words(_axis(panel, 1, 0))) + TICK + 3
    heads = 2 if any(_under(panel) for panel in panels) else 1
    bottom = 0.0
    for place, panel in enumerate(panels):
        x = (wide + GUTTER) * (place % across)
        y = (LINE * (heads + 1) + PLOT + 18) * (place // across)
        bottom = _draw(canvas, panel, days, (x, x + left, x + wide, y), heads)
    return canvas.drawing(bottom + 4)


def _draw(
    canvas: Canvas, panel: Panel, days: Sequence[date], place: tuple[float, float, float, float], heads: int
) -> float:
    edge, left, right, top = place
    canvas.text(edge, top + SMALL, fit(panel.title, right - edge, SMALL, SEMIBOLD), INK, SMALL, SEMIBOLD)
    if _under(panel):
        canvas.small(edge, top + SMALL + LINE, fit(_under(panel), right - edge, SMALL), SECOND)
    high = top + LINE * heads + 6
    low = high + PLOT
    up = _axis(panel, low, high)
    canvas.lines((((left, up(t)), (right, up(t))) for t in up.ticks if t > up.low), HAIRLINE, 0.4)
    canvas.line(((left, low), (right, low)))
    for tick, word in zip(up.ticks, _words(up), strict=True):
        canvas.small(left - TICK - 1, float(up(tick)) + 2.6, word, SECOND, "end")
    xs = _places(days, left + 6, right - 6)
    shown = [
        (x, (value, *limits))
        for x, (value, *limits) in zip(xs, panel.points, strict=True)
        if value is not None
    ]
    ranges = [(x, under, over) for x, (_, under, over) in shown if under is not None and over is not None]
    canvas.lines(
        (((x, up.clip(under)), (x, up.clip(over))) for x, under, over in ranges), tint(ACCENT, 0.45), 1.6
    )
    if len(shown) > 1:
        canvas.line([(x, up.clip(value)) for x, (value, _, _) in shown], ACCENT, 0.8)
    for x, (value, _, _) in shown:
        canvas.marker(x, up.clip(value), "circle", 2.0 if len(days) <= 12 else 1.4, ACCENT)
    for note, same in groupby(zip(xs, panel.notes, strict=True), lambda point: point[1]):
        where = [x for x, _ in same]
        if note:
            canvas.small((where[0] + where[-1]) / 2, high + 6, note, SECOND, "middle")
    _name(canvas, days, xs, low + TICK + 7.4, (left, right))
    return low + TICK + 8


def _under(panel: Panel) -> str:
    return ", ".join(filter(None, (panel.detail, panel.unit)))


def _axis(panel: Panel, bottom: float, top: float) -> Axis:
    high = 1.0 if panel.top is None else panel.top
    return Axis(0.0, high, bottom, top, round_ticks(0.0, high, 2))


def _words(axis: Axis) -> list[str]:
    return [percent(t) if axis.high == 1.0 else tick_word(t) for t in axis.ticks]


def _places(days: Sequence[date], left: float, right: float) -> list[float]:
    """In proportion to time; reports of one day, or too near to be told apart, are spaced evenly."""
    span = (days[-1] - days[0]).days
    even = [left + (right - left) * (i / (len(days) - 1) if len(days) > 1 else 0.5) for i in range(len(days))]
    if not span:
        return even
    timed = [left + (right - left) * (day - days[0]).days / span for day in days]
    near = any(b - a < NARROW for a, b in zip(timed, timed[1:], strict=False))
    return even if near else timed


def _name(canvas: Canvas, days: Sequence[date], xs: Sequence[float], y: float, ends: tuple[float, float]):
    """The first and the last report by their month."""
    first, last = (f"{day:%Y-%m}" for day in (days[0], days[-1]))
    canvas.small(max(xs[0] - 6, ends[0]), y, first, SECOND)
    if len(days) > 1:
        canvas.small(ends[1], y, last, SECOND, "end")
    canvas.lines((((x, y - TICK - 7.4), (x, y - 7.4)) for x in xs), INK)
