"""The difference of two groups at a landmark: of survival, or of cumulative incidence."""

from __future__ import annotations

from math import sqrt

from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.stats.notes import not_estimable
from reportgen.stats.results import Estimate

METHOD = message(
    "difference at the landmark; interval by square-and-add of those of the groups", "landmark_difference"
)


def landmark_difference(of: Estimate, reference: Estimate) -> Estimate:
    """The estimate of one group minus that of the other, both at the same time, statistic "landmark_difference".

    The interval squares and adds the distances of both estimates to their own limits (MOVER), so that it inherits
    what those intervals are good for: it is not symmetric, stays within ±1, and has a width where nothing happened
    in a group. It is for groups that are independent. Without a value, and noted, where one of them has none, or no
    interval.

    Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach. Stat Med
    2008;27:1693–1702. With Wilson's intervals it is Newcombe's of two proportions.
    """
    facts = {"statistic": "landmark_difference", "time": of.time, "level": of.level, "method": METHOD,
             "n": (of.n or 0) + (reference.n or 0), "events": (of.events or 0) + (reference.events or 0)}  # fmt: skip
    if not (of.exists and reference.exists):
        return Estimate(note=not_estimable(message("a group has no estimate there", "no_estimate")), **facts)
    if None in (of.low, of.high, reference.low, reference.high):
        return Estimate(note=not_estimable(message("a group has no interval there", "no_interval")), **facts)
    a, b = required(of.value), required(reference.value)
    down = sqrt((a - required(of.low)) ** 2 + (required(reference.high) - b) ** 2)
    up = sqrt((required(of.high) - a) ** 2 + (b - required(reference.low)) ** 2)
    return Estimate(value=a - b, low=max(-1.0, a - b - down), high=min(1.0, a - b + up), **facts)
