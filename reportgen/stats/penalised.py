"""Firth's penalised likelihood: maximum, profile limits and likelihood-ratio tests, for any likelihood.

The logarithm of the likelihood gets half the logarithm of the determinant of the information added
(Firth 1993). It always has a finite maximum, also where a group has no event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reportgen.base.required import required
from reportgen.stats.newton import ITERATIONS, DidNotConverge, Objective, maximise
from reportgen.stats.partial_likelihood import Derivatives

Likelihood = Callable[[np.ndarray], Derivatives]
# Standard errors beyond which no limit is looked for; how many times as far as the last one a step may go.
FARTHEST, FURTHER = 60.0, 2.5
CLOSE = 1e-10


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
    wanted = float(np.sqrt(chdtri(1, 1 - level)))
    limits, p_values = np.empty((parameters, 2)), np.empty(parameters)
    for j in range(parameters):
        loss = top - objective(maximise(objective, best, held={j: 0.0}))[0]
        p_values[j] = chdtrc(1, max(0.0, 2 * loss))
        limits[j] = [_profile_limit(objective, best, j, side * errors[j], wanted) for side in (-1, 1)]
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


def _profile_limit(objective: Objective, best: np.ndarray, j: int, step: float, wanted: float) -> float:
    """Where the profile of parameter j has lost wanted² / 2, from the maximum in the direction of step; nan: nowhere.

    step: the standard error, with its sign. By Newton's steps for the root of twice the loss, which is nearly a
    straight line: as the others are at their best, the score of j is the slope of the profile. The search for them
    begins where the last one and the information foretell it (after Venzon & Moolgavkar 1988). A step that leaves
    the bracket is replaced by its middle.
    """
    top, side = objective(best)[0], np.sign(step)
    start, near, far, distance = best, 0.0, np.inf, wanted * abs(step)
    for _ in range(ITERATIONS):
        value = best[j] + side * distance
        beta = maximise(objective, start, held={j: value})
        height, score, information = objective(beta)
        root = np.sqrt(max(0.0, 2 * (top - height)))
        near, far = (distance, far) if root < wanted else (near, distance)
        slope = -side * score[j] / root if 0 < root < np.inf else np.nan
        further = distance + (wanted - root) / slope if slope > 0 else np.nan
        if abs(further - distance) < CLOSE * max(1.0, abs(value)):
            return float(best[j] + side * further)
        if np.isinf(far):
            further = np.fmin(further, FURTHER * distance)
            if further > FARTHEST * max(1.0, abs(step)):
                return np.nan
        elif not near < further < far:
            further = (near + far) / 2
        start = _foretold(beta, information, j, side * (further - distance))
        distance = further
    raise DidNotConverge(f"no profile limit after {ITERATIONS} steps")


def _foretold(beta: np.ndarray, information: np.ndarray, j: int, change: float) -> np.ndarray:
    """Where the other parameters are about to be at their best when parameter j is changed."""
    if not np.isfinite(information).all():
        return beta
    free = [k for k in range(len(beta)) if k != j]
    moved = beta.copy()
    moved[free] -= np.linalg.solve(information[np.ix_(free, free)], information[free, j]) * change
    return moved
