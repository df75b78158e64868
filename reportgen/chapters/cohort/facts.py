"""The cohort: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.base.described import Spoken
from reportgen.base.message import N_, Message

KEY = "cohort"


TITLE = N_("The cohort")


REQUIRES = ()


@dataclass(frozen=True)
class FlowLabel:
    """A step of the flow of patients. label: each once; reason: why who left there left, "" where the label says it."""

    label: str
    reason: str


@dataclass(frozen=True)
class Field(Spoken):
    """A column that ought to be filled. whom: of which patients. event: whether empty means that it did not happen."""

    column: str
    label: str
    whom: str
    event: bool


@dataclass(frozen=True)
class ListedIssue:
    """What the checks found. place: sheet and first cell; cells: how many. patient: "" where it is nobody's."""

    severity: str
    code: str
    place: str
    cells: int
    patient: str
    problem: Message
    hint: Message


@dataclass(frozen=True)
class IssueCount:
    """How many issues of a code there are."""

    severity: str
    code: str
    issues: int


@dataclass(frozen=True)
class MatchedColumn:
    """What a column of the source was taken for. how: a key of `Match` (see cohort.cohort)."""

    table: str
    column: str
    header: str
    how: str
    cell: str


@dataclass(frozen=True)
class Days:
    """First and last start of treatment, cut-off, extraction and last saving of the source, as ISO dates; "" where not
    known or not to be told. cutoff_given: by somebody. counted: whether times count from the start of treatment, and
    are not all given as durations.
    """

    first: str = ""
    last: str = ""
    cutoff: str = ""
    extracted: str = ""
    saved: str = ""
    cutoff_given: bool = False
    counted: bool = True


@dataclass(frozen=True)
class CohortFacts(Spoken):
    """overdue: living patients seen too long ago, and the days since; overdue_days: from how many on. status_known:
    whether everybody is recorded as dead or alive. in_no_time: patients who are in no analysis of time. origin: what
    times count from, "" where it is the start of treatment. codes: the gravest first. tables: the names of those there
    are. sha256: its first characters. inside: whether patients and cells may be named.
    """

    steps: tuple[FlowLabel, ...]
    fields: tuple[Field, ...]
    overdue: tuple[tuple[str, float], ...]
    overdue_days: int
    status_known: bool
    in_no_time: int
    origin: str
    issues: tuple[ListedIssue, ...]
    codes: tuple[IssueCount, ...]
    matches: tuple[MatchedColumn, ...]
    tables: tuple[str, ...]
    source: str
    sha256: str
    inside: bool
    days: Days
