"""Distinct times and their places, of very many patients whose times are whole days: by counting, not by sorting.

Each function gives what its namesake of numpy gives, whatever the times are.
"""

from __future__ import annotations

import numpy as np

# Fewer times are sorted as quickly.
MANY = 20_000


def unique(times: np.ndarray) -> np.ndarray:
    """`numpy.unique`."""
    days = whole_days(times)
    return np.unique(times) if days is None else np.flatnonzero(np.bincount(days)).astype(times.dtype)


def searchsorted(times: np.ndarray, values: np.ndarray, side: str = "left") -> np.ndarray:
    """`numpy.searchsorted`: how many of the ascending times are before each value, or, with "right", not after it."""
    days = whole_days(values)
    asked = values if days is None else np.arange(int(days.max()) + 1)
    places = np.searchsorted(times, asked, side="right" if side == "right" else "left")
    return places if days is None else places[days]


def whole_days(values: np.ndarray) -> np.ndarray | None:
    """The values as whole numbers; None where some are none, or they are few, or spread beyond their number."""
    if len(values) < MANY or not (values.min() >= 0 and values.max() < min(len(values), 2**31)):
        return None
    days = values.astype(np.int32)
    return days if np.array_equal(days, values) else None
