"""Which cells of the source a count was counted from: for whoever may see the patients, and nobody else.

A trace is made beside the analysis, from the same masks, and is kept only where the patients in it are as
many as the estimate says: better none than a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from reportgen.analyses import patient_columns as columns
from reportgen.analyses import toxicities
from reportgen.analyses.groups import compared_groups, masks
from reportgen.base.required import required
from reportgen.cohort.clean.timing import rows_of
from reportgen.cohort.cohort import Cohort, Table
from reportgen.cohort.endpoints.next_lines import NEXT_LINE, SECOND_PROGRESSION, with_lines
from reportgen.cohort.endpoints.rules import definitions
from reportgen.cohort.mapping.keys import name_key
from reportgen.stats.results import Estimate, Results

MOST = 500  # patients; of more, nobody reads a list
RESPONDERS = ("CR", "PR")
CAUSE = {"count": 1, "survival": 1, "cumulative_incidence": 1, "competing_count": 2,
         "competing_incidence": 2}  # fmt: skip

Place = tuple[str, str, tuple[int, ...]]  # sheet, letter of the column, rows
Found = tuple[str, tuple[Place, ...]]  # id of an estimate, and where what it counts stands


def trace(cohort: Cohort, results: Results) -> dict[str, tuple[Place, ...]]:
    """By the id of an estimate the cells of those whom it counts; nothing for a cohort of more than MOST.

    Traced are levels of features, responses, events of endpoints up to the time of the estimate, relapses
    per feature, and toxicities by term, category and grade.
    """
    if cohort.n > MOST:
        return {}
    people, traced = sources(cohort), {}
    for key, places in _found(cohort, results):
        estimate = results.get(key)
        if not isinstance(estimate, Estimate):
            continue
        who = {people[sheet][row] for sheet, _, rows in places for row in rows}
        if len(who) == _counted(estimate):
            traced[key] = tuple(place for place in places if place[2])
    return traced


def sources(cohort: Cohort) -> dict[str, dict[int, str]]:
    """Sheet → row → patient, for the sheets that a trace may name."""
    people: dict[str, dict[int, str]] = {}
    for t in filter(None, (cohort.patients, cohort.toxicities, cohort.treatments, cohort.assessments)):
        rows = zip(map(int, t.frame.index), t.frame["patient_id"], strict=True)
        people.setdefault(t.sheet, {}).update(rows)
    return people


def _counted(estimate: Estimate) -> int | None:
    """How many patients an estimate counts."""
    if estimate.events is not None:
        return estimate.events
    return estimate.count if estimate.statistic == "missing" and estimate.exists else None


def _found(cohort: Cohort, results: Results) -> Iterator[Found]:
    yield from _levels(cohort)
    yield from _responses(cohort)
    yield from _events(cohort, results)
    yield from _relapses(cohort)
    if cohort.toxicities is not None:
        yield from _toxicities(cohort)


def _place(table: Table, column: str, rows) -> Place:
    return (table.sheet, table.letters.get(column, ""), tuple(int(row) for row in rows))


def _within(group: str, level: str) -> str:
    return level if group == "all" else f"{group}|{level}"


def _levels(cohort: Cohort) -> Iterator[Found]:
    """Patients at the start: per feature, group and level, and those without a record."""
    rows = cohort.patients.frame.index.to_numpy()
    for feature in cohort.features:
        words = feature.kind != "number"
        values = (columns.words if words else columns.amounts)(cohort.patients, feature.name)
        absent = np.equal(values, np.array(None)) if words else np.isnan(values)
        for group, mask in columns.groups(cohort).items():
            for level in feature.levels:
                chosen = rows[mask & (values == level)]
                yield (f"baseline.{feature.name}.{_within(group, level)}.proportion",
                       (_place(cohort.patients, feature.name, chosen),))  # fmt: skip
            empty = rows[mask & absent]
            yield f"baseline.{feature.name}.{group}.missing", (_place(cohort.patients, feature.name, empty),)


def _responses(cohort: Cohort) -> Iterator[Found]:
    rows = cohort.patients.frame.index.to_numpy()
    best = columns.words(cohort.patients, "best_response")
    for group, mask in columns.groups(cohort).items():
        for level in {word for word in best if word}:
            chosen = rows[mask & (best == level)]
            yield (f"response.best_response.{_within(group, level)}.proportion",
                   (_place(cohort.patients, "best_response", chosen),))  # fmt: skip
        chosen = rows[mask & np.isin(best.astype(str), RESPONDERS)]
        yield f"response.response.{group}.proportion", (_place(cohort.patients, "best_response", chosen),)


def _events(cohort: Cohort, results: Results) -> Iterator[Found]:
    """The events of every endpoint: all of them, or those up to the time of an estimate, in the cells that say so."""
    rules = {d.rule.key: d.rule for d in definitions(cohort.settings, cohort.labels)}
    patients = with_lines(cohort.patients, cohort.treatments, cohort.assessments)
    lines = (cohort.treatments, cohort.assessments)
    patient_of = {t.name: rows_of(patients, t) for t in lines if t is not None}
    for key, endpoint in cohort.endpoints.items():
        rule, groups = rules[key], {"all": np.ones(len(endpoint.rows), bool)}
        groups |= compared_groups(cohort, endpoint.rows)
        for estimate in results.select(endpoint=key):
            cause, mask = CAUSE.get(estimate.statistic), groups.get(estimate.group)
            if cause is None or mask is None:
                continue
            early = endpoint.duration <= (np.inf if estimate.time is None else estimate.time)
            rows = endpoint.rows[mask & early & (endpoint.status == cause)]
            wanted = (rule.event,) if rule.time else rule.events if cause == 1 else rule.competing
            first = _first(patients, tuple(map(name_key, wanted)), rows)
            yield (
                estimate.id,
                tuple(place for cell in first for place in _written(cohort, patients, patient_of, *cell)),
            )


def _first(table: Table, wanted: tuple[str, ...], rows: np.ndarray) -> tuple[tuple[str, np.ndarray], ...]:
    """Of several dates that may be the event, the earliest of each row; a column without dates as it is."""
    dated = [column for column in wanted if column in table.days.columns]
    if not dated:
        return tuple((column, rows) for column in wanted)
    here = table.days.index.get_indexer(rows)
    days = [columns.days(table, column)[here] for column in dated]
    first = np.fmin.reduce(days)
    return tuple((column, rows[day == first]) for column, day in zip(dated, days, strict=True))


def _written(
    cohort: Cohort, patients: Table, patient_of: Mapping[str, pd.Series], column: str, rows: np.ndarray
) -> Iterator[Place]:
    """Where a date of these patients stands: in their own sheet; one of the lines in those that it was taken from.

    patient_of: of a table's rows the row of their patient.
    """
    if column not in (NEXT_LINE, SECOND_PROGRESSION):
        yield _place(cohort.patients, column, rows)
        return
    taken = ((cohort.treatments, "start_date", "", ""),)
    if column == SECOND_PROGRESSION:
        taken += ((cohort.treatments, "stop_date", "stop_reason", "progression"),
                  (cohort.assessments, "date", "response", "PD"))  # fmt: skip
    day = patients.days.loc[rows, column]
    for table, dated, said, word in taken:
        if table is None or dated not in table.days or (said and said not in table.frame):
            continue
        here = table.days[dated] == patient_of[table.name].map(day)
        yield _place(table, dated, table.frame.index[here & (table.frame[said] == word) if said else here])


def _relapses(cohort: Cohort) -> Iterator[Found]:
    """Per level of each feature those who relapsed."""
    endpoint = cohort.endpoints.get("relapse")
    if endpoint is None:
        return
    given = next((rule.event for rule in cohort.settings.endpoint if rule.key == "relapse" and rule.time), "")
    column = name_key(given) or "relapse_date"
    for feature in cohort.features:
        if feature.kind != "number":
            for level, mask in masks(cohort, feature.name, endpoint.rows).items():
                rows = endpoint.rows[mask & (endpoint.status == 1)]
                cells = ((feature.name, rows), *_first(cohort.patients, (column,), rows))
                places = tuple(_place(cohort.patients, *cell) for cell in cells)
                yield f"relapse.{feature.name}.{level}.proportion", places


def _toxicities(cohort: Cohort) -> Iterator[Found]:
    """Per term and category the rows that make a patient count: for a worst grade those of that grade."""
    events = toxicities.read(cohort)
    for variable, mine in toxicities.variables(events):
        for prefix, among in (("", mine), ("related_", mine & events.related)):
            worst = toxicities.worst_grades(events, among)[events.patient]
            chosen = {"any_grade": among, "grade_3_plus": among & (events.grade >= 3),
                      "grade_5": among & (events.grade >= 5)}  # fmt: skip
            chosen |= {
                f"worst_grade_{g}": among & (events.grade == g) & (worst == g) for g in toxicities.GRADES
            }
            for group, mask in columns.groups(cohort).items():
                for statistic, rows in chosen.items():
                    here = events.row[rows & mask[events.patient]]
                    yield (f"toxicity.{variable}.{group}.{prefix}{statistic}",
                           (_place(required(cohort.toxicities), "grade", here),))  # fmt: skip
