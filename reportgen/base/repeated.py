"""One question for the same fault in many cells of a column: nobody answers, or reads, thousands of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from reportgen.base.errors import Issue

# So many cells of one fault and column are asked about one by one; beyond, all of them at once.
MOST = 20
# What of a cell's place is its row: of "C7", of "onset, row 7", and of "onset, row 7 of part-0.parquet".
ROW = re.compile(r"(?<=, row )\d+ of .*$|\d+$")


def asked_once(issues: Iterable[Issue], most: int = MOST) -> tuple[Issue, ...]:
    """The issues in their order, each fault of a column in more than `most` cells once, at the first of them.

    Such an Issue is of no single patient; `cells` and `patients` say of which. Done after patients with errors were
    excluded, who are found by the single ones.
    """
    groups: dict[tuple, list[Issue]] = {}
    for issue in issues:
        groups.setdefault(_fault(issue), []).append(issue)
    return tuple(issue for alike in groups.values() for issue in _one(alike, most))


def _fault(issue: Issue) -> tuple:
    column = ROW.sub("", issue.cell) if issue.cell else None
    return issue.severity, issue.code, issue.sheet, column, issue.problem, issue.hint


def _one(alike: list[Issue], most: int) -> list[Issue]:
    if len(alike) <= most or not alike[0].cell:
        return alike
    cells = tuple(issue.cell for issue in alike if issue.cell)
    patients = tuple(dict.fromkeys(issue.patient for issue in alike if issue.patient))
    about = f"{alike[0].about.partition(chr(31))[0]}\x1f" if alike[0].about else ""
    first = replace(alike[0], patient=None, about=about, cells=cells, patients=patients, count=len(cells))
    return [first]
