"""Newton–Raphson for log-likelihoods."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

ITERATIONS = 200
HALVINGS = 40
SMALLEST = 1e-10

# At coefficients: the value to be raised, its gradient, and the matrix that the step divides by.
Objective = Callable[[np.ndarray], tuple[float, np.ndarray, np.ndarray]]


class DidNotConverge(ArithmeticError):
    """The maximum was not found."""


def maximise(objective: Objective, start: np.ndarray, held: dict[int, float] | None = None) -> np.ndarray:
    """Where the objective is greatest; parameters in `held` stay at the value given there.

    Raises DidNotConverge, or numpy's LinAlgError where the matrix is singular.
    """
    beta = np.array(start, dtype=float)
    for j, value in (held or {}).items():
        beta[j] = value
    free = [j for j in range(len(beta)) if j not in (held or {})]
    if not free:
        return beta
    value, score, information = objective(beta)
    for _ in range(ITERATIONS):
        step = np.linalg.solve(information[np.ix_(free, free)], score[free])
        step *= min(1.0, 5.0 / max(np.abs(step).max(), 1e-300))
        if np.abs(step).max() < SMALLEST * max(1.0, np.abs(beta).max()):
            # Whether such a step is progress drowns in rounding; it is the last one, whatever the answer.
            beta[free] += step
            return beta
        for _ in range(HALVINGS):
            moved = beta.copy()
            moved[free] += step
            trial = objective(moved)
            if _is_progress(
                trial[0] - value, float(step @ score[free]), score[free], trial[1][free], abs(value)
            ):
                break
            step /= 2
        beta, (value, score, information) = moved, trial
        if np.abs(step).max() < SMALLEST * max(1.0, np.abs(beta).max()):
            return beta
    raise DidNotConverge(f"no maximum after {ITERATIONS} iterations")


def _is_progress(gain: float, slope: float, before: np.ndarray, after: np.ndarray, size: float) -> bool:
    """Whether a step has gone up by a fair part of what its slope promised.

    Where the matrix is not the curvature, as with a penalty, a full step may leap to the other side of the
    maximum again and again. Where the gain drowns in rounding, the score must shrink instead.
    """
    rounding = 1e-11 * max(1.0, size)
    if abs(gain) <= rounding:
        return bool(np.abs(after).max() <= 0.75 * np.abs(before).max())
    return bool(gain >= 0.25 * slope)
