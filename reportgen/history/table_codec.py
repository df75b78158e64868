"""Cleaned tables ↔ columns of text: what a database keeps of a cohort, and the cohort's tables again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportgen.cohort.cohort import Table

ROWS, SHEET = "#rows", "#sheet"


@dataclass(frozen=True)
class Stored:
    """One column of a table. kind: date, number or text for what was read; days for the same in days.

    content: its cells as a JSON list, null where empty. The rows' numbers, and the sheet's name, are columns
    of the kind "about".
    """

    table: str
    column: str
    kind: str
    letter: str
    content: str


def stored(tables: Iterable[Table]) -> Iterator[Stored]:
    """The columns of the tables, in order."""
    for table in tables:
        yield Stored(table.name, SHEET, "about", "", json.dumps(table.sheet))
        yield Stored(table.name, ROWS, "about", "", json.dumps([int(row) for row in table.frame.index]))
        for column in table.frame.columns:
            cells = table.frame[column]
            kind = _kind(cells)
            letter = table.letters.get(column, "")
            yield Stored(
                table.name, column, kind, letter, json.dumps(_plain(cells, kind), ensure_ascii=False)
            )
        for column in table.days.columns:
            yield Stored(table.name, column, "days", "", json.dumps(_plain(table.days[column], "number")))


def restored(columns: Iterable[Stored]) -> dict[str, Table]:
    """The tables that the columns were made from."""
    by_table: dict[str, list[Stored]] = {}
    for column in columns:
        by_table.setdefault(column.table, []).append(column)
    return {name: _table(name, found) for name, found in by_table.items()}


def _table(name: str, columns: list[Stored]) -> Table:
    about = {c.column: json.loads(c.content) for c in columns if c.kind == "about"}
    index = pd.Index(about[ROWS], dtype="int64")
    frame = {c.column: _series(c, index) for c in columns if c.kind not in ("about", "days")}
    days = {c.column: _series(c, index) for c in columns if c.kind == "days"}
    letters = {c.column: c.letter for c in columns if c.column in frame and c.kind != "days"}
    return Table(
        name,
        about[SHEET],
        pd.DataFrame(frame, index=index),
        pd.DataFrame(days, index=index, dtype=float),
        letters,
    )


def _kind(cells: pd.Series) -> str:
    if pd.api.types.is_datetime64_any_dtype(cells):
        return "date"
    return "number" if pd.api.types.is_numeric_dtype(cells) else "text"


def _plain(cells: pd.Series, kind: str) -> list:
    if kind == "date":
        cells = cells.dt.strftime("%Y-%m-%d")
    elif kind == "number":
        cells = cells.astype(float)
    return cells.astype(object).where(cells.notna(), None).tolist()


def _series(column: Stored, index: pd.Index) -> pd.Series:
    cells = json.loads(column.content)
    if column.kind == "date":
        days = np.array([cell or "NaT" for cell in cells], dtype="datetime64[D]")
        return pd.Series(days.astype("datetime64[ns]"), index=index)
    if column.kind in ("number", "days"):
        return pd.Series([np.nan if cell is None else cell for cell in cells], index=index, dtype=float)
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    return pd.Series(values, index=index, dtype=object)
