"""Two ids that may be one patient, and a relapse that may be the one that was treated."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import DAY, Tables, days_of, each
from reportgen.settings.model import Settings

# Two patients who were born on one day begin treatment on one day hardly ever; twins may.
SAME = ("birth_date", "treatment_start")
# A date that more patients have stands for what is not known; so do birth dates of which only the year is.
MOST_BORN_ON_A_DAY = 3
MOST_ON_ONE_DAY_OF_THE_YEAR = 0.5


def same_patient(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """SAME_PATIENT: born on one day, treated from one day on, and of no two sexes, under two ids."""
    patients = tables["patients"]
    frame = patients.frame
    if not set(SAME) <= set(frame) or _only_years(frame["birth_date"]):
        return
    known = frame[list(SAME)].notna().all(axis=1) & frame["patient_id"].notna()
    known &= frame["birth_date"].map(frame["birth_date"].value_counts()) <= MOST_BORN_ON_A_DAY
    twice = pd.Series(False, index=frame.index)
    for rows in frame[known].groupby(list(SAME), sort=False).groups.values():
        sexes = frame.loc[rows, "sex"].dropna().nunique() if "sex" in frame else 0
        if len(rows) > 1 and sexes <= 1:
            twice[rows] = frame.loc[rows, "patient_id"].nunique() > 1
    yield from each(patients, twice, "patient_id", WARNING, "SAME_PATIENT",
                     message("Another id has the same birth date and start of treatment; it may be the same patient"),
                     message("Join the rows if it is; leave them if they are two patients"))  # fmt: skip


def _only_years(born: pd.Series) -> bool:
    days = born.dropna().dt.strftime("%m-%d")
    return len(days) > 2 and days.value_counts().iloc[0] > MOST_ON_ONE_DAY_OF_THE_YEAR * len(days)


def relapse_at_start(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_AT_START: perhaps the relapse for which the treatment was begun, and none after it."""
    patients = tables["patients"]
    at_start = days_of(patients, "relapse_date").abs() < DAY
    yield from each(patients, at_start, "relapse_date", WARNING, "RELAPSE_AT_START",
                     message("The relapse is on the day on which treatment started; perhaps it was what was treated"),
                     message("Remove it if it is; leave it if the disease progressed on that day"))  # fmt: skip
