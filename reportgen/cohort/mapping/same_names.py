"""Columns of one name: which of them is meant only somebody who knows the table can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import Message, joined, message
from reportgen.cohort.raw import RawSheet


def same_names(
    table: str, sheet: RawSheet, again: Mapping[str, list[str]], known: Mapping[str, tuple[str, str]]
) -> Issue:
    """One question about all columns whose names stand more than once.

    again: name → the cells after the first one. known: name → the canonical column that it is read as, and how (as in
    Match). Of these one is read, so that none of them can be left out: the first would be read unasked.
    """
    names = ", ".join(f"{name} ({len(where) + 1})" for name, where in again.items())
    cells = [cell for where in again.values() for cell in where]
    problem = message("Several columns have the same name, apart from spelling: {a}", a=names)
    hint = _hint(table, again, known)
    issue = Issue(ERROR, "DUPLICATE_COLUMN", sheet.name, cells[0], None, problem, hint)
    return replace(issue, cells=tuple(cells), count=len(cells)) if len(cells) > 1 else issue


def _hint(table: str, again: Mapping[str, list[str]], known: Mapping[str, tuple[str, str]]) -> Message:
    read = {name: known[name] for name in again if name in known}
    free = ", ".join(f'"{name}"' for name in again if name not in known) if table == "patients" else ""
    # Only a synonym yields to the settings: a column of the canonical name itself would still be one of two.
    line = next((column for column, how in read.values() if how == "synonym"), "")
    if not read and not free:
        return message("Rename or delete all but one of each")
    if not read:
        return message(
            "Rename or delete all but one of each; or write exclude = [{a}] under [features] in report.toml, so that "
            "none of them is read", a=free,
        )  # fmt: skip
    parts = [message("Rename or delete all but the one of {a} that is meant", a=", ".join(read))]
    if line:
        parts.append(
            message("or name another column as {a} under [columns.{b}] in report.toml", a=line, b=table)
        )
    if free:
        parts.append(message("exclude = [{a}] under [features] in report.toml leaves out the others", a=free))
    return joined(parts)
