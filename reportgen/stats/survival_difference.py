"""The difference of two survival probabilities at one time, with an interval that holds in small groups.

Small groups: the confidence distributions that stand behind the two beta product intervals are melded (Fay MP,
Proschan MA, Brittain E. Combining one-sample confidence procedures for inference in the two-sample case. Biometrics
2015;71:146–56; what R's bpcp::bpcp2samp(parmtype = "difference") does). Without censoring the interval excludes 0
exactly where Fisher's one-sided test of size α/2 rejects. Otherwise the two log-log intervals are combined by
square-and-add (Zou GY, Donner A. Stat Med 2008;27:1693–702).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from reportgen.base.message import Message, joined, message
from reportgen.base.required import required
from reportgen.stats.beta_product import Betas, beta_distribution, beta_quantile, step_betas
from reportgen.stats.events import EventTable, rounded
from reportgen.stats.landmarks import held_at, seen_at
from reportgen.stats.notes import percent
from reportgen.stats.proportions import root
from reportgen.stats.results import Estimate
from reportgen.stats.survival import NO_INTERVAL, IntervalRule, outside, survival_at

DIFFERENCE = message("difference of Kaplan–Meier estimates", "survival_difference")
# Gauss–Legendre nodes on (0, 1), in panels.
PANELS, NODES = 64, 8


def survival_difference(
    a: EventTable, b: EventTable, time: float, *, level: float = 0.95, rule: IntervalRule | None = None
) -> Estimate:
    """Share of a free of the event at a time minus that of b.

    time: days, up to the last follow-up of either; beyond it NE. se: √(SE² + SE²) of Greenwood. n, events: of both
    together, events up to and including the time; at_risk: of the group with fewer. Melded beta product where either
    group asks for the beta product (IntervalRule), or stands at 0 or 1; no interval there with late entry.
    R: S and its SE by summary(survfit(Surv(time, event) ~ group, conf.type = "log-log"), times = time).
    """
    time = float(rounded(time))
    rule = rule or IntervalRule()
    found = {
        "time": time, "level": level, "n": a.n + b.n,
        "events": int(a.events_by(time).sum() + b.events_by(time).sum()),
        "at_risk": min(seen_at(a, time), seen_at(b, time)),
    }  # fmt: skip
    reason = outside(a, time) or outside(b, time)
    if reason:
        return Estimate("survival_difference", method=DIFFERENCE, note=reason, **found)
    first, second = (survival_at(table, time, level=level, rule=rule) for table in (a, b))
    value = required(first.value) - required(second.value)
    se = float(np.hypot(required(first.se), required(second.se)))
    limits = _limits(a, b, time, first, second, level, rule)
    interval = limits.name if limits.known else ""
    return Estimate(
        "survival_difference",
        value=value,
        low=limits.low,
        high=limits.high,
        se=se,
        method=joined([DIFFERENCE, interval]),
        note="" if limits.known else NO_INTERVAL,
        **found,
    )


@dataclass(frozen=True)
class _Limits:
    low: float
    high: float
    name: Message

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.low) and np.isfinite(self.high))


def _limits(
    a: EventTable, b: EventTable, time: float, first: Estimate, second: Estimate, level: float,
    rule: IntervalRule,
) -> _Limits:  # fmt: skip
    at_end = any(e.value in (0.0, 1.0) for e in (first, second))
    small = at_end or any(rule.is_small(table.n, table.total_events) for table in (a, b))
    if small and not (a.late or b.late):
        low, high = melded(_betas(a, time), _betas(b, time), level=level)
        return _Limits(
            low, high, message("melded beta product {n}% CI", "melded_beta_product", n=percent(level))
        )
    pa, pb, la, lb, ua, ub = (
        np.nan if x is None else x
        for x in (first.value, second.value, first.low, second.low, first.high, second.high)
    )
    low, high = pa - pb - np.hypot(pa - la, ub - pb), pa - pb + np.hypot(ua - pa, pb - lb)
    name = message(
        "square-and-add of log intervals, {n}% CI"
        if rule.transform == "log"
        else "square-and-add of log-log intervals, {n}% CI",
        "square_and_add_log" if rule.transform == "log" else "square_and_add_log_log",
        n=percent(level),
    )
    return _Limits(float(low), float(high), name)


def _betas(table: EventTable, time: float) -> tuple[Betas, Betas]:
    step = int(np.searchsorted(table.time, time, side="right"))
    return step_betas(table, step, held_at(table, time))


def melded(a: tuple[Betas, Betas], b: tuple[Betas, Betas], *, level: float = 0.95) -> tuple[float, float]:
    """Limits of the difference of two probabilities from their (lower, upper) confidence distributions.

    The lower limit is the α/2 quantile of lower_a − upper_b, the upper one the 1 − α/2 quantile of upper_a − lower_b.
    """
    tail = (1 - level) / 2
    return _quantile_of_difference(a[0], b[1], tail), _quantile_of_difference(a[1], b[0], 1 - tail)


def probability_below(x: Betas, y: Betas, difference: float) -> float:
    """P(X − Y ≤ difference) of two independent beta variables."""
    size = float(x[0][0])
    if size == 0 or np.isinf(size):  # X is a point: 1, or 0
        point = np.array([float(size > 0) - difference])
        return float(1 - beta_distribution(y, np.nextafter(point, -np.inf))[0])
    # Where difference + Y is beyond 0–1 the distribution of X is 0 or 1; in between it has no corner.
    start, end = (float(beta_distribution(y, np.array([edge]))[0]) for edge in (-difference, 1 - difference))
    nodes, weights = _grid()
    at = difference + beta_quantile(y, start + (end - start) * nodes)
    return 1 - end + (end - start) * float(np.sum(weights * beta_distribution(x, at)))


def _quantile_of_difference(x: Betas, y: Betas, probability: float) -> float:
    if probability_below(x, y, -1.0) >= probability:
        return -1.0
    if probability_below(x, y, 1.0 - 1e-12) <= probability:
        return 1.0
    return root(lambda d: probability_below(x, y, d) - probability, -1.0, 1.0)


@cache
def _grid() -> tuple[np.ndarray, np.ndarray]:
    node, weight = np.polynomial.legendre.leggauss(NODES)
    s = (np.arange(PANELS)[:, None] / PANELS + (node + 1) / 2 / PANELS).ravel()
    weight = np.tile(weight / 2 / PANELS, PANELS)
    # u = s³ (10 − 15 s + 6 s²): closer together at the ends, where quantiles are steep
    return s**3 * (10 - 15 * s + 6 * s**2), weight * 30 * s**2 * (1 - s) ** 2
