"""Axes: from values to points on the sheet, few round ticks, and the marks that every axis has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log, log10

import numpy as np

from reportgen.present.figures.canvas import Canvas
from reportgen.present.figures.style import FAINT, INK, SECOND, SMALL, width_of
from reportgen.present.numbers import DAYS_PER, percent, significant, whole

TICK = 3.0
TIME_STEPS = {
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
        low, high = self.low, self.high
        if self.log:
            low, high, value = log10(low), log10(high), np.log10(value)
        return self.start + (value - low) / (high - low) * (self.stop - self.start)

    def clip(self, value: float) -> float:
        """The place of a value, or of the nearest end."""
        return float(self(min(max(value, self.low), self.high)))


def time_axis(longest: float, unit: str, start: float, stop: float, room: float = 0.0) -> Axis:
    """From 0 to the longest time (days), in years or months; ticks at least `room` points apart."""
    longest = max(longest / DAYS_PER[unit], TIME_STEPS[unit][0])
    steps = TIME_STEPS[unit]
    room = max(room, 30.0)
    fitting = [step for step in steps if (stop - start) * step / longest >= room]
    step = fitting[0] if fitting else steps[-1] * ceil(room * longest / (stop - start) / steps[-1])
    high = ceil(longest / step - 1e-9) * step
    if high > 1.06 * longest:
        high = 1.01 * longest
    ticks = tuple(step * k for k in range(floor(high / step + 1e-9) + 1))
    return Axis(0.0, high, start, stop, ticks)


def share_axis(high: float, start: float, stop: float, room: float = 30.0) -> Axis:
    """From 0 to a proportion, ticks at round percentages."""
    return Axis(0.0, high, start, stop, round_ticks(0.0, high, int(abs(stop - start) / room)))


def round_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """At most so many round values within low–high (steps of 1, 2, 2.5 or 5; at least two values).

    >>> round_ticks(0, 1, 5), round_ticks(-1, 0.6, 9)[:2]
    ((0.0, 0.25, 0.5, 0.75, 1.0), (-1.0, -0.8))
    """
    power = floor(log10(high - low)) - 1
    for step in (m * 10.0**p for p in range(power, power + 3) for m in (1, 2, 2.5, 5)):
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first < max(most, 2):
            break
    return tuple(round(k * step, 10) for k in range(first, last + 1))


def ratio_axis(lowest: float, highest: float, start: float, stop: float) -> Axis:
    """A logarithmic axis around 1 that holds the values, within 0.01–100."""
    low, high = max(min(lowest, 0.8) / 1.1, 0.01), min(max(highest, 1.25) * 1.1, 100.0)
    marks = [m * 10.0**p for p in range(-2, 3) for m in (1, 2, 5)]
    inside = [m for m in marks if low <= m <= high]
    if (stop - start) / max(1, len(inside)) < 22:
        inside = [m for m in inside if round(log(m, 10), 6) % 1 == 0]
    if len(inside) < 2:
        inside = [m for m in (0.5, 0.8, 1, 1.25, 1.5, 2) if low <= m <= high]
    return Axis(low, high, start, stop, tuple(inside), log=True)


def tick_word(value: float) -> str:
    return whole(value) if value == round(value) else f"{value:g}"


def draw_below(canvas: Canvas, axis: Axis, y: float, words: Sequence[str], line: str = INK) -> float:
    """The axis at the foot of a plot with its ticks and their words; returns the baseline of the words."""
    canvas.line(((axis.start, y), (axis.stop, y)), line)
    canvas.lines((((axis(t), y), (axis(t), y + TICK)) for t in axis.ticks), line)
    for tick, word in zip(axis.ticks, words, strict=True):
        canvas.small(float(axis(tick)), y + TICK + 7.4, word, SECOND, "middle")
    return y + TICK + 7.4


def draw_time(canvas: Canvas, axis: Axis, y: float, unit: str) -> float:
    """A time axis; the unit stands left of the first tick's word where there is room, else after the last."""
    baseline = draw_below(canvas, axis, y, [tick_word(t) for t in axis.ticks])
    name = unit.capitalize()
    if axis.start - 8 >= width_of(name, SMALL):
        canvas.small(axis.start - 8, baseline, name, SECOND, "end")
    else:
        canvas.small(axis.stop, baseline + 9, name, SECOND, "end")
    return baseline


def draw_left(canvas: Canvas, axis: Axis, x: float):
    """The upright axis of proportions."""
    canvas.line(((x, axis.start), (x, axis.stop)))
    canvas.lines((((x - TICK, axis(t)), (x, axis(t))) for t in axis.ticks), INK)
    for tick in axis.ticks:
        canvas.small(x - TICK - 2, float(axis(tick)) + 2.6, percent(tick), SECOND, "end")


def draw_grid(canvas: Canvas, axis: Axis, top: float, bottom: float):
    """Faint upright lines at the ticks, drawn before everything else."""
    canvas.lines((((axis(t), top), (axis(t), bottom)) for t in axis.ticks if t > axis.low), FAINT, 0.3)


def ratio_words(axis: Axis) -> list[str]:
    return [f"{t:g}" if t < 1000 else significant(t) for t in axis.ticks]
