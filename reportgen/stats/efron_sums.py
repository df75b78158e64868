"""What Efron's steps at an event time add up to: step by step, or, of very many tied events, as a power series."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from reportgen.stats.partial_likelihood import StepSums, step_sums

# Up to this share of the hazard at risk that is tied, so many terms leave less than 1e-17 of the sums.
MOST, TERMS = 1 / 8, 22


def powers_of_shares(deaths: np.ndarray) -> np.ndarray:
    """(times, TERMS + 2) the sums over l = 0 … d − 1 of (l / d)ⁿ, for n = 0 … TERMS + 1."""
    distinct, place = np.unique(deaths, return_inverse=True)
    return np.array([_powers(d) for d in distinct.tolist()]).reshape(len(distinct), TERMS + 2)[place]


@lru_cache(maxsize=10_000)
def _powers(deaths: int) -> np.ndarray:
    shares = np.arange(deaths) / max(deaths, 1)
    power, found = np.ones(deaths), np.empty(TERMS + 2)
    for n in range(TERMS + 2):
        found[n] = power.sum()
        power *= shares
    return found


def sums_of_steps(
    at_risk: np.ndarray, tied: np.ndarray, deaths: np.ndarray, powers: np.ndarray | None
) -> StepSums:
    """at_risk, tied: (times,) hazards; deaths: (times,) whole numbers; powers: as `powers_of_shares` gives them, None:
    every step is taken by itself.

    Each step divides by R − (l / d) E. With q = E / R the sums of 1 / divisor and of 1 / divisor² over the steps are
    those of qⁱ (l / d)ⁱ and (i + 1) qⁱ (l / d)ⁱ over i, over R and R²; and of logarithms, d log R less those of
    qⁱ (l / d)ⁱ / i.
    """
    if powers is None:
        return _one_by_one(at_risk, tied, deaths)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of a step that no fit will take
        share = tied / at_risk
        steep = ~(share <= MOST)
        q, r, own = share[~steep], at_risk[~steep], powers[~steep]
        order = np.arange(TERMS)
        weight = q[:, None] ** order
        twice = weight * (order + 1)
        zeroth, first, second = (own[:, k : k + TERMS] for k in range(3))
        series = (
            (weight * zeroth).sum(axis=1) / r, (weight * first).sum(axis=1) / r,
            (twice * zeroth).sum(axis=1) / r**2, (twice * first).sum(axis=1) / r**2,
            (twice * second).sum(axis=1) / r**2,
        )  # fmt: skip
        logs = deaths[~steep] * np.log(r) - (weight[:, 1:] * zeroth[:, 1:] / order[1:]).sum(axis=1)
    rest = _one_by_one(at_risk[steep], tied[steep], deaths[steep])
    names = ("first", "shared_first", "second", "shared_second", "twice_shared")
    whole = []
    for name, part in zip(names, series, strict=True):
        both = np.empty(len(at_risk))
        both[~steep], both[steep] = part, getattr(rest, name)
        whole.append(both)
    return StepSums(float(logs.sum()) + rest.log_total, *whole)


def _one_by_one(at_risk: np.ndarray, tied: np.ndarray, deaths: np.ndarray) -> StepSums:
    starts = np.cumsum(deaths) - deaths
    step = np.repeat(np.arange(len(deaths)), deaths)
    share = (np.arange(len(step)) - starts[step]) / deaths[step]
    return step_sums(at_risk, tied, step, share)
