"""Cumulative incidence with competing events: the Aalen–Johansen estimate, its interval, and Gray's test.

F(t) = Σ S(t-) d_k / n, where S is the Kaplan–Meier estimate of being free of any event. One minus the
Kaplan–Meier estimate with competing events censored overstates it and is not offered.
Aalen O, Johansen S. Scand J Stat 1978;5:141–50. R: survival::survfit, cmprsk::cuminc.
"""

from __future__ import annotations

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.beta_product import product_limits, with_held
from reportgen.stats.events import EventTable, rounded
from reportgen.stats.gray import gray, gray_test
from reportgen.stats.landmarks import held_at, seen_at
from reportgen.stats.product_limit import SAME, from_zero, survival_function, survival_interval
from reportgen.stats.results import Curve, Estimate, Steps
from reportgen.stats.survival import NO_INTERVAL, IntervalRule, entries, named, outside

__all__ = ["aalen_johansen", "cumulative_incidence", "cumulative_incidence_at", "gray", "gray_test"]

AALEN_JOHANSEN = message("Aalen–Johansen", "aalen_johansen")


def aalen_johansen(table: EventTable, cause: int) -> tuple[np.ndarray, np.ndarray]:
    """(m,) cumulative incidence of the cause from each time on, and (m,) its standard error.

    The variance is of the Greenwood (delta-method) type, Marubini & Valsecchi 1995, and equals Greenwood's
    of 1 - S where there is one cause; cmprsk's cuminc has a Poisson type, larger in small cohorts.
    R: summary(survfit(Surv(time, factor(status)) ~ 1))$pstate and $std.err.
    """
    events = _of_cause(table, cause)
    any_event, n = table.any_event, np.maximum(table.at_risk, 1).astype(float)
    before = _before(survival_function(table), 1.0)
    incidence = np.cumsum(before * events / n)
    going_on = any_event < n
    leaving = np.where(going_on, any_event / np.where(going_on, n * (n - any_event), 1.0), 0.0)
    crossing = before * events / n**2
    # Σ (F(t) - F(u))² leaving(u) + Σ own(u) - 2 Σ (F(t) - F(u)) crossing(u), for every t at once
    own = np.cumsum(before**2 * events * (n - events) / n**3)
    past = [np.cumsum(leaving * incidence**power) for power in range(3)]
    crossed = [np.cumsum(crossing * incidence**power) for power in range(2)]
    variance = incidence**2 * past[0] - 2 * incidence * past[1] + past[2] + own
    variance -= 2 * (incidence * crossed[0] - crossed[1])
    return np.minimum(incidence, 1.0), np.sqrt(np.maximum(variance, 0.0))


def cumulative_incidence_at(
    table: EventTable,
    cause: int,
    time: float,
    *,
    level: float = 0.95,
    rule: IntervalRule | None = None,
    followed_on: bool = False,
) -> Estimate:
    """The share that has had the event of this cause by a time, competing events being possible before it.

    time: days from time zero, up to the last follow-up; beyond it NE. events: of this cause, up to and
    including the time; at_risk: free of any event just before it. followed_on: patients are observed beyond their
    event (the end of treatment, which competes, is not the end of follow-up): where the last ones at risk all had
    an event, what each cause took is final, and stands at later times. In small cohorts (IntervalRule, with the
    events of this cause) and at 0 and 1 the interval is the beta product (see incidence_limits), otherwise
    log-log. 0 <= low <= value <= high <= 1, never of zero width.
    R: summary(survfit(Surv(time, factor(status)) ~ 1, conf.type = "log-log"), times = time).
    """
    if not 0 <= time < np.inf:
        raise ValueError(f"time must be days, 0 or more, but was {time!r}")
    time = float(rounded(time))
    _of_cause(table, cause)
    found = {"time": time, "level": level, "n": table.n, "events": table.events_by(time)[cause - 1]}
    found["at_risk"] = seen_at(table, time)
    reason = outside(table, time)
    if reason and not (followed_on and _settled(table)):
        return Estimate("cumulative_incidence", method=AALEN_JOHANSEN, note=reason, **found)
    name = named(AALEN_JOHANSEN, table)
    step = int(np.searchsorted(table.time, time, side="right"))
    held = held_at(table, time)
    rule = rule or IntervalRule()
    incidence, se, low, high, by_beta = _limited(table, cause, level, rule, held)
    interval = rule.named(bool(by_beta[step]), level)
    return Estimate(
        "cumulative_incidence",
        value=incidence[step],
        low=low[step],
        high=high[step],
        se=se[step],
        method=joined([name, interval]),
        note="" if np.isfinite(low[step]) else NO_INTERVAL,
        **found,
    )


def cumulative_incidence(
    table: EventTable, cause: int, *, level: float = 0.95, rule: IntervalRule | None = None
) -> Curve:
    """The curve of cumulative_incidence_at: one step at time zero and at each distinct time of any event.

    The steps' events are those of this cause; at_risk is free of any event.
    """
    rule = rule or IntervalRule()
    incidence, _, low, high, by_beta = _limited(table, cause, level, rule)
    first = int(table.time.size > 0 and table.time[0] == 0)
    counts = (table.at_risk, _of_cause(table, cause), table.censored)
    at_risk, events, censored = (from_zero(column, 0, first) for column in counts)
    at_risk[0] = table.at_risk_at(0.0)
    time = from_zero(table.time, 0.0, first)
    steps = Steps(time, at_risk, events, censored, incidence[first:], low[first:], high[first:])
    interval = rule.named_of_curve(bool(by_beta.all()), table.late, level)
    method = joined([named(AALEN_JOHANSEN, table), interval])
    return Curve("cumulative_incidence", steps, n=table.n, method=method, late=entries(table))


def incidence_limits(
    table: EventTable,
    cause: int,
    *,
    level: float = 0.95,
    where: np.ndarray | None = None,
    held: tuple[int, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """(m + 1,) limits of the cumulative incidence by the beta product over weighted risk sets.

    1 - F is itself a product of 1 - d_k / N over the risk sets of the subdistribution (Fine & Gray 1999):
    those at risk, and those with a competing event, each with the chance to be still under observation;
    N = n (1 - F(t-)) / S(t-). The beta product of these, N being fractional, is this project's choice.
    With one cause it is one minus the interval of survival; without censoring, Clopper–Pearson's of the
    share with the event. In 1,500 simulated cohorts each of 8 patients, with competing events and
    censoring, 95% limits covered true incidences of 0.08 to 0.56 in 97.9 to 99.5% (log-log: 44 to 95%).
    """
    survival, (incidence, _) = survival_function(table), aalen_johansen(table, cause)
    n = table.at_risk.astype(float)
    weight_before = _before((1 - incidence) / np.where(survival > 0, survival, 1.0), 1.0)
    weighted = np.maximum(n * weight_before, _of_cause(table, cause))
    following = np.append(n[1:], 0.0)[: n.size]
    stayed = following * (1 - incidence) / np.where(survival > 0, survival, 1.0)
    # where all at risk fail at once, those with a competing event stay; nobody was censored before them
    before = _before(survival, 1.0)
    last = n / np.where(before > 0, before, 1.0) * (1 - incidence)
    staying = np.append(table.at_risk_at(0.0), np.where(survival > 0, stayed, last))
    if held and held[0] and survival[held[0] - 1] > 0:
        at = held[0] - 1
        staying = with_held(staying, (held[0], held[1] * (1 - incidence[at]) / survival[at]))
    low, high = product_limits(weighted, _of_cause(table, cause), staying, level=level, where=where)
    return 1 - high, 1 - low


def _limited(table: EventTable, cause: int, level: float, rule: IntervalRule, held=None):
    """(m + 1,) estimate, standard error, limits and whether they are by the beta product, from zero on."""
    incidence, se = (from_zero(column, 0.0) for column in aalen_johansen(table, cause))
    by_beta = ((incidence <= 0) | (incidence >= 1 - SAME)) & (not table.late)
    if rule.is_small(table.n, int(_of_cause(table, cause).sum())) and not table.late:
        by_beta[:] = True
    beta_low, beta_high = incidence_limits(table, cause, level=level, where=by_beta, held=held)
    # A value that is 1 but for rounding would overflow on the log-log scale, which is not asked of it.
    inside = np.where(by_beta, 0.5, incidence)
    low, high = survival_interval(inside, se, level=level, transform=rule.transform)
    without = (incidence >= 1 - SAME) & ~by_beta
    low, high = (np.where(without, np.nan, limit) for limit in (low, high))
    low, high = np.where(by_beta, beta_low, low), np.where(by_beta, beta_high, high)
    return incidence, se, np.minimum(low, incidence), np.maximum(high, incidence), by_beta


def _settled(table: EventTable) -> bool:
    """Whether nobody is left at risk of any event, so that no incidence can change any more."""
    return bool(table.n and not table.late and table.any_event[-1] == table.at_risk[-1])


def _of_cause(table: EventTable, cause: int) -> np.ndarray:
    if cause not in range(1, table.causes + 1):
        raise ValueError(f"cause must be 1 … {table.causes}, but was {cause!r}")
    return table.events[cause - 1]


def _before(curve: np.ndarray, start: float) -> np.ndarray:
    """The height of a step curve just before each of its times."""
    return np.concatenate([[start], curve[:-1]])[: curve.size]
