"""Restricted mean survival time: the area under the survival curve up to a horizon τ.

Royston P, Parmar MKB. Stat Med 2011;30:2409–21. Uno H et al. J Clin Oncol 2014;32:2380–5.
"""

from __future__ import annotations

import numpy as np

from reportgen.base.message import joined, message
from reportgen.base.required import required
from reportgen.stats.events import EventTable, rounded
from reportgen.stats.landmarks import seen_at
from reportgen.stats.notes import Note, beyond_follow_up, not_estimable, number, percent
from reportgen.stats.product_limit import survival_function, z_value
from reportgen.stats.results import Estimate
from reportgen.stats.testing import Test


def rmst(table: EventTable, tau: float, *, level: float = 0.95) -> Estimate:
    """Mean days free of the event within the first tau days, ∫ S from 0 to τ, with a normal interval in 0–τ.

    se: sqrt(Σ A(t)² d / (n (n - d))) over the events up to τ, A(t) the area from t to τ. NE where the last
    follow-up is before τ and the curve is not at 0; no interval where no event lets one be estimated.
    R: survRM2::rmst2(time, event, arm, tau); print(survfit(Surv(time, event) ~ 1), rmean = tau).
    """
    tau = _horizon(tau)
    z = z_value(level)
    found = {"time": tau, "level": level, "n": table.n, "events": table.events_by(tau).sum()}
    found["at_risk"] = seen_at(table, tau)
    reason = _undefined(table, tau)
    if reason:
        return Estimate("rmst", method=message("restricted mean survival time", "rmst"), note=reason, **found)
    value, se = area(table, tau)
    method = joined(
        [message("restricted mean survival time", "rmst"), message("normal {n}% CI", n=percent(level))]
    )
    if se == 0:
        note = message("no interval: the variance is 0", "variance_zero")
        return Estimate("rmst", value=value, se=se, method=method, note=note, **found)
    low, high = max(value - z * se, 0.0), min(value + z * se, tau)
    return Estimate("rmst", value=value, low=low, high=high, se=se, method=method, **found)


def rmst_difference(a: EventTable, b: EventTable, tau: float, *, level: float = 0.95) -> Estimate:
    """RMST of a minus RMST of b, in days, with a normal interval; NE where either is.

    R: survRM2::rmst2(time, event, arm, tau)$unadjusted.result, arm 1 being a.
    """
    tau = _horizon(tau)
    z = z_value(level)
    found = {"time": tau, "level": level, "n": a.n + b.n}
    found["events"] = (a.events_by(tau).sum()) + (b.events_by(tau).sum())
    reason = _undefined(a, tau) or _undefined(b, tau)
    if reason:
        return Estimate(
            "difference", method=message("difference of RMST", "rmst_difference"), note=reason, **found
        )
    (value_a, se_a), (value_b, se_b) = area(a, tau), area(b, tau)
    value, se = value_a - value_b, float(np.hypot(se_a, se_b))
    method = joined(
        [message("difference of RMST", "rmst_difference"), message("normal {n}% CI", n=percent(level))]
    )
    if se == 0:
        note = message("no interval: the variance is 0", "variance_zero")
        return Estimate("difference", value=value, se=se, method=method, note=note, **found)
    low, high = value - z * se, value + z * se
    return Estimate("difference", value=value, low=low, high=high, se=se, method=method, **found)


def rmst_test(a: EventTable, b: EventTable, tau: float) -> Test:
    """Normal test that the RMST of two groups are equal. R: survRM2::rmst2, p of the difference."""
    from scipy.special import ndtr

    name = message("test of the difference of RMST at {n} days", "rmst_difference", n=number(_horizon(tau)))
    row = rmst_difference(a, b, tau)
    if not row.exists:
        return Test(name, None, None, None, row.note)
    if not row.se:
        return Test(name, None, None, None, not_estimable(message("the variance is 0", "variance_zero")))
    z = required(row.value) / row.se
    return Test(name, z, None, float(2 * ndtr(-abs(z))))


def area(table: EventTable, tau: float) -> tuple[float, float]:
    """The area up to tau and its standard error; the curve is held flat from its last time on."""
    steps = int(np.searchsorted(table.time, tau, side="right"))
    survival = survival_function(table)[:steps]
    corners = np.concatenate([[0.0], table.time[:steps], [tau]])
    pieces = np.diff(corners) * np.concatenate([[1.0], survival])
    beyond = np.cumsum(pieces[::-1])[::-1][1:]
    at_risk, events = np.maximum(table.at_risk[:steps], 1).astype(float), table.any_event[:steps]
    going_on = events < at_risk
    weight = np.where(going_on, events / np.where(going_on, at_risk * (at_risk - events), 1.0), 0.0)
    return float(pieces.sum()), float(np.sqrt(np.sum(beyond**2 * weight)))


def _undefined(table: EventTable, tau: float) -> Note | None:
    if table.n == 0:
        return not_estimable(message("no patients", "no_patients"))
    if table.collapse is not None:
        return not_estimable(
            message(
                "the curve falls to 0 on day {n}, before others came under observation",
                "curve_collapsed",
                n=number(table.collapse),
            )
        )
    if tau > table.last_time and survival_function(table)[-1] > 0 and not seen_at(table, tau):
        return not_estimable(beyond_follow_up(table.last_time))
    return None


def _horizon(tau: float) -> float:
    if not 0 < tau < np.inf:
        raise ValueError(f"tau must be days, more than 0, but was {tau!r}")
    return float(rounded(tau))
