"""Firth's penalised likelihood: maximum, profile limits and likelihood-ratio tests, for any likelihood.

The logarithm of the likelihood gets half the logarithm of the determinant of the information added
(Firth 1993). It always has a finite maximum, also where a group has no event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reportgen.base.required import required
from reportgen.stats.newton import DidNotConverge, Objective, maximise
from reportgen.stats.partial_likelihood import Derivatives

Likelihood = Callable[[np.ndarray], Derivatives]
FARTHEST = 60.0


@dataclass(frozen=True)
class PenalisedFit:
    """coefficients and their standard errors (p), profile limits (p × 2; nan: none), penalised
    likelihood-ratio p-values (p)."""

    coefficients: np.ndarray
    errors: np.ndarray
    limits: np.ndarray
    p_values: np.ndarray


def fit(likelihood: Likelihood, parameters: int, level: float = 0.95) -> PenalisedFit:
    """Maximum, standard errors from the information there, profile limits and tests of each parameter.

    A limit is where twice the loss of penalised log-likelihood, with all other parameters at their best,
    is the quantile of χ² with one degree of freedom (Heinze & Schemper 2001; R coxphf, logistf).
    Raises DidNotConverge, or LinAlgError where the information is singular.
    """
    from scipy.special import chdtrc, chdtri

    def objective(beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        return _penalised(likelihood, beta)

    best = maximise(objective, np.zeros(parameters))
    top = objective(best)[0]
    variances = np.diag(np.linalg.inv(likelihood(best).information))
    if not (np.isfinite(top) and np.all(variances > 0)):
        raise DidNotConverge("the information is not positive definite where the iteration ended")
    errors = np.sqrt(variances)
    allowed = chdtri(1, 1 - level) / 2
    limits, p_values = np.empty((parameters, 2)), np.empty(parameters)
    for j in range(parameters):
        loss = top - objective(maximise(objective, best, held={j: 0.0}))[0]
        p_values[j] = chdtrc(1, max(0.0, 2 * loss))
        limits[j] = [_profile_limit(objective, best, j, side * errors[j], top - allowed) for side in (-1, 1)]
    return PenalisedFit(best, errors, limits, p_values)


def _penalised(likelihood: Likelihood, beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Penalised log-likelihood, its score, and the information that Newton's step divides by."""
    at = likelihood(beta)
    sign, log_determinant = np.linalg.slogdet(at.information)
    if sign <= 0 or not np.isfinite(log_determinant):
        return -np.inf, at.score, at.information
    inverse = np.linalg.inv(at.information)
    score = at.score + np.einsum("jk,kji->i", inverse, required(at.slope)) / 2
    return at.value + log_determinant / 2, score, at.information


def _profile_limit(objective: Objective, best: np.ndarray, j: int, step: float, target: float) -> float:
    """Where the profile of parameter j falls to target, going from the maximum in the direction of step."""
    from scipy.optimize import brentq

    path = [best]

    def above_target(value: float) -> float:
        path.append(maximise(objective, path[-1], held={j: value}))
        return objective(path[-1])[0] - target

    near, far = best[j], best[j] + step
    while above_target(far) > 0:
        if abs(far - best[j]) > FARTHEST * max(1.0, abs(step)):
            return np.nan
        near, far = far, far + 1.5 * (far - near)
    return float(brentq(above_target, near, far, xtol=1e-10, rtol=1e-12))
