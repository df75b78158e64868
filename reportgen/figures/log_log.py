"""Survival curves on the scale on which proportional hazards keep a constant distance."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log, log10

import numpy as np

from reportgen.base.drawing import Drawing
from reportgen.figures.axes import TICK, Axis, draw_time
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import draw_key
from reportgen.figures.step_functions import HALF_PIXEL, stair_corners
from reportgen.figures.style import HALF, SECOND, SIZE, SMALL, clean, fit, group_style, width_of
from reportgen.stats.results import Curve
from reportgen.writing.numbers import DAYS_PER, percent, unit_name

HEIGHT, ROOM = 88.0, 11.0
SURVIVALS = (0.99, 0.98, 0.95, 0.9, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05, 0.02, 0.01)
MULTIPLES = ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 6, 8))


def log_log_figure(
    figure_id: str,
    curves: Sequence[Curve],
    labels: Sequence[str],
    *,
    unit: str,
    ylabel: str,
    width_mm: float = HALF,
) -> Drawing:
    """Kaplan–Meier curves with log(−log S) upright, marked in S, and log time across, in the unit given.

    Each begins at its first event; where the estimate is 0 there is nothing to draw. Needs one estimate
    strictly between 0 and 1.
    """
    canvas = Canvas(figure_id, width_mm)
    points = [_points(curve, DAYS_PER[unit]) for curve in curves]
    canvas.text(0, SIZE - 1, fit(ylabel, canvas.width), SECOND)
    top = draw_key(canvas, [(_sign(i), 22.0, clean(words)) for i, words in enumerate(labels)], SIZE + 11) + 8
    bottom = top + HEIGHT
    left = max(width_of(unit_name(unit), SMALL) + 8, 28.0)
    times, heights = (np.concatenate([line[k] for line in points]) for k in (0, 1))
    across = _time_axis(float(times.min()), float(times.max()), left, canvas.width - 6)
    up = Axis(float(heights.min()) - 0.1, float(heights.max()) + 0.1, top, bottom)
    for i, (time, height) in enumerate(points):
        if len(time):
            with canvas.of(curves[i].group):
                _draw(canvas, np.asarray(across(time)), np.asarray(up(height)), group_style(i))
    _draw_survival(canvas, up, left)
    return canvas.drawing(draw_time(canvas, across, bottom, unit) + 4)


def _points(curve: Curve, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """Time and log(−log S) from the first event on, as long as the estimate is above 0."""
    steps = curve.steps
    inside = (steps.estimate > 0) & (steps.estimate < 1) & (steps.time > 0)
    return steps.time[inside] / unit, np.log(-np.log(steps.estimate[inside]))


def _time_axis(low: float, high: float, start: float, stop: float) -> Axis:
    """A logarithmic axis with as many round ticks as there is room for."""
    low, high = low / 1.05, high * 1.05
    room = 18.0 * log10(high / low) / (stop - start)
    ticks: tuple[float, ...] = ()
    powers = range(-8, 9)
    for multiples in MULTIPLES:
        marks = tuple(round(m * 10.0**p, 9) for p in powers for m in multiples)
        inside = tuple(m for m in marks if low <= m <= high)
        if any(log10(b / a) < room for a, b in pairwise(inside)):
            break
        ticks = inside
    return Axis(low, high, start, stop, ticks or (round(high / 1.05, 2),), log=True)


def _draw(canvas: Canvas, x: np.ndarray, y: np.ndarray, style: tuple):
    colour, _, dash, marker = style
    column = np.floor(x / HALF_PIXEL)
    edge = np.r_[True, np.diff(column) > 0]
    kept = edge | np.r_[edge[1:], True]
    x, y = x[kept], y[kept]
    canvas.line(stair_corners(x[1:], y[1:], (float(x[0]), float(y[0]))), colour, 1.2, dash)
    canvas.marker(float(x[-1]), float(y[-1]), marker, 2.1, colour)


def _draw_survival(canvas: Canvas, up: Axis, x: float):
    """The upright axis, marked in survival, the marks at least ROOM points apart."""
    canvas.line(((x, up.start), (x, up.stop)))
    last = -np.inf
    for survival in SURVIVALS:
        y = float(up(log(-log(survival))))
        if up.start <= y <= up.stop and y - last >= ROOM:
            canvas.line(((x - TICK, y), (x, y)))
            canvas.small(x - TICK - 2, y + 2.6, percent(survival), SECOND, "end")
            last = y


def _sign(i: int):
    colour, _, dash, marker = group_style(i)

    def draw(canvas: Canvas, x: float, y: float):
        canvas.line(((x, y), (x + 20, y)), colour, 1.2, dash)
        canvas.marker(x + 20, y, marker, 2.1, colour)

    return draw
