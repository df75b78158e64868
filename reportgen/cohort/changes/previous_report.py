"""What an earlier report knew, kept beside the cohort of the present one so that a chapter can compare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Question:
    """A question to the data manager. since: the cut-off of the first report that asked it, without a break."""

    id: str
    severity: str
    sheet: str
    cell: str
    patient: str
    problem: str
    since: str


@dataclass(frozen=True)
class Questions:
    """The questions of two reports: those that are new, those that are answered, and those still open."""

    opened: tuple[Question, ...] = ()
    closed: tuple[Question, ...] = ()
    still_open: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Past:
    """A report as its period left it: what it is called, its cut-off, and its estimates by id, as plain rows.

    results: SHA-256 of its results.json.
    """

    name: str
    cutoff: date | None
    estimates: Mapping[str, Mapping[str, Any]]
    results: str = ""


@dataclass(frozen=True)
class Change:
    """Something other than the data that differs. kind: "setting", "version" or "method"."""

    kind: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Earlier:
    """The report before this one.

    last: the report compared with; trend: it and those before it, the oldest first. name: what the present
    report is called. tables: the cleaned tables (cohort.cohort.Table) that the last report was made from, at
    its cut-off, by name; None where its values were not kept.
    """

    name: str
    last: Past
    trend: tuple[Past, ...] = ()
    tables: Mapping[str, Any] | None = None
    questions: Questions = Questions()
    changes: tuple[Change, ...] = field(default_factory=tuple)
