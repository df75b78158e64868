"""The state of response over time: what was last assessed, patient by patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.cohort.cohort import Cohort

STATES = ("CR", "PR", "SD", "PD", "NE")
RESPONDERS = ("CR", "PR")
LOST = "PD"

Changes = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class States:
    """changes: per patient (day, state from then on), by day. undated: who is drawn by the best response alone."""

    changes: tuple[Changes, ...]
    undated: tuple[int, ...]


def response_states(cohort: Cohort) -> States:
    """Of every patient, in the order of the cohort, the states and the days from which on they hold.

    From the assessments where the patient has any; else the best response from its date on, or from the start
    where it has none (what never responded has none). A relapse or progression is the state PD from its day on.
    """
    assessed = _assessments(cohort)
    best, first = (
        columns.words(cohort.patients, "best_response"),
        columns.days(cohort.patients, "response_date"),
    )
    relapse = columns.relapse_days(cohort)
    found, undated = [], []
    for i in range(cohort.n):
        known = list(assessed.get(i, ()))
        if not known and best[i] in STATES:
            dated = best[i] in RESPONDERS and first[i] >= 0
            known = [(float(first[i]) if dated else 0.0, str(best[i]))]
            if best[i] in RESPONDERS and not dated:
                undated.append(i)
            if best[i] == LOST and relapse[i] >= 0:
                known = []
        if relapse[i] >= 0 and not any(day == relapse[i] and state == LOST for day, state in known):
            known.append((float(relapse[i]), LOST))
        found.append(merged(known))
    return States(tuple(found), tuple(undated))


def merged(known: Sequence[tuple[float, str]]) -> Changes:
    """By day; what changes nothing is left out; of two on one day the later row stands.

    >>> merged([(40, "CR"), (10, "PR"), (20, "PR")])
    ((10, 'PR'), (40, 'CR'))
    """
    by_day = dict(sorted(known, key=lambda change: change[0]))
    changes: list[tuple[float, str]] = []
    for day, state in by_day.items():
        if not changes or changes[-1][1] != state:
            changes.append((day, state))
    return tuple(changes)


def cut(start: float, stop: float, changes: Changes) -> list[tuple[float, float, str]]:
    """A stretch of time cut where the state changes: (start, stop, state), the state "" before the first.

    >>> cut(0, 100, ((40, "CR"), (120, "PD")))
    [(0, 40, ''), (40, 100, 'CR')]
    """
    inside = [day for day, _state in changes if start < day < stop]
    edges = [start, *inside, stop]
    return [(a, b, _at(a, changes)) for a, b in zip(edges, edges[1:], strict=False)]


def _at(day: float, changes: Changes) -> str:
    return next((state for since, state in reversed(changes) if since <= day), "")


def _assessments(cohort: Cohort) -> dict[int, list[tuple[float, str]]]:
    """Per patient the assessed responses after the start, (day, state)."""
    table, found = cohort.assessments, {}
    if table is None or cohort.lacks(("assessments.response", "assessments.date")):
        return found
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    rows = zip(
        table.frame["patient_id"], columns.days(table, "date"), columns.words(table, "response"), strict=True
    )
    for who, day, state in rows:
        if who in position and state in STATES and np.isfinite(day) and day > 0:
            found.setdefault(position[who], []).append((float(day), str(state)))
    return found
