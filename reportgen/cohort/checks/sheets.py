"""What is wrong with the sheets as they were found, before their cells are read: ids, merged cells, identifiers.

Like `validation`, one short function per rule, all of them in CHECKS; here a rule sees the raw cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from reportgen.base import aside
from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks import ids
from reportgen.cohort.checks.event_dates import date_of_event_unsaid
from reportgen.cohort.checks.identifiers import found_in, held_by, identifies
from reportgen.cohort.checks.marked_excluded import marked_excluded
from reportgen.cohort.checks.row_numbers import numbers_of_rows
from reportgen.cohort.checks.rule import MAX_SAID
from reportgen.cohort.checks.same_rows import repeated
from reportgen.cohort.checks.toxicities_in_text import toxicities_in_text
from reportgen.cohort.checks.unknown_dates import dates_not_known
from reportgen.cohort.checks.view import View
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.raw import letter, position_of
from reportgen.cohort.rows import filled, labels

REPEATED = ("toxicities", "treatments", "assessments", "measurements")
RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def sheet_issues(views: Mapping[str, View]) -> Iterator[Issue]:
    """All that is wrong, in the order of CHECKS."""
    for check in CHECKS:
        for view in views.values():
            yield from check(view)
            aside.rest()
    yield from ids.alike(views)
    yield from toxicities_in_text(views)
    yield from numbers_of_rows(views)


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
                    yield view.issue(
                        header.position,
                        row,
                        severity,
                        "MERGED_CELLS",
                        message(
                            "{a}: the cell is merged with another and has no value of its own", a=header.text
                        ),
                        message("Unmerge the cells and fill in every one of them"),
                    )


def same_rows(view: View) -> Iterator[Issue]:
    """Rows of an event, a line or a visit that repeat an earlier one of the same patient in every cell."""
    if view.table not in REPEATED or view.id_position is None:
        return
    frame, position = view.sheet.frame, view.id_position
    filled = np.zeros(len(frame), bool)
    for place in frame.columns.drop(position):
        filled |= frame[place].notna().to_numpy()
    # Rows that deny a term have no id left.
    known = (view.ids if view.ids.index is frame.index else view.ids.reindex(frame.index)).notna().to_numpy()
    again = known & filled & repeated(frame)
    for row in labels(frame.index, again)[:MAX_SAID]:
        yield view.issue(position, row, WARNING, "DUPLICATE_ROW",
                         message("The row repeats an earlier one in every cell"),
                         message("Delete it, or correct what differs"))  # fmt: skip


def identifying_columns(view: View) -> Iterator[Issue]:
    """Columns outside the vocabulary on other sheets that sound like names, addresses or numbers of persons."""
    for header in view.headers:
        unread = header.how == "ignored" and not (header.entry and header.entry.role)
        known = header.name in columns_of(view.table)
        content = view.sheet.frame[header.position]
        if unread and not known and view.table != "patients" and identifies(header.name, content):
            if held_by(found_in(content.dropna())):
                continue  # said of what its cells hold
            yield Issue(
                WARNING,
                "DIRECT_IDENTIFIER",
                view.sheet.name,
                _head(view, header),
                None,
                message("{a} looks like a direct identifier and was not read", a=header.text),
                message("Remove it"),
            )


def identifying_cells(view: View) -> Iterator[Issue]:
    """Mail addresses, telephone and health-service numbers, and names in place of ids, by what cells hold."""
    known = columns_of(view.table)
    for header in view.headers:
        skipped = header.entry and header.entry.role in ("identifier", "ignore")
        skipped = skipped or (header.how == "feature" and header.name in view.left_out)
        if skipped or (header.name in known and known[header.name].kind not in ("id", "text")):
            continue
        kinds = found_in(filled(view.sheet.frame[header.position]), is_id=header.name == "patient_id")
        whole = held_by(kinds)
        if whole:
            yield Issue(WARNING, "DIRECT_IDENTIFIER", view.sheet.name, _head(view, header), None,
                        message("{a} holds what looks like {b}", a=header.text, b=whole),
                        message("Remove the column, or put numbers of the study in their place"))  # fmt: skip
            continue
        for row, kind in filled(kinds).items():
            yield view.issue(
                header.position,
                row,
                WARNING,
                "DIRECT_IDENTIFIER",
                message("{a}: the cell holds what looks like {b}", a=header.text, b=kind),
                message("Remove it"),
            )


def _head(view: View, header: Header) -> str:
    return f"{letter(header.position)}{view.sheet.header_row}"


CHECKS = (
    merged_cells,
    same_rows,
    ids.not_as_written,
    ids.of_two_types,
    dates_not_known,
    date_of_event_unsaid,
    identifying_columns,
    identifying_cells,
    marked_excluded,
)
