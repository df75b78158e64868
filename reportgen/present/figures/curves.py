"""Step curves with intervals and landmarks, and under them the numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.present.figures.at_risk import counts, draw_counts, named, size_of
from reportgen.present.figures.axes import Axis, draw_left, draw_time, round_ticks, time_axis
from reportgen.present.figures.canvas import Canvas
from reportgen.present.figures.ends import draw_names
from reportgen.present.figures.key import draw_key
from reportgen.present.figures.stairs import INCIDENCE, Line, Plot, bands, runs, shared, stair_corners
from reportgen.present.figures.style import (
    FAINT,
    FULL,
    LINE,
    SECOND,
    SEMIBOLD,
    SIZE,
    SMALL,
    clean,
    fit,
    group_style,
    tint,
    width_of,
)
from reportgen.present.numbers import DAYS_PER, percent, whole
from reportgen.stats.results import Curve

OVERLAP = "#D9DADF"


def survival_figure(
    figure_id: str,
    curves: Sequence[Curve],
    labels: Sequence[str],
    *,
    unit: str,
    ylabel: str,
    landmarks: Sequence[float] = (),
    few_at_risk: int = 5,
    width_mm: float = FULL,
    ymax: float = 1.0,
) -> str:
    """Kaplan–Meier, reverse Kaplan–Meier or cumulative incidence curves, one per group.

    landmarks: days at which the value is written (for up to two groups). Where fewer than few_at_risk
    are at risk the line is lighter. Intervals are tinted for up to two groups. Under the axis, at every
    tick and for every group: at risk (just before the tick), censored and events (both strictly before
    it), and those with a competing event where there are any; they add up to n.
    """
    canvas = Canvas(figure_id, width_mm)
    labels = [clean(label) for label in labels]
    beside = _fits_beside(labels, canvas.width)
    widest = width_of(whole(max(size_of(curve) for curve in curves)), SMALL)
    names = [name for curve in curves for name in counts(curve, ())]
    left = max(width_of(name, SMALL) for name in names) + 5 + widest / 2
    right = canvas.width - (max(width_of(label) for label in labels) + 8 if beside else 6.0)
    longest = max((float(c.steps.time[-1]) for c in curves if len(c.steps.time)), default=0.0)
    across = time_axis(longest, unit, left, right, max(widest, 14) + 8)

    canvas.text(0, SIZE - 1, fit(ylabel, canvas.width), SECOND)
    top = SIZE + 8
    if named(labels) and not beside:
        top = draw_key(canvas, _key_items(labels), SIZE + 11) + 8
    bottom = top + min(150.0, max(92.0, 0.58 * (right - left)))
    up = Axis(0.0, ymax, bottom, top, round_ticks(0.0, ymax, 4))
    plot = Plot(across, up, [t * DAYS_PER[unit] for t in across.ticks])
    lines = [Line.of(curve, plot, unit) for curve in curves]

    _draw_tints(canvas, lines)
    for i, line in enumerate(lines):
        _draw_line(canvas, line, group_style(i), few_at_risk, marked=len(lines) > 1)
    _draw_landmarks(canvas, curves, landmarks, unit, plot)
    if beside:
        names = [(label, group_style(i)[1]) for i, label in enumerate(labels)]
        draw_names(canvas, [line.stairs() for line in lines], names, right + 7, SIZE)
    draw_left(canvas, plot.up, left)
    baseline = draw_time(canvas, across, bottom, unit)
    return canvas.svg(draw_counts(canvas, curves, labels, plot, baseline + LINE + 2))


def _fits_beside(labels: Sequence[str], width: float) -> bool:
    """Whether the names can stand at the line ends."""
    return named(labels) and len(labels) <= 4 and max(width_of(label) for label in labels) <= 0.2 * width


def _draw_tints(canvas: Canvas, lines: Sequence[Line]):
    if len(lines) > 2:
        return
    for i, line in enumerate(lines):
        for outline in bands(line.x, line.low, line.high):
            canvas.area(outline, tint(group_style(i)[0], 0.13))
    if len(lines) == 2 and all(len(line.x) for line in lines):
        for outline in bands(*shared(*lines)):
            canvas.area(outline, OVERLAP)


def _draw_line(canvas: Canvas, line: Line, style: tuple, few: int, marked: bool):
    colour, _, dash, marker = style
    light = tint(colour, 0.5)
    for a, b in runs(line.at_risk < few):
        start = (line.x[a - 1], line.y[a - 1]) if a else line.start
        shade = light if line.at_risk[a] < few else colour
        canvas.line(stair_corners(line.x[a:b], line.y[a:b], start), shade, 1.2, dash)
    canvas.lines([((x, y - 2.4), (x, y + 2.4)) for x, y in line.censored], colour, 0.7)
    if marked:
        canvas.marker(*line.end, marker, 2.1, colour)


def _value_at(curve: Curve, day: float) -> float | None:
    """The estimate at a time; None after the last time, where nothing is known."""
    time = curve.steps.time
    if not len(time) or day > time[-1]:
        return None
    at = int(np.searchsorted(time, day, side="right")) - 1
    return float(curve.steps.estimate[at]) if at >= 0 else 0.0 if curve.kind == INCIDENCE else 1.0


def _draw_landmarks(canvas: Canvas, curves: Sequence[Curve], days: Sequence[float], unit: str, plot: Plot):
    """Faint uprights; for one or two curves the values, each on the side that its own line leaves free."""
    falling = curves[0].kind != INCIDENCE
    for day in days:
        known = [(value, i) for i, curve in enumerate(curves) if (value := _value_at(curve, day)) is not None]
        if not known:
            continue
        x = float(plot.across(day / DAYS_PER[unit]))
        canvas.line(((x, plot.up.start), (x, plot.up.clip(max(known)[0]))), FAINT, 0.5)
        for rank, (value, i) in enumerate(sorted(known, reverse=True)):
            colour, ink, _, marker = group_style(i)
            y = plot.up.clip(value)
            canvas.marker(x, y, "circle" if len(curves) <= 2 else marker, 1.7, colour)
            if len(curves) <= 2:
                above = rank == 0
                right = above == falling
                crowded = not right and x - 4 - width_of(percent(value), SMALL, SEMIBOLD) < plot.across.start
                if crowded or (not above and y + 10 > plot.up.start):
                    continue
                place = (x + (3 if right else -3), y - 4 if above else y + 8.2)
                canvas.text(*place, percent(value), ink, SMALL, SEMIBOLD, "start" if right else "end")


def _key_items(labels: Sequence[str]):
    def sign(i: int):
        colour, _, dash, marker = group_style(i)

        def draw(canvas: Canvas, x: float, y: float):
            canvas.line(((x, y), (x + 20, y)), colour, 1.2, dash)
            canvas.marker(x + 20, y, marker, 2.1, colour)

        return draw

    return [(sign(i), 22.0, label) for i, label in enumerate(labels)]
