"""EventTable: how many are at risk, have an event and are censored at each distinct time.

Kaplan–Meier, Nelson–Aalen, log-rank, Aalen–Johansen, Gray's test and RMST need nothing else, so one code
serves 8 patients and 8 million; and as tables can be added, the counts can be made anywhere, in parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add

import numpy as np

# Times are compared after rounding to 1e-8 days (a millisecond): about the absolute tolerance, 1.5e-8, with
# which R's survival (timefix) looks for ties; a fixed grid, so that the parts of a cohort add up exactly.
DECIMALS = 8
# Patients that are counted together.
AT_ONCE = 1_000_000

_NOBODY = np.empty(0)


def rounded(times):
    """Times, an array or one number, as every estimator compares them: on the grid of DECIMALS.

    Days that were computed in two ways (0.1 + 0.2 and 0.3, or months × 30.4375) are one time, and its events are tied.

    >>> rounded([0.1 + 0.2, 0.3]).tolist(), float(rounded(12.3 * 30.4375))
    ([0.3, 0.3], 374.38125)
    """
    return np.round(np.asarray(times, dtype=float), DECIMALS)


@dataclass(frozen=True, eq=False)
class EventTable:
    """Counts per distinct time of one group of patients.

    time: (m,) distinct times of an event or a censoring, in days, ascending. at_risk: (m,) under
    observation just before the time, #{entry < t <= T}. events: (causes, m), by cause. censored: (m,).
    n: patients. late_time, late_count: distinct times of late entry and how many came in at each (empty
    where all were observed from time zero). Who is censored at the time of an event was at risk of it.
    """

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    n: int
    late_time: np.ndarray = field(default_factory=_NOBODY.copy)
    late_count: np.ndarray = field(default_factory=lambda: _NOBODY.astype(np.int64))

    @property
    def causes(self) -> int:
        """How many causes are told apart; 1 where an event is an event."""
        return self.events.shape[0]

    @property
    def any_event(self) -> np.ndarray:
        """(m,) events of any cause."""
        return self.events[0] if self.causes == 1 else self.events.sum(axis=0)

    @property
    def total_events(self) -> int:
        """Events of any cause."""
        return int(self.events.sum())

    @property
    def late(self) -> bool:
        """Whether somebody came under observation only after time zero."""
        return self.late_time.size > 0

    @property
    def collapse(self) -> float | None:
        """The first time at which all who are at risk have an event while others are observed only later.

        From there on a product-limit curve is 0 (R draws it so), and says nothing of those who came later.
        """
        if not self.late:
            return None
        at = np.flatnonzero((self.any_event > 0) & (self.any_event == self.at_risk))
        return float(self.time[at[0]]) if at.size and at[0] < self.time.size - 1 else None

    @property
    def last_time(self) -> float:
        """The longest time observed; 0 where there is nobody."""
        return float(self.time[-1]) if self.time.size else 0.0

    def at_risk_at(self, times) -> np.ndarray:
        """How many were at risk just before each of the times: #{entry < t <= T}; all of them at 0."""
        times = np.asarray(times, dtype=float)
        left = np.concatenate([[0], np.cumsum(self.any_event + self.censored)])
        came = np.concatenate([[0], np.cumsum(self.late_count)])
        early = self.n - came[-1]
        return early + came[np.searchsorted(self.late_time, times)] - left[np.searchsorted(self.time, times)]

    def events_by(self, time: float) -> np.ndarray:
        """(causes,) cumulative events up to and including the time."""
        return self.events[:, : np.searchsorted(self.time, time, side="right")].sum(axis=1)

    def of_cause(self, cause: int) -> EventTable:
        """The table of one cause, from 1, with the events of all others counted as censored."""
        own = self.events[cause - 1 : cause]
        return replace(self, events=own, censored=self.censored + self.any_event - own[0])

    def __add__(self, other: EventTable) -> EventTable:
        """The table of both groups together; exactly the table that their patients would give."""
        if self.causes != other.causes:
            raise ValueError(f"tables of {self.causes} and {other.causes} causes cannot be added")
        time = np.union1d(self.time, other.time)
        events, censored = (
            _onto(time, self.time, counts) + _onto(time, other.time, more)
            for counts, more in ((self.events, other.events), (self.censored, other.censored))
        )
        late_time = np.union1d(self.late_time, other.late_time)
        late_count = _onto(late_time, self.late_time, self.late_count)
        late_count = late_count + _onto(late_time, other.late_time, other.late_count)
        return _table(time, events, censored, late_time, late_count)

    def __eq__(self, other) -> bool:
        if not isinstance(other, EventTable):
            return NotImplemented
        names = ("time", "at_risk", "events", "censored", "late_time", "late_count")
        return self.n == other.n and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in names
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType]  equal by content: Python itself says so in this way


def event_table(duration, status, *, entry=None, causes: int = 1) -> EventTable:
    """Count a group of patients per distinct time.

    duration: (n,) days from time zero to the event or the end of observation, >= 0. status: (n,) 0 for
    censored, 1 … causes for an event of that cause. entry: (n,) days from time zero to the start of
    observation (left truncation); 0 or None is observation from time zero on, so that an event at time
    zero counts, as in R's Surv(time, event).

    Linear in n for whole days, one sort otherwise. The cohort may be empty.
    ValueError: missing, infinite or negative times, status beyond causes, an entry not before its end,
    arrays of unequal length. Equals n.risk, n.event and n.censor of R's survfit(Surv(time, event) ~ 1).
    """
    duration = _times(duration, "duration")
    status = _status(status, causes)
    if duration.shape != status.shape:
        raise ValueError(
            f"duration and status must be of one length, but are {duration.size} and {status.size}"
        )
    late_time, late_count = _NOBODY, _NOBODY.astype(np.int64)
    if entry is not None:
        entry = rounded(_times(entry, "entry"))
        if entry.shape != duration.shape:
            raise ValueError(
                f"entry and duration must be of one length, but are {entry.size} and {duration.size}"
            )
        late = entry > 0
        if np.any(entry[late] >= rounded(duration[late])):
            raise ValueError("entry must be before the end of observation, but in some patients it is not")
        late_time, late_count = np.unique(entry[late], return_counts=True)
    time, counts = _counts(duration, status, causes + 1)
    return _table(time, counts[1:], counts[0], late_time, late_count)


def event_tables(duration, status, group, *, entry=None, causes: int = 1) -> list[EventTable]:
    """One table per group, counted together: group is (n,) whole numbers from 0 up, and k = the largest + 1.

    The same as event_table of each group's patients, at the cost of one; a number that nobody has gives an
    empty table.
    """
    duration, status = _times(duration, "duration"), _status(status, causes)
    group = _whole(np.asarray(group))
    if not duration.shape == status.shape == group.shape:
        sizes = f"{duration.size}, {status.size} and {group.size}"
        raise ValueError(f"duration, status and group must be of one length, but are {sizes}")
    if group.size and group.min() < 0:
        raise ValueError(f"group must be 0 or more, but is as low as {group.min()}")
    if not group.size:
        return []
    if entry is not None:
        chosen = [group == g for g in range(int(group.max()) + 1)]
        entry = np.asarray(entry)
        return [event_table(duration[g], status[g], entry=entry[g], causes=causes) for g in chosen]
    codes = causes + 1
    groups = int(group.max()) + 1
    counts = _counts_by_day(duration, status, codes, group, groups)
    if counts is None:
        return [event_table(duration[group == g], status[group == g], causes=causes) for g in range(groups)]
    tables = []
    for g in range(groups):
        time, own = _seen(counts[:, g * codes : (g + 1) * codes])
        tables.append(_table(time, own[1:], own[0], _NOBODY, _NOBODY.astype(np.int64)))
    return tables


def pooled(tables: Sequence[EventTable]) -> EventTable:
    """The table of all groups together."""
    return reduce(add, tables)


def _table(time, events, censored, late_time, late_count) -> EventTable:
    left = events.sum(axis=0) + censored
    n = int(left.sum())
    before = np.cumsum(left) - left
    at_risk = n - before
    if late_time.size:
        came = np.concatenate([[0], np.cumsum(late_count)])
        at_risk = at_risk - (came[-1] - came[np.searchsorted(late_time, time)])
    return EventTable(time, at_risk, events, censored, n, late_time, late_count)


def _counts(duration: np.ndarray, status: np.ndarray, codes: int) -> tuple[np.ndarray, np.ndarray]:
    """Distinct times, and how often each code occurs at each: (m,), (codes, m)."""
    by_day = _counts_by_day(duration, status, codes)
    if by_day is not None:
        return _seen(by_day)
    grid = rounded(duration)
    parts = [np.unique(grid[status == code], return_counts=True) for code in range(codes)]
    time = reduce(np.union1d, (part for part, _ in parts))
    return time, np.stack([_onto(time, part, count) for part, count in parts])


def _counts_by_day(
    duration: np.ndarray, status: np.ndarray, codes: int, group: np.ndarray | None = None, groups: int = 1
) -> np.ndarray | None:
    """(days, groups × codes) how often each code of each group occurs on each day; None where times are not whole days,
    or too far. In parts, for it takes several times as much memory as the times while it is counted."""
    span, cells = float(duration.max(initial=0.0)), codes * groups
    if span * cells > 20 * duration.size + 100_000:
        return None
    counts = np.zeros((int(span) + 1) * cells, np.int64)
    for start in range(0, duration.size, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        cell = duration[part].astype(np.int64)
        if not np.array_equal(cell, duration[part]):
            return None
        cell *= cells
        cell += status[part]
        if group is not None:
            cell += codes * group[part].astype(np.int64)
        counts += np.bincount(cell, minlength=len(counts))
    return counts.reshape(-1, cells)


def _seen(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The days with any count, and their counts: (m,), (codes, m)."""
    seen = np.flatnonzero(counts.any(axis=1))
    return seen.astype(float), np.ascontiguousarray(counts[seen].T)


def _onto(time: np.ndarray, own: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Counts at some of the times, spread over all of them."""
    spread = np.zeros((*counts.shape[:-1], time.size), dtype=np.int64)
    spread[..., np.searchsorted(time, own)] = counts
    return spread


def _times(values, name: str) -> np.ndarray:
    times = np.asarray(values, dtype=float)
    if times.ndim != 1:
        raise ValueError(f"{name} must be a one-dimensional array, but has the shape {times.shape}")
    lowest = times.min(initial=0.0)
    if not (lowest >= 0 and times.max(initial=0.0) < np.inf):
        fault = f"as low as {lowest:g}" if lowest < 0 else "missing or infinite for some patients"
        raise ValueError(f"{name} must be days, 0 or more and known, but is {fault}")
    return times


def _status(values, causes: int) -> np.ndarray:
    codes = np.asarray(values)
    if codes.ndim != 1:
        raise ValueError(f"status must be a one-dimensional array, but has the shape {codes.shape}")
    whole = _whole(codes)
    if whole.size and not (whole.min() >= 0 and whole.max() <= causes):
        raise ValueError(
            f"status must be 0 (censored) or 1 … {causes} (event of that cause), "
            f"but ranges over {whole.min()} … {whole.max()}"
        )
    return whole


def _whole(codes: np.ndarray) -> np.ndarray:
    if codes.dtype.kind in "bui":
        return codes.astype(np.int8) if codes.dtype.kind == "b" else codes
    numbers = codes.astype(float)
    if not np.all(np.isfinite(numbers) & (numbers == np.floor(numbers))):
        raise ValueError("status and group must be whole numbers and known, but are not for some patients")
    return numbers.astype(np.int64)
