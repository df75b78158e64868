"""A column as numbers that say which of its distinct cells stands in each row: a byte or four a row, not a text.

A registry has millions of rows and few words: of five million grades and terms, held as Python's objects, each look
takes a walk through them. Here what is missing, equal, repeated or among a list is asked of the distinct cells alone.

To pandas it is an array like one of objects: any cell may be put in, None is missing, and what is not thought of here
sees the objects themselves.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype, ExtensionScalarOpsMixin, take
from pandas.api.indexers import check_array_indexer

from reportgen.cohort.distinct import (
    all_differ,
    among,
    chosen,
    counts_up,
    kept,
    narrow,
    ranks_of,
    renumbered,
    spread,
    taken,
)

# From how many rows on a reader gives columns so: of fewer, objects are as quick.
MANY_ROWS = 20_000
NONE = np.array([None], dtype=object)


class CodedDtype(ExtensionDtype):
    """The type of `Coded`: any objects, None where missing."""

    name = "coded"
    type = object
    kind = "O"
    na_value = None  # pyright: ignore[reportAssignmentType]

    @classmethod
    def construct_array_type(cls) -> type[Coded]:
        """The array that has this type."""
        return Coded

    def _get_common_dtype(self, dtypes):
        return self if all(isinstance(dtype, CodedDtype) for dtype in dtypes) else np.dtype(object)


class Coded(ExtensionScalarOpsMixin, ExtensionArray):
    """codes: (rows,) positions in distinct, -1 where missing. distinct: no two are equal and none is missing; some may
    stand in no row. Neither is changed in place by anything but setting cells, which changes codes."""

    def __init__(self, codes: np.ndarray, distinct: np.ndarray):
        self.codes, self.distinct = narrow(codes, len(distinct)), distinct

    @classmethod
    def _from_sequence(cls, scalars, *, dtype=None, copy=False):
        if isinstance(scalars, Coded):
            return scalars.copy() if copy else scalars
        if isinstance(scalars, (pd.Series, pd.Index)) and isinstance(scalars.array, Coded):
            return scalars.array
        return cls(*pd.factorize(_objects(scalars)))

    @classmethod
    def _from_factorized(cls, values, original):
        return cls._from_sequence(values)

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence[Coded]):
        first = to_concat[0].distinct
        if all(part.distinct is first for part in to_concat):
            return cls(np.concatenate([part.codes for part in to_concat]), first)
        # In one pass over the cells of all: each part would look through those of all parts before it.
        places, distinct = pd.factorize(np.concatenate([part.distinct for part in to_concat]))
        places = narrow(places, len(distinct))
        ends = np.cumsum([len(part.distinct) for part in to_concat])
        codes = [
            chosen(np.append(own, places.dtype.type(-1)), part.codes)
            for part, own in zip(to_concat, np.split(places, ends[:-1]), strict=True)
        ]
        return cls(np.concatenate(codes), first if len(distinct) == len(first) else distinct)

    @property
    def dtype(self):  # noqa: D102
        return CodedDtype()

    @property
    def nbytes(self) -> int:  # noqa: D102
        return self.codes.nbytes + self.distinct.nbytes

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, item):
        item = check_array_indexer(self, item)
        codes = self.codes[item]
        if np.ndim(codes):
            return Coded(codes, self.distinct)
        return None if codes < 0 else self.distinct[codes]

    def __iter__(self):
        return iter(self._objects())

    def __setitem__(self, key, value) -> None:
        key = check_array_indexer(self, key)
        one = isinstance(value, str) or not np.iterable(value)
        added = Coded._from_sequence([value] if one else value)
        places, self.distinct = among(self.distinct, added.distinct, added.codes)
        codes = self.codes.astype(np.int64)
        codes[key] = places[0] if one else places
        self.codes = narrow(codes, len(self.distinct))

    def take(self, indices, *, allow_fill=False, fill_value=None):  # noqa: D102
        if allow_fill and not pd.isna(fill_value):
            filled = take(self._objects(), indices, allow_fill=True, fill_value=fill_value)
            return Coded._from_sequence(filled)
        return Coded(
            take(self.codes, np.asarray(indices), allow_fill=allow_fill, fill_value=-1), self.distinct
        )

    def copy(self):  # noqa: D102
        return Coded(self.codes.copy(), self.distinct)

    def isna(self) -> np.ndarray:  # noqa: D102
        return self.codes < 0

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        values = self._objects()
        return values if dtype in (None, object, np.dtype(object)) else values.astype(dtype)

    def astype(self, dtype, copy=True):  # noqa: D102
        if isinstance(dtype, CodedDtype):
            return self.copy() if copy else self
        if isinstance(dtype, ExtensionDtype):
            return pd.array(self._objects(), dtype=dtype)
        dtype = np.dtype(dtype)
        if dtype.kind == "f":
            codes, distinct = in_order(self)
            return chosen(np.append(distinct.astype(dtype), np.nan), codes)
        return np.asarray(self, dtype)

    def _objects(self) -> np.ndarray:
        return spread(self.codes, self.distinct)

    def used(self) -> np.ndarray:
        """Those of the distinct cells that stand in a row, in the order in which they first do."""
        return in_order(self)[1]

    def factorize(self, use_na_sentinel: bool = True):  # noqa: D102
        if not use_na_sentinel and (self.codes < 0).any():
            return pd.factorize(self._objects(), use_na_sentinel=False)
        codes, order = renumbered(self.codes, len(self.distinct))
        return codes.astype(np.intp), Coded(order, self.distinct)

    def unique(self):  # noqa: D102
        _, order = renumbered(self.codes, len(self.distinct))
        if (missing := np.flatnonzero(self.codes < 0)[:1]).size:
            order = np.insert(order, len(np.unique(self.codes[: missing[0]])), -1)
        return Coded(order, self.distinct)

    def duplicated(self, keep: Any = "first") -> np.ndarray:  # noqa: D102
        if counts_up(self.codes, len(self.distinct)):
            return np.zeros(len(self.codes), bool)
        rows = np.arange(len(self.codes))
        if keep is False:
            return np.bincount(self.codes + 1, minlength=len(self.distinct) + 1)[self.codes + 1] > 1
        kept = np.empty(len(self.distinct) + 1, np.int64)
        order = slice(None, None, -1) if keep == "first" else slice(None)
        kept[self.codes[order]] = rows[order]
        return kept[self.codes] != rows

    def value_counts(self, dropna: bool = True) -> pd.Series:  # noqa: D102
        codes, distinct = in_order(self)
        if not dropna and (codes < 0).any():
            return pd.Series(self._objects(), dtype=object).value_counts(dropna=False, sort=False)
        counts = np.bincount(codes[codes >= 0], minlength=len(distinct))
        return pd.Series(counts, index=pd.Index(distinct, dtype=object))

    def isin(self, values) -> np.ndarray:  # noqa: D102
        found = np.zeros(len(self.distinct) + 1, bool)
        if isinstance(values, Coded) and values.distinct is self.distinct:
            found[values.codes] = True
        else:
            values = _objects(values)
            found[:-1] = pd.Series(self.distinct, dtype=object).isin(values)
            found[-1] = pd.isna(values).any()
        return chosen(found, self.codes)

    def map(self, mapper, na_action=None):  # noqa: D102
        if (
            isinstance(mapper, pd.Series)
            and is_coded(mapper.index)
            and all_differ(mapper.index.array.codes, len(mapper.index.array.distinct))
        ):
            return self._by_rows_of(mapper)
        codes, distinct = in_order(self)
        asked = na_action is None and bool((codes < 0).any())
        values = pd.Series(np.append(distinct, NONE) if asked else distinct, dtype=object).map(mapper)
        if len(values) and values.dtype != object:
            filled = values if asked or not (codes < 0).any() else pd.concat([values, pd.Series([np.nan])])
            return chosen(filled.to_numpy(), codes)
        objects = values.to_numpy(dtype=object)
        return coded(np.where(codes < 0, len(distinct), codes) if asked else codes, objects)

    def _by_rows_of(self, mapper: pd.Series):
        """What stands in the row of another column that is named as each of these cells."""
        names, row = mapper.index.array, self.codes
        if names.distinct is not self.distinct or not counts_up(names.codes, len(self.distinct)):
            places, distinct = among(self.distinct, names.distinct, names.codes)
            rows = np.full(len(distinct) + 1, -1)
            rows[places], rows[-1] = np.arange(len(places)), -1
            row = chosen(narrow(rows, len(places)), self.codes)
        if is_coded(mapper):
            return Coded(taken(mapper.array.codes, row, -1), mapper.array.distinct)
        return taken(mapper.to_numpy(), row)

    def _compared(self, other, compare):
        if isinstance(other, (pd.Series, pd.Index, pd.DataFrame)):
            return NotImplemented
        if isinstance(other, str) or not np.iterable(other):
            alike = np.asarray(compare(pd.Series(self.distinct, dtype=object), other), bool)
            if compare is operator.eq and np.count_nonzero(alike) == 1:
                return self.codes == int(alike.argmax())
            return chosen(np.append(alike, compare is operator.ne), self.codes)
        if isinstance(other, Coded) and other.distinct is self.distinct and compare is operator.eq:
            return (self.codes == other.codes) & (self.codes >= 0)
        return compare(pd.Series(self._objects()), pd.Series(_objects(other))).to_numpy(bool)

    @classmethod
    def _create_comparison_method(cls, op):
        return lambda self, other: self._compared(other, op)

    def _values_for_argsort(self) -> np.ndarray:
        try:
            return chosen(kept(self.distinct, "ranks", ranks_of), self.codes)
        except TypeError:  # what stands in no row may be of another kind
            codes, distinct = in_order(self)
            return chosen(ranks_of(distinct), codes)

    def _reduce(self, name: str, *, skipna: bool = True, keepdims: bool = False, **kwargs):
        of = self.used() if name in ("min", "max", "any", "all") and skipna else self._objects()
        value = getattr(pd.Series(of, dtype=object), name)(skipna=skipna, **kwargs)
        return Coded._from_sequence([value]) if keepdims else value


Coded._add_comparison_ops()


def coded(codes: np.ndarray, values: np.ndarray) -> Coded:
    """The column whose rows hold values[code], None where -1; values may be equal, or missing."""
    places, distinct = pd.factorize(values)
    if len(distinct) < len(values):
        codes = chosen(narrow(np.append(places, -1), len(distinct)), codes)
    return Coded(codes, distinct)


def factorized(column: pd.Series | pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """`pandas.factorize`, the distinct cells as an array of objects, or of the column's numbers or dates."""
    return in_order(column.array) if is_coded(column) else pd.factorize(column.to_numpy())


def like(cells: pd.Series, codes: np.ndarray, values: np.ndarray) -> pd.Series:
    """A column of values[code], None where -1, with the rows of another: coded where that is, else of objects."""
    made = coded(codes, values) if is_coded(cells) else spread(codes, values)
    return pd.Series(made, index=cells.index, dtype=made.dtype, copy=False)


def is_coded(column) -> bool:
    """Whether it is a column, an index or an array of codes."""
    return isinstance(getattr(column, "dtype", None), CodedDtype)


def in_order(array: Coded) -> tuple[np.ndarray, np.ndarray]:
    """Codes and distinct cells as `pandas.factorize` gives them: those that stand in a row, as they first do."""
    codes, order = renumbered(array.codes, len(array.distinct))
    return codes, array.distinct if counts_up(order, len(array.distinct)) else array.distinct[order]


def _objects(values) -> np.ndarray:
    if isinstance(values, Coded):
        return values._objects()
    if isinstance(values, (np.ndarray, pd.Series, pd.Index, ExtensionArray)):
        return np.asarray(values, dtype=object)
    return pd.Series(list(values), dtype=object).to_numpy()
