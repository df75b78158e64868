"""Columns of numbers that nobody described: what makes them numbers, and which of these stand for a missing one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from reportgen.cohort.clean import cells

# From this share of the filled cells on a column is one of numbers, and the rest are questions about cells.
MOST = 0.75
LIKE_NUMBER = re.compile(
    r"(?:(?:ca|approx)\.? ?)?[<>≤≥~≈]?=?\s*[+-]?\d+(?:[.,]\d+)?\s*(?:[%µ\w/²³.]{0,12}|\(.*\))"
)
CODE = re.compile(r"-[1789]|-?([789])\1+")
FEWEST_OTHERS = 3
THREE_DIGITS = 777
SMALLEST_SPREAD = 10  # from which on -1 or -9 among numbers from 0 on lies far outside


def mostly_numbers(counts: Mapping[object, int], read) -> bool:
    """Whether a column is one of numbers, by how often each of its cells occurs.

    It is if most cells are numbers, and also if at least half of its different cells are and the others look like it
    ("<5", "5.2 cm", "12 months").
    """
    numbers = {cell for cell in counts if read(cell)[0] is not None}
    if sum(counts[cell] for cell in numbers) >= MOST * sum(counts.values()):
        return bool(numbers)
    rest = [cell for cell in counts if cell not in numbers]
    if not all(map(looks_like_number, rest)):
        return False
    return len(rest) <= len(counts) / 2 or all("," in cells.text(cell)[0] for cell in rest)


def looks_like_number(cell: object) -> bool:
    """Whether a text is a number with a sign or unit that keeps it from being read.

    >>> [looks_like_number(text) for text in ("<5", "5.2 cm", "41 (clotted)", "not done")]
    [True, True, True, False]
    """
    return LIKE_NUMBER.fullmatch(cells.text(cell)[0]) is not None


def missing_codes(
    values: pd.Series, known: Sequence[float | None] = (), durations: bool = False
) -> Iterator[float]:
    """The numbers such as -99 or 999 that lie far outside the others. known: lowest and highest that may occur.

    Far below is a negative number where all others are none. Far above is, with three digits or more, what is more
    than twice the highest of the others, more than their whole range away from it, or above all of them more than
    once; with two, what is more than five times the highest, or twice it more than once. durations: negative ones are
    errors by themselves, and only one of three digits that is three times the longest of the others is unlikely.
    """
    numbers = values.dropna().to_numpy(dtype=float)
    distinct = np.unique(numbers)
    codes = [number for number in distinct if CODE.fullmatch(f"{number:.15g}")]
    others = numbers[~np.isin(numbers, codes)]
    if len(others) < FEWEST_OTHERS:
        return
    low, high = others.min(), others.max()
    lowest, highest = (*known, None, None)[:2]
    for code in codes:
        if code < 0:
            far = not durations and low >= 0 and (code <= -SMALLEST_SPREAD or high >= SMALLEST_SPREAD)
            allowed = lowest is not None and lowest <= code
        else:
            far = _far_above(code, int((numbers == code).sum()), low, high, durations)
            allowed = highest is not None and code <= highest
        if far and not allowed:
            yield float(code)


def _far_above(code: float, times: int, low: float, high: float, durations: bool) -> bool:
    if durations:
        return code >= THREE_DIGITS and code > 3 * high
    if code >= THREE_DIGITS:
        return code > 2 * high or (code > high and (code - high > high - low or times > 1))
    return code > 5 * high or (code > 2 * high and times > 1)
