"""How far a curve could still move: its bounds if all who were censored had fared as badly, or as well, as possible.

Betensky RA. Measures of follow-up in time-to-event studies: Why provide them and what should they be? Clin Trials
2015;12:403–8. The closer the bounds to the curve, the more mature it is; they are no confidence limits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.events import EventTable, rounded
from reportgen.stats.landmarks import seen_from
from reportgen.stats.product_limit import survival_function
from reportgen.stats.results import Estimate
from reportgen.stats.survival import outside, survival_at

METHOD = message("Kaplan–Meier under extreme censoring", "extremes")


def extremes(table: EventTable, time: float) -> tuple[Estimate, Estimate]:
    """(extreme_low, extreme_high) of the share free of the event at a time.

    low: whoever was censored by then, and not seen on its anniversary (see landmarks), has the event right after it.
    high: he stays free of it until the last follow-up of all. Both use the risk sets at the events: in the first the
    censored count as events from their time on, in the second they stay at risk. NE beyond the last follow-up, and
    with late entry, where risk sets grow.
    R: survfit(Surv(time, rep(1, n)) ~ 1) for the low one; survfit(Surv(ifelse(event == 1, time, max(time)), event) ~ 1)
    for the high one, both at the time.
    """
    time = float(rounded(time))
    plain = survival_at(table, time)
    row = replace(plain, low=None, high=None, se=None, level=None, method=METHOD)
    reason = outside(table, time)
    if reason or table.late:
        note = reason or joined([message("the risk sets grow with late entry", "late_entry")])
        rows = replace(row, value=None, note=note)
        return replace(rows, statistic="extreme_low"), replace(rows, statistic="extreme_high")
    gone = table.censored[table.time < seen_from(time)].sum()
    free = table.n - int(table.any_event[table.time <= time].sum() + gone)
    low = free / table.n
    still = table.n - np.cumsum(np.concatenate([[0], table.any_event[:-1]]))
    stayed = replace(table, at_risk=still, censored=np.zeros_like(table.censored))
    high = np.concatenate([[1.0], survival_function(stayed)])[np.searchsorted(table.time, time, side="right")]
    row = replace(row, note="")
    return (
        replace(row, statistic="extreme_low", value=low),
        replace(row, statistic="extreme_high", value=float(high)),
    )
