"""Columns of the table of patients that the settings ask for beside its own, as far as the profile lets them out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.patient_grades import worst_grades
from reportgen.base.message import N_
from reportgen.chapters.patients.facts import AMOUNT, GRADE, HEADS, TIME, WORDS, OwnColumn
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import columns_of

GRADES = {
    "worst_grade": N_("worst grade of toxicity"),
    "worst_related_grade": N_("worst grade of related toxicity"),
}


def own_columns(cohort: Cohort, order: np.ndarray) -> tuple[OwnColumn, ...]:
    """Of the names under [patients] columns those that the table has not by itself, one cell per patient of order.

    Names that the data do not have, and that the profile does not let out, are passed over.
    """
    found = (
        _column(cohort, name_key(name), order)
        for name in cohort.settings.patients.columns
        if name_key(name) not in HEADS
    )
    return tuple(column for column in found if column is not None)


def withheld(cohort: Cohort) -> int:
    """How many of the columns that the settings ask for the profile does not let out."""
    asked = set(map(name_key, cohort.settings.patients.columns))
    if cohort.settings.privacy.profile == "internal":
        return 0
    dates = {name for name, column in columns_of("patients").items() if column.kind == "date"} - {
        "birth_date"
    }
    let_out = {*HEADS, *GRADES, *columns.SHOWN_TO_BOARD, *dates, *cohort.patients.days, *cohort.endpoints,
               *cohort.unavailable, name_key(cohort.settings.group)} - {"age"}  # fmt: skip
    return len(asked - let_out)


def _column(cohort: Cohort, name: str, order: np.ndarray) -> OwnColumn | None:
    patients, label = cohort.patients, cohort.labels.get(name, name)
    if name in GRADES:
        grades = worst_grades(cohort).get(name)
        cells = None if grades is None else tuple(grades[order].tolist())
        return OwnColumn(name, GRADES[name], GRADE, cells) if cells is not None else None
    if name in cohort.endpoints:
        return _endpoint(cohort, name, order)
    if name in patients.days and name != "birth_date":
        days = columns.days(patients, name)[order]
        return OwnColumn(name, label, TIME, tuple(None if np.isnan(day) else float(day) for day in days))
    if name not in patients.frame or not _let_out(cohort, name):
        return None
    cells = patients.frame[name]
    unit = next((feature.unit for feature in cohort.features if feature.name == name), "")
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        amounts = cells.to_numpy(float)[order]
        return OwnColumn(name, label, AMOUNT, tuple(None if np.isnan(x) else float(x) for x in amounts), unit)
    return OwnColumn(name, label, WORDS, tuple(columns.words(patients, name)[order].tolist()))


def _let_out(cohort: Cohort, name: str) -> bool:
    internal = cohort.settings.privacy.profile == "internal"
    return internal or name in (*columns.SHOWN_TO_BOARD, name_key(cohort.settings.group))


def _endpoint(cohort: Cohort, key: str, order: np.ndarray) -> OwnColumn:
    endpoint = cohort.endpoints[key]
    place = cohort.patients.frame.index.get_indexer(pd.Index(endpoint.rows))
    duration, status = np.full(cohort.n, np.nan), np.zeros(cohort.n, int)
    duration[place], status[place] = endpoint.duration, endpoint.status
    return OwnColumn(
        key,
        endpoint.label,
        TIME,
        tuple(None if np.isnan(day) else float(day) for day in duration[order]),
        ended=tuple(status[order].tolist()),
    )
