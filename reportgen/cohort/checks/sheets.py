"""What is wrong with the sheets as they were found, before their cells are read: ids, merged cells, identifiers.

Like `validation`, one short function per rule, all of them in CHECKS; here a rule sees the raw cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.cohort.checks import ids
from reportgen.cohort.checks.identifiers import found_in, held_by, sounds_identifying
from reportgen.cohort.checks.rule import MAX_SAID
from reportgen.cohort.checks.view import View
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.raw import letter, position_of

RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def sheet_issues(views: Mapping[str, View]) -> Iterator[Issue]:
    """All that is wrong, in the order of CHECKS."""
    for check in CHECKS:
        for view in views.values():
            yield from check(view)
    yield from ids.alike(views)


def merged_cells(view: View) -> Iterator[Issue]:
    """Below the header a merged cell leaves all rows but one without a value, which would count as none."""
    used = [header for header in view.headers if header.how != "ignored"]
    rows, said = view.sheet.frame.index, 0
    for area in view.sheet.merged:
        parts = RANGE.fullmatch(area)
        if not parts:
            continue
        left, right, first = position_of(parts[1]), position_of(parts[3]), int(parts[2])
        within = rows[(rows >= max(first, view.sheet.header_row + 1)) & (rows <= int(parts[4]))]
        for row in within[: max(MAX_SAID - said, 0)]:
            for header in used:
                if left <= header.position <= right and (row, header.position) != (first, left):
                    said += 1
                    severity = WARNING if header.how == "feature" else ERROR
                    yield view.issue(header.position, row, severity, "MERGED_CELLS",
                                     f"{header.text}: the cell is merged with another and has no value of its own",
                                     "Unmerge the cells and fill in every one of them")  # fmt: skip


def identifying_columns(view: View) -> Iterator[Issue]:
    """Columns outside the vocabulary on other sheets that sound like names, addresses or numbers of persons."""
    for header in view.headers:
        unread = header.how == "ignored" and not (header.entry and header.entry.role)
        known = header.name in columns_of(view.table)
        if unread and not known and view.table != "patients" and sounds_identifying(header.name):
            yield Issue(WARNING, "DIRECT_IDENTIFIER", view.sheet.name, _head(view, header), None,
                        f"{header.text} looks like a direct identifier and was not read", "Remove it")  # fmt: skip


def identifying_cells(view: View) -> Iterator[Issue]:
    """Mail addresses, telephone and health-service numbers, and names in place of ids, by what cells hold."""
    known = columns_of(view.table)
    for header in view.headers:
        skipped = header.entry and header.entry.role in ("identifier", "ignore")
        if skipped or (header.name in known and known[header.name].kind not in ("id", "text")):
            continue
        kinds = found_in(view.sheet.frame[header.position].dropna(), is_id=header.name == "patient_id")
        whole = held_by(kinds)
        if whole:
            yield Issue(WARNING, "DIRECT_IDENTIFIER", view.sheet.name, _head(view, header), None,
                        f"{header.text} holds what looks like {whole}",
                        "Remove the column, or put numbers of the study in their place")  # fmt: skip
            continue
        for row, kind in kinds.dropna().items():
            yield view.issue(header.position, row, WARNING, "DIRECT_IDENTIFIER",
                             f"{header.text}: the cell holds what looks like {kind}", "Remove it")  # fmt: skip


def _head(view: View, header: Header) -> str:
    return f"{letter(header.position)}{view.sheet.header_row}"


CHECKS = (
    merged_cells,
    ids.not_as_written,
    ids.of_two_types,
    identifying_columns,
    identifying_cells,
)
