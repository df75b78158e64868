"""Survival of one group: estimates at landmarks, medians, curves.

Who is censored at a time is at risk of the events at that time. Durations are in days.
Kaplan EL, Meier P. JASA 1958;53:457–81. Greenwood M. 1926. R: survival::survfit, bpcp::bpcp.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportgen.base.message import N_, Message, joined, message
from reportgen.base.required import required
from reportgen.stats.beta_product import beta_product_limits, quantile_limits
from reportgen.stats.events import EventTable, rounded
from reportgen.stats.landmarks import held_at, seen_at
from reportgen.stats.logrank import logrank, logrank_counts, stratified_logrank
from reportgen.stats.nelson_aalen import nelson_aalen
from reportgen.stats.notes import Note, beyond_follow_up, not_estimable, not_reached, number, percent
from reportgen.stats.product_limit import (
    crossing_time,
    first_at_most,
    from_zero,
    log_survival_se,
    survival_function,
    survival_interval,
    survival_se,
)
from reportgen.stats.results import Curve, Estimate, Steps
from reportgen.stats.rmst import rmst, rmst_difference, rmst_test

__all__ = [
    "IntervalRule",
    "kaplan_meier",
    "logrank",
    "logrank_counts",
    "median_time",
    "nelson_aalen",
    "rmst",
    "rmst_difference",
    "rmst_test",
    "stratified_logrank",
    "survival_at",
    "survival_interval",
]

KAPLAN_MEIER = message("Kaplan–Meier", "kaplan_meier")
# The codes of an interval, and of that of a curve, which is by the beta product where the estimate is 0 or 1.
LOG_LOG, LOG_LOG_OF_CURVE = "log_log", "log_log_or_beta_product"
BY_SIZE, BETA_PRODUCT = "by size", "beta product"
NO_INTERVAL = message("no interval: none is known at 0 or 1 with late entry", "late_entry")
NOBODY = not_estimable(message("no patients", "no_patients"))


@dataclass(frozen=True)
class IntervalRule:
    """When an interval is by the beta product: fewer patients or fewer events than this, or at 0 or 1.

    Otherwise it is log-log. Never plain, which covers 51% instead of 95% for eight patients and a true
    survival of 0.90, where log-log covers 49% and the beta product 99%.
    kind: "by size", as above; or one for cohorts of any size: "log-log", "log" (R's default) or "beta product", the
    last of which stands at 0 and 1 in any case, and nowhere with late entry.
    """

    beta_product_below: int = 30
    events_below: int = 10
    kind: str = BY_SIZE

    def is_small(self, n: int, events: int) -> bool:
        """Whether the interval is by the beta product."""
        if self.kind != BY_SIZE:
            return self.kind == BETA_PRODUCT
        return n < self.beta_product_below or events < self.events_below

    @property
    def transform(self) -> str:
        """The scale of the interval where it is not by the beta product."""
        return "log" if self.kind == "log" else "log-log"

    def named(self, by_beta: bool, level: float) -> Message:
        """ "log-log 95% CI"."""
        return self._beta_product(level) if by_beta else message(self._scale, self._code, n=percent(level))

    def named_of_curve(self, by_beta: bool, late: bool, level: float) -> Message:
        """The same of a whole curve. by_beta: everywhere."""
        if by_beta and not late:
            return self._beta_product(level)
        if late:
            return message(self._scale, self._code, n=percent(level))
        return message(
            "log {n}% CI (beta product where the estimate is 0 or 1)"
            if self.transform == "log"
            else "log-log {n}% CI (beta product where the estimate is 0 or 1)",
            f"{self._code}_or_beta_product",
            n=percent(level),
        )

    @staticmethod
    def _beta_product(level: float) -> Message:
        return message("beta product {n}% CI", "beta_product", n=percent(level))

    @property
    def _code(self) -> str:
        return "log" if self.transform == "log" else LOG_LOG

    @property
    def _scale(self) -> str:
        return N_("log {n}% CI") if self.transform == "log" else N_("log-log {n}% CI")


def survival_at(
    table: EventTable, time: float, *, level: float = 0.95, rule: IntervalRule | None = None
) -> Estimate:
    """Kaplan–Meier estimate of the share still free of the event at a time, with Greenwood's standard error.

    time: days from time zero, up to the last follow-up; beyond it the answer is NE, even where R extends
    the curve. events: up to and including the time; at_risk: just before it (T >= time), or seen on the anniversary
    (see landmarks).
    0 <= low <= value <= high <= 1, never of zero width (see IntervalRule).
    R: summary(survfit(Surv(time, event) ~ 1, conf.type = "log-log"), times = time); bpcp::StCI.
    """
    time = _landmark(time)
    found = {"time": time, "level": level, "n": table.n, "events": table.events_by(time).sum()}
    found["at_risk"] = seen_at(table, time)
    reason = outside(table, time)
    if reason:
        return Estimate("survival", method=KAPLAN_MEIER, note=reason, **found)
    name = named(KAPLAN_MEIER, table)
    step = int(np.searchsorted(table.time, time, side="right"))
    rule = rule or IntervalRule()
    curve = _limited_curve(table, level, rule, held_at(table, time))
    interval = rule.named(bool(curve.by_beta[step]), level)
    return Estimate(
        "survival",
        value=curve.estimate[step],
        low=curve.low[step],
        high=curve.high[step],
        se=curve.se[step],
        method=joined([name, interval]),
        note=_unlimited(curve.low[step]),
        **found,
    )


def median_time(
    table: EventTable, *, level: float = 0.95, p: float = 0.5, rule: IntervalRule | None = None
) -> Estimate:
    """When the share p has had the event: the median for p = 0.5.

    The middle of the plateau where the curve is exactly at 1 - p (R's and SAS's convention). NR where the
    curve stays above it; low or high None where the limit is not reached. The interval inverts that of the
    curve: the beta product in small cohorts, otherwise log-log (Brookmeyer & Crowley 1982); with late entry from
    the first time its lower limit reaches it, where R takes the nearest step, which may be later than the median.
    R: quantile(survfit(Surv(time, event) ~ 1, conf.type = "log-log"), p); quantile(bpcp(time, event), p).
    """
    if not 0 < p < 1:
        raise ValueError(f"p must be within (0, 1), but was {p!r}")
    if table.collapse is not None:
        found: dict[str, Any] = {"n": table.n, "events": table.total_events}
        return Estimate(_quantile_name(p), method=KAPLAN_MEIER, note=collapsed(table), **found)
    rule = rule or IntervalRule()
    small = rule.is_small(table.n, table.total_events) and not table.late
    survival = survival_function(table)
    if small:
        low, high = quantile_limits(table.time, *beta_product_limits(table, level=level), 1 - p)
    else:
        se = survival_se(survival, log_survival_se(table))
        limits = survival_interval(survival, se, level=level, transform=rule.transform)
        low, high = (crossing_time(table.time, limit, 1 - p) for limit in limits)
        low = first_at_most(table.time, limits[0], 1 - p) if table.late else low
    method = joined([named(KAPLAN_MEIER, table), rule.named(small, level)])
    return quantile(table, p, survival, (low, high), level=level, method=method)


def kaplan_meier(table: EventTable, *, level: float = 0.95, rule: IntervalRule | None = None) -> Curve:
    """The survival curve with pointwise intervals: one step at time zero and at each distinct time.

    The interval of a step is that of survival_at on [its time, the next time). An event at time zero is in
    the first step, whose estimate is then below 1.
    """
    rule = rule or IntervalRule()
    curve = _limited_curve(table, level, rule)
    first = int(table.time.size > 0 and table.time[0] == 0)
    counts = (table.at_risk, table.any_event, table.censored)
    at_risk, events, censored = (from_zero(column, 0, first) for column in counts)
    at_risk[0] = table.at_risk_at(0.0)
    steps = Steps(
        from_zero(table.time, 0.0, first),
        at_risk,
        events,
        censored,
        *(column[first:] for column in (curve.estimate, curve.low, curve.high)),
    )
    interval = rule.named_of_curve(bool(curve.by_beta.all()), table.late, level)
    return Curve(
        "kaplan_meier",
        steps,
        n=table.n,
        method=joined([named(KAPLAN_MEIER, table), interval]),
        late=entries(table),
    )


def outside(table: EventTable, time: float) -> Note | None:
    """Why nothing can be said at a time; None where it can."""
    if table.n == 0:
        return NOBODY
    if table.collapse is not None:
        return collapsed(table)
    if table.late and not table.at_risk_at(time) and time <= table.last_time:
        return not_estimable(message("nobody was under observation", "nobody_under_observation"))
    if time > table.last_time and not seen_at(table, time):
        return not_estimable(beyond_follow_up(table.last_time))
    return None


def named(estimator: Message, table: EventTable) -> Message:
    """The estimator, and that it takes late entry where it does."""
    return joined([estimator, message("late entry")]) if table.late else estimator


def entries(table: EventTable) -> tuple[tuple[float, int], ...]:
    """The days after time zero on which patients came under observation, and how many on each."""
    return tuple(zip(table.late_time.tolist(), table.late_count.tolist(), strict=True))


def collapsed(table: EventTable) -> Note:
    """Why a curve with late entry that fell to 0 before others came says nothing."""
    return not_estimable(
        message(
            "all {n} at risk on day {k} had the event, before others came under observation",
            "curve_collapsed",
            n=int(table.at_risk_at(table.collapse)),
            k=number(required(table.collapse)),
        )
    )


@dataclass(frozen=True)
class _LimitedCurve:
    """(m + 1,) arrays, from time zero on; by_beta says where the interval is the beta product."""

    estimate: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    by_beta: np.ndarray


def _limited_curve(
    table: EventTable, level: float, rule: IntervalRule, held: tuple[int, int] | None = None
) -> _LimitedCurve:
    """held: a step, and how many were seen at a landmark within it, who may be gone by its end."""
    survival = survival_function(table)
    se = np.concatenate([[0.0], survival_se(survival, log_survival_se(table))])
    estimate = np.concatenate([[1.0], survival])
    by_beta = ((estimate <= 0) | (estimate >= 1)) & (not table.late)
    if rule.is_small(table.n, table.total_events) and not table.late:
        by_beta[:] = True
    beta_low, beta_high = beta_product_limits(table, level=level, where=by_beta, held=held)
    low, high = survival_interval(estimate, se, level=level, transform=rule.transform)
    without = (estimate >= 1) & ~by_beta  # late entry: the log scale would have an interval of no width
    low, high = (np.where(without, np.nan, limit) for limit in (low, high))
    low, high = np.where(by_beta, beta_low, low), np.where(by_beta, beta_high, high)
    low, high = np.minimum(low, estimate), np.maximum(high, estimate)
    return _LimitedCurve(estimate, se, low, high, by_beta)


def quantile(table: EventTable, p: float, survival, limits, *, level: float, method: str) -> Estimate:
    value = crossing_time(table.time, survival, 1 - p)
    note = "" if np.isfinite(value) else not_reached()
    return Estimate(
        _quantile_name(p),
        value=value,
        low=limits[0],
        high=limits[1],
        level=level,
        n=table.n,
        events=table.total_events,
        method=method,
        note=note if table.n else NOBODY,
    )


def _quantile_name(p: float) -> str:
    return "median_time" if p == 0.5 else f"quantile_time_{100 * p:g}"


def _unlimited(low: float) -> str:
    """With late entry the beta product is not known to hold, and at 0 and 1 there is no other interval."""
    return NO_INTERVAL if np.isnan(low) else ""


def _landmark(time: float) -> float:
    if not 0 <= time < np.inf:
        raise ValueError(f"time must be days, 0 or more, but was {time!r}")
    return float(rounded(time))
