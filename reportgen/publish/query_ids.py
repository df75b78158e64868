"""The id of a question to the data manager: made of what is asked about, never of the words in which it is asked."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from reportgen.base.errors import Issue
from reportgen.base.message import Message
from reportgen.base.places import is_place

Known = TypeVar("Known")
BETWEEN = "\x1f"


def query_ids(issues: Iterable[Issue]) -> list[str]:
    """One id per issue, from its code, sheet, patient, column and event, and which of the code's faults it is.

    Rows and columns may move without a new question arising, the wording may be mended, and the spelling of the
    patient's id may change. Issues that can't be told apart are numbered in their order: "Q-1f0a77c2e6",
    "Q-1f0a77c2e6-2".

    >>> said = Message("no stop"), Message("Enter it")
    >>> row, moved = (Issue("error", "X", "patients", cell, "P1", *said) for cell in ("C7", "D9"))
    >>> query_ids([row]) == query_ids([moved])
    True
    """
    return _numbered((*_who(issue), issue.about, *_fault(issue)) for issue in issues)


def ids_of_prose(issues: Iterable[Issue]) -> list[str]:
    """The ids of the same issues by the first formula, in which the English words stood for the fault."""
    return _numbered((*_who(issue), issue.about, issue.problem) for issue in issues)


def carried_over(known: Mapping[str, Known], issues: Iterable[Issue]) -> dict[str, Known]:
    """What is known by id, under today's ids, where it is known by an id of prose that an issue of today once had."""
    issues = list(issues)
    now = dict(zip(ids_of_prose(issues), query_ids(issues), strict=True))
    taken = {now.get(name, name): value for name, value in known.items() if name in now}
    return {**taken, **{name: value for name, value in known.items() if name not in now}}


def _who(issue: Issue) -> tuple[str, str, str]:
    patient = unicodedata.normalize("NFKC", issue.patient or "").strip().casefold()
    return issue.code, issue.sheet or "", patient


def _fault(issue: Issue) -> tuple[str, ...]:
    """What tells apart faults of one code: the code of the Message, and the names in it; counts come and go.

    A Message of the same code as its Issue is known by its column alone, whatever the cell or the vocabulary says.
    """
    return () if issue.problem.code == issue.code else tuple(_names(issue.problem))


def _names(problem: Message) -> Iterable[str]:
    yield problem.code
    for part in problem.parts.values():
        if is_place(part):
            continue
        if isinstance(part, Message):
            yield from _names(part)
        elif isinstance(part, str):
            yield part


def _numbered(said: Iterable[tuple[str, ...]]) -> list[str]:
    seen: Counter[str] = Counter()
    ids = []
    for parts in said:
        whole = BETWEEN.join(parts)
        stem = "Q-" + hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        seen[stem] += 1
        ids.append(stem if seen[stem] == 1 else f"{stem}-{seen[stem]}")
    return ids
