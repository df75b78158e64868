"""Events of one's own on the courses of the patients: dates in columns, and starts of lines of treatment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.mapping.keys import name_key, word_key


@dataclass(frozen=True)
class OwnMark:
    """An event that the settings name. days: per patient its days from time zero, ascending; () without one."""

    name: str
    days: tuple[tuple[float, ...], ...]


def own_marks(cohort: Cohort) -> tuple[OwnMark, ...]:
    """The marks of the settings in their order; those that nobody has are left out."""
    found = (
        _lines(cohort, mark) if ":" in mark else _dates(cohort, mark)
        for mark in cohort.settings.patients.marks
    )
    return tuple(mark for mark in found if any(mark.days))


def _dates(cohort: Cohort, column: str) -> OwnMark:
    name = name_key(column)
    label = cohort.labels.get(name, name.replace("_", " ")).strip()
    short = label.removeprefix("date of ").removesuffix(" date") or label
    days = columns.days(cohort.patients, name)
    return OwnMark(short, tuple((float(day),) if np.isfinite(day) else () for day in days))


def _lines(cohort: Cohort, mark: str) -> OwnMark:
    word = mark.partition(":")[2].strip()
    treatments, table = columns.words(cohort.treatments, "treatment"), cohort.treatments
    starts = columns.days(table, "start_date")
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    found: list[list[float]] = [[] for _ in range(cohort.n)]
    ids = table.frame["patient_id"] if table is not None else ()
    for who, treatment, start in zip(ids, treatments, starts, strict=True):
        if who in position and treatment and np.isfinite(start) and word_key(word) in word_key(treatment):
            found[position[who]].append(float(start))
    return OwnMark(word, tuple(tuple(sorted(days)) for days in found))
