"""Who was seen at a landmark: an anniversary is a day of the calendar, a landmark a number of days.

A year of the calendar has 365 or 366 days and a landmark at one year 365.25, so that who comes on the day of the
anniversary would be gone just before the landmark. Who was seen without the event from `seen_from` on counts as seen
at the landmark. Events keep their days: those up to and including the landmark count, no others.
"""

from __future__ import annotations

import numpy as np

from reportgen.stats.events import EventTable, rounded

YEAR, MONTH = 365.25, 365.25 / 12
# Days by which an anniversary comes before the landmark at most: whole years 0.75, months 2.44 (28 February).
BY_YEARS, BY_MONTHS = 1.0, 3.0


def tolerance(time: float) -> float:
    """Days before a landmark at which a patient counts as seen at it: 1 for whole years, 3 for whole months, else 0.

    >>> tolerance(365.25), tolerance(182.625), tolerance(100.0), tolerance(0.0)
    (1.0, 3.0, 0.0, 0.0)
    """
    for unit, days in ((YEAR, BY_YEARS), (MONTH, BY_MONTHS)):
        units = time / unit
        if round(units) >= 1 and abs(units - round(units)) < 1e-6:
            return days
    return 0.0


def seen_from(time: float) -> float:
    """The first day on which who is seen counts as seen at the landmark."""
    return float(rounded(time - tolerance(time)))


def at_landmark(duration: np.ndarray, happened: np.ndarray, time: float) -> np.ndarray:
    """Of each patient whether he was at risk at a landmark: there until then, or last seen without the event from
    `seen_from` on. Who had the event (happened is not 0) before the landmark was not.

    >>> at_landmark(np.array([366.0, 365.0, 365.0]), np.array([1, 0, 1]), 365.25).tolist()
    [True, True, False]
    """
    return (duration >= time) | ((happened == 0) & (duration >= seen_from(time)))


def seen_at(table: EventTable, time: float) -> int:
    """At risk at a landmark: just before it, or censored between seen_from and it."""
    window = (table.time >= seen_from(time)) & (table.time < time)
    return int(table.at_risk_at(time)) + int(table.censored[window].sum())


def held_at(table: EventTable, time: float) -> tuple[int, int] | None:
    """The step of the curve at a landmark, and how many were seen there, if some of them only on its anniversary."""
    seen = seen_at(table, time)
    if seen == int(table.at_risk_at(time)):
        return None
    step = int(np.searchsorted(table.time, time, side="right"))
    at = table.time == time
    return step, seen - int(table.any_event[at].sum())
