"""What is asked of each row of a table by itself: asked in parts, so that it takes no more memory of more rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base import aside
from reportgen.cohort.cohort import Table
from reportgen.cohort.distinct import rows_where


def where(table: Table, test: Callable[[Table], pd.Series]) -> pd.Series:
    """(rows,) whether the test holds of each row; it is given some rows of the table, and says it of each of them."""

    def of_part(rows: slice) -> np.ndarray:
        aside.rest()
        part = replace(table, frame=table.frame.iloc[rows], days=table.days.iloc[rows])
        return test(part).fillna(False).to_numpy(bool)

    return pd.Series(rows_where(len(table), of_part), index=table.frame.index, copy=False)


def filled(column: pd.Series) -> pd.Series:
    """The column without its empty cells, as `dropna` gives it. A range of millions that names its rows is not written
    out for it, which pandas would do, and keep."""
    known = column.notna().to_numpy()
    return column if known.all() else column.take(np.flatnonzero(known))


def labels(index: pd.Index, chosen: np.ndarray) -> pd.Index:
    """The labels of the rows chosen by a mask. A range of millions is not written out for it."""
    return index.take(np.flatnonzero(chosen))
