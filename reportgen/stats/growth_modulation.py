"""The growth modulation index: the time without progression on this treatment over that on the line before.

Each patient is his own control. Von Hoff DD. Clin Cancer Res 1998;4:1079–1086 (a ratio above 1.33 as a sign of
activity). Ratios of patients who are still without the event are censored, so that their distribution is a
Kaplan–Meier curve with the ratio in the place of time; other estimators, and what they are worth, are in Texier M
et al. Comput Math Methods Med 2018;2018:1672176.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.base.message import joined, message, pieces
from reportgen.stats.events import event_table
from reportgen.stats.notes import not_estimable
from reportgen.stats.results import Estimate
from reportgen.stats.survival import IntervalRule, median_time, survival_at

ACTIVE = 1.33
METHOD = message("growth modulation index, Kaplan–Meier of the ratios", "growth_modulation_index")


def growth_modulation(
    duration, status, before, *, level: float = 0.95, rule: IntervalRule | None = None
) -> tuple[Estimate, Estimate]:
    """(the median ratio, the share of patients whose ratio exceeds ACTIVE), each with its interval.

    duration: (n,) days from the start of this treatment to its event or censoring. status: (n,) 1 the event, 0
    censored. before: (n,) days from the start of the line before to its progression, above 0; a line before that
    ended without progression has no such time, and its patient is to be left out. The censoring of a ratio depends
    on the time before (a short one gives a large ratio sooner): the curve is right only if follow-up does not
    depend on it. Nobody: no value, noted. ValueError: a time before that is not above 0.
    R: fit <- survfit(Surv(duration / before, status) ~ 1, conf.type = "log-log"); quantile(fit, 0.5);
    summary(fit, times = 1.33); with few patients bpcp::bpcp in its place.
    """
    before = np.asarray(before, dtype=float)
    if not np.all(before > 0):
        raise ValueError("times of the line before must be above 0, but some are not")
    table = event_table(np.asarray(duration, dtype=float) / before, status)
    median = median_time(table, level=level, rule=rule)
    share = survival_at(table, ACTIVE, level=level, rule=rule)
    if not table.n:
        nobody = not_estimable(message("no patients", "no_patients"))
        median, share = replace(median, note=nobody), replace(share, note=nobody)
    elif not share.exists:
        reason = message("no ratio was observed so far", "beyond_follow_up")
        share = replace(share, note=not_estimable(reason))
    return (
        replace(median, statistic="growth_modulation_index", method=_method(median)),
        replace(share, statistic="growth_modulation_share", time=None, method=_method(share)),
    )


def _method(row: Estimate):
    return joined([METHOD, *pieces(row.method)[1:]])
