"""What a share could be if what is missing were known: its bounds at worst and at best, without any model.

Horowitz JL, Manski CF. Nonparametric analysis of randomized experiments with missing covariate and outcome data. J Am
Stat Assoc 2000;95:77–84.
"""

from __future__ import annotations

from dataclasses import replace

from reportgen.base.message import message
from reportgen.stats.results import Estimate

METHOD = message("all ways in which the missing values could fall", "missing_bounds")


def missing_bounds(events: int, n: int, unknown_events: int, unknown: int) -> tuple[Estimate, Estimate]:
    """(missing_low, missing_high) of the share with the event among those who have a level.

    events of n have the level and the event; of `unknown` patients whose level is not recorded, unknown_events had the
    event. low: all of these without the event have the level, and none with it; high: the other way round. Both can
    occur, so that no narrower bounds hold; they say nothing of chance and are no confidence limits.
    n, of at least one: those who have the level, and in each row those who then have it.

    >>> [round(e.value, 3) for e in missing_bounds(2, 3, 1, 3)]
    [0.4, 0.75]
    """
    sides = ((events, n + unknown - unknown_events), (events + unknown_events, n + unknown_events))
    rows = [Estimate("missing_low", value=k / of, n=of, events=k, method=METHOD) for k, of in sides]
    return rows[0], replace(rows[1], statistic="missing_high")
