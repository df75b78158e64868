"""Sheets of many rows with their columns as codes, whatever file or database they were read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.cohort import coded
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.raw import RawSheet
from reportgen.cohort.whole_columns import inferred

# Of these kinds, in pandas' words, cells that are equal are alike; elsewhere 1, 1.0 and True are equal, too.
UNIFORM = ("string", "floating", "integer", "date", "datetime", "empty")


def with_codes(sheet: RawSheet) -> RawSheet:
    """The sheet, each column of `coded.MANY_ROWS` cells and more, all of one kind, as codes."""
    if len(sheet.frame) < coded.MANY_ROWS:
        return sheet
    columns = {position: _as_codes(column) for position, column in sheet.frame.items()}
    return replace(sheet, frame=pd.DataFrame(columns, index=sheet.frame.index, copy=False))


def with_shared_cells(sheets: Iterable[RawSheet]) -> tuple[RawSheet, ...]:
    """The sheets, columns of one name with many different cells, as ids are, as codes of the same cells.

    So a text is held once, and rows of one sheet find those of another without looking at any.
    """
    found = list(sheets)
    columns: dict[str, list[tuple[int, int]]] = {}
    for number, sheet in enumerate(found):
        for position, column in sheet.frame.items():
            if coded.is_coded(column) and len(column.array.distinct) >= coded.MANY_ROWS:
                columns.setdefault(name_key(sheet.header[position]), []).append((number, position))
    for places in columns.values():
        alike = [found[number].frame[position] for number, position in places]
        if len({id(column.array.distinct) for column in alike}) == 1:
            continue
        if len({inferred(column) for column in alike}) > 1:  # 7 and 7.0 are equal, but are not shown alike
            continue
        joined = pd.concat(alike, ignore_index=True).array
        parts = np.split(joined.codes, np.cumsum([len(column) for column in alike])[:-1])
        for (number, position), codes in zip(places, parts, strict=True):
            frame = found[number].frame.copy(deep=False)
            frame[position] = coded.Coded(codes.copy(), joined.distinct)
            found[number] = replace(found[number], frame=frame)
    return tuple(found)


def _as_codes(column: pd.Series) -> pd.Series:
    if coded.is_coded(column) or column.dtype != object or inferred(column) not in UNIFORM:
        return column
    return pd.Series(coded.coded(*pd.factorize(column.to_numpy())), index=column.index, copy=False)
