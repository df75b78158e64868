"""Whether a hazard ratio holds over time: the score test of Grambsch and Therneau, and its residuals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.base.message import message
from reportgen.stats.hazards import CoxFit
from reportgen.stats.notes import not_estimable
from reportgen.stats.partial_likelihood import RiskSets, moments, risk_sets, sum_beyond
from reportgen.stats.testing import Test

GLOBAL = "GLOBAL"
TRANSFORMS = ("km", "rank", "identity")


def proportional_hazards_test(fitted: CoxFit, transform: str = "km") -> dict[str, Test]:
    """Score test of a coefficient that changes with g(time), per covariate and for all ("GLOBAL").

    g is 1 − the Kaplan–Meier estimate just before the event ("km"), the rank of the event time among all
    durations ("rank") or the time itself ("identity"). Equal to R cox.zph of survival 3 (Grambsch &
    Therneau 1994); the version before, and lifelines, compute another statistic. Too few distinct event
    times: no p, noted.
    A large p is no proof that hazards are proportional.
    """
    from scipy.special import chdtrc

    fitted = replace(fitted, data=fitted.data.of_patients())
    name = message(
        "proportional-hazards score test ({transform})", "proportional_hazards", transform=transform
    )
    g = _transformed(fitted, transform)
    if np.ptp(g) == 0:
        nothing = Test(
            name, None, None, None, not_estimable(message("too few distinct event times", "too_few_times"))
        )
        return dict.fromkeys((*fitted.data.names, GLOBAL), nothing)
    sets, p = _sets(fitted), len(fitted.beta)
    at = moments(sets, fitted.beta * fitted.data.scale)
    g = g - g.mean()
    score = (g[:, None] * _schoenfeld(sets, at.mean)).sum(axis=0)
    flat = at.variance.sum(axis=0)
    mixed = np.einsum("m,mij->ij", g, at.variance)
    steep = np.einsum("m,mij->ij", g**2, at.variance)
    tests = {}
    for label, chosen in [*((n, [j]) for j, n in enumerate(fitted.data.names)), (GLOBAL, list(range(p)))]:
        # Information on the time-varying part that the constant coefficients leave.
        left = steep[np.ix_(chosen, chosen)] - mixed[chosen] @ np.linalg.solve(flat, mixed[:, chosen])
        if np.linalg.matrix_rank(left, tol=1e-9 * np.abs(steep).max()) < len(chosen):
            tests[label] = Test(
                name,
                None,
                None,
                None,
                not_estimable(message("too few distinct event times", "too_few_times")),
            )
            continue
        statistic = float(score[chosen] @ np.linalg.solve(left, score[chosen]))
        tests[label] = Test(name, statistic, float(len(chosen)), float(chdtrc(len(chosen), statistic)))
    return tests


def _sets(fitted: CoxFit) -> RiskSets:
    data = fitted.data
    return risk_sets(data.duration, data.status, data.standardised, data.entry)


def _schoenfeld(sets: RiskSets, mean: np.ndarray) -> np.ndarray:
    """Covariates of each event minus their expectation, in order of time; ties share the mean of Efron's steps."""
    events = np.flatnonzero(sets.event)
    events = events[np.argsort(sets.last[events], kind="stable")]
    shared = np.zeros((len(sets.times), sets.x.shape[1]))
    np.add.at(shared, sets.at, mean)
    return sets.x[events] - (shared / np.bincount(sets.at)[:, None])[sets.at]


def _transformed(fitted: CoxFit, transform: str) -> np.ndarray:
    if transform not in TRANSFORMS:
        raise ValueError(f"transform must be one of {TRANSFORMS}, but was {transform!r}")
    sets = _sets(fitted)
    if transform == "identity":
        return sets.times[sets.at]
    if transform == "rank":
        everyone = np.sort(fitted.data.duration)
        before, upto = (np.searchsorted(everyone, sets.times, side=side) for side in ("left", "right"))
        return ((before + 1 + upto) / 2)[sets.at]
    deaths = np.bincount(sets.at)
    ones, k = np.ones((len(sets.last), 1)), len(sets.times)
    at_risk = (sum_beyond(ones, sets.last, k) - sum_beyond(ones, sets.first, k))[:, 0]
    survival = np.cumprod(1 - deaths / at_risk)
    return (1 - np.concatenate([[1.0], survival[:-1]]))[sets.at]
