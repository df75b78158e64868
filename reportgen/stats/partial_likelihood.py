"""Cox's partial likelihood: its value and derivatives, for all that a fitted model alone does not tell.

Used for Firth's penalty, the proportional-hazards check, and to prove that a fit has converged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement, product

import numpy as np

from reportgen.base.message import Message, message
from reportgen.base.required import required
from reportgen.stats.whole_days import searchsorted

MOST_AT_ONCE = 1_000_000  # products of covariates that are held in memory together


@dataclass(frozen=True)
class Derivatives:
    """Log-likelihood at one vector of p coefficients, and its derivatives.

    score (p); information (p × p), minus the second derivative; slope (p × p × p), the derivative of the
    information by the last index, or None where it was not asked for.
    """

    value: float
    score: np.ndarray
    information: np.ndarray
    slope: np.ndarray | None = None


@dataclass(frozen=True)
class RiskSets:
    """Who was at risk at each of K distinct event times, and the m steps that Efron's method takes there.

    A patient is at risk at t when entry < t ≤ duration (R Surv(entry, duration, status)).
    x: n × p covariates, centred, column by column in memory. first, last: n, the patient is at risk at event
    times first … last − 1.
    event: n, whether the patient has the event. at: m, index of the event time of each step.
    share: m, how much of the tied patients has left by then: 0 with Breslow's ties, l / d for l = 0 … d − 1
    with Efron's.
    """

    times: np.ndarray
    x: np.ndarray
    first: np.ndarray
    last: np.ndarray
    event: np.ndarray
    at: np.ndarray
    share: np.ndarray


def risk_sets(
    duration: np.ndarray,
    status: np.ndarray,
    x: np.ndarray,
    entry: np.ndarray | None = None,
    ties: str = "efron",
) -> RiskSets:
    """Who was at risk when. ties: "efron" (Efron 1977) or "breslow" (Breslow 1974)."""
    if ties not in ("efron", "breslow"):
        raise ValueError(f'ties must be "efron" or "breslow", but was {ties!r}')
    event = status.astype(bool)
    times, deaths = np.unique(duration[event], return_counts=True)
    at = np.repeat(np.arange(len(times)), deaths)
    place = np.arange(len(at)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    share = place / deaths[at] if ties == "efron" else np.zeros(len(at))
    last = searchsorted(times, duration, side="right")
    first = np.zeros(len(duration), dtype=int) if entry is None else searchsorted(times, entry, side="right")
    return RiskSets(times, np.asfortranarray(x - x.mean(axis=0)), first, last, event, at, share)


@dataclass(frozen=True)
class Moments:
    """Mean (m × p), variance (m × p × p) and third central moment (m × p × p × p, or None) of the covariates
    among those at risk at each step, weighted by their hazard; log_total (m) is the logarithm of its sum."""

    log_total: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    third: np.ndarray | None


def moments(sets: RiskSets, beta: np.ndarray, third: bool = False) -> Moments:
    """Moments of the covariates in each risk set at the coefficients beta."""
    linear = sets.x @ beta
    shift = linear.max()
    hazard = np.exp(linear - shift)
    p = sets.x.shape[1]
    at_risk, tied = _sums(sets, hazard, third)
    steps = at_risk[sets.at] - sets.share[:, None] * tied[sets.at]
    total = steps[:, 0]
    raw = steps[:, 1:] / total[:, None]
    mean, second = raw[:, :p], raw[:, p : p + p * p].reshape(-1, p, p)
    variance = second - mean[:, :, None] * mean[:, None, :]
    cubic = None
    if third:
        cubic = raw[:, p + p * p :].reshape(-1, p, p, p)
        a, b, c = mean[:, :, None, None], mean[:, None, :, None], mean[:, None, None, :]
        cubic = (
            cubic
            - a * second[:, None, :, :]
            - b * second[:, :, None, :]
            - c * second[:, :, :, None]
            + 2 * a * b * c
        )
    return Moments(np.log(total) + shift, mean, variance, cubic)


@cache
def _products(p: int, degree: int) -> tuple[np.ndarray, np.ndarray]:
    """Which covariates the products up to a degree multiply, each product once (q × degree; p stands for 1), and
    where each of the 1 + p + p² (+ p³) products, in whatever order of its factors, is found among these q."""
    once = [c for d in range(degree + 1) for c in combinations_with_replacement(range(p), d)]
    place = {factors: at for at, factors in enumerate(once)}
    full = [place[tuple(sorted(c))] for d in range(degree + 1) for c in product(range(p), repeat=d)]
    padded = [(*factors, *[p] * (degree - len(factors))) for factors in once]
    return np.array(padded), np.array(full)


def _sums(sets: RiskSets, hazard: np.ndarray, third: bool) -> tuple[np.ndarray, np.ndarray]:
    """Sums of the hazard and of its products with the covariates, their squares (and cubes): of those at risk
    at each time, and of those with an event then (k × 1 + p + p² (+ p³)). Of many patients column by column:
    n × p² is large."""
    k, entered = len(sets.times), bool(sets.first.any())
    at_event = sets.last[sets.event] - 1
    factors, full = _products(sets.x.shape[1], 3 if third else 2)
    x = np.column_stack([sets.x, np.ones(len(sets.x))])
    at_once = max(1, MOST_AT_ONCE // max(1, len(x)))
    at_risk, tied = [], []
    for start in range(0, len(factors), at_once):
        block = factors[start : start + at_once]
        weighted = x[:, block].prod(axis=2) * hazard[:, None]
        beyond = _beyond(weighted, sets.last, k)
        at_risk.append(beyond - _beyond(weighted, sets.first, k) if entered else beyond)
        tied.append(_by_index(weighted[sets.event], at_event, k))
    return np.hstack(at_risk)[:, full], np.hstack(tied)[:, full]


@dataclass(frozen=True)
class StepSums:
    """What Efron's steps of each of k event times add up to, of their divisors R − share · E.

    R and E: the hazard of all at risk, and of those with an event then. log_total: the sum of the logarithms
    over all steps; first, shared_first: k, the sums of 1 / divisor and share / divisor; second,
    shared_second, twice_shared: those of 1, share and share² over the divisor's square.
    """

    log_total: float
    first: np.ndarray
    shared_first: np.ndarray
    second: np.ndarray
    shared_second: np.ndarray
    twice_shared: np.ndarray


def step_sums(at_risk: np.ndarray, tied: np.ndarray, at: np.ndarray, share: np.ndarray) -> StepSums:
    """at_risk, tied: k hazards; at, share: m steps, in order, as in RiskSets. Every time has a step."""
    total = at_risk[at] - share * tied[at]
    starts = np.searchsorted(at, np.arange(len(at_risk)))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of a step that no fit will take
        one, two = 1 / total, 1 / total**2
        parts = (one, share * one, two, share * two, share**2 * two)
        return StepSums(float(np.log(total).sum()), *(np.add.reduceat(part, starts) for part in parts))


def derivatives(sets: RiskSets, beta: np.ndarray, slope: bool = False) -> Derivatives:
    """Log partial likelihood at beta with its derivatives (R coxph, loglik and information)."""
    if not slope:
        return _two_derivatives(sets, beta)
    at = moments(sets, beta, third=True)
    events = sets.x[sets.event]
    return Derivatives(
        value=float((events @ beta).sum() - at.log_total.sum()),
        score=events.sum(axis=0) - at.mean.sum(axis=0),
        information=at.variance.sum(axis=0),
        slope=required(at.third).sum(axis=0),
    )


def _two_derivatives(sets: RiskSets, beta: np.ndarray) -> Derivatives:
    """Without the slope no square is summed at each time: a patient's squares weigh, all in all, what the steps
    at which it was at risk weigh together, and one product of matrices adds them up."""
    x, events = sets.x, np.flatnonzero(sets.event)
    linear = x @ beta
    shift = linear.max()
    hazard = np.exp(linear - shift)
    own = sets.last[events] - 1
    at_risk, tied = _means_sums(sets, hazard, events, own)
    steps = step_sums(at_risk[:, 0], tied[:, 0], sets.at, sets.share)
    r, t = at_risk[:, 1:], tied[:, 1:]
    a, b, c, d, e = (
        part[:, None]
        for part in (steps.first, steps.shared_first, steps.second, steps.shared_second, steps.twice_shared)
    )
    with np.errstate(over="ignore", invalid="ignore"):  # of a step so far that those at risk have no hazard
        running = np.concatenate([[0.0], np.cumsum(steps.first)])
        exposure = running[sets.last] - running[sets.first]
        exposure[events] -= steps.shared_first[own]
        squares = x.T @ (x * (exposure * hazard)[:, None])
        mixed = (d * r).T @ t
        happened = x[events]
        return Derivatives(
            value=float((happened @ beta).sum() - steps.log_total - shift * len(sets.at)),
            score=happened.sum(axis=0) - (a * r - b * t).sum(axis=0),
            information=squares - ((c * r).T @ r - mixed - mixed.T + (e * t).T @ t),
        )


def _means_sums(
    sets: RiskSets, hazard: np.ndarray, events: np.ndarray, own: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sums of the hazard and of its products with the covariates: of those at risk at each time, and of those
    with an event then (both k × 1 + p)."""
    k, entered = len(sets.times), bool(sets.first.any())
    at_risk, tied = [], []
    for weighted in (hazard, *(column * hazard for column in sets.x.T)):
        beyond = _beyond(weighted[:, None], sets.last, k)
        at_risk.append(beyond - _beyond(weighted[:, None], sets.first, k) if entered else beyond)
        tied.append(_by_index(weighted[events, None], own, k))
    return np.hstack(at_risk), np.hstack(tied)


def idle_fault(names: tuple[str, ...], at_zero: Derivatives) -> Message | None:
    """Which standardised covariate is the same for all at risk at every event, and so tells nothing."""
    idle = np.diag(at_zero.information) < 1e-12
    if not idle.any():
        return None
    name = names[int(np.argmax(idle))]
    return message("{a} does not vary among those at risk at any event", "no_variation", a=name)


def score_residuals(sets: RiskSets, beta: np.ndarray) -> np.ndarray:
    """What each row adds to the score (n × p; R residuals.coxph(type = "score"), Efron's ties included).

    Times the covariance they are the change of beta when the row is left out, to first order.
    """
    at = moments(sets, beta)
    k = len(sets.times)
    hazard = np.exp(sets.x @ beta)
    each = np.exp(-at.log_total)
    # Sums over the steps of each event time; tied events weigh only 1 − share there.
    rates = np.zeros((k, 2, 1 + sets.x.shape[1]))
    parts = np.column_stack([each, each[:, None] * at.mean])
    np.add.at(rates, sets.at, np.stack([parts, sets.share[:, None] * parts], axis=1))
    means = np.zeros((k, sets.x.shape[1]))
    np.add.at(means, sets.at, at.mean)
    means /= np.bincount(sets.at)[:, None]
    running = np.concatenate([np.zeros((1, rates.shape[2])), np.cumsum(rates[:, 0], axis=0)])
    exposure = running[sets.last] - running[sets.first]
    own = sets.last[sets.event] - 1
    exposure[sets.event] -= rates[own, 1]
    residuals = -hazard[:, None] * (sets.x * exposure[:, :1] - exposure[:, 1:])
    residuals[sets.event] += sets.x[sets.event] - means[own]
    return residuals


def sum_beyond(weighted: np.ndarray, index: np.ndarray, k: int) -> np.ndarray:
    """Sum of the rows of weighted (n × q) whose index is above j, for j = 0 … k − 1 (k × q)."""
    return np.hstack([_beyond(column[:, None], index, k) for column in weighted.T])


def _beyond(weighted: np.ndarray, index: np.ndarray, k: int) -> np.ndarray:
    return np.cumsum(_by_index(weighted, index, k + 1)[::-1], axis=0)[::-1][1:]


def _by_index(weighted: np.ndarray, index: np.ndarray, k: int) -> np.ndarray:
    """Sum of the rows of weighted (n × q) that have each index 0 … k − 1 (k × q)."""
    q = weighted.shape[1]
    cells = index if q == 1 else (index[:, None] * q + np.arange(q)).ravel()
    return np.bincount(cells, weighted.ravel(), k * q).reshape(k, q)
