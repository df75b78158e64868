"""A column that numbers the rows of an event, a line or a visit, and is called as an id of the patients is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.view import View
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.codes import counts_rows
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.raw import letter
from reportgen.cohort.rows import filled

FEWEST = 4
CHOSEN = ("settings", "dictionary")


def numbers_of_rows(views: Mapping[str, View]) -> Iterator[Issue]:
    """The error where a column taken for the patients' ids by its name counts the rows, and another one that nothing
    reads holds ids of theirs, some of them twice: each row would be of somebody else.
    """
    if "patients" not in views:
        return
    for table, view in views.items():
        taken = next((h for h in view.headers if h.name == "patient_id"), None)
        if table == "patients" or taken is None or taken.how in CHOSEN:
            continue
        if not counts_rows(filled(view.sheet.frame[taken.position]), FEWEST):
            continue
        known = {word_key(name) for name in views["patients"].ids.dropna()}
        for header in view.headers:
            if header.how != "ignored" or header.position == taken.position:
                continue
            held = [word_key(cells.text(cell)[0] if isinstance(cell, str) else cell)
                    for cell in view.sheet.frame[header.position].dropna()]  # fmt: skip
            if (
                len(held) >= FEWEST
                and set(held) <= known
                and len(set(held)) < len(held)
                and _are_ids(set(held), known)
            ):
                problem = message(
                    "{a} numbers the rows, and {b} holds ids of the patients", a=taken.text, b=header.text
                )
                hint = message(
                    'Write patient_id = "{a}" (or "{b}") under [columns.{c}] in report.toml',
                    a=header.text, b=taken.text, c=table,
                )  # fmt: skip
                cell = f"{letter(header.position)}{view.sheet.header_row}"
                yield Issue(ERROR, "AMBIGUOUS_COLUMN", view.sheet.name, cell, None, problem, hint)


def _are_ids(held: set[str], known: set[str]) -> bool:
    """Whether values are ids and no levels, such as grades 1 to 3, which ids 1 to n hold, too."""
    return len(held) > 5 or 2 * len(held) > len(known)
