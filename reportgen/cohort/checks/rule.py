"""What the rules need of a table: its columns whether present or not, and an Issue per wrong row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base import aside
from reportgen.base.errors import Issue
from reportgen.base.message import Message, message
from reportgen.base.repeated import MOST
from reportgen.cohort.cohort import Table
from reportgen.cohort.rows import labels

Tables = Mapping[str, Table]
DAY = 0.5
# Beyond this many rows one Issue without a patient stands for the rest, so that nobody is excluded in part.
MAX_SAID = 20_000


def each(
    table: Table, wrong: pd.Series, column: str, severity: str, code: str, problem: Message, hint: Message
) -> Iterator[Issue]:
    """One Issue per row in which `wrong` holds, at the cell of `column`."""
    if not wrong.any():
        return
    wrong = wrong.fillna(False).to_numpy(bool)
    rows, patients = (
        labels(table.frame.index, wrong),
        table.frame["patient_id"].take(np.flatnonzero(wrong)).to_numpy(),
    )
    if len(rows) > MAX_SAID:
        cell = table.address(rows[MAX_SAID], column)
        yield Issue(severity, code, table.sheet, cell, None, and_more(problem, len(rows) - MAX_SAID), hint)
    for row, patient in zip(rows[:MAX_SAID], patients, strict=False):
        yield Issue(severity, code, table.sheet, table.address(row, column), patient, problem, hint)


def each_beside(
    table: Table, others: Mapping[int, Message], column: str, severity: str, code: str, problem: Message,
    named: Callable[[Message], Message], hint: Message,
) -> Iterator[Issue]:  # fmt: skip
    """One Issue per row of which another cell says otherwise, naming it; of many, one question without.

    others: row → where the other cell stands.
    """
    wrong = pd.Series(table.frame.index.isin([*others]), index=table.frame.index)
    found = each(table, wrong, column, severity, code, problem, hint)
    if len(others) > MOST:
        yield from found
        return
    for row, issue in zip(wrong.index[wrong], found, strict=True):
        yield replace(issue, problem=named(others[row]))


def and_more(problem: Message, n: int) -> Message:
    """The problem of the rows that are not listed one by one, with the code of the first."""
    return message("{problem}: {n:,} more rows", problem.code, problem=problem, n=n)


def values_of(table: Table, name: str) -> pd.Series:
    """(rows,) cleaned values of a column; None in every row where the table lacks it."""
    aside.rest()
    if name in table.frame:
        return table.frame[name]
    return pd.Series(None, index=table.frame.index, dtype=object)


def days_of(table: Table, name: str) -> pd.Series:
    """(rows,) days of a date from time zero; nan in every row where the table lacks it."""
    aside.rest()
    if name in table.days:
        return table.days[name]
    return pd.Series(float("nan"), index=table.frame.index)


def others(tables: Tables) -> Iterator[Table]:
    """Every table but that of the patients."""
    return (table for name, table in tables.items() if name != "patients")
