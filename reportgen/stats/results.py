"""Estimate and Curve: the analysis results data, the only source of every number that is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from reportgen.base.message import Message
from reportgen.base.required import required
from reportgen.stats.notes import Note, Status, read_note

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Estimate:
    """One statistic, unrounded, with all that is needed to defend it.

    section, endpoint (or variable), group, statistic and time make its id. Times (value, low, high and
    se of a time statistic, and `time`) are in days; proportions are within 0–1; rates are per
    patient-year. What does not exist is None, and `note` says why (see stats.notes); of a number that
    exists it is a remark. `method` names the estimator and the interval. Both are Messages; a plain text
    is of a file that was read, or of a chapter of somebody's own.
    """

    statistic: str
    section: str = ""
    endpoint: str | None = None
    variable: str | None = None
    group: str = "all"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    se: float | None = None
    time: float | None = None
    n: int | None = None
    events: int | None = None
    at_risk: int | None = None
    method: str = ""
    note: str = ""

    def __post_init__(self):
        given = self.__dict__  # thousands are made for a report, most of them of what needs no change
        for name in ("value", "low", "high", "level", "se", "time"):
            number = given[name]
            if number is not None and (type(number) is not float or not isfinite(number)):
                number = float(number)
                object.__setattr__(self, name, number if isfinite(number) else None)
        for name in ("n", "events", "at_risk"):
            number = given[name]
            if number is not None and type(number) is not int:
                object.__setattr__(self, name, int(number))
        if not isinstance(self.note, Message):
            object.__setattr__(self, "note", read_note(self.note))

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Estimate:
        """The estimate of a row of results.json; one of an earlier version has no status of its own."""
        note = read_note(row["note"] or "", row.get("status", ""), row.get("code", ""))
        known = {part.name: row[part.name] for part in fields(cls) if part.name != "note"}
        return cls(**known, note=note)

    @property
    def status(self) -> Status:
        """Whether the number exists (ok), or in which way it does not; as results.json has it."""
        return self.note.status if isinstance(self.note, Note) else Status.OK

    @property
    def code(self) -> str:
        """Why the number does not exist, in one fixed word, as too_few_events; empty where it does."""
        return self.note.code if isinstance(self.note, Note) else ""

    @cached_property
    def id(self) -> str:
        """`<section>.<endpoint or variable>.<group>.<statistic>[@<time in days>]`.

        >>> Estimate("survival", section="survival", endpoint="pfs", time=365.25).id
        'survival.pfs.all.survival@365.25'
        """
        stem = f"{self.section}.{self.endpoint or self.variable or 'all'}.{self.group}.{self.statistic}"
        return stem if self.time is None else f"{stem}@{self.time:.10g}"

    @property
    def exists(self) -> bool:
        """Whether there is a value; where there is none, the note says why."""
        return self.value is not None

    @property
    def count(self) -> int:
        """The value of a count, as a whole number. ValueError where it does not exist."""
        return int(required(self.value))

    def to_row(self) -> dict:
        """The row of results.json: every field, and id, status and code; words in English, times in days."""
        row = {"id": self.id} | {part.name: getattr(self, part.name) for part in fields(self)}
        return row | {"method": str(self.method), "note": str(self.note),
                      "status": self.status.value, "code": self.code}  # fmt: skip


@dataclass(frozen=True)
class Steps:
    """The steps of a curve: arrays of one length, one entry per distinct time, in days from time zero.

    at_risk is counted just before the time; events and censored at it; estimate, low and high hold
    from the time on. nan in low or high: no interval there.
    """

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    censored: np.ndarray
    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Curve:
    """A step function with its counts. kind: kaplan_meier, cumulative_incidence, reverse_kaplan_meier,
    state_occupancy (then state says of which one), mean_cumulative_count, simon_makuch.

    late: where patients came under observation after time zero, the days and how many on each.
    """

    kind: str
    steps: Steps
    section: str = ""
    endpoint: str = "all"
    group: str = "all"
    n: int = 0
    method: str = ""
    late: tuple[tuple[float, int], ...] = ()
    state: str = ""

    @cached_property
    def id(self) -> str:
        """`<section>.<endpoint>.<group>.<kind>[.<state>]`."""
        stem = f"{self.section}.{self.endpoint}.{self.group}.{self.kind}"
        return f"{stem}.{self.state}" if self.state else stem

    def to_row(self) -> dict:
        """The entry of results.json; what is not finite is None. late and state only where there are any."""
        arrays = {part.name: _finite_or_none(getattr(self.steps, part.name)) for part in fields(self.steps)}
        late = {"late": [list(some) for some in self.late]} if self.late else {}
        state = {"state": self.state} if self.state else {}
        return {"id": self.id, "endpoint": self.endpoint, "group": self.group, "kind": self.kind,
                "n": self.n, "method": str(self.method), "steps": arrays} | late | state  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """A row for each distinct time: time, at_risk, events, censored, estimate, low, high."""
        import pandas

        return pandas.DataFrame({part.name: getattr(self.steps, part.name) for part in fields(self.steps)})


@dataclass(frozen=True)
class Results:
    """What was computed: every Estimate and Curve by its id, and the facts that are no numbers.

    An id occurs once. facts: by chapter, the labels, orders and listings that its words are made from; what they are
    is said by facts.py of the chapter.
    Results of several chapters add up to the results of the report.
    """

    estimates: tuple[Estimate, ...] = ()
    curves: tuple[Curve, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    _by_id: Mapping[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        by_id = {row.id: row for row in (*self.estimates, *self.curves)}
        if len(by_id) < len(self.estimates) + len(self.curves):
            count = Counter(row.id for row in (*self.estimates, *self.curves))
            raise ValueError(f"ids must be unique, but these are not: {[i for i in count if count[i] > 1]}")
        object.__setattr__(self, "_by_id", by_id)

    def __getitem__(self, key: str) -> Estimate:
        return self._by_id[key]

    def __contains__(self, key: str) -> bool:
        return key in self._by_id

    def __add__(self, other: Results) -> Results:
        return Results(
            (*self.estimates, *other.estimates), (*self.curves, *other.curves), {**self.facts, **other.facts}
        )

    def get(self, key: str) -> Estimate | None:
        """The Estimate of an id; None where there is none."""
        return self._by_id.get(key)

    def select(self, **wanted) -> tuple[Estimate, ...]:
        """The estimates whose fields have the wanted values, in order of computation."""
        if "statistic" in wanted:
            return _selected(self._by_statistic.get(wanted.pop("statistic"), ()), wanted)
        return _selected(self.estimates, wanted)

    @cached_property
    def _by_statistic(self) -> Mapping[str, tuple[Estimate, ...]]:
        """The estimates by what they estimate: chapters ask for one kind of the thousands a thousand times."""
        found: dict[str, list[Estimate]] = {}
        for row in self.estimates:
            found.setdefault(row.statistic, []).append(row)
        return {statistic: tuple(rows) for statistic, rows in found.items()}

    def select_curves(self, **wanted) -> tuple[Curve, ...]:
        """The curves whose fields have the wanted values, in order of computation."""
        return _selected(self.curves, wanted)

    def to_frame(self) -> pd.DataFrame:
        """A row for each estimate, its columns typed; see stats.tidy_frames."""
        from reportgen.stats.tidy_frames import estimates_frame

        return estimates_frame([estimate.to_row() for estimate in self.estimates])


def _finite_or_none(values: np.ndarray) -> list[float | None]:
    found = values.tolist()
    for place in np.flatnonzero(~np.isfinite(values)).tolist():
        found[place] = None
    return found


def _selected(rows: tuple, wanted: Mapping[str, object]) -> tuple:
    if not wanted:
        return tuple(rows)
    of_row, values = attrgetter(*wanted), tuple(wanted.values())
    asked = values[0] if len(values) == 1 else values  # as attrgetter gives it
    return tuple([row for row in rows if of_row(row) == asked])


def subgroup(group: str, level: str) -> str:
    """The group name of a level within a group, as ids have it.

    >>> subgroup("all", "CR"), subgroup("regimen A", "CR")
    ('CR', 'regimen A|CR')
    """
    level = level.replace("|", "¦")
    return level if group == "all" else f"{group.replace('|', '¦')}|{level}"


def label(rows: Iterable[Estimate | Curve], **names) -> tuple:
    """The same rows under other section, endpoint, variable or group names.

    The functions of stats know no chapter and no variable: whoever calls them labels what they return.
    """
    return tuple(replace(row, **names) for row in rows)
