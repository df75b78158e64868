"""A cohort counted, at once or piece by piece: what its estimates need of it, as counts that add up.

Event tables per endpoint and group, patients per level of a feature, patients per worst grade of a toxicity.
A piece is whole patients with all that is known of them, as days and small whole numbers without ids or
words: it can be sent to another machine, and the counts of all pieces are those of the cohort to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses import grades, toxicities
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.groups import comparable, masks, shown
from reportgen.cohort.cohort import Cohort, EndpointData, Feature
from reportgen.cohort.distinct import chosen, few, slices
from reportgen.stats.counts import Counts
from reportgen.stats.events import EventTable, event_table, event_tables

# The endpoint by which features are compared.
EXAMINED = "relapse"
# Of an endpoint: the event and the competing one, which nobody has where there is none.
CAUSES = 2
EVERYBODY = ("", "")
# Of a piece: a few megabytes, even with many toxicities.
PATIENTS = 32_768
EVENTS, WORDS, GRADES = "events", "words", "grades"


@dataclass(frozen=True)
class Timed:
    """An endpoint of the patients to whom it applies: their positions, days, status and (if late) entry.

    by: feature → the number of its level per patient, from 1; 0 is none. levels: what these are called.
    """

    key: str
    patient: np.ndarray
    duration: np.ndarray
    status: np.ndarray
    entry: np.ndarray | None
    by: Mapping[str, np.ndarray]
    levels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Piece:
    """Some patients: their group and words as numbers, their endpoints and their toxicities.

    group: per patient the number of the group, from 1; 0 is none. groups: how many there are. words: feature →
    the number of its level per patient, 0 where there is no record. levels: feature → how many there are.
    """

    patients: int
    group: np.ndarray
    groups: int
    words: Mapping[str, np.ndarray]
    levels: Mapping[str, int]
    timed: tuple[Timed, ...]
    graded: grades.Graded | None


def events_of(cohort: Cohort, key: str, by: str = "", level: str = "") -> EventTable:
    """The event table of an endpoint, of CAUSES causes: all to whom it applies, or those of a feature's level."""
    return _once(cohort, EVENTS).events[key, by, level]


def group_events(cohort: Cohort, key: str) -> dict[str, EventTable]:
    """The same of "all", and of each group if outcomes may be compared between them."""
    found, by = {"all": events_of(cohort, key)}, cohort.settings.group
    if comparable(cohort):
        tables = level_events(cohort, key, by)
        if len(tables) > 1:
            found |= {shown(level): table for level, table in tables.items()}
    return found


def level_events(cohort: Cohort, key: str, feature: str) -> dict[str, EventTable]:
    """The same of each level that somebody has of a feature, in printed order; of EXAMINED, and of the groups."""
    found = _once(cohort, EVENTS).events.items()
    return {level: table for (of, by, level), table in found if (of, by) == (key, feature)}


def levels_of(cohort: Cohort, feature: Feature) -> np.ndarray:
    """Groups + 1 × levels + 1: patients of no group and of each, by no record and each level in printed order."""
    return _once(cohort, WORDS).tables["levels", feature.name]


def grades_of(cohort: Cohort) -> Mapping:
    """Assessed patients by their worst grade, as `grades.counted` gives them for the groups."""
    return _once(cohort, GRADES).tables


def use(cohort: Cohort, counts: Counts) -> None:
    """Take what was counted elsewhere, piece by piece, for the counts of this cohort."""
    if counts.patients != cohort.n:
        raise ValueError(f"counted were {counts.patients} patients, but the cohort has {cohort.n}")
    for kind in (EVENTS, WORDS, GRADES):
        cohort.once(kind, lambda: counts)


def _once(cohort: Cohort, kind: str) -> Counts:
    return cohort.once(
        kind, lambda: _events(cohort) if kind == EVENTS else _in_pieces(whole(cohort, (kind,)))
    )


def _events(cohort: Cohort) -> Counts:
    """The event tables, one endpoint after the other: of ten million patients all of them are not held at once."""
    found = {}
    for endpoint in cohort.endpoints.values():
        found |= counted(whole(cohort, (EVENTS,), (endpoint,))).events
    return Counts(cohort.n, found, {})


def _in_pieces(piece: Piece) -> Counts:
    """The counts of a piece; where it has very many toxicities, as the sum of those of smaller pieces."""
    rows = 0 if piece.graded is None else len(piece.graded.patient)
    if few(rows):
        return counted(piece)
    parts = len(list(slices(rows)))
    first, *others = map(counted, _cuts(piece, -(-piece.patients // parts)))
    return sum(others, first)


def counted(piece: Piece) -> Counts:
    """The counts of the patients of a piece."""
    events, tables = {}, {}
    for timed in piece.timed:
        events[timed.key, *EVERYBODY] = event_table(
            timed.duration, timed.status, entry=timed.entry, causes=CAUSES
        )
        for name, number in timed.by.items():
            found = event_tables(timed.duration, timed.status, number, entry=timed.entry, causes=CAUSES)[1:]
            nobody = [event_table([], [], causes=CAUSES)] * (len(timed.levels[name]) - len(found))
            for level, table in zip(timed.levels[name], [*found, *nobody], strict=True):
                events[timed.key, name, level] = table
    for name, number in piece.words.items():
        tables["levels", name] = grades.table(piece.group, number, piece.groups + 1, piece.levels[name] + 1)
    if piece.graded is not None:
        tables |= grades.counted(piece.graded, piece.group, piece.groups)
    return Counts(piece.patients, events, tables)


def whole(
    cohort: Cohort,
    kinds: tuple[str, ...] = (EVENTS, WORDS, GRADES),
    endpoints: tuple[EndpointData, ...] | None = None,
) -> Piece:
    """All patients, and of them what the kinds of counts need. endpoints: those that are counted; None: all."""
    endpoints = tuple(cohort.endpoints.values()) if endpoints is None else endpoints
    groups = columns.groups(cohort)
    categories = [f for f in cohort.features if f.kind != "number"]
    with_grades = GRADES in kinds and not cohort.lacks(("toxicities.term",))
    return Piece(
        cohort.n,
        _numbers(cohort.n, [mask for name, mask in groups.items() if name != "all"]),
        len(groups) - 1,
        {f.name: _level_numbers(cohort, f) for f in categories} if WORDS in kinds else {},
        {f.name: len(f.levels) for f in categories},
        tuple(_timed(cohort, one, categories) for one in endpoints if EVENTS in kinds),
        toxicities.graded(toxicities.read(cohort)) if with_grades else None,
    )


def pieces(cohort: Cohort, patients: int | None = None) -> Iterator[Piece]:
    """The cohort in pieces of so many patients (PATIENTS where it is not said), the last with those that are left."""
    return _cuts(whole(cohort), patients or PATIENTS)


def _cuts(piece: Piece, patients: int) -> Iterator[Piece]:
    if piece.graded is not None:
        piece = replace(piece, graded=grades.in_patients_order(piece.graded))
    for start in range(0, piece.patients, patients):
        yield _cut(piece, start, min(start + patients, piece.patients))


def _cut(piece: Piece, start: int, stop: int) -> Piece:
    timed = []
    for one in piece.timed:
        mine = (one.patient >= start) & (one.patient < stop)
        by = {name: number[mine] for name, number in one.by.items()}
        timed.append(replace(one, patient=one.patient[mine] - start, duration=one.duration[mine],
                             status=one.status[mine], by=by,
                             entry=None if one.entry is None else one.entry[mine]))  # fmt: skip
    graded = piece.graded and grades.of_patients(piece.graded, start, stop)
    words = {name: number[start:stop] for name, number in piece.words.items()}
    return replace(piece, patients=stop - start, group=piece.group[start:stop], words=words, timed=tuple(timed),
                   graded=graded)  # fmt: skip


def _timed(cohort: Cohort, endpoint: EndpointData, categories: list[Feature]) -> Timed:
    """Counted by the groups where they may be compared, and the endpoint of EXAMINED by every feature."""
    by, levels = {}, {}
    for feature in categories:
        group = feature.name == cohort.settings.group and feature.known_at_start
        if group or endpoint.key == EXAMINED:
            found = masks(cohort, feature.name, endpoint.rows)
            by[feature.name] = _numbers(len(endpoint.rows), list(found.values()))
            levels[feature.name] = tuple(found)
    return Timed(
        endpoint.key,
        cohort.patients.frame.index.get_indexer(endpoint.rows).astype(np.int32), endpoint.duration,
        endpoint.status, endpoint.entry, by, levels,
    )  # fmt: skip


def _numbers(n: int, found: list[np.ndarray]) -> np.ndarray:
    """The number of the mask, from 1, that each of n patients is in; 0 for those in none."""
    number = np.zeros(n, np.int8 if len(found) <= np.iinfo(np.int8).max else np.int32)
    for k, mask in enumerate(found, 1):
        number[mask] = k
    return number


def _level_numbers(cohort: Cohort, feature: Feature) -> np.ndarray:
    codes, words = columns.word_codes(cohort.patients, feature.name)
    places = {level: k for k, level in enumerate(feature.levels, 1)}
    return chosen(np.array([*(places.get(word, 0) for word in words), 0], np.int32), codes)
