"""What is asked of a column as a whole, and of very many ids with it: answered once for all tables that hold them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from reportgen.cohort.coded import NONE, Coded, is_coded
from reportgen.cohort.distinct import kept
from reportgen.cohort.mapping.keys import AT_ONCE

# Of cells that are all of one of these kinds, some are of it, too.
ONE_KIND = ("string", "floating", "integer", "boolean", "date", "datetime")


def inferred(column, skipna: bool = True) -> str:
    """What its cells are, in pandas' words: `pandas.api.types.infer_dtype`."""
    if not is_coded(column):
        return pd.api.types.infer_dtype(column, skipna=skipna)
    array = column if isinstance(column, Coded) else column.array
    if (skipna or not (array.codes < 0).any()) and (array.codes >= 0).any():
        kind = kept(array.distinct, "kind", _kind)
        if kind in ONE_KIND:
            return kind
    cells = array.used()
    if not skipna and array.isna().any():
        cells = np.append(cells, NONE)
    return pd.api.types.infer_dtype(cells, skipna=skipna)


def _kind(distinct: np.ndarray) -> str:
    return pd.api.types.infer_dtype(distinct, skipna=False)


def surely(column, name: str, test: Callable[[np.ndarray], bool]) -> bool:
    """Whether a test holds of all the distinct cells of a column, those included that stand in none of its rows: then
    it holds of those that do. False where they are not known, or of none. name: by which the answer is kept."""
    if not is_coded(column) or not len(column.array.distinct) or not (column.array.codes >= 0).any():
        return False
    return kept(column.array.distinct, name, test)


def in_pieces(texts: np.ndarray, test: Callable[[str], bool]) -> bool:
    """Whether a test holds of every so many of the texts, one a line. They may be millions; False of other cells."""
    try:
        return all(test("\n".join(texts[start : start + AT_ONCE])) for start in range(0, len(texts), AT_ONCE))
    except TypeError:
        return False
