"""Step curves with intervals, and under them who is at risk, censored and has had the event.

The three rows follow Morris et al., "Proposals on Kaplan–Meier plots in medical research and a survey of
stakeholder views: KMunicate", BMJ Open 2019;9:e030215.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.present.figures.axes import Axis, draw_left, draw_time, round_ticks, time_axis
from reportgen.present.figures.canvas import Canvas
from reportgen.present.figures.ends import draw_names
from reportgen.present.figures.key import draw_key
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

HALF_PIXEL = 0.5
NAMELESS = {"", "all", "all patients"}
INCIDENCE = "cumulative_incidence"


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
    widest = width_of(whole(max(_size(curve) for curve in curves)), SMALL)
    names = [name for curve in curves for name in counts(curve, ())]
    left = max(width_of(name, SMALL) for name in names) + 5 + widest / 2
    right = canvas.width - (max(width_of(label) for label in labels) + 8 if beside else 6.0)
    longest = max((float(c.steps.time[-1]) for c in curves if len(c.steps.time)), default=0.0)
    across = time_axis(longest, unit, left, right, max(widest, 14) + 8)

    canvas.text(0, SIZE - 1, fit(ylabel, canvas.width), SECOND)
    top = SIZE + 8
    if _named(labels) and not beside:
        top = draw_key(canvas, _key_items(labels), SIZE + 11) + 8
    bottom = top + min(150.0, max(92.0, 0.58 * (right - left)))
    up = Axis(0.0, ymax, bottom, top, round_ticks(0.0, ymax, 4))
    plot = Plot(across, up, [t * DAYS_PER[unit] for t in across.ticks])
    lines = [_Line.of(curve, plot, unit) for curve in curves]

    _draw_tints(canvas, lines)
    for i, line in enumerate(lines):
        _draw_line(canvas, line, group_style(i), few_at_risk, marked=len(lines) > 1)
    _draw_landmarks(canvas, curves, landmarks, unit, plot)
    if beside:
        names = [(label, group_style(i)[1]) for i, label in enumerate(labels)]
        draw_names(canvas, [line.stairs() for line in lines], names, right + 7, SIZE)
    draw_left(canvas, plot.up, left)
    baseline = draw_time(canvas, across, bottom, unit)
    return canvas.svg(_draw_counts(canvas, curves, labels, plot, baseline + LINE + 2))


@dataclass(frozen=True)
class Plot:
    """Both axes, and the days at which the counts are given."""

    across: Axis
    up: Axis
    days: Sequence[float]


@dataclass(frozen=True)
class _Line:
    """A curve in points on the sheet, thinned to the first and last step of each half pixel."""

    x: np.ndarray
    y: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    censored: np.ndarray
    start: tuple[float, float]

    @classmethod
    def of(cls, curve: Curve, plot: Plot, unit: str) -> _Line:
        steps, across, up = curve.steps, plot.across, plot.up
        x = np.asarray(across(steps.time / DAYS_PER[unit]), float)
        first = 0.0 if curve.kind == INCIDENCE else 1.0
        column = np.floor(x / HALF_PIXEL)
        edge = np.r_[True, np.diff(column) > 0] if len(x) else np.zeros(0, bool)
        kept = edge | np.r_[edge[1:], True] if len(x) else edge
        ceiling = up.high
        y, low, high = (up(np.minimum(v, ceiling)) for v in (steps.estimate, steps.low, steps.high))
        marks = steps.censored > 0
        last = np.r_[np.diff(np.floor(x[marks] / (2 * HALF_PIXEL))) > 0, True] if marks.any() else []
        ticks = np.column_stack([x[marks], y[marks]])[last] if marks.any() else np.zeros((0, 2))
        start = (across.start, float(up(min(first, ceiling))))
        return cls(x[kept], y[kept], low[kept], high[kept], steps.at_risk[kept], ticks, start)

    def stairs(self) -> np.ndarray:
        return _stairs(self.x, self.y, self.start)

    @property
    def end(self) -> tuple[float, float]:
        return (float(self.x[-1]), float(self.y[-1])) if len(self.x) else self.start


def _fits_beside(labels: Sequence[str], width: float) -> bool:
    """Whether the names can stand at the line ends."""
    return _named(labels) and len(labels) <= 4 and max(width_of(label) for label in labels) <= 0.2 * width


def _named(labels: Sequence[str]) -> bool:
    return len(labels) > 1 or labels[0].lower() not in NAMELESS


def _stairs(x: np.ndarray, y: np.ndarray, start: tuple[float, float]) -> np.ndarray:
    """The corners of a step line: from the start across to each x at the height held, then to the new one."""
    xs = np.r_[start[0], np.repeat(x, 2)]
    ys = np.repeat(np.r_[start[1], y], 2)[:-1]
    return np.column_stack([xs, ys])


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Where equal flags begin and end."""
    cuts = np.flatnonzero(np.diff(flags.astype(int))) + 1
    edges = [0, *cuts.tolist(), len(flags)]
    return [run for run in zip(edges[:-1], edges[1:], strict=True) if run[0] < run[1]]


def _bands(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[np.ndarray]:
    """The outlines between two step functions, wherever both exist."""
    exists = np.isfinite(low) & np.isfinite(high)
    exists[-1:] = False  # nothing lies after the last step
    outlines = []
    for a, b in _runs(exists):
        if exists[a]:
            across = np.repeat(x[a : b + 1], 2)[1:-1]
            upper, lower = (np.column_stack([across, np.repeat(v[a:b], 2)]) for v in (high, low))
            outlines.append(np.vstack([upper, lower[::-1]]))
    return outlines


def _shared(one: _Line, other: _Line) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where two intervals overlap, as x, low and high on the sheet (nan where they do not)."""
    x = np.union1d(one.x, other.x)
    limits = []
    for line in (one, other):
        at = np.searchsorted(line.x, x, side="right") - 1
        inside = (at >= 0) & (x <= line.end[0])
        limits.append([np.where(inside, v[np.maximum(at, 0)], np.nan) for v in (line.low, line.high)])
    low, high = np.minimum(limits[0][0], limits[1][0]), np.maximum(limits[0][1], limits[1][1])
    apart = ~(low > high)  # y runs downwards
    return x, np.where(apart, np.nan, low), np.where(apart, np.nan, high)


def _draw_tints(canvas: Canvas, lines: Sequence[_Line]):
    if len(lines) > 2:
        return
    for i, line in enumerate(lines):
        for outline in _bands(line.x, line.low, line.high):
            canvas.area(outline, tint(group_style(i)[0], 0.13))
    if len(lines) == 2 and all(len(line.x) for line in lines):
        for outline in _bands(*_shared(*lines)):
            canvas.area(outline, OVERLAP)


def _draw_line(canvas: Canvas, line: _Line, style: tuple, few: int, marked: bool):
    colour, _, dash, marker = style
    light = tint(colour, 0.5)
    for a, b in _runs(line.at_risk < few):
        start = (line.x[a - 1], line.y[a - 1]) if a else line.start
        shade = light if line.at_risk[a] < few else colour
        canvas.line(_stairs(line.x[a:b], line.y[a:b], start), shade, 1.2, dash)
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
                if not above and y + 10 > plot.up.start:
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


def _size(curve: Curve) -> int:
    return curve.n or int(curve.steps.at_risk[0])


def counts(curve: Curve, days: Sequence[float]) -> dict[str, list[int]]:
    """At risk just before each day; censored, events and (where any) competing strictly before it.

    They add up to n. The reverse curve's events are the censored, and the other way round.
    """
    steps, n = curve.steps, _size(curve)
    at = np.searchsorted(steps.time, np.asarray(days, float), side="left")
    risk = np.r_[steps.at_risk, 0][at]
    gone = {
        name: np.r_[0, np.cumsum(v)] for name, v in (("Censored", steps.censored), ("Events", steps.events))
    }
    if curve.kind == "reverse_kaplan_meier":
        gone = {"Censored": gone["Events"], "Events": gone["Censored"]}
    competing = n - sum(int(v[-1]) for v in gone.values())
    rows = {"At risk": risk} | {name: v[at] for name, v in gone.items()}
    if competing > 0:
        rows["Competing"] = n - sum(rows.values())
    return {name: [int(v) for v in values] for name, values in rows.items()}


def _draw_counts(
    canvas: Canvas, curves: Sequence[Curve], labels: Sequence[str], plot: Plot, y: float
) -> float:
    """The rows, group after group; returns the foot of the figure."""
    for i, curve in enumerate(curves):
        colour, ink, _, marker = group_style(i)
        if _named(labels):
            canvas.marker(2.6, y - 2.6, marker, 2.1, colour)
            canvas.text(8, y, fit(labels[i], canvas.width - 8, SMALL, SEMIBOLD), ink, SMALL, SEMIBOLD)
            y += LINE
        for name, row in counts(curve, plot.days).items():
            canvas.small(0, y, name, SECOND)
            for tick, count in zip(plot.across.ticks, row, strict=True):
                canvas.small(float(plot.across(tick)), y, whole(count), ink, "middle")
            y += LINE - 0.4
        y += 2.6 if len(curves) > 1 else 0
    return y - LINE + 4
