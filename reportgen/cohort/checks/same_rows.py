"""Rows that are alike in every cell, whatever the case and the blanks of their texts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from reportgen.cohort.coded import factorized, is_coded
from reportgen.cohort.distinct import chosen, few, kept, narrow, parted, slices
from reportgen.cohort.mapping.keys import plain_and_apart, plain_keys, word_key

MOST_COMBINATIONS = 2**62
# An odd number of 64 bits, as good as any (2^64 over the golden ratio).
MIXING = np.uint64(0x9E3779B97F4A7C15)


def repeated(frame: pd.DataFrame) -> np.ndarray:
    """(rows,) whether each row is alike an earlier one in every cell.

    Of very many, those that are alike have one number, which others may have by chance; only they are compared.
    """
    again = np.zeros(len(frame), bool)
    if few(len(frame)):
        return pd.Series(_as_one(frame)).duplicated().to_numpy()
    numbers = _mixed(frame)
    found = [
        part[pd.Series(numbers[part]).duplicated(keep=False).to_numpy()]
        for part in parted(numbers.__getitem__, len(numbers))
    ]
    alike = np.sort(np.concatenate(found))
    again[alike] = pd.Series(_as_one(frame.iloc[alike])).duplicated()
    return again


def _mixed(frame: pd.DataFrame) -> np.ndarray:
    """A number for each row, the same for rows whose cells are alike, and seldom for others."""
    rows = np.zeros(len(frame), np.uint64)
    for place in frame:
        values, _ = _compared(frame[place])
        for part in slices(len(frame)):
            rows[part] *= MIXING
            rows[part] += values[part].astype(np.uint64)
            rows[part] ^= rows[part] >> np.uint64(29)
    return rows


def _as_one(frame: pd.DataFrame) -> np.ndarray:
    """A number for each row, the same for rows whose cells are alike, and for no others."""
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
    if is_coded(cells):
        places, different = kept(cells.array.distinct, "compared", _places)
        return chosen(places, cells.array.codes), different
    codes, distinct = factorized(cells)
    places, different = _places(distinct)
    return places[codes], different


def _places(distinct: np.ndarray) -> tuple[np.ndarray, int]:
    """The number of the value of each distinct cell, and at the end that of an empty one; how many there are."""
    if plain_and_apart(distinct):
        return narrow(np.append(np.arange(len(distinct)), -1), len(distinct)), len(distinct)
    keys = plain_keys(distinct.tolist()) or list(map(_as_compared, distinct))
    values, different = pd.factorize(np.array([*keys, None], dtype=object))
    return narrow(values, len(different)), len(different)


def _as_compared(cell: object) -> str | None:
    if isinstance(cell, str):
        return word_key(cell) or None
    return cell.isoformat()[:10] if isinstance(cell, date) else word_key(cell)
