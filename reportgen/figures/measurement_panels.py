"""Measured values over time: a small panel for each name, a line per patient, the reference range behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from reportgen.base.drawing import Drawing
from reportgen.figures.axes import Axis, draw_below, round_ticks, tick_word, time_ticks
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import Sign, draw_key
from reportgen.figures.style import (
    FAINT,
    FULL,
    HAIRLINE,
    INK,
    LINE,
    SECOND,
    SEMIBOLD,
    SMALL,
    WHITE,
    clean,
    curve_style,
    fit,
    tint,
    width_of,
)
from reportgen.writing.numbers import DAYS_PER, unit_name

HEIGHT, GUTTER, BETWEEN = 62.0, 14.0, 13.0
FEW = 12  # lines whose points are marked
MEDIAN = 1.4
EDGE = 2.5  # for half a marker at the last day


@dataclass(frozen=True)
class Panel:
    """name, unit: what was measured. tracks: (days from time zero, values) of each patient, by day.

    lower, upper: of the reference range, None where it is not known or not the same for all. medians: of each group,
    or of all patients alone, days and values; drawn before the lines.
    """

    name: str
    unit: str
    tracks: Sequence[tuple[Sequence[float], Sequence[float]]]
    lower: float | None = None
    upper: float | None = None
    medians: Sequence[tuple[Sequence[float], Sequence[float]]] = ()


def measurement_panels(
    figure_id: str,
    panels: Sequence[Panel],
    *,
    unit: str,
    groups: Sequence[str] = (),
    width_mm: float = FULL,
) -> Drawing:
    """Panels of one size on one axis of time, each with its own axis of values.

    Three stand beside each other, two where it is narrow, or where three would leave a hole. groups: the names of
    those whose medians are drawn, in their order, for the key; none where the median is of all.
    """
    canvas, beside = Canvas(figure_id, width_mm), 3 if width_mm >= FULL and len(panels) not in (2, 4) else 2
    key = [_key(i, name, len(groups)) for i, name in enumerate(groups)]
    head = draw_key(canvas, key, LINE) + 4 if key else 0.0
    days = [day for panel in panels for at, _ in panel.tracks for day in at]
    first, last = min(0.0, *days) / DAYS_PER[unit], max(0.0, *days) / DAYS_PER[unit]
    last = last if last > first else first + 1
    ups = [_value_axis(panel) for panel in panels]
    left = max(width_of(tick_word(tick), SMALL) for up in ups for tick in up.ticks) + 6
    width = (canvas.width - beside * left - (beside - 1) * GUTTER - EDGE) / beside
    row = LINE + HEIGHT + 12 + BETWEEN
    for place, (panel, up) in enumerate(zip(panels, ups, strict=True)):
        x = (place % beside) * (left + width + GUTTER) + left
        top = head + (place // beside) * row + LINE + 2
        upward = Axis(up.low, up.high, top + HEIGHT, top, up.ticks)
        across = Axis(first, last, x, x + width, time_ticks(first, last, unit, 4))
        _draw(canvas, panel, across, upward, DAYS_PER[unit])
        for i, (at, values) in enumerate(panel.medians):
            points = [
                (float(across(day / DAYS_PER[unit])), float(upward(value)))
                for day, value in zip(at, values, strict=True)
            ]
            _draw_median(canvas, points, curve_style(i, "" if groups else "all", len(panel.medians)))
        title = f"{panel.name} ({panel.unit})" if panel.unit else panel.name
        canvas.text(x - left, top - 4, fit(clean(title), left + width, SMALL, SEMIBOLD), INK, SMALL, SEMIBOLD)
    foot = head + ceil(len(panels) / beside) * row - BETWEEN / 2 + 3
    canvas.small(0, foot, unit_name(unit).capitalize(), SECOND)
    return canvas.drawing(foot + 3)


def _key(place: int, name: str, of: int) -> tuple[Sign, float, str]:
    """A short piece of the line of a group."""
    colour, _ink, dash, marker = curve_style(place, "", of)

    def piece(canvas: Canvas, x: float, y: float):
        canvas.line(((x, y), (x + 14, y)), colour, MEDIAN, dash)
        canvas.marker(x + 14, y, marker, 1.8, colour)

    return piece, 17.0, name


def _draw_median(
    canvas: Canvas, points: Sequence[tuple[float, float]], style: tuple[str, str, tuple[float, ...], str]
):
    """On a ground of white, so that the lines of the patients do not hide it."""
    colour, _ink, dash, marker = style
    if len(points) > 1:
        canvas.line(points, WHITE, MEDIAN + 1.2)
        canvas.line(points, colour, MEDIAN, dash)
    for x, y in points:
        canvas.marker(x, y, marker, 1.8, colour)


def _value_axis(panel: Panel) -> Axis:
    """From the lowest to the highest of values and range, a little wider, with few round ticks."""
    seen = [value for _, values in panel.tracks for value in values]
    seen += [limit for limit in (panel.lower, panel.upper) if limit is not None]
    low, high = min(seen), max(seen)
    if 0 <= low < 0.3 * high:
        low = 0.0
    room = 0.06 * (high - low) or max(abs(high) * 0.1, 1.0)
    low, high = (low if low == 0 else low - room), high + room
    return Axis(low, high, 0.0, 1.0, round_ticks(low, high, 3))


def _draw(canvas: Canvas, panel: Panel, across: Axis, up: Axis, per: float):
    limits = [limit for limit in (panel.lower, panel.upper) if limit is not None]
    few = len(panel.tracks) <= FEW
    if limits:
        below = up(panel.lower) if panel.lower is not None else up.start
        above = up(panel.upper) if panel.upper is not None else up.stop
        canvas.rect(across.start, above, across.stop - across.start, below - above, tint(FAINT, 0.4))
    if across.low < 0:
        canvas.line(((across(0.0), up.start), (across(0.0), up.stop)), FAINT, 0.5)
    canvas.line(((across.start, up.start), (across.start, up.stop)), HAIRLINE)
    for tick in up.ticks:
        canvas.line(((across.start - 2, up(tick)), (across.start, up(tick))), HAIRLINE)
        canvas.small(across.start - 4, up(tick) + 2.4, tick_word(tick), SECOND, "end")
    for days, values in panel.tracks:
        x, y = across(np.asarray(days, float) / per), up(np.asarray(values, float))
        if len(days) > 1:
            canvas.line(np.column_stack([x, y]), INK if few else tint(INK, 0.45), 0.8 if few else 0.35)
        if few or len(days) == 1:
            for at in zip(x, y, strict=True):
                canvas.marker(*at, "circle", 1.3, INK)
    for limit in limits if not few else ():  # the lines of many hide the range: its limits stand before them
        canvas.line(((across.start, up(limit)), (across.stop, up(limit))), INK, 0.6, (2.5, 1.5))
    draw_below(canvas, across, up.start, [tick_word(tick) for tick in across.ticks])
