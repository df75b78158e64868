"""The rows and columns that a regression model takes, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reportgen.base.message import Message, message
from reportgen.stats.events import rounded
from reportgen.stats.notes import Note, not_estimable
from reportgen.stats.results import Estimate

# The exponential of more than this is no number.
LARGEST = 700.0
# Of more rows than these what is asked of the columns is asked of the kinds of rows, where they are few.
MANY, FEW_KINDS = 100_000, 5_000


@dataclass(frozen=True)
class Design:
    """Complete rows only. names: p covariates; x: n × p; scale: p, the standard deviation of each column
    (1 where it does not vary); duration, status, entry and cluster: n (entry and cluster may be None)."""

    names: tuple[str, ...]
    x: np.ndarray
    scale: np.ndarray
    duration: np.ndarray
    status: np.ndarray
    entry: np.ndarray | None = None
    cluster: np.ndarray | None = None

    @property
    def standardised(self) -> np.ndarray:
        """x centred and divided by scale, so that units do not decide whether an iteration converges."""
        return self.standard(self.x)

    def standard(self, x: np.ndarray) -> np.ndarray:
        """Rows of x, or kinds of them, centred and divided by scale."""
        return (x - self._mean) / self.scale

    @cached_property
    def _mean(self) -> np.ndarray:
        return self.x.mean(axis=0)

    @cached_property
    def kinds(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Of each row the number of its kind, rows of one kind being equal in x, and of each kind a row that is of it;
        None where two kinds can't be told apart."""
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
    scale = x.std(axis=0) if len(x) else np.ones(x.shape[1])
    varies = scale > 1e-12 * np.maximum(1.0, np.abs(x).max(axis=0)) if len(x) else np.zeros(len(scale), bool)
    return Design(
        names=tuple(covariates),
        x=x,
        scale=np.where(varies, scale, 1.0),
        duration=time,
        status=event.astype(float),
        entry=begin,
        cluster=of,
    )


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
    if np.linalg.matrix_rank(triangle, tol=1e-8 * np.sqrt(len(data.x))) < len(data.names):
        return message("the covariates are collinear", "collinear")
    return None


def _rows_or_kinds(data: Design) -> tuple[np.ndarray, np.ndarray]:
    """The standardised rows and 1; of very many the kinds of them, and the roots of how many there are of each."""
    if len(data.x) <= MANY or data.kinds is None or len(data.kinds[1]) > FEW_KINDS:
        return data.standardised, np.ones(1)
    kind, one_of = data.kinds
    return data.standard(data.x[one_of]), np.sqrt(np.bincount(kind))[:, None]


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
