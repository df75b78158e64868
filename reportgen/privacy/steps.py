"""Survival curves in steps of several patients, at times that are no patient's.

The k-th step of a curve stands for the next `size` events, and is drawn in the middle of the time in which
they occurred, known to the month; censoring likewise. So the running number of events is known at every
time but for `size` − 1. (OpenSAFELY rounds curves in the same way: round_km of its osutils delays events
until a step is full.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.stats.disclosure import Knowledge, Relation, ranges
from reportgen.stats.events import EventTable, event_table

MONTH = 30.4375
EARLY, MIDDLE, LATE = "early", "middle", "late"
OPPOSITE = {EARLY: LATE, MIDDLE: MIDDLE, LATE: EARLY}


@dataclass(frozen=True)
class Course:
    """An endpoint of one group: (n,) days and whether the event occurred (1) or not (0)."""

    duration: np.ndarray
    status: np.ndarray

    def times(self, status: int) -> np.ndarray:
        return np.sort(self.duration[self.status == status])


@dataclass(frozen=True)
class Stepped:
    """A course in steps: the end of the month in which each step of events, or of censoring, was full."""

    size: int
    events: np.ndarray
    censored: np.ndarray

    def known(self, status: int, month: int) -> int:
        """The running number that is published of events (1) or censored (0), at the end of a month."""
        full = self.events if status else self.censored
        return self.size * int(np.searchsorted(full, month * MONTH + 1e-6))


def stepped(course: Course, size: int) -> Stepped:
    """The course in steps of `size` patients."""
    events, censored = (_full(course.times(status), size) for status in (1, 0))
    return Stepped(size, events, censored)


def _full(times: np.ndarray, size: int) -> np.ndarray:
    return np.ceil(times[size - 1 :: size] / MONTH - 1e-9) * MONTH


def table_of(courses: Sequence[Stepped], where: str = MIDDLE) -> EventTable:
    """The counts from which curve, landmarks and medians are estimated; nothing else of the courses is used.

    where: MIDDLE of the time in which a step filled; or EARLY or LATE in it, for events, and the other way
    round for censoring: what is estimated from these bounds what the true times may give.
    Those who fill no step, of events and of censored together 0 to 2 · size − 2 patients, count as one more
    step; they leave with the last one, so that never fewer than a step are at risk. Several groups are
    followed together until the first of them has had its last step.
    """
    rows = [_rows(course, where) for course in courses]
    until = min(float(times.max()) for times, _ in rows)
    times = np.concatenate([times for times, _ in rows])
    status = np.concatenate([status for _, status in rows])
    return event_table(np.minimum(times, until), np.where(times <= until, status, 0))


def _rows(course: Stepped, where: str) -> tuple[np.ndarray, np.ndarray]:
    events, censored = _placed(course.events, where), _placed(course.censored, OPPOSITE[where])
    last = max((float(times[-1]) for times in (events, censored) if len(times)), default=0.0)
    times = np.repeat(np.r_[events, censored, last], course.size)
    status = np.zeros(len(times), int)
    status[: course.size * len(events)] = 1
    if where == EARLY:
        status[-course.size :] = 1
    return times, status


def _placed(full: np.ndarray, where: str) -> np.ndarray:
    """A time for each step: it filled after the month in which the one before it did had begun."""
    begun = np.r_[0.0, full[:-1]] if len(full) else full
    if where == MIDDLE:
        return (full + begun) / 2
    return full if where == LATE else np.maximum(begun - MONTH, 0.0)


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
                least = known[key].known(status, month)
                most = least + size - 1
                if status and month == months and key in totals:
                    least, most = max(least, totals[key][0]), min(most, totals[key][1])
                low.append(least)
                high.append(most)
                truth.append(number)
    relations = _relations(at, tuple(courses), months)
    # For each month, how many have ended their observation: a sum that the relations need.
    low, high, truth = (
        low + [0] * (months + 1),
        high + [np.inf] * (months + 1),
        truth + [np.inf] * (months + 1),
    )
    small = [place for place, number in enumerate(truth) if number <= min_cell]
    found = ranges(Knowledge(np.array(low, float), np.array(high, float), relations), small, min_cell)
    return float(np.min(found[:, 1] - found[:, 0], initial=np.inf))


def _relations(
    at: Mapping[tuple[str, int, int], int], keys: tuple[str, ...], months: int
) -> tuple[Relation, ...]:
    """Running numbers grow and end with all patients; who died has an event of either endpoint."""
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
            found += [Relation(dead, (gone,), True), Relation(lost, (left,), True)]
            # Whoever has died or was last seen has left the other endpoint too.
            ended = 1 + len(at) + month
            found += [Relation(ended, (dead, left)), Relation(ended, (gone, lost), True)]
    return tuple(found)
