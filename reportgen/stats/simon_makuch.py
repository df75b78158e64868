"""Curves by what is known at each time: whoever becomes known later moves from one curve to the other on that day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.base.message import joined, message, pieces
from reportgen.stats.events import EventTable, event_table
from reportgen.stats.results import Curve
from reportgen.stats.survival import IntervalRule, kaplan_meier
from reportgen.stats.timedependent import episodes, landmark

SIMON_MAKUCH = message("Simon–Makuch", "simon_makuch")
FEWEST = 2  # patients: of no more, nothing but counts is said


def simon_makuch(
    duration: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    becomes_known_at: Sequence[float] | np.ndarray,
    landmark_time: float,
    *,
    level: float = 0.95,
    rule: IntervalRule | None = None,
) -> tuple[Curve, Curve] | None:
    """(curve with the feature, curve without it), days from the landmark on, of those at risk there.

    At each event time a patient counts in the curve of what is known of him then (known on the day of the own event:
    as with it): in the one without the feature he is censored, and in the one with it at risk from that day on, when
    it becomes known after the landmark. becomes_known_at is nan for a feature that never did. n of each curve counts
    patients who were ever in it. None where either has no more than two patients, no event, or nobody at risk while
    others come, whose product would stay at 0 (Simon & Makuch 1984; R survfit(Surv(tstart, tstop, status) ~ known)
    of those at risk at the landmark).
    """
    known = np.asarray(becomes_known_at, dtype=float)
    split = landmark(duration, status, known, landmark_time)
    # Known by then is known from the first day of this clock on.
    known = np.where(split.known, -1.0, known[split.kept] - landmark_time)
    time, happened = split.duration, split.status
    del split  # of ten million patients each of these is a tenth of what they all may take
    rows = episodes(time, happened, known)
    del time, happened, known
    tables = [
        _table(rows.entry[own], rows.exit[own], rows.status[own])
        for own in (rows.known == 1, rows.known == 0)
    ]
    if any(table.n <= FEWEST or not table.total_events or table.collapse is not None for table in tables):
        return None
    with_it, without = (_named(kaplan_meier(table, level=level, rule=rule)) for table in tables)
    return with_it, without


def _table(entry: np.ndarray, end: np.ndarray, status: np.ndarray) -> EventTable:
    return event_table(end, status, entry=np.maximum(entry, 0.0))


def _named(curve: Curve) -> Curve:
    return replace(curve, kind="simon_makuch", method=joined([SIMON_MAKUCH, *pieces(curve.method)]))
