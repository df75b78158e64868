"""Codes that say which of some distinct cells stands in each row of a column, and what is known of those cells."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from pandas.api.extensions import take

from reportgen.base import aside

T = TypeVar("T")
# Rows that are looked at together.
PART = 1_000_000
MOST_PARTS = 16
FIRST_LOOK = 50_000
_KEPT: dict[int, dict[str, Any]] = {}


def narrow(codes: np.ndarray, many: int) -> np.ndarray:
    """The codes in as few bytes as hold so many distinct cells, and -1."""
    kind = next(kind for kind in (np.int8, np.int16, np.int32, np.int64) if many <= np.iinfo(kind).max)
    return codes.astype(kind, copy=False)


def spread(codes: np.ndarray, distinct: np.ndarray) -> np.ndarray:
    """(rows,) the cells themselves, None where -1."""
    cells = np.empty(len(distinct) + 1, dtype=object)
    cells[:-1] = distinct
    return chosen(cells, codes)


def chosen(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """values[places], in parts: numpy makes places of fewer than eight bytes wide, all of them, before it looks."""
    if few(len(places)):
        return values[places]
    found = np.empty(len(places), values.dtype)
    for part in slices(len(places)):
        found[part] = values[places[part]]
    return found


def among(distinct: np.ndarray, other: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The codes of another column's cells among these distinct cells and those that it adds; and these all."""
    if other is distinct:
        return codes, distinct
    places = pd.Index(distinct, dtype=object).get_indexer(pd.Index(other, dtype=object))
    new = places < 0
    places[new] = len(distinct) + np.arange(new.sum())
    more = np.concatenate([distinct, other[new]]) if new.any() else distinct
    return chosen(narrow(np.append(places, -1), len(more)), codes), more


def taken(values: np.ndarray, places: np.ndarray, missing: Any = None) -> np.ndarray:
    """values[places], in parts; missing (nan where it is None) where a place is -1."""
    nothing = take(values, [-1] if (places < 0).any() else [], allow_fill=True, fill_value=missing)
    found = np.empty(len(places), nothing.dtype)
    for part in slices(len(places)):
        found[part] = take(values, places[part], allow_fill=True, fill_value=missing)
    return found


def rows_where(rows: int, test: Callable[[slice], np.ndarray]) -> np.ndarray:
    """(rows,) whether a test holds of each row, which is asked of some of them at a time."""
    found = np.empty(rows, bool)
    for part in slices(rows):
        found[part] = test(part)
    return found


def all_differ(codes: np.ndarray, many: int) -> bool:
    """Whether no cell stands in two rows, nor none in two. many: distinct cells."""
    if counts_up(codes, many):
        return True
    found = np.zeros(many + 1, bool)
    found[codes] = True
    return int(np.count_nonzero(found)) == len(codes)


def kept(distinct: np.ndarray, name: str, make: Callable[[np.ndarray], T]) -> T:
    """What make gives of the distinct cells of a column, made once for as long as any column has them."""
    notes = _KEPT.get(id(distinct))
    if notes is None:
        notes = _KEPT[id(distinct)] = {}
        weakref.finalize(distinct, _KEPT.pop, id(distinct), None).atexit = False
    if name not in notes:
        notes[name] = make(distinct)
    return notes[name]


def forget(name: str) -> None:
    """Nobody asks any more what was kept by this name; whoever does has it made again."""
    for notes in _KEPT.values():
        notes.pop(name, None)


def ranks_of(distinct: np.ndarray) -> np.ndarray:
    """(distinct + 1,) where each of them stands in their order; -1 at the end, for what is missing."""
    ranks = np.full(len(distinct) + 1, -1)
    ranks[np.argsort(distinct, kind="stable")] = np.arange(len(distinct))
    return ranks


def rising(numbers: np.ndarray) -> bool:
    """Whether each is larger than the one before."""
    return bool((numbers[1:] > numbers[:-1]).all())


def counts_up(codes: np.ndarray, many: int) -> bool:
    """Whether they are 0, 1, 2 … up to many: each cell stands in the row of its own number."""
    return len(codes) == many > 0 and codes[0] == 0 and codes[-1] == many - 1 and rising(codes)


def slices(rows: int) -> Iterator[slice]:
    """So many rows, in parts, in order: for what takes more memory while it is computed than what comes of it. There
    are MOST_PARTS at most, for to each of them something may be done that goes through all patients. Where they are
    larger for that, what was looked at goes before the next one."""
    size = max(PART, -(-rows // MOST_PARTS))
    for start in range(0, rows, size):
        if size > PART:
            aside.rest()
        yield slice(start, start + size)


def few(rows: int) -> bool:
    """Whether they are looked at together anyway."""
    return rows <= PART


def parted(numbers: Callable[[slice], np.ndarray], many: int) -> Iterator[np.ndarray]:
    """The rows in parts, as positions in order, rows of one number (≥ 0) in one part: what is asked of equal rows can
    be asked part by part, and takes no more memory where there are more of them. numbers: those of some rows, of so
    many in all."""
    parts = min(1 + many // PART, np.iinfo(np.int8).max)
    part = np.empty(many, np.int8)
    for start in range(0, many, PART):
        part[start : start + PART] = numbers(slice(start, start + PART)) % parts
    for k in range(parts):
        yield np.flatnonzero(part == k)


def renumbered(codes: np.ndarray, many: int) -> tuple[np.ndarray, np.ndarray]:
    """The codes, from 0 on as they first stand in a row, and which of the distinct cells each of them is.

    In as few bytes as hold them; they may be those that were given, and nobody changes them.
    """
    if counts_up(codes, many):
        return codes, np.arange(many)
    first, start, rows = np.full(many + 1, len(codes)), 0, FIRST_LOOK
    # Of few words none is new after the first rows.
    while start < len(codes) and (first[:-1] == len(codes)).any():
        part = codes[start : start + rows]
        new = np.flatnonzero(first[part] == len(codes))
        first[part[new[::-1]]] = start + new[::-1]
        start, rows = start + rows, PART
    first = first[:-1]
    if many and first[-1] < len(codes) and rising(first):
        return codes, np.arange(many)
    order = np.argsort(first, kind="stable")[: int((first < len(codes)).sum())]
    places = np.full(many + 1, -1)
    places[order] = np.arange(len(order))
    return chosen(narrow(places, many), codes), order
