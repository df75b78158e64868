"""Axes: from values to points on the sheet, few round ticks, and the marks that every axis has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

import numpy as np

from reportgen.figures.canvas import Canvas
from reportgen.figures.style import HAIRLINE, INK, SECOND
from reportgen.writing.numbers import DAYS_PER, as_written, percent, significant, unit_name, whole

TICK = 3.0
UNIT_ROOM = 34.0
TIME_STEPS = {
    "days": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000),
    "weeks": (1, 2, 4, 8, 13, 26, 52, 104, 260),
    "years": (0.25, 0.5, 1, 2, 5, 10, 20, 50),
    "months": (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600),
}


@dataclass(frozen=True)
class Axis:
    """low–high in the unit shown lie at start–stop on the sheet; ticks are values. Call it with values."""

    low: float
    high: float
    start: float
    stop: float
    ticks: tuple[float, ...] = ()
    log: bool = False

    def __call__(self, value):
        """The place on the sheet, in points, of a value or an array of values."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = log10(low), log10(high), np.log10(value)
        return self.start + (value - low) / (high - low) * (self.stop - self.start)

    def clip(self, value: float) -> float:
        """The place of a value, or of the nearest end."""
        return float(self(min(max(value, self.low), self.high)))


def time_axis(longest: float, unit: str, start: float, stop: float, room: float = 0.0) -> Axis:
    """From 0 to the longest time (days), in a unit of DAYS_PER; at most eight ticks, `room` points apart."""
    longest = max(longest / DAYS_PER[unit], TIME_STEPS[unit][0])
    step = _time_step(longest * max(max(room, 22.0) / (stop - start), 1 / 7.2), unit)
    high = ceil(longest / step - 1e-9) * step
    if high > 1.06 * longest:
        high = 1.01 * longest
    ticks = tuple(step * k for k in range(floor(high / step + 1e-9) + 1))
    return Axis(0.0, high, start, stop, ticks)


def time_ticks(low: float, high: float, unit: str, most: int) -> tuple[float, ...]:
    """Ticks within low–high (in the unit, which may begin before 0), at most so many steps of TIME_STEPS apart."""
    step = _time_step((high - low) / most, unit)
    return tuple(step * k for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1))


def _time_step(least: float, unit: str) -> float:
    steps = TIME_STEPS[unit]
    return next((step for step in steps if step >= least), steps[-1] * ceil(least / steps[-1]))


def share_axis(high: float, start: float, stop: float, room: float = 30.0) -> Axis:
    """From 0 to a proportion, ticks at round values."""
    return Axis(0.0, high, start, stop, round_ticks(0.0, high, int(abs(stop - start) / room)))


def round_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Round values within low–high, at most so many steps apart (1, 2, 2.5 or 5 times a power of ten).

    >>> round_ticks(0, 1, 4), round_ticks(0, 1, 3)
    ((0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.5, 1.0))
    """
    power = floor(log10(high - low)) - 1
    for step in (m * 10.0**p for p in range(power, power + 3) for m in (1, 2, 2.5, 5)):
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first <= max(most, 1):
            break
    return tuple(round(k * step, 10) for k in range(first, last + 1))


def ratio_axis(lowest: float, highest: float, start: float, stop: float) -> Axis:
    """A logarithmic axis around 1 that holds the values, within 0.01–100."""
    low, high = max(min(lowest, 0.8) / 1.1, 0.01), min(max(highest, 1.25) * 1.1, 100.0)
    room = 24.0 * log10(high / low) / (stop - start)
    ticks: tuple[float, ...] = ()
    for multiples in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7), (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)):
        marks = (round(m * 10.0**p, 6) for p in range(-2, 3) for m in multiples)
        inside = tuple(m for m in marks if low <= m <= high)
        if len(ticks) >= 4 or any(log10(b / a) < room for a, b in pairwise(inside)):
            break
        ticks = inside
    return Axis(low, high, start, stop, ticks, log=True)


def tick_word(value: float) -> str:
    """A tick as it is written: whole numbers with their grouping, others with as few digits as they need."""
    return whole(value) if value == round(value) else as_written(f"{value:g}")


def draw_below(canvas: Canvas, axis: Axis, y: float, words: Sequence[str], line: str = INK) -> float:
    """The axis at the foot of a plot with its ticks and their words; returns the baseline of the words."""
    canvas.line(((axis.start, y), (axis.stop, y)), line)
    canvas.lines((((axis(t), y), (axis(t), y + TICK)) for t in axis.ticks), line)
    for tick, word in zip(axis.ticks, words, strict=True):
        canvas.small(float(axis(tick)), y + TICK + 7.4, word, SECOND, "middle")
    return y + TICK + 7.4


def draw_time(canvas: Canvas, axis: Axis, y: float, unit: str) -> float:
    """A time axis; its unit stands at the left edge, before the first tick's word (see UNIT_ROOM)."""
    baseline = draw_below(canvas, axis, y, [tick_word(t) for t in axis.ticks])
    canvas.small(0, baseline, unit_name(unit).capitalize(), SECOND)
    return baseline


def draw_left(canvas: Canvas, axis: Axis, x: float):
    """The upright axis of proportions."""
    canvas.line(((x, axis.start), (x, axis.stop)))
    canvas.lines((((x - TICK, axis(t)), (x, axis(t))) for t in axis.ticks), INK)
    for tick in axis.ticks:
        canvas.small(x - TICK - 2, float(axis(tick)) + 2.6, percent(tick), SECOND, "end")


def draw_grid(canvas: Canvas, axis: Axis, top: float, bottom: float):
    """Faint upright lines at the ticks, drawn before everything else."""
    canvas.lines((((axis(t), top), (axis(t), bottom)) for t in axis.ticks if t > axis.low), HAIRLINE, 0.4)


def ratio_words(axis: Axis) -> list[str]:
    """The ticks of a logarithmic axis of ratios as they are written."""
    return [as_written(f"{t:g}") if t < 1000 else significant(t) for t in axis.ticks]
