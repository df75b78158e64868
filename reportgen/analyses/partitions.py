"""A cohort counted in parts: what its estimates need, as counts that add up to those of the whole.

Of a part, whole patients with all their rows are wanted; nothing else about how a cohort is divided matters.
Features must be understood alike in all parts, by a dictionary or because the cohort was divided after it was
checked.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from operator import add

import numpy as np

from reportgen.analyses import columns, toxicities
from reportgen.analyses.outcomes import feature, masks
from reportgen.cohort.cohort import Cohort, Table
from reportgen.stats.events import EventTable, event_table

ALL = "all"


@dataclass(frozen=True)
class Counts:
    """What was counted of some patients; of a key that is absent there are none.

    events: (endpoint, group) → its EventTable, of two causes where it has a competing event. levels: (feature,
    group, level) → patients, "" for those without a record. worst: (variable, group, related, grade) → assessed
    patients by their worst grade there, 0 where there is none and 0.5 where none has a grade.
    """

    patients: int
    events: Mapping[tuple[str, str], EventTable]
    levels: Mapping[tuple[str, str, str], int]
    worst: Mapping[tuple[str, str, bool, float], int]

    def __add__(self, other: Counts) -> Counts:
        """The counts of both together; exactly those that their patients would give in one cohort."""
        return Counts(
            self.patients + other.patients,
            _added(self.events, other.events),
            _added(self.levels, other.levels),
            _with_nobody(_added(self.worst, other.worst), self, other),
        )


def counted(cohort: Cohort) -> Counts:
    """The counts of a cohort, or of a part of one."""
    rows = cohort.patients.frame.index.to_numpy()
    events = {}
    for key, endpoint in cohort.endpoints.items():
        causes = 2 if endpoint.competing_label else 1
        status = endpoint.status if causes == 2 else (endpoint.status == 1).astype(int)
        for group, mask in _groups(cohort, endpoint.rows).items():
            events[key, group] = event_table(endpoint.duration[mask], status[mask], causes=causes)
    levels = {}
    for examined in (f for f in cohort.features if f.kind != "number"):
        values = columns.words(cohort.patients, examined.name)
        for group, mask in _groups(cohort, rows).items():
            for level in examined.levels:
                levels[examined.name, group, level] = int((mask & (values == level)).sum())
            levels[examined.name, group, ""] = int((mask & columns.empty(values)).sum())
    return Counts(cohort.n, events, {key: n for key, n in levels.items() if n}, _worst(cohort, rows))


def part_of(cohort: Cohort, chosen: np.ndarray) -> Cohort:
    """The cohort of some of its patients (a mask), with all their rows."""
    patients = _kept(cohort.patients, chosen)
    ids, rows = patients.frame["patient_id"], patients.frame.index
    others = {
        name: _kept(table, table.frame["patient_id"].isin(ids).to_numpy())
        for name in ("toxicities", "treatments", "assessments")
        if (table := getattr(cohort, name)) is not None
    }
    endpoints = {}
    for key, endpoint in cohort.endpoints.items():
        mine = np.isin(endpoint.rows, rows)
        endpoints[key] = replace(
            endpoint, rows=endpoint.rows[mine], duration=endpoint.duration[mine], status=endpoint.status[mine]
        )
    return replace(cohort, patients=patients, endpoints=endpoints, **others)


def _groups(cohort: Cohort, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Everybody, and each group: a part may hold one of them alone."""
    group = cohort.settings.group
    found = masks(cohort, group, rows) if group and feature(cohort, group) else {}
    return {ALL: np.ones(len(rows), bool)} | {
        f"“{name}”" if name == ALL else name: mask for name, mask in found.items()
    }


def _worst(cohort: Cohort, rows: np.ndarray) -> dict[tuple[str, str, bool, float], int]:
    if cohort.lacks(("toxicities.term", "toxicities.grade")):
        return {}
    events, found = toxicities.read(cohort), {}
    for variable, mine in toxicities.variables(events):
        for related, among in ((False, mine), (True, mine & events.related)):
            worst = toxicities.worst_grades(events, among)
            for group, mask in _groups(cohort, rows).items():
                grades, patients = np.unique(worst[events.assessed & mask], return_counts=True)
                for grade, number in zip(grades.tolist(), patients.tolist(), strict=True):
                    found[variable, group, related, grade] = number
    return found


def _with_nobody(worst: dict, *parts: Counts) -> dict:
    """Patients of a part in which a variable never occurred have it at grade 0 there."""
    variables = {variable for variable, *_ in worst}
    for part in parts:
        assessed: dict[tuple[str, bool], int] = {}
        for (variable, group, related, _), number in part.worst.items():
            if variable == toxicities.OVERALL:
                assessed[group, related] = assessed.get((group, related), 0) + number
        for variable in variables - {variable for variable, *_ in part.worst}:
            for (group, related), number in assessed.items():
                key = (variable, group, related, 0.0)
                worst[key] = worst.get(key, 0) + number
    return worst


def _added(one: Mapping[Hashable, object], other: Mapping[Hashable, object]) -> dict:
    return {
        key: add(one[key], other[key]) if key in one and key in other else one.get(key, other.get(key))
        for key in dict.fromkeys((*one, *other))
    }


def _kept(table: Table, rows: np.ndarray) -> Table:
    return replace(table, frame=table.frame[rows], days=table.days[rows])
