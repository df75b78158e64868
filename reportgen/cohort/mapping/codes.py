"""Numbers that measure nothing: codes, calendar years, states of forms; and few whole numbers, which are levels."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import word_key

CODED = re.compile(
    r"(.*_)?(code|codes|zip\d?|plz|cap|postcode|postal|postleitzahl|icd\w*|mrn|no|nr|id|key|number|\w*nummer)"
)
OF_A_FORM = re.compile(r"redcap_survey_identifier|redcap_event_name|redcap_repeat_\w+|.+_timestamp")
FORM_STATE = re.compile(r".+_complete")
STATES = frozenset(("0", "1", "2", "incomplete", "unverified", "complete"))
SCORE = re.compile(
    r"(.*_)?(ecog|who|ps|zubrod|grade|grading|g|stage|score|class|asa|nyha|child|risk|level|status|stadium)(_.*)?"
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
FEWEST = 3
# Of so many rows a number counted upwards is no chance.
FEWEST_ROWS = 8
# A number below ten stands for a level as well as for an amount, an arm or a site.
ONE_DIGIT = 9
MOST_LEVELS, MOST_OF_A_SCORE, PATIENTS_PER_LEVEL = 5, 6, 4


def numbers_of(raw: pd.Series) -> np.ndarray | None:
    """The different numbers of a column, ascending, or None where it holds anything else."""
    found = [
        cells.number(cell)[0] for cell in pd.unique(raw.dropna()) if not cells.missing(cells.text(cell)[0])
    ]
    if not found or any(number is None for number in found):
        return None
    return np.unique(np.array(found, float))


def measures_nothing(name: str, raw: pd.Series) -> bool:
    """Whether a column holds numbers of places or records, calendar years, or what REDCap notes of its forms.

    Codes of one digit may be levels (an arm, a site), and are no matter for doubt.
    """
    if OF_A_FORM.fullmatch(name):
        return True
    if FORM_STATE.fullmatch(name) and {word_key(cell) for cell in pd.unique(raw.dropna())} <= STATES:
        return True
    numbers = numbers_of(raw)
    if numbers is None or not (numbers % 1 == 0).all():
        return False
    years = numbers[0] >= FIRST_YEAR and numbers[-1] <= LAST_YEAR and raw.count() >= FEWEST
    return bool(years or (CODED.fullmatch(name) and numbers[-1] > ONE_DIGIT and numbers[0] >= 0))


def are_levels(name: str, raw: pd.Series) -> bool:
    """Whether numbers are levels: whole, of one digit, few, and each of several patients (ECOG 0–2, grade 1–3)."""
    numbers = numbers_of(raw)
    if numbers is None or (numbers % 1 != 0).any() or numbers[0] < 0 or numbers[-1] > ONE_DIGIT:
        return False
    if SCORE.fullmatch(name):
        return len(numbers) <= MOST_OF_A_SCORE and raw.count() >= 2 * len(numbers)
    return len(numbers) <= MOST_LEVELS and raw.count() >= PATIENTS_PER_LEVEL * len(numbers)


def counts_rows(raw: pd.Series, fewest: int = FEWEST_ROWS) -> bool:
    """Whether a column numbers the rows one by one, from 0 or 1 on: as R and pandas write them beside a table.

    fewest: with fewer rows nothing is told.
    """
    if len(raw) < fewest:
        return False
    first = cells.number(raw.iloc[0])[0]
    return first in (0, 1) and all(cells.number(cell)[0] == first + place for place, cell in enumerate(raw))
