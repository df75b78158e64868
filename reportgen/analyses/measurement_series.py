"""Values of the laboratory, of questionnaires and the like: a series per patient of each name and unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.cohort.cohort import Cohort


@dataclass(frozen=True)
class Measured:
    """All values of a name in one unit. tracks: position of the patient → (days, values), by day.

    lower, upper: of the reference range where it is the same for all of them, else None. values: how many can be drawn.
    """

    name: str
    unit: str
    tracks: Mapping[int, tuple[tuple[float, ...], tuple[float, ...]]]
    lower: float | None = None
    upper: float | None = None

    @property
    def values(self) -> int:
        """How many values there are, of all patients together."""
        return sum(len(days) for days, _ in self.tracks.values())


def measured(cohort: Cohort) -> tuple[Measured, ...]:
    """Every name and unit with a dated value, those of most patients first, then by name; () without the sheet."""
    return cohort.once("measured", lambda: _measured(cohort))


def _measured(cohort: Cohort) -> tuple[Measured, ...]:
    table = cohort.measurements
    if table is None or cohort.lacks(("measurements.name", "measurements.value", "measurements.date")):
        return ()
    names, units = columns.words(table, "name"), columns.words(table, "unit")
    values, days = columns.amounts(table, "value"), columns.days(table, "date")
    lower, upper = columns.amounts(table, "lower"), columns.amounts(table, "upper")
    crossed = lower > upper
    lower[crossed], upper[crossed] = np.nan, np.nan
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    patients = np.array([position.get(who, -1) for who in table.frame["patient_id"]], int)
    shown = np.isfinite(values) & np.isfinite(days) & (patients >= 0) & np.not_equal(names, np.array(None))
    rows: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(shown):
        rows.setdefault((str(names[row]), str(units[row] or "")), []).append(int(row))
    found = [
        Measured(
            name,
            unit,
            _tracks(np.array(mine), patients, days, values),
            _shared(lower[mine]),
            _shared(upper[mine]),
        )
        for (name, unit), mine in rows.items()
    ]
    return tuple(
        sorted(found, key=lambda one: (-len(one.tracks), -one.values, one.name.casefold(), one.unit))
    )


def _tracks(
    rows: np.ndarray, patients: np.ndarray, days: np.ndarray, values: np.ndarray
) -> dict[int, tuple[tuple[float, ...], tuple[float, ...]]]:
    found = {}
    for patient in np.unique(patients[rows]):
        mine = rows[patients[rows] == patient]
        mine = mine[np.argsort(days[mine], kind="stable")]
        found[int(patient)] = (tuple(days[mine].tolist()), tuple(values[mine].tolist()))
    return found


def _shared(limits: np.ndarray) -> float | None:
    """The limit that all values have that have one; None where there is none, or more than one."""
    known = np.unique(limits[np.isfinite(limits)])
    return float(known[0]) if len(known) == 1 else None
