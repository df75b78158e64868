"""Numbers among the levels of a category that may be codes for a missing one: 9 beside 0 and 1, 99 beside I and II."""

from __future__ import annotations

import pandas as pd

from reportgen.base.errors import Issue
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.cleaning import Place, codes_asked
from reportgen.cohort.clean.column_reading import Reading
from reportgen.cohort.clean.numeric_columns import CODE, CODES_OF_ONE_DIGIT, is_score, missing_codes

FEWEST_WORDS = 2


def without_level_codes(values: pd.Series, how: Reading, place: Place) -> tuple[pd.Series, list[Issue]]:
    """A category without the levels that may be codes for a missing one, and a question about each of their cells."""
    numbers = {level: cells.number(level)[0] for level in values.dropna().unique()}
    read = {level: number for level, number in numbers.items() if number is not None}
    if not read:
        return values, []
    if len(read) == len(numbers):
        codes = list(missing_codes(values.map(read).astype(float), score=is_score(place.name)))
    else:
        codes = (
            [*read.values()]
            if len(numbers) - len(read) >= FEWEST_WORDS and all(map(_code, read.values()))
            else []
        )
    found = [level for level, number in read.items() if number in codes]
    return codes_asked(values, {level: f"{read[level]:g}" for level in found}, how, place)


def _code(number: float) -> bool:
    return number in CODES_OF_ONE_DIGIT or CODE.fullmatch(f"{number:.15g}") is not None
