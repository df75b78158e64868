"""Estimate and Curve: the analysis results data, the only source of every number that is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import numpy as np

NOT_REACHED = "NR"
NOT_ESTIMABLE = "NE"


@dataclass(frozen=True)
class Estimate:
    """One statistic, unrounded, with all that is needed to defend it.

    section, endpoint (or variable), group, statistic and time make its id. Times (value, low, high and
    se of a time statistic, and `time`) are in days; proportions are within 0–1; rates are per
    patient-year. What does not exist is None, and `note` says why: "NR" (not reached), or "NE: …"
    (not estimable, with the reason). `method` names the estimator and the interval.
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
        for name in ("value", "low", "high", "level", "se", "time"):
            number = getattr(self, name)
            if number is not None:
                number = float(number)
                object.__setattr__(self, name, number if np.isfinite(number) else None)
        for name in ("n", "events", "at_risk"):
            number = getattr(self, name)
            if number is not None:
                object.__setattr__(self, name, int(number))

    @property
    def id(self) -> str:
        """`<section>.<endpoint or variable>.<group>.<statistic>[@<time in days>]`.

        >>> Estimate("survival", section="survival", endpoint="pfs", time=365.25).id
        'survival.pfs.all.survival@365.25'
        """
        stem = f"{self.section}.{self.endpoint or self.variable or 'all'}.{self.group}.{self.statistic}"
        return stem if self.time is None else f"{stem}@{self.time:.10g}"

    @property
    def exists(self) -> bool:
        return self.value is not None

    def to_row(self) -> dict:
        return {"id": self.id} | {field.name: getattr(self, field.name) for field in fields(self)}


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
    """A step function with its counts. kind: kaplan_meier, cumulative_incidence, reverse_kaplan_meier."""

    kind: str
    steps: Steps
    section: str = ""
    endpoint: str = "all"
    group: str = "all"
    n: int = 0
    method: str = ""

    @property
    def id(self) -> str:
        return f"{self.section}.{self.endpoint}.{self.group}.{self.kind}"

    def to_row(self) -> dict:
        arrays = {
            field.name: [None if not np.isfinite(x) else x for x in getattr(self.steps, field.name).tolist()]
            for field in fields(self.steps)
        }
        return {"id": self.id, "endpoint": self.endpoint, "group": self.group, "kind": self.kind,
                "n": self.n, "method": self.method, "steps": arrays}  # fmt: skip


@dataclass(frozen=True)
class Results:
    """What a chapter computed: every Estimate and Curve by its id. An id occurs once."""

    estimates: tuple[Estimate, ...] = ()
    curves: tuple[Curve, ...] = ()

    def __post_init__(self):
        ids = [row.id for row in (*self.estimates, *self.curves)]
        if len(set(ids)) != len(ids):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            raise ValueError(f"ids must be unique, but these occur twice: {twice}")
        object.__setattr__(self, "_by_id", {row.id: row for row in (*self.estimates, *self.curves)})

    def __getitem__(self, key: str) -> Estimate:
        return self._by_id[key]

    def __contains__(self, key: str) -> bool:
        return key in self._by_id

    def select(self, **wanted) -> tuple[Estimate, ...]:
        """The estimates whose fields have the wanted values, in order of computation."""
        return tuple(e for e in self.estimates if all(getattr(e, k) == v for k, v in wanted.items()))

    def curve(self, endpoint: str, kind: str, group: str = "all") -> Curve | None:
        return next((c for c in self.curves if (c.endpoint, c.kind, c.group) == (endpoint, kind, group)), None)


def label(rows: Iterable[Estimate | Curve], **names) -> tuple:
    """The same rows under other section, endpoint, variable or group names.

    The functions of stats know no chapter and no variable: whoever calls them labels what they return.
    """
    return tuple(replace(row, **names) for row in rows)
