"""Step functions as points on a sheet: thinned, with what lies between their limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.figures.axes import Axis
from reportgen.stats.results import Curve

HALF_PIXEL, CENSOR_GAP = 0.5, 2.0
MANY_TICKS, ROPE = 40, 0.6  # ticks that fill so much of a curve make a rope of it
INCIDENCE = "cumulative_incidence"


@dataclass(frozen=True)
class Plot:
    """Both axes; the unit across, in days."""

    across: Axis
    up: Axis
    unit: float

    def x(self, days):
        """The place on the sheet, in points, of days from time zero."""
        return self.across(days / self.unit)

    @property
    def days(self) -> list[float]:
        """The ticks, in days."""
        return [tick * self.unit for tick in self.across.ticks]


@dataclass(frozen=True)
class Line:
    """A curve in points on the sheet, thinned to the first and last step of each half pixel."""

    x: np.ndarray
    y: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    censored: np.ndarray
    start: tuple[float, float]

    @classmethod
    def of(cls, curve: Curve, plot: Plot) -> Line:
        """Of a curve. Censoring ticks that would run into one another are drawn once; none where they hide the line."""
        steps, up = curve.steps, plot.up
        x = np.asarray(plot.x(steps.time), float)
        first = 0.0 if curve.kind == INCIDENCE else 1.0
        column = np.floor(x / HALF_PIXEL)
        edge = np.r_[True, np.diff(column) > 0] if len(x) else np.zeros(0, bool)
        kept = edge | np.r_[edge[1:], True] if len(x) else edge
        ceiling = up.high
        y, low, high = (up(np.minimum(v, ceiling)) for v in (steps.estimate, steps.low, steps.high))
        marks = steps.censored > 0
        last = np.r_[np.diff(np.floor(x[marks] / CENSOR_GAP)) > 0, True] if marks.any() else []
        ticks = np.column_stack([x[marks], y[marks]])[last] if marks.any() else np.zeros((0, 2))
        if len(ticks) > MANY_TICKS and len(ticks) * CENSOR_GAP > ROPE * (x[-1] - plot.across.start):
            ticks = ticks[:0]
        start = (plot.across.start, float(up(min(first, ceiling))))
        return cls(x[kept], y[kept], low[kept], high[kept], steps.at_risk[kept], ticks, start)

    def stairs(self) -> np.ndarray:
        """(k, 2) corners of the steps, from the start on."""
        return stair_corners(self.x, self.y, self.start)

    @property
    def end(self) -> tuple[float, float]:
        """Where the curve ends; its start where it has no step."""
        return (float(self.x[-1]), float(self.y[-1])) if len(self.x) else self.start


def stair_corners(x: np.ndarray, y: np.ndarray, start: tuple[float, float]) -> np.ndarray:
    """The corners of a step line: from the start across to each x at the height held, then to the new one."""
    xs = np.r_[start[0], np.repeat(x, 2)]
    ys = np.repeat(np.r_[start[1], y], 2)[:-1]
    return np.column_stack([xs, ys])


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """Where equal flags begin and end."""
    cuts = np.flatnonzero(np.diff(flags.astype(int))) + 1
    edges = [0, *cuts.tolist(), len(flags)]
    return [run for run in zip(edges[:-1], edges[1:], strict=True) if run[0] < run[1]]


def bands(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[np.ndarray]:
    """The outlines between two step functions, wherever both exist."""
    exists = np.isfinite(low) & np.isfinite(high)
    exists[-1:] = False  # nothing lies after the last step
    outlines = []
    for a, b in runs(exists):
        if exists[a]:
            across = np.repeat(x[a : b + 1], 2)[1:-1]
            upper, lower = (np.column_stack([across, np.repeat(v[a:b], 2)]) for v in (high, low))
            outlines.append(np.vstack([upper, lower[::-1]]))
    return outlines


def shared(one: Line, other: Line) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
