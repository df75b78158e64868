"""Events of one's own on the courses of the patients: dates in columns, and rows of a table of events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import MARKED


@dataclass(frozen=True)
class OwnMark:
    """An event that the settings name. days: per patient its days from time zero, ascending; () without one."""

    name: str
    days: tuple[tuple[float, ...], ...]


def own_marks(cohort: Cohort) -> tuple[OwnMark, ...]:
    """The marks of the settings in their order; those that nobody has are left out."""
    found = (
        _rows(cohort, mark) if ":" in mark else _dates(cohort, mark)
        for mark in cohort.settings.patients.marks
    )
    return tuple(mark for mark in found if any(mark.days))


def _dates(cohort: Cohort, column: str) -> OwnMark:
    name = name_key(column)
    label = cohort.labels.get(name, name.replace("_", " ")).strip()
    short = label.removeprefix("date of ").removesuffix(" date") or label
    days = columns.days(cohort.patients, name)
    return OwnMark(short, tuple((float(day),) if np.isfinite(day) else () for day in days))


def _rows(cohort: Cohort, mark: str) -> OwnMark:
    """The days of the rows of a table whose column of names has the word; those of one patient on one day once."""
    name, _colon, word = (part.strip() for part in mark.partition(":"))
    column, date = MARKED[name_key(name)]
    table = getattr(cohort, name_key(name))
    names, days = columns.words(table, column), columns.days(table, date)
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    found: list[set[float]] = [set() for _ in range(cohort.n)]
    ids = table.frame["patient_id"] if table is not None else ()
    for who, cell, day in zip(ids, names, days, strict=True):
        if who in position and cell and np.isfinite(day) and word_key(word) in word_key(cell):
            found[position[who]].add(float(day))
    return OwnMark(word, tuple(tuple(sorted(some)) for some in found))
