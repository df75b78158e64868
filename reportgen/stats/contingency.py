"""Groups against categories: exact tests of a table of counts, and the odds ratio."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.stats.relabelling import (
    DRAWS,
    SEED,
    log_weight,
    sample_tables,
    table_probability,
    tables,
)
from reportgen.stats.results import Estimate
from reportgen.stats.testing import Test

# R, too, calls two tables equally probable within this relative distance.
SAME = 1 + 1e-7
TABLES = 200_000


def fisher(table: Sequence[Sequence[int]], *, limit: int = TABLES, seed: int = SEED) -> Test:
    """Fisher's exact test; for more than two rows or columns that of Freeman and Halton (1951).

    p is the probability, given both margins, of all tables that are no more probable than the observed
    one (minimum likelihood; R fisher.test). Beyond `limit` tables with these margins 99,999 are drawn
    with the seed, p = (1 + hits) / (1 + draws), and the name says so. Empty rows and columns are dropped.
    smallest_p is the smallest p that these margins can give; it is 1 when all patients are in one column.
    No patient, or fewer than two rows that hold any: no p, noted.
    """
    counts = _counts(table)
    counts = counts[counts.sum(axis=1) > 0]
    two_by_two = len(table) == len(table[0]) == 2
    name = "Fisher’s exact test" if two_by_two else "Fisher–Freeman–Halton exact test"
    if len(counts) < 2:
        return Test(name, None, None, None, "NE: fewer than two groups with patients")
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] == 1:
        return Test(name, None, None, 1.0, "all patients in one category", 1.0)
    if counts.shape == (2, 2):
        p, smallest = _two_by_two(counts)
        return Test(name, None, None, p, smallest_p=smallest)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    observed = log_weight(counts[None])[0]
    every = tables(rows, columns, limit)
    if every is None:
        drawn = sample_tables(rows, columns, DRAWS, np.random.default_rng(seed), log_weight)
        p = (1 + (drawn <= observed + np.log(SAME)).sum()) / (1 + DRAWS)
        return Test(f"Fisher–Freeman–Halton test (Monte Carlo, {DRAWS:,} tables)", None, None, float(p))
    weight, probability = log_weight(every), table_probability(every)
    p = probability[weight <= observed + np.log(SAME)].sum()
    smallest = probability[weight <= weight.min() + np.log(SAME)].sum()
    return Test(name, None, None, min(1.0, float(p)), smallest_p=float(smallest))


def boschloo(table: Sequence[Sequence[int]]) -> Test:
    """Boschloo's exact unconditional test of a 2×2 table, groups in rows (Boschloo 1970).

    Fisher's two-sided p is the statistic, maximised over the common proportion; more powerful than
    Fisher's test and still exact (R Exact::exact.test(method = "boschloo")). An empty group, or all
    patients in one category: as in `fisher`.
    """
    from scipy.stats import boschloo_exact

    name = "Boschloo’s exact test"
    counts = _two_groups(table)
    if (counts.sum(axis=1) == 0).any():
        return Test(name, None, None, None, "NE: fewer than two groups with patients")
    if (counts.sum(axis=0) == 0).any():
        return Test(name, None, None, 1.0, "all patients in one category", None)
    # scipy takes the groups from the columns.
    return Test(name, None, None, min(1.0, float(boschloo_exact(counts.T).pvalue)))


def odds_ratio(table: Sequence[Sequence[int]], *, level: float = 0.95) -> Estimate:
    """Conditional maximum-likelihood odds ratio of a 2×2 table [[a, b], [c, d]], with its exact interval.

    Both come from Fisher's noncentral hypergeometric distribution; each limit has a tail of α/2
    (Cornfield 1956; R fisher.test, whose own limits are exact to some per cent only). events is a + c,
    n the whole table. A zero cell makes the value 0, or infinite: then it is None with a note, and the
    one limit that exists stands. An empty row or column: nothing, noted.
    """
    from scipy.stats.contingency import odds_ratio as conditional

    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, but was {level!r}")
    counts = _two_groups(table)
    facts = {"level": level, "n": int(counts.sum()), "events": int(counts[:, 0].sum()),
             "method": f"conditional maximum likelihood; exact {100 * level:.4g}% CI"}  # fmt: skip
    if (counts.sum(axis=1) == 0).any():
        return Estimate("odds_ratio", note="NE: a group without patients", **facts)
    if (counts.sum(axis=0) == 0).any():
        return Estimate("odds_ratio", note="NE: all patients in one category", **facts)
    answer = conditional(counts, kind="conditional")
    interval = answer.confidence_interval(level)
    note = "" if np.isfinite(answer.statistic) else "NE: infinite, as a cell of the table is empty"
    return Estimate(
        "odds_ratio", value=answer.statistic, low=interval.low, high=interval.high, note=note, **facts
    )


def _two_by_two(counts: np.ndarray) -> tuple[float, float]:
    """(p, smallest p) from the hypergeometric distribution of the first cell."""
    from scipy.special import gammaln

    (row, other), column = counts.sum(axis=1), counts[:, 0].sum()
    first = np.arange(max(0, column - other), min(row, column) + 1)
    cells = np.stack([first, row - first, column - first, other - column + first])
    weight = -gammaln(cells + 1.0).sum(axis=0)
    probability = np.exp(weight - weight.max())
    probability /= probability.sum()
    observed = probability[counts[0, 0] - first[0]]
    p = probability[probability <= observed * SAME].sum()
    smallest = probability[probability <= probability.min() * SAME].sum()
    return min(1.0, float(p)), min(1.0, float(smallest))


def _counts(table: Sequence[Sequence[int]]) -> np.ndarray:
    counts = np.asarray(table)
    if counts.ndim != 2 or 0 in counts.shape:
        raise ValueError(f"a table must have rows and columns, but its shape was {counts.shape}")
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError(f"a table must hold counts, but was {counts.tolist()}")
    return counts.astype(np.int64)


def _two_groups(table: Sequence[Sequence[int]]) -> np.ndarray:
    counts = _counts(table)
    if counts.shape != (2, 2):
        raise ValueError(f"the table must be 2×2, but was {counts.shape[0]}×{counts.shape[1]}")
    return counts
