"""p-values of several tests, adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Holm's step-down adjustment: the chance of any false positive is held (Holm 1979).

    The i-th smallest of m becomes the largest so far of min(1, (m − i + 1) p). In the order given; a test
    that has no p (None or nan) stays None and is not counted in m (R p.adjust(method = "holm")).

    >>> holm([0.01, 0.04, None, 0.03])
    (0.03, 0.06, None, 0.06)
    """
    raw = np.array([np.nan if p is None else p for p in p_values], dtype=float)
    known = np.flatnonzero(~np.isnan(raw))
    if ((raw[known] < 0) | (raw[known] > 1)).any():
        raise ValueError(f"p-values must be between 0 and 1, but were {p_values!r}")
    order = known[np.argsort(raw[known], kind="stable")]
    adjusted = np.full(len(raw), np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(np.arange(len(order), 0, -1) * raw[order]), 1.0)
    return tuple(None if np.isnan(p) else float(p) for p in adjusted)
