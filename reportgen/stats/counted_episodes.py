"""The episodes of very many patients, counted, of a feature that becomes known during follow-up.

Cox's likelihood asks of a kind of row no more than how many are at risk and how many have the event at each time. So
which entry goes with which exit is no matter: the first entry is given the first exit, the second the second, and of
millions of rows some thousands are left that differ. Every entry stays before its exit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.stats.design import AT_ONCE, CELLS_PER_ROW, MANY, Design, scale_of
from reportgen.stats.events import DECIMALS
from reportgen.stats.whole_days import whole_days


def counted_episodes(
    name: str,
    duration: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    known_at: Sequence[float] | np.ndarray,
) -> tuple[Design, int] | None:
    """What `timedependent.episodes` makes of the patients as a design, counted, and how many patients they are.

    None where the patients are not many, their days not whole, or nothing would be won.
    """
    days = whole_days(np.asarray(duration, dtype=float)) if len(duration) > MANY else None
    known = np.asarray(known_at, dtype=float)
    if days is None or not _are_whole(known, int(days.max())):
        return None
    happened, start = np.asarray(status) == 1, -1 if (days == 0).any() else 0
    places = _place(int(days.max())) + 1
    entries, ends = np.zeros(places, np.int64), np.zeros((2, places, 2), np.int64)
    columns: list[np.ndarray] = []
    for begin in range(0, len(days), AT_ONCE):
        part = slice(begin, begin + AT_ONCE)
        end = _place(days[part].astype(np.int64))
        at = _place(
            np.where(np.isfinite(known[part]), known[part], np.inf).clip(-2, days[part] + 1.0)
        ).astype(int)
        at[at == end] -= 1
        first = at <= _place(start)
        cut = ~first & (at < end)
        entries += np.bincount(at[cut], minlength=places)
        entries[_place(start)] += np.count_nonzero(first)
        for own, rows in ((1, first | cut), (0, ~(first | cut))):
            ends[own] += np.bincount(2 * end[rows] + happened[part][rows], minlength=2 * places).reshape(
                -1, 2
            )
        ends[0, :, 0] += np.bincount(at[cut], minlength=places)  # the rows before it was known
        columns.append(_in_order(first, cut))
    if 2 * (np.count_nonzero(ends[:, :, 1].sum(axis=0)) + 1) > CELLS_PER_ROW * ends.sum():
        return None
    column = np.concatenate(columns)
    columns.clear()
    return _design(name, column, _place(start), entries, ends), len(days)


def _place(day):
    """Where a day stands: at every second place, so that what is known on the day of the end, which is taken to be a
    little earlier, has one, too."""
    return 2 * day + 2


def _day(places: np.ndarray) -> np.ndarray:
    return np.where(places % 2 == 0, places // 2 - 1.0, places // 2 - 10.0**-DECIMALS)


def _are_whole(known: np.ndarray, last: int) -> bool:
    """Whether every day on which it became known, up to the last day of all, is a whole number."""
    return all(
        bool((np.isnan(part) | (part > last) | (part == np.floor(part))).all())
        for part in np.array_split(known, len(known) // AT_ONCE + 1)
    )


def _in_order(first: np.ndarray, cut: np.ndarray) -> np.ndarray:
    """(rows,) whether it is known in each row of these patients, one after the other, those who are cut in two."""
    rows = 1 + cut
    found = np.repeat(first, rows)
    found[np.cumsum(rows)[cut] - 1] = True
    return found


def _design(name: str, column: np.ndarray, start: int, entries: np.ndarray, ends: np.ndarray) -> Design:
    """column: (rows,) whether it is known, in order, which decides the scale to the last digit. entries: (places,) of
    the rows with it; ends: whether it is known × places × status. Rows without it begin at the start."""
    x = np.column_stack([column.astype(float)])
    scale, first = scale_of(x, x.std(axis=0)), int(column[0])
    del x, column
    without = np.zeros_like(entries)
    without[start] = ends[0].sum()
    found = [
        (*_paired(came, gone.ravel()), own)
        for own, came, gone in ((1, entries, ends[1]), (0, without, ends[0]))
    ]
    entry, end, many = (np.concatenate([rows[k] for rows in found]) for k in range(3))
    value = np.concatenate([np.full(len(rows[0]), rows[3]) for rows in found])
    # The kind of the first row is the first, as where rows are told apart.
    kind = (
        (value != first).astype(int) if len(found[0][0]) and len(found[1][0]) else np.zeros(len(value), int)
    )
    return Design((name,), value[:, None].astype(float), scale, _day(end // 2), (end % 2).astype(float), _day(entry),
                  many=many.astype(float), kind=kind)  # fmt: skip


def _paired(came: np.ndarray, gone: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first who came with the first who went, and so on: the place of entry and that of exit and status of the
    rows that differ, and how many there are of each. came, gone: how many at each place; as many in all."""
    came, gone = np.cumsum(came), np.cumsum(gone)
    edges = np.union1d(came, gone)
    edges = edges[edges > 0]
    last, many = edges - 1, np.diff(edges, prepend=0)
    return np.searchsorted(came, last, side="right"), np.searchsorted(gone, last, side="right"), many
