"""Tables and endpoints whose columns were put aside, where they are: see `reportgen.base.aside`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base import aside
from reportgen.cohort.coded import Coded, is_coded
from reportgen.cohort.cohort import EndpointData, Table
from reportgen.cohort.raw import RawSheet


def sheets_aside(sheets: tuple[RawSheet, ...]) -> tuple[RawSheet, ...]:
    """The sheets of a source, whose cells decide whether columns are put aside at all."""
    aside.expect(sum(sheet.frame.size for sheet in sheets))
    return tuple(replace(sheet, frame=frame_aside(sheet.frame)) for sheet in sheets)


def table_aside(table: Table) -> Table:
    """The same table."""
    return replace(table, frame=frame_aside(table.frame), days=frame_aside(table.days))


def tables_aside(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The same tables, by name."""
    return {name: table_aside(table) for name, table in tables.items()}


def endpoint_aside(endpoint: EndpointData) -> EndpointData:
    """The same endpoint."""
    rows, duration, status = aside.put([endpoint.rows, endpoint.duration, endpoint.status])
    entry = None if endpoint.entry is None else aside.put([endpoint.entry])[0]
    return replace(endpoint, rows=rows, duration=duration, status=status, entry=entry)


def frame_aside(frame: pd.DataFrame) -> pd.DataFrame:
    """The same columns, those of numbers, days and codes put aside."""
    columns = {name: frame[name] for name in frame}
    arrays = {name: _numbers(column) for name, column in columns.items()}
    there = {name: array for name, array in arrays.items() if array is not None}
    moved = dict(zip(there, aside.put(list(there.values())), strict=True))
    if all(moved[name] is array for name, array in there.items()):
        return frame
    for name, array in moved.items():
        column = columns[name]
        values = Coded(array, column.array.distinct) if is_coded(column) else array
        columns[name] = pd.Series(values, index=frame.index, dtype=column.dtype, copy=False)
    return pd.DataFrame(columns, index=frame.index, columns=frame.columns, copy=False)


def _numbers(column: pd.Series) -> np.ndarray | None:
    """What a column holds as an array of numbers; None where it holds objects."""
    if is_coded(column):
        return column.array.codes
    return column.to_numpy() if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiubM" else None
