"""p-values of several tests, adjusted for their number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's step-down adjustment: the chance of any false positive is held (Holm 1979).

    The i-th smallest of m becomes the largest so far of min(1, (m − i + 1) p). In the order given; a test
    that has no p (None or nan) stays None and is not counted in m (R p.adjust(method = "holm")).

    >>> holm([0.01, 0.04, None, 0.03])
    (0.03, 0.06, None, 0.06)
    """
    return _adjust(p_values, lambda p: np.maximum.accumulate(np.arange(len(p), 0, -1) * p))


def benjamini_hochberg(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Benjamini and Hochberg's step-up adjustment: the expected share of false findings is held (1995).

    The i-th smallest of m becomes the smallest from there up of min(1, m p / i). Order and missing values
    as in holm (R p.adjust(method = "BH")).
    """
    return _adjust(
        p_values, lambda p: np.minimum.accumulate((len(p) / np.arange(1, len(p) + 1) * p)[::-1])[::-1]
    )


def _adjust(
    p_values: Sequence[float | None], step: Callable[[np.ndarray], np.ndarray]
) -> tuple[float | None, ...]:
    raw = np.array([np.nan if p is None else p for p in p_values], dtype=float)
    known = np.flatnonzero(~np.isnan(raw))
    if ((raw[known] < 0) | (raw[known] > 1)).any():
        raise ValueError(f"p-values must be between 0 and 1, but were {p_values!r}")
    order = known[np.argsort(raw[known], kind="stable")]
    adjusted = np.full(len(raw), np.nan)
    adjusted[order] = np.minimum(step(raw[order]), 1.0)
    return tuple(None if np.isnan(p) else float(p) for p in adjusted)
