"""The beta product confidence procedure: intervals for survival that hold in cohorts of eight.

Fay MP, Brittain EH, Proschan MA. Pointwise confidence intervals for a survival distribution with small
samples or heavy censoring. Biostatistics 2013;14:723–36. Mid-p: Fay MP, Brittain EH. Finite sample
pointwise confidence intervals for a survival distribution with right-censored data. Stat Med 2016;35:2726–40.

At the j-th time with d events among n at risk, the share that goes on is at most Beta(n - d + 1, d); before
the next event, at least Beta(k, 1) of those go on of whom k are still at risk at the end of the step. The
upper limit is a quantile of the product of the first kind; the lower limit of that product times the last.
A product of beta variables is taken as the beta variable with its mean and variance (method of moments,
the default of R's bpcp); without censoring the result is Clopper–Pearson's interval exactly.
Never of zero width, never beyond 0–1, and it widens as patients leave.
"""

from __future__ import annotations

import numpy as np

from reportgen.stats.events import EventTable
from reportgen.stats.product_limit import SAME, check_level

# Parameters of beta variables, arrays of one shape; a = inf is the point 1, a = 0 the point 0.
Betas = tuple[np.ndarray, np.ndarray]


def beta_product_limits(
    table: EventTable,
    *,
    level: float = 0.95,
    midp: bool = False,
    where: np.ndarray | None = None,
    held: tuple[int, float] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Limits of the survival curve, (m + 1,) each: from time zero on, then from each time of the table on.

    Entry j holds on [time j, next time). Events of every cause count. Nobody at all: 0 to 1.
    where: (m + 1,) bool, the steps that are wanted (the others are nan). held: a step, and how many are known to
    have stayed until the time within it that is asked for, where they are more than stay to its end.
    R: bpcp::bpcp(time, event, midp = midp), whose L are 0 and the times.
    """
    staying = with_held(np.append(table.at_risk, 0), held)
    return product_limits(table.at_risk, table.any_event, staying, level=level, midp=midp, where=where)


def with_held(staying: np.ndarray, held: tuple[int, float] | None) -> np.ndarray:
    """Who stays to the end of each step, but in one step those who were held, if they are more."""
    if held is None:
        return staying
    step, count = held
    staying = staying.astype(float)
    staying[step] = max(staying[step], count)
    return staying


def product_limits(
    at_risk, events, staying, *, level: float = 0.95, midp: bool = False, where: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Limits from (m,) at risk, (m,) events and (m + 1,) staying at risk to the end of each step.

    The counts may be fractional: the weighted risk sets of a cumulative incidence are (see incidence.py).
    """
    check_level(level)
    tail = (1 - level) / 2
    wanted = np.full(np.size(staying), True) if where is None else where
    log_mean, log_spread = (
        log[wanted] for log in _product(np.asarray(at_risk, float), np.asarray(events, float))
    )
    upper = _beta(*_moments(log_mean, log_spread))
    lower = _beta(*_with_last(log_mean, log_spread, np.asarray(staying, float)[wanted]))
    if midp:  # the mixture's upper quantile may rise as patients leave; survival cannot
        low = _mixture_quantile(lower, upper, tail)
        high = np.minimum.accumulate(_mixture_quantile(lower, upper, 1 - tail))
    else:
        low, high = beta_quantile(lower, tail), beta_quantile(upper, 1 - tail)
    limits = np.full((2, wanted.size), np.nan)
    limits[:, wanted] = low, high
    return limits[0], limits[1]


def quantile_limits(
    time: np.ndarray, low: np.ndarray, high: np.ndarray, target: float
) -> tuple[float, float]:
    """Limits of a quantile by inverting those of the curve; infinite where not reached.

    low, high: (m + 1,) as from beta_product_limits. The lower limit may be 0. R: quantile(bpcp(…), p).
    """
    starts = np.concatenate([[0.0], time])
    first, last = (
        float(starts[reached[0]]) if (reached := np.flatnonzero(limit <= target + SAME)).size else np.inf
        for limit in (low, high)
    )
    return first, last


def _product(at_risk, events):
    """log mean, and log of (second moment / squared mean), of the product up to each step."""
    went_on = np.where(events > 0, at_risk - events + 1, 1.0)
    total = np.where(events > 0, at_risk + 1, 1.0)
    log_mean = np.log1p(-events / total)
    log_spread = np.log1p(events / (went_on * (total + 1)))
    return (np.concatenate([[0.0], np.cumsum(logs)]) for logs in (log_mean, log_spread))


def _with_last(log_mean, log_spread, staying):
    """Moments of the product times Beta(staying, 1); nobody staying makes it 0."""
    held = np.maximum(staying, 0.0)
    safe = np.where(held > 0, held, 1.0)
    mean, shortfall, variance = _moments(
        log_mean + np.log(safe / (safe + 1)), log_spread + np.log1p(1 / (safe * (safe + 2)))
    )
    return (
        np.where(held > 0, mean, 0.0),
        np.where(held > 0, shortfall, 1.0),
        np.where(held > 0, variance, 0.0),
    )


def _moments(log_mean, log_spread):
    """Mean, 1 - mean and variance, each without cancellation in large cohorts."""
    mean = np.exp(log_mean)
    return mean, -np.expm1(log_mean), mean**2 * np.expm1(log_spread)


def _beta(mean, shortfall, variance):
    """Parameters of the beta variable with these moments; a = inf is the point 1, a = 0 the point 0."""
    fixed = variance <= 0
    size = mean * shortfall / np.where(fixed, 1.0, variance) - 1
    return np.where(fixed, np.where(mean > 0.5, np.inf, 0.0), mean * size), np.where(
        fixed, 1.0, shortfall * size
    )


def step_betas(table: EventTable, step: int, held: tuple[int, float] | None = None) -> tuple[Betas, Betas]:
    """The two beta variables whose quantiles are the lower and the upper limit on one step of the curve.

    step, held: as in beta_product_limits; the step before the first time is 0.
    """
    staying = np.asarray(with_held(np.append(table.at_risk, 0), held), float)
    logs = _product(table.at_risk.astype(float), table.any_event.astype(float))
    log_mean, log_spread = (log[step : step + 1] for log in logs)
    upper = _beta(*_moments(log_mean, log_spread))
    lower = _beta(*_with_last(log_mean, log_spread, staying[step : step + 1]))
    return lower, upper


def beta_quantile(parameters: Betas, probability: float | np.ndarray) -> np.ndarray:
    """The quantile of beta variables; a = inf is the point 1, a = 0 the point 0."""
    from scipy.special import betaincinv

    a, b = parameters
    inner = (a > 0) & np.isfinite(a)
    value = betaincinv(np.where(inner, a, 1.0), b, probability)
    return np.where(inner, value, np.where(a > 0, 1.0, 0.0))


def beta_distribution(parameters: Betas, x: np.ndarray) -> np.ndarray:
    """P(B ≤ x); x may lie beyond 0–1."""
    return np.where(x < 0, 0.0, _distribution(parameters, np.clip(x, 0.0, 1.0)))


def _distribution(parameters, x):
    from scipy.special import betainc

    a, b = parameters
    inner = (a > 0) & np.isfinite(a)
    return np.where(inner, betainc(np.where(inner, a, 1.0), b, x), np.where(a > 0, x >= 1, 1.0))


def _mixture_quantile(lower, upper, probability):
    """Quantile of the half-and-half mixture of the two beta variables, by bisection to the last bit."""
    below, above = np.zeros_like(lower[0]), np.ones_like(lower[0])
    for _ in range(60):
        middle = (below + above) / 2
        short = (_distribution(lower, middle) + _distribution(upper, middle)) / 2 < probability
        below, above = np.where(short, middle, below), np.where(short, above, middle)
    return above
