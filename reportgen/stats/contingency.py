"""Groups against categories: exact tests of a table of counts, and the odds ratio."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.notes import grouped, not_estimable, percent
from reportgen.stats.relabelling import DRAWS, SEED, log_weight, sample_tables, table_probability, tables
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
    name = (
        message("Fisher’s exact test", "fisher")
        if two_by_two
        else message("Fisher–Freeman–Halton exact test", "freeman_halton")
    )
    if len(counts) < 2:
        return Test(
            name,
            None,
            None,
            None,
            not_estimable(message("fewer than two groups with patients", "too_few_groups")),
        )
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] == 1:
        return Test(name, None, None, 1.0, message("all patients in one category", "one_category"), 1.0)
    if counts.shape == (2, 2):
        p, smallest = _two_by_two(counts)
        return Test(name, None, None, p, smallest_p=smallest)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    observed = log_weight(counts[None])[0]
    every = tables(rows, columns, limit)
    if every is None:
        drawn = sample_tables(rows, columns, DRAWS, np.random.default_rng(seed), log_weight)
        p = (1 + (drawn <= observed + np.log(SAME)).sum()) / (1 + DRAWS)
        return Test(
            message(
                "Fisher–Freeman–Halton test (Monte Carlo, {n} tables)",
                "freeman_halton_sampled",
                n=grouped(DRAWS),
            ),
            None,
            None,
            float(p),
        )
    weight, probability = log_weight(every), table_probability(every)
    p = probability[weight <= observed + np.log(SAME)].sum()
    smallest = probability[weight <= weight.min() + np.log(SAME)].sum()
    return Test(name, None, None, min(1.0, float(p)), smallest_p=float(smallest))


def odds_ratio(table: Sequence[Sequence[int]], *, level: float = 0.95) -> Estimate:
    """Conditional maximum-likelihood odds ratio of a 2×2 table [[a, b], [c, d]], with its exact interval.

    Both come from Fisher's noncentral hypergeometric distribution; each limit has a tail of α/2
    (Cornfield 1956; R fisher.test, whose own limits are exact to some per cent only). events is a + c,
    n the whole table. A zero cell makes the value 0, or infinite: then it is None with a note, and the
    one limit that exists stands. An empty row or column: nothing, noted.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, but was {level!r}")
    counts = _two_groups(table)
    method = joined(
        [
            message("conditional maximum likelihood", "conditional_likelihood"),
            message("exact {n}% CI", n=percent(level)),
        ]
    )
    facts = {"level": level, "n": int(counts.sum()), "events": int(counts[:, 0].sum()), "method": method}
    if (counts.sum(axis=1) == 0).any():
        return Estimate(
            "odds_ratio", note=not_estimable(message("a group without patients", "no_patients")), **facts
        )
    if (counts.sum(axis=0) == 0).any():
        return Estimate(
            "odds_ratio", note=not_estimable(message("all patients in one category", "one_category")), **facts
        )
    value, low, high = _conditional(counts, (1 - level) / 2)
    note = (
        ""
        if np.isfinite(value)
        else not_estimable(message("infinite, as a cell of the table is empty", "empty_cell"))
    )
    return Estimate("odds_ratio", value=value, low=low, high=high, note=note, **facts)


def _conditional(counts: np.ndarray, tail: float) -> tuple[float, float, float]:
    """Odds ratio and limits: at the ratio ψ the first cell is x with probability ∝ C(r, x) C(s, c − x) ψˣ.

    ψ is where the mean of that distribution is the cell observed; the limits are where the cell, or one
    farther out, has the probability of the tail.
    """
    observed = counts[0, 0]
    first, log_probability = _first_cell(counts)

    def probability(log_ratio: float) -> np.ndarray:
        weight = log_probability + log_ratio * (first - observed)
        weight = np.exp(weight - weight.max())
        return weight / weight.sum()

    lowest, highest = observed == first[0], observed == first[-1]
    value, low, high = 0.0 if lowest else np.inf, 0.0, np.inf
    if not (lowest or highest):
        value = _crossing(lambda t: float(probability(t) @ first) - observed)
    if not lowest:
        low = _crossing(lambda t: float(probability(t)[first >= observed].sum()) - tail)
    if not highest:
        high = _crossing(lambda t: tail - float(probability(t)[first <= observed].sum()))
    return value, low, high


def _crossing(rising: Callable[[float], float]) -> float:
    """The ratio at whose logarithm a rising function is 0."""
    from scipy.optimize import brentq

    reach = 1.0
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 2
    return float(np.exp(brentq(rising, -reach, reach, xtol=1e-13, rtol=1e-13)))


def _two_by_two(counts: np.ndarray) -> tuple[float, float]:
    """(p, smallest p) from the hypergeometric distribution of the first cell."""
    first, weight = _first_cell(counts)
    probability = np.exp(weight)
    probability /= probability.sum()
    observed = probability[counts[0, 0] - first[0]]
    p = probability[probability <= observed * SAME].sum()
    smallest = probability[probability <= probability.min() * SAME].sum()
    return min(1.0, float(p)), min(1.0, float(smallest))


def _first_cell(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every value that the first cell can have with these margins, and the logarithm of its probability
    (hypergeometric, up to a constant; the largest is 0)."""
    from scipy.special import gammaln

    (row, other), column = counts.sum(axis=1), counts[:, 0].sum()
    first = np.arange(max(0, column - other), min(row, column) + 1)
    cells = np.stack([first, row - first, column - first, other - column + first])
    weight = -gammaln(cells + 1.0).sum(axis=0)
    return first, weight - weight.max()


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
