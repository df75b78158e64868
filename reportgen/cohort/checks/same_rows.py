"""Rows that are alike in every cell, whatever the case and the blanks of their texts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from reportgen.cohort.coded import factorized
from reportgen.cohort.distinct import parted
from reportgen.cohort.mapping.keys import plain_keys, word_key

MOST_COMBINATIONS = 2**62


def repeated(rows: np.ndarray) -> np.ndarray:
    """Whether each row has the number of an earlier one, as `as_one` gives them."""
    again = np.zeros(len(rows), bool)
    for part in parted(rows):
        again[part] = pd.Series(rows[part]).duplicated().to_numpy()
    return again


def as_one(frame: pd.DataFrame) -> np.ndarray:
    """A number for each row, the same for rows whose cells are alike; column by column, for rows may be millions."""
    rows, combinations = np.zeros(len(frame), np.int64), 1
    for place in frame:
        values, different = _compared(frame[place])
        if combinations * (different + 1) > MOST_COMBINATIONS:
            rows, distinct = pd.factorize(rows)
            combinations = max(1, len(distinct))
        rows *= different + 1
        rows += values
        rows += 1
        combinations *= different + 1
    return rows


def _compared(cells: pd.Series) -> tuple[np.ndarray, int]:
    """A column as numbers, one for each value, whatever its case and blanks; -1 where empty. How many there are."""
    codes, distinct = factorized(cells)
    keys = plain_keys(distinct.tolist()) or list(map(_as_compared, distinct))
    values, different = pd.factorize(np.array([*keys, None], dtype=object))
    return values[codes], len(different)


def _as_compared(cell: object) -> str | None:
    if isinstance(cell, str):
        return word_key(cell) or None
    return cell.isoformat()[:10] if isinstance(cell, date) else word_key(cell)
