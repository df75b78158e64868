"""Under the axis of a curve: how many are at risk, censored and have had the event, at every tick.

Morris et al., "Proposals on Kaplan–Meier plots in medical research and a survey of stakeholder views:
KMunicate", BMJ Open 2019;9:e030215.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.present.figures.canvas import Canvas
from reportgen.present.figures.stairs import Plot
from reportgen.present.figures.style import LINE, SECOND, SEMIBOLD, SMALL, fit, group_style
from reportgen.present.numbers import whole
from reportgen.stats.results import Curve

NAMELESS = {"", "all", "all patients"}


def size_of(curve: Curve) -> int:
    return curve.n or int(curve.steps.at_risk[0])


def counts(curve: Curve, days: Sequence[float]) -> dict[str, list[int]]:
    """At risk just before each day; censored, events and (where any) competing strictly before it.

    They add up to n. The reverse curve's events are the censored, and the other way round.
    """
    steps, n = curve.steps, size_of(curve)
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


def named(labels: Sequence[str]) -> bool:
    return len(labels) > 1 or labels[0].lower() not in NAMELESS


def draw_counts(
    canvas: Canvas, curves: Sequence[Curve], labels: Sequence[str], plot: Plot, y: float
) -> float:
    """The rows, group after group; returns the foot of the figure."""
    for i, curve in enumerate(curves):
        colour, ink, _, marker = group_style(i)
        if named(labels):
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
