"""Ages that rise from visit to visit of a patient: that of the first one is the age at the start."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.raw import RawSheet

AGE = "age_at_start"


def first_age(raw: np.ndarray, held: Sequence[int]) -> int | None:
    """The place of the age at the first of rows that stand in order of time, where it rises by a year at most from one
    to the next; None where it does otherwise."""
    ages = [cells.number(raw[place])[0] for place in held]
    if None in ages:
        return None
    steps = np.diff(np.array(ages, dtype=float))
    if ((steps >= 0) & (steps <= 1)).all():
        return held[0]
    if ((steps <= 0) & (steps >= -1)).all():
        return next(place for place, age in zip(held, ages, strict=True) if age == ages[-1])
    return None


def rising(sheet: RawSheet, position: int, row: int, n: int) -> Issue:
    """AGE_RISES: the age of a visit, of which that of the first one counts."""
    problem = message(
        "{a} rises between the rows of {n} patients; the age at the first row counts",
        a=sheet.header[position],
        n=n,
    )
    if n == 1:
        problem = message("{a} rises between the rows of 1 patient; the age at the first row counts",
                          a=sheet.header[position])  # fmt: skip
    return Issue(NOTE, "AGE_RISES", *sheet.cell(row, position), None, problem, message("Nothing to do"))
