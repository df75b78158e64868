"""Columns of the patients as plain arrays, and the groups of patients that a table sets side by side."""

from __future__ import annotations

import numpy as np
from pandas import Index, Series, factorize, isna
from pandas.api.types import infer_dtype

from reportgen.analyses import given_durations as given
from reportgen.analyses.groups import grouping
from reportgen.base import aside
from reportgen.cohort.coded import coded, factorized, is_coded
from reportgen.cohort.cohort import Cohort, Table
from reportgen.cohort.distinct import chosen, slices, spread

# Under the profiles board and partner no more of a patient than these words, his group, and times since the start.
SHOWN_TO_BOARD = ("sex", "stop_reason", "best_response", "vital_status", "cause_of_death")


def words(table: Table | None, column: str) -> np.ndarray:
    """A column of words, row by row: str, or None where the cell is empty or the column absent."""
    if table is None or column not in table.frame.columns:
        return np.full(0 if table is None else len(table), None, object)
    if is_coded(table.frame[column]):
        return spread(*word_codes(table, column))
    cells = table.frame[column].to_numpy(object, copy=True)
    cells[empty(cells)] = None
    if infer_dtype(cells, skipna=True) not in ("string", "empty"):
        cells[[not isinstance(cell, str) for cell in cells]] = None
    return cells


def word_codes(table: Table, column: str) -> tuple[np.ndarray, np.ndarray]:
    """The same as which of the distinct words, in the order in which they first occur, each row holds; -1 for none."""
    aside.rest()
    if column not in table.frame.columns or not is_coded(table.frame[column]):
        return factorize(words(table, column))
    codes, distinct = factorized(table.frame[column])
    if all(isinstance(cell, str) for cell in distinct):
        return codes, distinct
    return factorize(
        np.array([cell if isinstance(cell, str) else None for cell in spread(codes, distinct)], object)
    )


def worded(table: Table, column: str, missing: str) -> Series:
    """The words of a column by position, and in place of an empty cell this one: as codes, whatever the table has."""
    codes, distinct = word_codes(table, column)
    found = np.append(distinct, np.array([missing], object))
    return Series(coded(chosen(np.append(np.arange(len(distinct)), len(distinct)), codes), found), copy=False)


def says(table: Table, column: str, word: str) -> np.ndarray:
    """Which rows hold this word in a column; none where it is absent."""
    if column in table.frame.columns and is_coded(table.frame[column]):
        return table.frame[column].eq(word).to_numpy(bool)
    return words(table, column) == word


def empty(cells: np.ndarray) -> np.ndarray:
    """Which of the cells hold nothing."""
    return isna(cells)


def amounts(table: Table | None, column: str, copy: bool = True) -> np.ndarray:
    """A column of numbers, row by row; nan where the cell is empty or the column absent. copy: may be changed."""
    if table is None or column not in table.frame.columns:
        return np.full(0 if table is None else len(table), np.nan)
    return table.frame[column].to_numpy(float, copy=copy)


def days(table: Table | None, column: str, copy: bool = True) -> np.ndarray:
    """A date column in days from the patient's start of treatment; nan where absent. copy: may be changed."""
    aside.rest()
    if table is None or column not in table.days.columns:
        return np.full(0 if table is None else len(table), np.nan)
    return table.days[column].to_numpy(float, copy=copy)


def positions(cohort: Cohort, table: Table) -> np.ndarray:
    """For each row of a table its patient's position in the cohort; -1 where the cohort has none of that id."""
    ids, named = cohort.patients.frame["patient_id"], table.frame["patient_id"]
    last = ~ids.duplicated(keep="last").to_numpy()
    if is_coded(ids) and is_coded(named):
        places = Series(np.flatnonzero(last), index=Index(ids[last]))
        row = np.empty(len(named), np.int32)
        for part in slices(len(named)):
            row[part] = named.iloc[part].map(places).fillna(-1)
        return row
    found = Index(ids[last], dtype=object).get_indexer(Index(named, dtype=object))
    return np.append(np.flatnonzero(last), -1)[found]


def groups(cohort: Cohort) -> dict[str, np.ndarray]:
    """ "all", then the groups that the settings compare (none where there is only one): masks of all patients, which
    every chapter asks for and nobody changes."""

    def found() -> dict[str, np.ndarray]:
        rows = cohort.patients.frame.index.to_numpy()
        return {"all": np.ones(len(rows), bool)} | grouping(cohort, rows)

    return dict(cohort.once("groups", found))


def dead(cohort: Cohort) -> np.ndarray:
    """Per patient, whether a death is recorded, by status, by date or by a given duration."""
    return says(cohort.patients, "vital_status", "dead") | ~np.isnan(death_days(cohort))


def death_days(cohort: Cohort) -> np.ndarray:
    """Per patient the day of death: its date, or, where the data have none, what a given duration tells."""
    if cohort.lacks(("patients.vital_status",)) and cohort.lacks(("patients.death_date",)):
        return given.deaths(cohort)
    return days(cohort.patients, "death_date")


def relapse_days(cohort: Cohort) -> np.ndarray:
    """Per patient the day of relapse: as the settings give it as a duration, else its date; nan where none is known."""
    known = given.relapses(cohort)
    return days(cohort.patients, "relapse_date") if known is None else known


def alive(cohort: Cohort) -> np.ndarray:
    """Per patient, whether he was alive at the last contact; whose status is not recorded is neither alive nor dead.

    Where the data have no vital status at all, everybody is taken to have been alive when last seen.
    """
    if cohort.lacks(("patients.vital_status",)):
        return ~dead(cohort) & ~(
            given.lost_at_relapse(cohort) & np.isnan(days(cohort.patients, "last_contact"))
        )
    return says(cohort.patients, "vital_status", "alive") & ~dead(cohort)


def stopped(cohort: Cohort) -> np.ndarray:
    """Per patient, whether the index treatment ended: by its date, or by a reason without a date."""
    reason, _ = word_codes(cohort.patients, "stop_reason")
    return ~np.isnan(days(cohort.patients, "treatment_stop")) | (reason >= 0)


def treatment_days(cohort: Cohort) -> np.ndarray:
    """Per patient the day on which treatment began: 0 where all times count from it, or where it is not known."""
    return cohort.patients.treated.to_numpy(float)


def since_treatment(cohort: Cohort, column: str) -> np.ndarray:
    """A date of the patients in days from the start of treatment, whatever the other times count from."""
    return days(cohort.patients, column) - treatment_days(cohort)


def end_of_observation(cohort: Cohort) -> np.ndarray:
    """Per patient, the day of death or of last contact, whichever was recorded later; nan where neither.

    Without a column of the last contact, as far as a given duration reaches.
    """
    if cohort.lacks(("patients.last_contact",)):
        return np.fmax(given.last_seen(cohort), death_days(cohort))
    return np.fmax(days(cohort.patients, "last_contact"), death_days(cohort))


def exposure_days(cohort: Cohort) -> np.ndarray:
    """Per patient, days on treatment: to the stop, or to the end of observation for those still on it.

    nan where the data have no column for the stop, or neither date, or a reason for stopping without a date.
    """
    if cohort.lacks(("patients.treatment_stop",)):
        return np.full(cohort.n, np.nan)
    stop = days(cohort.patients, "treatment_stop")
    return np.where(stopped(cohort), stop, end_of_observation(cohort)) - treatment_days(cohort)
