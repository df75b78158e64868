"""Follow-up by the reverse Kaplan–Meier: censoring is what is waited for. Durations are in days.

Schemper M, Smith TL. Control Clin Trials 1996;17:343–6. R: survfit(Surv(time, 1 - event) ~ 1).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.base.message import joined, message, pieces
from reportgen.stats.events import EventTable, event_table
from reportgen.stats.notes import percent
from reportgen.stats.product_limit import (
    crossing_time,
    log_survival_se,
    survival_function,
    survival_interval,
    survival_se,
)
from reportgen.stats.results import Curve, Estimate
from reportgen.stats.survival import IntervalRule, collapsed, kaplan_meier, named, quantile

REVERSE = message("reverse Kaplan–Meier", "reverse_kaplan_meier")


def reverse_kaplan_meier(
    duration, status, *, entry=None, level: float = 0.95, rule: IntervalRule | None = None
) -> Curve:
    """The curve of follow-up: the share that would still be observed if nobody had an event.

    Schemper M, Smith TL. Control Clin Trials 1996;17:343–6. Censoring is the event, an event of any cause
    the censoring; patients with an event at a time count as at risk of censoring at that time.
    R: survfit(Surv(time, 1 - event) ~ 1).
    """
    table = _flipped(duration, status, entry)
    curve = kaplan_meier(table, level=level, rule=rule)
    *_, interval = pieces(curve.method)
    method = joined([named(REVERSE, table), interval])
    return replace(curve, kind="reverse_kaplan_meier", method=method)


def reverse_median(duration, status, *, entry=None, level: float = 0.95) -> Estimate:
    """Median follow-up by the reverse Kaplan–Meier.

    The interval is R's default, the log transform, whatever the size of the cohort: a description of the
    data at hand, which readers check against R. Its upper limit is missing (NE) in most small cohorts.
    events: the censored, which are what is waited for here.
    R: quantile(survfit(Surv(time, 1 - event) ~ 1), 0.5).
    """
    table = _flipped(duration, status, entry)
    if table.collapse is not None:
        found = {"n": table.n, "events": table.total_events, "level": level}
        return Estimate("median_time", method=REVERSE, note=collapsed(table), **found)
    survival = survival_function(table)
    se = survival_se(survival, log_survival_se(table))
    limits = survival_interval(survival, se, level=level, transform="log")
    crossed = [crossing_time(table.time, limit, 0.5) for limit in limits]
    method = joined([named(REVERSE, table), message("log {n}% CI", n=percent(level))])
    return quantile(table, 0.5, survival, crossed, level=level, method=method)


def _flipped(duration, status, entry) -> EventTable:
    return event_table(duration, np.asarray(status) == 0, entry=entry)
