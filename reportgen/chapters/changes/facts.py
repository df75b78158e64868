"""Changes: the name of the chapter, what it needs, and what its analysis hands to its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.analyses.estimate_changes import Comparison
from reportgen.base.described import Context
from reportgen.base.message import N_
from reportgen.cohort.changes.previous_report import Change, Questions

KEY = "changes"


TITLE = N_("Changes")


REQUIRES = ("patients.last_contact",)


@dataclass(frozen=True)
class ChangesFacts(Context, Comparison):
    """then, now: what the two reports are called in ids. most_rows, most_named: that tables show, None for all.

    labels: of the endpoints, by key. columns: of the data, by name. questions, changes: to the data manager, and of
    settings and program.
    """

    then: str
    now: str
    most_rows: int | None
    most_named: int | None
    labels: Mapping[str, str]
    columns: Mapping[str, str]
    questions: Questions
    changes: tuple[Change, ...]
