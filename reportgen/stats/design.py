"""The rows and columns that a regression model takes, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from reportgen.base.message import Message, message
from reportgen.stats.events import rounded
from reportgen.stats.notes import Note, not_estimable
from reportgen.stats.results import Estimate
from reportgen.stats.whole_days import whole_days

# The exponential of more than this is no number.
LARGEST = 700.0
# Of more rows than these what is asked of the columns is asked of the kinds of rows, where they are few.
MANY, FEW_KINDS = 100_000, 5_000
# Of event times by kinds of rows: with more, to count costs more than to go through the rows.
CELLS_PER_ROW = 4
AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Design:
    """Complete rows only. names: p covariates; x: n × p; scale: p, the standard deviation of each column
    (1 where it does not vary); duration, status, entry and cluster: n (entry and cluster may be None). many: n, how
    many patients each row stands for, of equal times, status and covariates, by ascending time, and kind: n, rows of
    one kind being equal in x; None where each row is a patient."""

    names: tuple[str, ...]
    x: np.ndarray
    scale: np.ndarray
    duration: np.ndarray
    status: np.ndarray
    entry: np.ndarray | None = None
    cluster: np.ndarray | None = None
    many: np.ndarray | None = None
    kind: np.ndarray | None = None

    @cached_property
    def patients(self) -> int:
        """How many the rows are of; without `many`, how many rows."""
        return len(self.status) if self.many is None else int(self.many.sum())

    @cached_property
    def events(self) -> int:
        """How many patients have the event."""
        return int(self.status.sum() if self.many is None else self.status @ self.many)

    def of_patients(self) -> Design:
        """The same with a row for each patient."""
        if self.many is None:
            return self
        rows = np.repeat(np.arange(len(self.x)), self.many.astype(int))
        return replace(self, x=self.x[rows], duration=self.duration[rows], status=self.status[rows], many=None,
                       kind=None)  # fmt: skip

    @property
    def standardised(self) -> np.ndarray:
        """x centred and divided by scale, so that units do not decide whether an iteration converges."""
        return self.standard(self.x)

    def standard(self, x: np.ndarray) -> np.ndarray:
        """Rows of x, or kinds of them, centred and divided by scale."""
        return (x - self._mean) / self.scale

    @cached_property
    def _mean(self) -> np.ndarray:
        return self.x.mean(axis=0) if self.many is None else self.many @ self.x / self.patients

    @cached_property
    def kinds(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Of each row the number of its kind, rows of one kind being equal in x, and of each kind a row that is of it;
        None where two kinds can't be told apart."""
        if self.kind is not None:
            return self.kind, np.unique(self.kind, return_index=True)[1]
        from pandas import factorize

        # One number per row; should two kinds share one, the comparison below finds them.
        kind, distinct = factorize(self.x @ np.sqrt(np.arange(2.0, 2 + self.x.shape[1])))
        one_of = np.empty(len(distinct), int)
        one_of[kind] = np.arange(len(kind))
        return (kind, one_of) if np.array_equal(self.x[one_of][kind], self.x) else None


def design(
    duration: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    covariates: Mapping[str, Sequence[float] | np.ndarray],
    *,
    entry: Sequence[float] | np.ndarray | None = None,
    cluster: Sequence | None = None,
) -> Design:
    """Rows without any missing covariate, checked; times rounded as those of an EventTable, so that ties are the same.

    Raises ValueError for lengths that differ, durations that are not finite, negative, or not after
    their entry, a status that is not 0 or 1, or no covariate.
    """
    if not covariates:
        raise ValueError("a model needs at least one covariate")
    columns = [np.asarray(column, dtype=float) for column in covariates.values()]
    time, event = rounded(duration), np.asarray(status)
    begin = None if entry is None else rounded(entry)
    of = None if cluster is None else np.asarray(cluster)
    lengths = {len(part) for part in (time, event, begin, of, *columns) if part is not None}
    if len(lengths) != 1:
        raise ValueError(f"all columns must have one length, but had {sorted(lengths)}")
    if not np.isfinite(time).all() or (begin is None and (time < 0).any()):
        raise ValueError("durations must be finite and not negative")
    if begin is not None and not (begin < time).all():
        raise ValueError("each row must enter before it ends")
    if not ((event == 0) | (event == 1)).all():
        raise ValueError("status must be 0 or 1")
    whole = np.logical_and.reduce([np.isfinite(column) for column in columns])
    x = np.column_stack(columns)
    if not whole.all():
        x, time, event = x[whole], time[whole], event[whole]
        begin, of = None if begin is None else begin[whole], None if of is None else of[whole]
    return Design(
        names=tuple(covariates),
        x=x,
        scale=scale_of(x, x.std(axis=0)) if len(x) else np.ones(x.shape[1]),
        duration=time,
        status=event.astype(float),
        entry=begin,
        cluster=of,
    )


def counted_design(
    names: Sequence[str], duration: np.ndarray, cause: np.ndarray, kind: np.ndarray, x: np.ndarray
) -> tuple[Design, np.ndarray] | None:
    """Very many patients, counted: the rows of those who are alike, and the cause of each row.

    duration, cause: n, days and 0, 1 (the event) or 2; kind: n, whose covariates a patient has, -1 where they are not
    known; x: kinds × p. None where the patients are not many, their times no whole days, or nothing would be won.
    """
    days = whole_days(duration) if len(duration) > MANY else None
    if days is None or not len(x):
        return None
    kinds, most = len(x), int(days.max()) + 1
    cells, enough = 3 * most * kinds, CELLS_PER_ROW * int(np.count_nonzero(kind >= 0))
    if kinds * (most + 1) > enough and kinds * (_times(days, cause) + 1) > enough:
        return None
    there, count = _counted(days, cause, kind, cells)
    line, mine = np.divmod(there, kinds)
    used, mine = np.unique(mine, return_inverse=True)
    event, own = line % 3, x[used]
    many = count.astype(float)
    each = np.bincount(mine, many)
    spread = np.sqrt(each @ (own - each @ own / many.sum()) ** 2 / many.sum())
    data = Design(tuple(names), own[mine], scale_of(own, spread), (line // 3).astype(float),
                  (event == 1).astype(float), many=many, kind=mine)  # fmt: skip
    return data, event


def _times(days: np.ndarray, cause: np.ndarray) -> int:
    """On how many days somebody has the event."""
    return int(np.count_nonzero(np.bincount(days[cause == 1])))


def _counted(
    days: np.ndarray, cause: np.ndarray, kind: np.ndarray, cells: int
) -> tuple[np.ndarray, np.ndarray]:
    """The cells of days by causes by kinds in which somebody is, and how many."""
    kinds, dense = cells // (3 * (int(days.max()) + 1)), cells <= len(days)
    count, there = np.zeros(cells if dense else 0, np.int64), []
    for start in range(0, len(days), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        known = kind[part] >= 0
        cell = (days[part].astype(np.int64) * 3 + cause[part]) * kinds + kind[part]
        cell = cell if known.all() else cell[known]
        if dense:
            count += np.bincount(cell, minlength=cells)
        else:
            there.append(cell)
    if not dense:
        return np.unique(np.concatenate(there), return_counts=True)
    found = np.flatnonzero(count)
    return found, count[found]


def scale_of(x: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """By what each column of x is divided: its standard deviation, 1 where it does not vary."""
    varies = spread > 1e-12 * np.maximum(1.0, np.abs(x).max(axis=0))
    return np.where(varies, spread, 1.0)


def design_fault(data: Design) -> Message | None:
    """Why no model can be fitted, or None: no events, a constant column, collinear columns."""
    if len(data.status) == 0:
        return message("no patient has all covariates", "no_patients")
    if not data.status.any():
        return message("no events", "no_events")
    columns, root = _rows_or_kinds(data)
    constant = [name for name, column in zip(data.names, columns.T, strict=True) if np.ptp(column) < 1e-9]
    if constant:
        return message("{a} does not vary", "no_variation", a=constant[0])
    triangle = np.linalg.qr(columns * root, mode="r")
    if np.linalg.matrix_rank(triangle, tol=1e-8 * np.sqrt(data.patients)) < len(data.names):
        return message("the covariates are collinear", "collinear")
    return None


def _rows_or_kinds(data: Design) -> tuple[np.ndarray, np.ndarray]:
    """The standardised rows and 1; of very many the kinds of them, and the roots of how many there are of each."""
    if data.patients <= MANY or data.kinds is None or len(data.kinds[1]) > FEW_KINDS:
        return data.standardised, np.ones(1) if data.many is None else np.sqrt(data.many)[:, None]
    kind, one_of = data.kinds
    return data.standard(data.x[one_of]), np.sqrt(np.bincount(kind, data.many))[:, None]


def ratio_estimate(
    statistic: str, name: str, logarithms: tuple[float, float, float, float], **facts
) -> Estimate:
    """A ratio from (log value, low, high, standard error); nan in a limit: no limit on that side, noted."""
    value, low, high, se = logarithms
    if max(abs(x) for x in (value, low, high) if not np.isnan(x)) > LARGEST:
        reason = message(
            "one unit of {a} is far beyond its range; a smaller unit is needed", "unit_too_large", a=name
        )
        return Estimate(statistic, variable=name, note=not_estimable(reason), **facts)
    note = message("no profile limit on one side", "no_limit") if np.isnan([low, high]).any() else ""
    return Estimate(
        statistic,
        variable=name,
        value=np.exp(value),
        low=np.exp(low),
        high=np.exp(high),
        se=se,
        note=note,
        **facts,
    )


def no_ratios(
    names: Sequence[str], ratio: str, note: Note, methods: tuple[str, str], facts: Mapping
) -> tuple[Estimate, ...]:
    """Ratio and p-value of each covariate, both without a value and with the reason."""
    return tuple(
        Estimate(statistic, variable=name, method=method, note=note, **facts)
        for name in names
        for statistic, method in zip((ratio, "p_value"), methods, strict=True)
    )
