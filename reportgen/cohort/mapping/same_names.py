"""Columns of one name: which of them is meant only somebody who knows the table can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet


def same_names(sheet: RawSheet, again: Mapping[str, list[str]], excludable: bool) -> Issue:
    """One question about all columns whose names stand more than once. again: name → the cells after the first one."""
    names = ", ".join(f"{name} ({len(where) + 1})" for name, where in again.items())
    hint = message("Rename or delete all but one of each")
    if excludable:
        listed = ", ".join(f'"{name}"' for name in again)
        hint = message(
            "Rename or delete all but one of each; or write exclude = [{a}] under [features] in report.toml, so that "
            "none of them is read", a=listed,
        )  # fmt: skip
    cells = [cell for where in again.values() for cell in where]
    problem = message("Several columns have the same name, apart from spelling: {a}", a=names)
    issue = Issue(ERROR, "DUPLICATE_COLUMN", sheet.name, cells[0], None, problem, hint)
    return replace(issue, cells=tuple(cells), count=len(cells)) if len(cells) > 1 else issue
