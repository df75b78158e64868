"""Firth's penalised likelihood: maximum, profile limits and likelihood-ratio tests, for any likelihood.

The logarithm of the likelihood gets half the logarithm of the determinant of the information added
(Firth 1993). It always has a finite maximum, also where a group has no event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reportgen.stats.partial_likelihood import Derivatives

Likelihood = Callable[[np.ndarray], Derivatives]
ITERATIONS = 200
HALVINGS = 40
FARTHEST = 60.0


@dataclass(frozen=True)
class PenalisedFit:
    """coefficients and their standard errors (p), profile limits (p × 2; nan: none), penalised
    likelihood-ratio p-values (p)."""

    coefficients: np.ndarray
    errors: np.ndarray
    limits: np.ndarray
    p_values: np.ndarray


class DidNotConverge(ArithmeticError):
    """The maximum was not found."""


def fit(likelihood: Likelihood, parameters: int, level: float = 0.95) -> PenalisedFit:
    """Maximum, standard errors from the information there, profile limits and tests of each parameter.

    A limit is where twice the loss of penalised log-likelihood, with all other parameters at their best,
    is the quantile of χ² with one degree of freedom (Heinze & Schemper 2001; R coxphf, logistf).
    Raises DidNotConverge.
    """
    from scipy.special import chdtrc, chdtri

    start = np.zeros(parameters)
    best = maximise(likelihood, start)
    top = _penalised(likelihood, best)[0]
    errors = np.sqrt(np.diag(np.linalg.inv(likelihood(best).information)))
    allowed = chdtri(1, 1 - level) / 2
    limits, p_values = np.empty((parameters, 2)), np.empty(parameters)
    for j in range(parameters):
        without = maximise(likelihood, best, held={j: 0.0})
        loss = top - _penalised(likelihood, without)[0]
        p_values[j] = chdtrc(1, max(0.0, 2 * loss))
        limits[j] = [_profile_limit(likelihood, best, j, side * errors[j], top - allowed) for side in (-1, 1)]
    return PenalisedFit(best, errors, limits, p_values)


def maximise(likelihood: Likelihood, start: np.ndarray, held: dict[int, float] | None = None) -> np.ndarray:
    """Newton–Raphson with step halving; parameters in `held` stay at the value given there."""
    beta = np.array(start, dtype=float)
    for j, value in (held or {}).items():
        beta[j] = value
    free = [j for j in range(len(beta)) if j not in (held or {})]
    if not free:
        return beta
    value, score, information = _penalised(likelihood, beta)
    for _ in range(ITERATIONS):
        step = np.linalg.solve(information[np.ix_(free, free)], score[free])
        step *= min(1.0, 5.0 / max(np.abs(step).max(), 1e-300))
        for _ in range(HALVINGS):
            moved = beta.copy()
            moved[free] += step
            trial = _penalised(likelihood, moved)
            if _is_progress(trial[0] - value, step @ score[free], score[free], trial[1][free], abs(value)):
                break
            step /= 2
        beta, (value, score, information) = moved, trial
        if np.abs(step).max() < 1e-10 * max(1.0, np.abs(beta).max()):
            return beta
    raise DidNotConverge(f"no maximum after {ITERATIONS} iterations")


def _is_progress(gain: float, slope: float, before: np.ndarray, after: np.ndarray, size: float) -> bool:
    """Whether a step has gone up by a fair part of what its slope promised.

    The information is not the curvature of the penalised likelihood: a full step may leap to the other
    side of the maximum again and again. Where the gain drowns in rounding, the score must shrink instead.
    """
    rounding = 1e-11 * max(1.0, size)
    if abs(gain) <= rounding:
        return bool(np.abs(after).max() <= 0.75 * np.abs(before).max())
    return bool(gain >= 0.25 * slope)


def _penalised(likelihood: Likelihood, beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Penalised log-likelihood, its score, and the information that Newton's step divides by."""
    at = likelihood(beta)
    sign, log_determinant = np.linalg.slogdet(at.information)
    if sign <= 0 or not np.isfinite(log_determinant):
        return -np.inf, at.score, at.information
    inverse = np.linalg.inv(at.information)
    score = at.score + np.einsum("jk,kji->i", inverse, at.slope) / 2
    return at.value + log_determinant / 2, score, at.information


def _profile_limit(likelihood: Likelihood, best: np.ndarray, j: int, step: float, target: float) -> float:
    """Where the profile of parameter j falls to target, going from the maximum in the direction of step."""
    from scipy.optimize import brentq

    path = [best]

    def above_target(value: float) -> float:
        path.append(maximise(likelihood, path[-1], held={j: value}))
        return _penalised(likelihood, path[-1])[0] - target

    near, far = best[j], best[j] + step
    while above_target(far) > 0:
        if abs(far - best[j]) > FARTHEST * max(1.0, abs(step)):
            return np.nan
        near, far = far, far + 1.5 * (far - near)
    return float(brentq(above_target, near, far, xtol=1e-10, rtol=1e-12))
