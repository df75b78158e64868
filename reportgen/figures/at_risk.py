"""Under the axis of a curve: how many are at risk, censored and have had the event, at every tick.

Morris et al., "Proposals on Kaplan–Meier plots in medical research and a survey of stakeholder views:
KMunicate", BMJ Open 2019;9:e030215.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.message import N_
from reportgen.figures.canvas import Canvas
from reportgen.figures.step_functions import Plot
from reportgen.figures.style import LINE, SECOND, SEMIBOLD, SMALL, curve_style, fit
from reportgen.stats.landmarks import seen_from
from reportgen.stats.results import Curve
from reportgen.writing.language import _
from reportgen.writing.numbers import whole

ROW, GAP = LINE - 0.4, 2.6
SAMPLE = 24.0  # where a group's name begins, after a piece of its line


def size_of(curve: Curve) -> int:
    """How many patients a curve is of; who was at risk at first, where the curve does not say."""
    return curve.n or int(curve.steps.at_risk[0])


def counts(curve: Curve, days: Sequence[float]) -> dict[str, list[int]]:
    """At risk just before each day; censored, events and (where any) competing strictly before it.

    They add up to n, with late entry together with those who are still to come. The
    reverse curve's events are the censored, and the other way round.
    """
    steps, n = curve.steps, size_of(curve)
    if curve.late:
        return _with_late_entry(curve, np.asarray(days, float))
    at = np.searchsorted(steps.time, np.asarray(days, float), side="left")
    seen = _on_anniversaries(curve, np.asarray(days, float))
    risk = np.r_[steps.at_risk, 0][at] + seen
    gone = {
        name: np.r_[0, np.cumsum(v)]
        for name, v in ((N_("Censored"), steps.censored), (N_("Events"), steps.events))
    }
    if curve.kind == "reverse_kaplan_meier":
        gone = {"Censored": gone["Events"], "Events": gone["Censored"]}
    competing = n - sum(int(v[-1]) for v in gone.values())
    rows = {N_("At risk"): risk} | {name: v[at] for name, v in gone.items()}
    rows["Censored"] = rows["Censored"] - seen
    if competing > 0:
        rows[N_("Competing")] = n - sum(rows.values())
    return {name: [int(v) for v in values] for name, values in rows.items()}


def _on_anniversaries(curve: Curve, days: np.ndarray) -> np.ndarray:
    """Of each day how many were last seen, without the event, on its anniversary: they were there."""
    steps = curve.steps
    last = np.r_[0, np.cumsum(steps.events if curve.kind == "reverse_kaplan_meier" else steps.censored)]
    first = np.searchsorted(steps.time, [seen_from(day) for day in days], side="left")
    return last[np.searchsorted(steps.time, days, side="left")] - last[first]


def _with_late_entry(curve: Curve, days: np.ndarray) -> dict[str, list[int]]:
    """The same with a row of those who entered on the day or later: at risk is who entered before it."""
    steps, entered = curve.steps, np.array([day for day, _count in curve.late])
    came = np.r_[0, np.cumsum([count for _day, count in curve.late])]

    def come(times: np.ndarray) -> np.ndarray:
        return came[np.searchsorted(entered, times, side="left")]

    at = np.searchsorted(steps.time, days, side="left")
    left = -np.diff(np.r_[steps.at_risk, 0]) + np.diff(np.r_[come(steps.time), came[-1]])
    gone = {N_("Censored"): steps.censored, N_("Events"): steps.events}
    if curve.kind == "reverse_kaplan_meier":
        gone = {"Censored": steps.events, "Events": steps.censored}
    if (left > steps.censored + steps.events).any():
        gone[N_("Competing")] = left - steps.censored - steps.events
    rows = {name: np.r_[0, np.cumsum(v)][at] for name, v in gone.items()}
    rows["Censored"] = rows["Censored"] - _on_anniversaries(curve, days)
    rows[N_("Still to enter")] = came[-1] - come(days)
    here = curve.n - np.sum(list(rows.values()), axis=0)
    return {name: [int(v) for v in values] for name, values in ({N_("At risk"): here} | rows).items()}


def named(labels: Sequence[str]) -> bool:
    """Whether the rows of a group bear its name: there are several groups, or one that is not all patients."""
    return len(labels) > 1 or labels[0].lower() not in ("", "all", _("All patients").lower())


def counts_height(curves: Sequence[Curve], labels: Sequence[str]) -> float:
    """How much room the rows of all curves take."""
    each = (LINE if named(labels) else 0) + (GAP if len(labels) > 1 else 0)
    return sum(each + len(counts(curve, ())) * ROW for curve in curves)


def draw_counts(
    canvas: Canvas, curves: Sequence[Curve], labels: Sequence[str], plot: Plot, y: float
) -> float:
    """The rows, group after group; returns the foot of the figure."""
    for i, curve in enumerate(curves):
        ink = curve_style(i, curve.group, len(curves))[1]
        with canvas.of(curve.group):
            if named(labels):
                _draw_name(canvas, curve_style(i, curve.group, len(curves)), labels[i], y)
                y += LINE
            for name, row in counts(curve, plot.days).items():
                canvas.small(0, y, _(name), SECOND)
                for tick, count in zip(plot.across.ticks, row, strict=True):
                    canvas.small(float(plot.across(tick)), y, whole(count), ink, "middle")
                y += ROW
        y += GAP if len(curves) > 1 else 0
    return y - LINE + 4


def _draw_name(canvas: Canvas, style: tuple[str, str, tuple[float, ...], str], label: str, y: float):
    """A group's name after a piece of its line with its marker: the figure needs no other key."""
    colour, ink, dash, marker = style
    canvas.line(((0, y - 2.6), (18, y - 2.6)), colour, 1.2, dash)
    canvas.marker(18, y - 2.6, marker, 2.1, colour)
    canvas.text(SAMPLE, y, fit(label, canvas.width - SAMPLE, SMALL, SEMIBOLD), ink, SMALL, SEMIBOLD)
