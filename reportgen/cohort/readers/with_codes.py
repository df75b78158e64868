"""Sheets of many rows with their columns as codes, whatever file or database they were read from."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.cohort import coded
from reportgen.cohort.raw import RawSheet

# Of these kinds, in pandas' words, cells that are equal are alike; elsewhere 1, 1.0 and True are equal, too.
UNIFORM = ("string", "floating", "integer", "date", "datetime", "empty")


def with_codes(sheet: RawSheet) -> RawSheet:
    """The sheet, each column of `coded.MANY_ROWS` cells and more, all of one kind, as codes."""
    if len(sheet.frame) < coded.MANY_ROWS:
        return sheet
    columns = {position: _as_codes(column) for position, column in sheet.frame.items()}
    return replace(sheet, frame=pd.DataFrame(columns, index=sheet.frame.index, copy=False))


def _as_codes(column: pd.Series) -> pd.Series:
    if coded.is_coded(column) or column.dtype != object or coded.inferred(column) not in UNIFORM:
        return column
    return pd.Series(coded.coded(*pd.factorize(column.to_numpy())), index=column.index, copy=False)
