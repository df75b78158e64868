"""Rows of one event: which of them say again what an earlier one says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.cohort.distinct import parted


def repeated(counted: np.ndarray, *parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that say again what an earlier one says, and the first that says it, as positions; the first three parts
    are whole numbers."""
    sizes = [int(part.max(initial=0)) + 1 for part in parts[:3]]

    def key(rows: slice | np.ndarray) -> np.ndarray:
        """Of some rows, made when it is asked for: there may be fifty million of them."""
        own = np.zeros(len(counted[rows]), np.int64)
        for part, size in zip(parts[:3], sizes, strict=True):
            own *= size
            own += part[rows]
        own[~counted[rows]] = 0
        return own

    again, first = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for rows in parted(key, len(counted)):
        alike = rows[counted[rows]]
        # Only these need be looked at as a whole.
        alike = alike[pd.Series(key(alike)).duplicated(keep=False).to_numpy()]
        whole = pd.DataFrame({name: part[alike] for name, part in enumerate(parts)})
        twice = whole.duplicated(keep=False).to_numpy()
        whole, alike = whole[twice], alike[twice]
        leads = ~whole.duplicated().to_numpy()
        number = whole.groupby(list(whole.columns), sort=False, dropna=False).ngroup().to_numpy()
        lead = np.zeros(int(leads.sum()), np.int64)
        lead[number[leads]] = alike[leads]
        again.append(alike[~leads])
        first.append(lead[number[~leads]])
    return np.concatenate(again), np.concatenate(first)
