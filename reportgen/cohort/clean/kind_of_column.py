"""What a column that nobody described holds, by its cells: dates, numbers, yes/no, categories or text."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from reportgen.cohort.clean import cells
from reportgen.cohort.clean.cleaning import only_numbers
from reportgen.cohort.clean.column_reading import Reading
from reportgen.cohort.clean.dates import are_days
from reportgen.cohort.clean.numeric_columns import MOST, looks_like_number, mostly_numbers
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.schema import YES_NO, spellings
from reportgen.settings.model import Source

TOLD_NOTHING = Source()
MAX_LEVELS = 20
MAX_LEVEL_LENGTH = 60
# So few texts, each of which stands in two rows at least, are levels however long they are: a regimen in full.
FEW_LEVELS, MAX_SPELLED_OUT = 6, 250


def infer(raw: pd.Series, typed: bool = True, source: Source = TOLD_NOTHING) -> str:
    """What an undescribed column holds: empty, date, number, yes/no, category or text (no feature).

    Numbers of at most two kinds are categories (codes). Text is a category when it has at most 20
    different short values and these are clearly fewer than the patients; or a few longer ones, each more than once.
    Words among numbers don't make it one (see numeric). source: what the settings say of numbers, dates and missing
    ones.
    """
    content = raw.dropna()
    if are_days(pd.unique(content)):
        return "date"
    if only_numbers(content):
        return _number_or_code(content.astype(float).unique())
    distinct = [cell for cell in pd.unique(content) if not _says_nothing(cells.text(cell)[0])]
    if not distinct:
        words = {cells.text(cell)[0].casefold() for cell in content}
        return "category" if "none" in words else "empty"
    if all(isinstance(cell, date) for cell in distinct):
        return "date"
    read = Reading("number", decimal=source.decimal, missing=frozenset(map(word_key, source.missing))).of(
        distinct, typed
    )
    numbers = [number for number in (read(cell)[0] for cell in distinct) if number is not None]
    if len(numbers) == len(distinct):
        return _number_or_code(np.unique(np.array(numbers, dtype=float)))
    day = Reading("date", date_order=source.date_order, years_until=source.two_digit_years).of(
        distinct, typed
    )
    counts = content[content.isin(distinct)].value_counts().to_dict()
    if sum(count for cell, count in counts.items() if day(cell)[0]) >= MOST * sum(counts.values()):
        return "date"
    if mostly_numbers(counts, read):
        measured = any(read(cell)[0] is None and looks_like_number(cell) for cell in counts) or not numbers
        return "number" if measured else _number_or_code(np.unique(np.array(numbers, dtype=float)))
    keys = {word_key(cells.text(cell)[0]) for cell in distinct}
    if keys <= set(spellings(YES_NO)):
        return "yes/no"
    longest = max(len(key) for key in keys)
    few = len(keys) <= MAX_LEVELS and len(keys) <= max(2, 0.8 * len(content))
    again = len(keys) <= FEW_LEVELS and min(counts.values()) > 1 and longest <= MAX_SPELLED_OUT
    return "category" if few and (longest <= MAX_LEVEL_LENGTH or again) else "text"


def _says_nothing(shown: str) -> bool:
    return cells.missing(shown) or cells.is_error(shown)


def _number_or_code(distinct: np.ndarray) -> str:
    return "category" if len(distinct) <= 2 and (distinct % 1 == 0).all() else "number"
