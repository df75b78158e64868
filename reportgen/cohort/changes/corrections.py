"""What was corrected: cell by cell, what an earlier report had and what today's data say of the same day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportgen.cohort.changes.row_pairing import pairs
from reportgen.cohort.checks.question_identity import ROW_WORDS
from reportgen.cohort.cohort import Table

# Column → the one that it is derived from where the source has no such column: said once, of that one.
DERIVED = {"age_at_start": "birth_date", "vital_status": "death_date", "death_date": "last_contact"}
TELLING = {"toxicities": ("term", "grade", "onset_date"), "treatments": ("line", "treatment", "start_date"),
           "assessments": ("date", "response"), "measurements": ("name", "date"), "patients": ()}  # fmt: skip
LESS_THAN_ANY = 1e-9


@dataclass(frozen=True)
class Correction:
    """One cell, row or column that differs.

    kind: "corrected" (another value), "deleted" (now empty), "entered late" (was empty, though it was of a day
    that the earlier report knew); "row deleted" and "row entered late", whose before or after names the row;
    "column deleted" and "column entered late", whose before or after says how many cells were filled. cell:
    where it stands today or, where it is gone, stood then; "" for a column.
    """

    kind: str
    table: str
    sheet: str
    cell: str
    patient: str
    column: str
    before: str
    after: str


def corrections(then: Mapping[str, Table], corrected: Mapping[str, Table]) -> tuple[Correction, ...]:
    """Every difference, table by table in the order of patients. corrected: as `asof.corrected` gives it."""
    found: list[Correction] = []
    for name, before in then.items():
        if name in corrected:
            found += _of_table(before, corrected[name])
        elif len(before):
            found.append(_column("deleted", before, "", f"{len(before)} rows", ""))
    return tuple(found)


def _of_table(then: Table, now: Table) -> Iterator[Correction]:
    columns = [
        c for c in then.frame.columns if c != "patient_id" and not _derived(then, c) and not _derived(now, c)
    ]
    rows = pairs(then, now)
    for column in columns:
        if column not in now.frame:
            yield _column("deleted", then, column, _filled(then, column), "")
    for column in now.frame.columns:
        if column not in then.frame and not _derived(now, column):
            yield _column("entered late", now, column, "", _filled(now, column))
    differing = _differing(then, now, rows, [column for column in columns if column in now.frame])
    for row in then.frame.index:
        if row in rows:
            for column in differing.get(row, ()):
                yield from _of_cell(then, row, now, rows[row], column)
        else:
            yield _row("row deleted", then, row)
    for row in now.frame.index.difference(list(rows.values()), sort=False):
        yield _row("row entered late", now, row)


def _differing(then: Table, now: Table, rows: Mapping[int, int], columns: list[str]) -> dict[int, list[str]]:
    """Earlier row → the columns in which its pair may say something else: most cells never change."""
    found: dict[int, list[str]] = {}
    mine, theirs = list(rows), list(rows.values())
    for column in columns:
        before, after = _cells(then, mine, column), _cells(now, theirs, column)
        for row in np.array(mine, dtype="int64")[before != after]:
            found.setdefault(int(row), []).append(column)
    return found


def _cells(table: Table, rows: list[int], column: str) -> np.ndarray:
    """Cells, and days where only these are known; None where empty."""
    cells = table.frame.loc[rows, column].astype(object)
    if column in table.days:
        cells = cells.where(cells.notna(), table.days.loc[rows, column].astype(object))
    return cells.where(cells.notna(), None).to_numpy(dtype=object)


def _of_cell(then: Table, row: int, now: Table, row_now: int, column: str) -> Iterator[Correction]:
    before, after = shown(then, row, column), shown(now, row_now, column)
    if before == after or _same_number(then.frame.at[row, column], now.frame.at[row_now, column]):
        return
    kind = "corrected" if before and after else "deleted" if before else "entered late"
    where = now.address(row_now, column)
    yield Correction(kind, then.name, now.sheet, where, _patient(now, row_now), column, before, after)


def _same_number(one: object, other: object) -> bool:
    return isinstance(one, float) and isinstance(other, float) and abs(one - other) < LESS_THAN_ANY


def _row(kind: str, table: Table, row: int) -> Correction:
    telling = [c for c in (*TELLING[table.name], *ROW_WORDS.get(table.name, ())) if c in table.frame]
    words = ", ".join(filter(None, (_named(table, row, column) for column in dict.fromkeys(telling))))
    before, after = (words, "") if kind == "row deleted" else ("", words)
    return Correction(kind, table.name, table.sheet, str(row), _patient(table, row), "", before, after)


def _named(table: Table, row: int, column: str) -> str:
    value = shown(table, row, column)
    return f"{column} {value}" if value and column in ("grade", "line") else value


def _column(kind: str, table: Table, column: str, before: str, after: str) -> Correction:
    return Correction(f"column {kind}", table.name, table.sheet, "", "", column, before, after)


def _filled(table: Table, column: str) -> str:
    cells = table.days[column] if column in table.days else table.frame[column]
    return f"{int(cells.notna().sum())} filled cells"


def _derived(table: Table, column: str) -> bool:
    source = DERIVED.get(column)
    return source is not None and table.letters.get(column) == table.letters.get(source)


def _patient(table: Table, row: int) -> str:
    return str(table.frame.at[row, "patient_id"])


def shown(table: Table, row: int, column: str) -> str:
    """A cell in words: dates as ISO text, elapsed times as "day 12", numbers as short as they can be; "" if empty."""
    value = table.frame.at[row, column]
    if pd.isna(value):
        day = table.days.at[row, column] if column in table.days else None
        return "" if day is None or pd.isna(day) else f"day {day:g}"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:.10g}" if isinstance(value, float) else str(value)
