"""Rows of one event: which of them say again what an earlier one says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.cohort.distinct import parted


def repeated(counted: np.ndarray, *parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that say again what an earlier one says, and the first that says it, as positions; the first three parts
    are whole numbers."""
    key = np.zeros(len(counted), np.int64)
    for part in parts[:3]:
        key *= int(part.max(initial=0)) + 1
        key += part
    key[~counted] = 0
    again, first = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for rows in parted(key):
        alike = rows[counted[rows]]
        # Only these need be looked at as a whole.
        alike = alike[pd.Series(key[alike]).duplicated(keep=False).to_numpy()]
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
