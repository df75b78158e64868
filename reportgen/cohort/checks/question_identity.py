"""What makes a question the same next month: its column and the row's own words, never their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from reportgen.base.errors import NOTE, Issue
from reportgen.base.required import required
from reportgen.cohort.clean.cleaning import Cleaned
from reportgen.cohort.cohort import Match, Table

# What a row of each table is called, beside the patient.
ROW_WORDS = {
    "toxicities": ("term",),
    "treatments": ("line", "treatment"),
    "assessments": ("date",),
    "measurements": ("name", "date"),
}
CELL = re.compile(r"([A-Z]*)(\d+)")


def identified(
    issues: Iterable[Issue],
    tables: Mapping[str, Table | Cleaned],
    matches: Iterable[Match],
    sheets: Mapping[str, str],
) -> Iterator[Issue]:
    """The issues, each with what it is `about`. sheets: table → the name of its sheet; notes stay as they are."""
    columns = {(sheets[m.table], m.cell.rstrip("0123456789")): m.column for m in matches}
    issues, named = list(issues), {}
    for issue in issues:
        cell = CELL.fullmatch(issue.cell or "")
        if issue.severity != NOTE and cell:
            named.setdefault(issue.sheet, set()).add(int(cell[2]))
    words = {
        sheets[name]: _words(table, named[sheets[name]])
        for name, table in tables.items()
        if sheets[name] in named
    }
    for issue in issues:
        cell = CELL.fullmatch(issue.cell or "")
        if issue.severity == NOTE or not cell:
            yield issue
            continue
        column = columns.get((required(issue.sheet), cell[1]), "")
        row = words.get(required(issue.sheet), {}).get(int(cell[2]), "")
        yield replace(issue, about=f"{column}\x1f{row}")


def _words(table: Table | Cleaned, rows: set[int]) -> Mapping[int, str]:
    present = [name for name in ROW_WORDS.get(table.name, ()) if name in table.frame]
    if not present:
        return {}
    places = table.frame.index.get_indexer(sorted(rows))
    frame = table.frame[present].iloc[places[places >= 0]]
    shown = [frame[name].map(_shown) for name in present]
    return pd.concat(shown, axis=1).agg("\x1f".join, axis=1).to_dict() if len(frame) else {}


def _shown(value: Any) -> str:
    if pd.isna(value):
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value).casefold()
