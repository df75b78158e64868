"""Limits of a funnel plot: how far proportions of groups of a size scatter if all share one true proportion."""

from __future__ import annotations

import numpy as np


def funnel_limits(n: int | np.ndarray, target: float, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """(low, high), each as n: the least and the greatest proportion that is not too rare when all share `target`.

    Exact binomial: low is the smallest k / n with P(X ≤ k) ≥ (1 − level) / 2, high the largest with
    P(X ≥ k) ≥ (1 − level) / 2, so that at least `level` of groups lie within, the limits included. (Spiegelhalter,
    Statistics in Medicine 2005;24:1185–1202, whose appendix interpolates between whole numbers of events: with few
    patients the most likely result may then lie outside, 8 of 8 for a target of 0.97.) Raises ValueError for n < 1
    or a target outside 0–1. R: qbinom((1 - level) / 2, n, target) / n, and 1 - the same for 1 - target.

    >>> low, high = funnel_limits(50, 0.3, 0.95)
    >>> round(float(low), 3), round(float(high), 3)
    (0.18, 0.44)
    """
    if np.any(np.asarray(n) < 1):
        raise ValueError(f"n must be at least 1, but was {np.min(n)!r}")
    if not 0 <= target <= 1:
        raise ValueError(f"target must lie within 0–1, but was {target!r}")
    return _lowest(n, target, (1 - level) / 2), 1 - _lowest(n, 1 - target, (1 - level) / 2)


def _lowest(n: int | np.ndarray, target: float, tail: float) -> np.ndarray:
    from scipy.stats import binom

    return binom.ppf(tail, n, target) / np.asarray(n, float)
