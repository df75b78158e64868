"""What only follows from a cell that could not be read is no question of its own: it is answered with that cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportgen.base.errors import ERROR, Issue
from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.intervals import CODE as COUNTING_PROCESS

# Code → the columns without which a rule says so of a patient, though nothing else may be wrong.
NEEDS: Mapping[str, frozenset[str]] = {
    code: frozenset(columns.split())
    for code, columns in {
        "MISSING_VALUE": "treatment_start death_date",
        "STATUS_CONFLICT": "",
        "STOP_DATE_MISSING": "",
        "PROGRESSION_WITHOUT_DATE": "relapse_date",
        "NEVER_ASSESSED": "treatment_start relapse_date death_date date",
        "RESPONSE_CONFLICT": "treatment_start treatment_stop relapse_date date start_date",
        "MISSED_ASSESSMENTS": "treatment_start relapse_date death_date date",
    }.items()
}
CELL = re.compile("([A-Z]+)[0-9]+")
# What is said of rows and cells that are intervals of time and no patients.
OF_INTERVALS = (
    "DUPLICATE_ID", "BAD_DATE", "PARTIAL_DATE", "DATE_AS_NUMBER", "DATE_RANGE", "DATE_OF_1900", "MISSING_COLUMN",
    "MISSING_VALUE", "DATE_ORDER", "ASK_LATER", "ASSUMED_LATER",
)  # fmt: skip


def without_consequences(
    found: Iterable[Issue], unread: Iterable[Issue], tables: Mapping[str, Table]
) -> Iterator[Issue]:
    """What the rules found, but for what follows from an error in reading the same cell, or a date of that patient."""
    errors = [issue for issue in unread if issue.severity == ERROR and issue.cell]
    cells = {(issue.sheet, issue.cell) for issue in errors}
    names = {
        (table.sheet, letters): column
        for table in tables.values()
        for column, letters in table.letters.items()
        if column in table.days
    }
    lost: dict[str | None, set[str]] = {}
    for issue in errors:
        cell = CELL.fullmatch(issue.cell or "")
        column = names.get((issue.sheet, cell[1])) if cell and issue.sheet is not None else None
        if column and issue.patient:
            zero = tables["patients"].origin == column if "patients" in tables else False
            lost.setdefault(issue.patient, set()).update({column, "treatment_start"} if zero else {column})
    for issue in found:
        needs = NEEDS.get(issue.code)
        follows = needs is not None and (
            (issue.sheet, issue.cell) in cells or needs & lost.get(issue.patient, set())
        )
        if not follows:
            yield issue


def without_intervals(issues: Sequence[Issue]) -> list[Issue]:
    """The issues; where a table is intervals of time, without what only follows from that."""
    sheets = {issue.sheet for issue in issues if issue.code == COUNTING_PROCESS}
    return [issue for issue in issues if issue.sheet not in sheets or issue.code not in OF_INTERVALS]
