"""Levels of the dose of the index treatment, from the rows of the treatments that bear one.

A row of the line that was given at the start is no further line but a level of its dose, from its start to its stop, or
to the next row. What is dated before the start of treatment or after its end (its stop, else the end of observation) is
no level of it. Levels are shares of the patient's first dose; what can't be compared with it ("400 mg" and "6 mg/kg")
is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.base.message import joined, message
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.responded import later_lines
from reportgen.stats.results import Estimate, subgroup

AMOUNT = re.compile(r"\d+(?:[.,]\d+)?")
REDUCED, INTERRUPTED, INCREASED = "reduced", "interrupted", "increased"
DAY = 0.5


@dataclass(frozen=True)
class Level:
    """From start to stop, in days from the time zero; dose: as a share of the first one, 0 while it was interrupted."""

    start: float
    stop: float
    dose: float


def amount(cell: str | None) -> tuple[float, str] | None:
    """The number of a dose and the words around it; None where there is not just one number.

    >>> amount("250 mg bid"), amount("75%"), amount("2 x 250 mg"), amount("paused")
    ((250.0, 'mg bid'), (75.0, '%'), None, None)
    """
    found = AMOUNT.findall(cell or "")
    if len(found) != 1:
        return None
    return float(found[0].replace(",", ".")), " ".join(AMOUNT.sub(" ", cell or "").casefold().split())


def dose_levels(cohort: Cohort) -> dict[int, tuple[Level, ...]]:
    """Position of the patient → the levels of the index treatment in order; nobody without a first dose."""
    if cohort.lacks(("treatments.dose", "treatments.start_date")) or cohort.treatments is None:
        return {}
    table = cohort.treatments
    start, stop = (columns.days(table, name) for name in ("start_date", "stop_date"))
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    begun, further = columns.treatment_days(cohort), later_lines(cohort.patients, table).to_numpy(bool)
    ended = np.fmin(columns.days(cohort.patients, "treatment_stop"), columns.end_of_observation(cohort))
    rows: dict[int, list[tuple[float, float, tuple[float, str] | None]]] = {}
    for row, (who, cell) in enumerate(
        zip(table.frame["patient_id"], columns.words(table, "dose"), strict=True)
    ):
        i = position.get(who)
        if i is None or further[row] or start[row] > ended[i]:
            continue
        if start[row] >= begun[i] - DAY:
            rows.setdefault(i, []).append((float(start[row]), float(stop[row]), amount(cell)))
    return {
        i: found for i, some in rows.items() if (found := _levels(sorted(some, key=lambda r: r[0]), ended[i]))
    }


def _levels(rows: list[tuple[float, float, tuple[float, str] | None]], end: float) -> tuple[Level, ...]:
    first = rows[0][2]
    if first is None or first[0] <= 0:
        return ()
    found: list[Level] = []
    for k, (start, stop, dose) in enumerate(rows):
        if dose is None or (dose[1] != first[1] and dose[0] > 0):
            return ()
        following = rows[k + 1][0] if k + 1 < len(rows) else end
        until = following if np.isnan(stop) else min(stop, following)
        found.append(Level(start, float(until), dose[0] / first[0]))
        if until + 1.5 < following and k + 1 < len(
            rows
        ):  # the next row begins on the day after the last of this one
            found.append(Level(float(until), float(following), 0.0))
    return tuple(found)


def is_reduction(dose: float) -> bool:
    """Whether a dose, as a share of the first one, is below it, and given at all."""
    return 0 < dose < 1 - 1e-9


def is_interruption(dose: float) -> bool:
    """Whether nothing was given."""
    return dose == 0


def dose_changes(section: str, cohort: Cohort, groups: Mapping[str, np.ndarray]) -> tuple[Estimate, ...]:
    """Of the patients whose doses are known the share with a reduction, an interruption and an increase: of all, and
    as variable dose_of of each of the groups (masks of all patients). R: binom.test(k, n).
    """
    levels = dose_levels(cohort)
    if not levels:
        return ()
    kinds = {
        REDUCED: is_reduction,
        INTERRUPTED: is_interruption,
        INCREASED: lambda x: x > 1 + 1e-9,
    }
    how = message("of patients whose doses are known")
    found = []
    for group, mask in {"all": np.ones(cohort.n, bool), **groups}.items():
        mine = [some for who, some in levels.items() if mask[who]]
        for name, holds in kinds.items():
            had = sum(any(holds(level.dose) for level in some) for some in mine)
            row = share(had, len(mine), cohort.settings.confidence_level)
            row = replace(row, section=section, method=joined([row.method, how]))
            variable = "dose" if group == "all" else "dose_of"
            found.append(replace(row, variable=variable, group=subgroup(group, name)))
    return tuple(found)
