"""Survival from steps of several patients, at times that are no patient's.

Published is the month in which each further `size` events had occurred, and likewise of censoring: the
running number of events is known at every time but for `size` − 1, as if it were rounded down. (OpenSAFELY
rounds curves in the same way: round_km of its osutils delays events until a step is full.) Estimates take
the patients of a step as spread evenly over the time in which it filled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.stats.disclosure import Knowledge, Programme, Relation, ranges
from reportgen.stats.events import EventTable, event_table

MONTH = 30.4375
EVEN, EARLY, LATE = "even", "early", "late"
OPPOSITE = {EVEN: EVEN, EARLY: LATE, LATE: EARLY}
# Those who fill no step may be events: where fewer steps than this are at risk they would matter too much.
ENOUGH = 4


@dataclass(frozen=True)
class Course:
    """An endpoint of one group: (n,) days, whether the event occurred (1) or not (0), and whose they are."""

    duration: np.ndarray
    status: np.ndarray
    rows: np.ndarray

    def times(self, status: int) -> np.ndarray:
        """Days of those with this status (1: the event, 0: censored), ascending."""
        return np.sort(self.duration[self.status == status])


@dataclass(frozen=True)
class Stepped:
    """A course in steps: the end of the month in which each step of events, or of censoring, was full."""

    size: int
    events: np.ndarray
    censored: np.ndarray

    @property
    def n(self) -> int:
        """The patients of full steps; 0 to 2 · size − 2 more fill none."""
        return self.size * (len(self.events) + len(self.censored))

    @property
    def end(self) -> float:
        """How far the course is told: to the last step of events, or while four steps are at risk."""
        full = np.sort(np.r_[self.events, self.censored])
        last = float(self.events[-1]) if len(self.events) else 0.0
        return max(last, float(full[max(len(full) - ENOUGH + 1, 0)])) if len(full) else 0.0

    def known(self, status: int, time) -> np.ndarray:
        """The running number that is published of events (1) or censored (0), up to and including a time."""
        full = self.events if status else self.censored
        return self.size * np.searchsorted(full, np.asarray(time) + 1e-6)


def nested(inner: Course, outer: Course) -> bool:
    """Whether who had the inner event had the outer one by then, and nobody was followed longer in the outer course.

    So it is with death, and progression or death, of the same patients, unless settings redefine them.
    """
    if not np.array_equal(inner.rows, outer.rows):
        return False
    later, happened = inner.duration >= outer.duration, inner.status <= outer.status
    return bool(np.all(later & happened))


def seen_alike(inner: Course, outer: Course) -> bool:
    """Whether all without the outer event were last seen on the same day; not so where assessments end it."""
    return bool(np.all((outer.status == 1) | (inner.duration == outer.duration)))


def stepped(course: Course, size: int) -> Stepped:
    """The course in steps of `size` patients."""
    events, censored = (_full(course.times(status), size) for status in (1, 0))
    return Stepped(size, events, censored)


def _full(times: np.ndarray, size: int) -> np.ndarray:
    return np.ceil(times[size - 1 :: size] / MONTH - 1e-9) * MONTH


def table_of(courses: Sequence[Stepped], where: str = EVEN) -> EventTable:
    """The counts from which survival is estimated; nothing else of the courses is used.

    Those who fill no step count as one more, who are followed to the end. where: the patients of a step stand
    EVEN in the time in which it filled; or EARLY in it, for events, and late for censoring, those who fill no
    step having the event at the end; or LATE, the other way round. The latter two bound what the true times
    may give. Several groups are followed together until the first of them ends.
    """
    end = min(course.end for course in courses)
    rows = [_rows(course, where, end) for course in courses]
    return event_table(np.concatenate([r[0] for r in rows]), np.concatenate([r[1] for r in rows]))


def _rows(course: Stepped, where: str, end: float) -> tuple[np.ndarray, np.ndarray]:
    events = _placed(course.events, where, course.size)
    censored = _placed(course.censored, OPPOSITE[where], course.size)
    rest = np.full(course.size, end)
    status = np.repeat([1, 0, int(where == EARLY)], [len(events), len(censored), len(rest)])
    times = np.concatenate([events, censored, rest])
    return np.minimum(times, end), np.where(times <= end, status, 0)


def _placed(full: np.ndarray, where: str, size: int) -> np.ndarray:
    """A time for each patient: a step filled after the month began in which the one before it was full."""
    begun = np.r_[0.0, full[:-1]] if len(full) else full
    if where == EVEN:
        parts = (np.arange(size) + 0.5) / size
        return (begun[:, None] + parts * (full - begun)[:, None]).ravel()
    return np.repeat(full if where == LATE else np.maximum(begun - MONTH, 0.0), size)


def exposure(
    courses: Mapping[str, Course], totals: Mapping[str, tuple[float, float]], size: int, min_cell: int
) -> float:
    """The narrowest range to which the steps bound a running number that is at most min_cell; inf where none is."""
    months = int(np.ceil(max(course.duration.max(initial=0.0) for course in courses.values()) / MONTH)) + 1
    known = {key: stepped(course, size) for key, course in courses.items()}
    low, high = [totals["n"][0]], [totals["n"][1]]
    truth: list[float] = [np.inf]
    at: dict[tuple[str, int, int], int] = {}
    for key, course in courses.items():
        for status in (1, 0):
            running = np.searchsorted(course.times(status), np.arange(months + 1) * MONTH + 1e-6)
            for month, number in enumerate(running):
                at[key, status, month] = len(low)
                least = int(known[key].known(status, month * MONTH))
                most = least + size - 1
                if status and month == months and key in totals:
                    least, most = max(least, totals[key][0]), min(most, totals[key][1])
                low.append(least)
                high.append(most)
                truth.append(number)
    alike = {"pfs", "os"} <= set(courses) and seen_alike(courses["os"], courses["pfs"])
    relations = _relations(at, tuple(courses), months, alike)
    # For each month, how many have ended their observation: a sum that the relations need.
    low, high, truth = (
        low + [0] * (months + 1),
        high + [np.inf] * (months + 1),
        truth + [np.inf] * (months + 1),
    )
    small = [place for place, number in enumerate(truth) if number <= min_cell]
    found = ranges(
        Programme(Knowledge(np.array(low, float), np.array(high, float), relations)), small, min_cell
    )
    return float(np.min(found[:, 1] - found[:, 0], initial=np.inf))


def _relations(
    at: Mapping[tuple[str, int, int], int], keys: tuple[str, ...], months: int, alike: bool
) -> tuple[Relation, ...]:
    """Running numbers grow and end with all patients; who died has an event of either endpoint.

    alike: who has neither event was last seen on the same day in both.
    """
    found = [
        Relation(at[key, status, month], (at[key, status, month + 1],), True)
        for key in keys
        for status in (1, 0)
        for month in range(months)
    ]
    found += [Relation(0, (at[key, 1, months], at[key, 0, months])) for key in keys]
    if {"pfs", "os"} <= set(keys):
        for month in range(months + 1):
            dead, left = at["os", 1, month], at["os", 0, month]
            gone, lost = at["pfs", 1, month], at["pfs", 0, month]
            found.append(Relation(dead, (gone,), True))
            if alike:
                found.append(Relation(lost, (left,), True))
            # Whoever has died or was last seen has left the other endpoint too.
            ended = 1 + len(at) + month
            found += [Relation(ended, (dead, left)), Relation(ended, (gone, lost), True)]
    return tuple(found)
