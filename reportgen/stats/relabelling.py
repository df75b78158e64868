"""Every way to hand out the group labels again: the reference set of all permutation tests.

Patients with the same score are exchangeable, so a relabelling is a table (groups × distinct scores) with
the margins that were observed, and its probability is the multivariate hypergeometric one. This keeps
10⁶ patients with three events as easy as eight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LIMIT = 100_000
DRAWS = 99_999
SEED = 20181101
EFFORT = 2e8
CHUNK = 4_000_000


@dataclass(frozen=True)
class Relabellings:
    """Sums of the scores per group (relabellings × groups) and how probable each relabelling is.

    exact: they are all there are; otherwise they are a random sample and equally probable.
    """

    sums: np.ndarray
    probability: np.ndarray
    exact: bool

    def p_value(self, statistics: np.ndarray, observed: float) -> float:
        """Probability of a statistic at least as large; of a sample, with the observed one counted in.

        (1 + hits) / (1 + draws) keeps the size of the test and is never 0 (Phipson & Smyth 2010).
        """
        slack = 1e-9 * max(1.0, abs(observed))
        hits = statistics >= observed - slack
        if self.exact:
            return 1.0 if hits.all() else float(self.probability[hits].sum())
        return float((1 + hits.sum()) / (1 + len(hits)))


def relabel(scores: np.ndarray, group: np.ndarray, *, limit: int = LIMIT, seed: int = SEED) -> Relabellings:
    """All relabellings of `group` (integers 0 … k − 1) when no more than `limit` differ, else a sample."""
    distinct, which = np.unique(np.round(scores, 12), return_inverse=True)
    sizes, counts = np.bincount(group), np.bincount(which)
    every = tables(sizes, counts, limit)
    if every is not None:
        return Relabellings(every @ distinct, table_probability(every), exact=True)
    # Drawing a table costs its cells, shuffling the patients costs them; the name says how many were drawn.
    by_table, by_patient = 20 * len(sizes) * len(counts), len(scores)
    draws = int(np.clip(EFFORT / min(by_table, by_patient), 999, DRAWS))
    if by_table < by_patient:
        random = np.random.default_rng(seed)
        sums = sample_tables(sizes, counts, draws, random, lambda drawn: drawn @ distinct)
    else:
        sums = _shuffled_sums(tuple(scores.tolist()), tuple(sizes.tolist()), draws, seed)
    return Relabellings(sums, np.full(draws, 1 / draws), exact=False)


def tables(rows: np.ndarray, columns: np.ndarray, limit: int) -> np.ndarray | None:
    """Every table of counts with these margins (tables × rows × columns), or None if more than `limit`.

    Cells are filled one after another; each partial table can be completed, so that none is built in vain.
    """
    left = np.asarray(rows)[None, :]
    done = np.empty((1, 0, len(rows)), dtype=np.int32)
    for total in columns[:-1]:
        todo, column = np.full(len(left), total), np.empty((len(left), 0), dtype=np.int32)
        for row in range(len(rows) - 1):
            least = np.maximum(0, todo - left[:, row + 1 :].sum(axis=1))
            choices = np.minimum(left[:, row], todo) - least + 1
            if choices.sum() > limit:
                return None
            parent = np.repeat(np.arange(len(left)), choices)
            cell = least[parent] + np.arange(len(parent)) - np.repeat(np.cumsum(choices) - choices, choices)
            left, done, column = left[parent], done[parent], np.column_stack([column[parent], cell])
            todo = todo[parent] - cell
        column = np.column_stack([column, todo]).astype(np.int32)
        left, done = left - column, np.concatenate([done, column[:, None, :]], axis=1)
    return np.concatenate([done, left[:, None, :]], axis=1, dtype=np.int32).swapaxes(1, 2)


def log_weight(tables: np.ndarray) -> np.ndarray:
    """Logarithm of the probability of each table given its margins, up to one constant."""
    from scipy.special import gammaln

    return -gammaln(tables + 1.0).sum(axis=(1, 2))


def table_probability(tables: np.ndarray) -> np.ndarray:
    """Probability of each table among all with its margins; the tables must be all of them."""
    weight = log_weight(tables)
    weight = np.exp(weight - weight.max())
    return weight / weight.sum()


def sample_tables(
    rows: np.ndarray,
    columns: np.ndarray,
    draws: int,
    random: np.random.Generator,
    statistic: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """statistic (of tables × rows × columns, one result per table) of random tables with these margins."""
    chunk = max(1, CHUNK // (len(rows) * len(columns)))
    parts = [
        statistic(_random_tables(rows, columns, min(chunk, draws - first), random))
        for first in range(0, draws, chunk)
    ]
    return np.concatenate(parts)


def _random_tables(
    rows: np.ndarray, columns: np.ndarray, draws: int, random: np.random.Generator
) -> np.ndarray:
    """Tables drawn cell by cell, each hypergeometric given those before it (Patefield 1981)."""
    left = np.tile(np.asarray(rows, dtype=np.int64), (draws, 1))
    drawn = np.empty((draws, len(rows), len(columns)), dtype=np.int32)
    for j, total in enumerate(columns):
        todo, rest = np.full(draws, total), left.sum(axis=1)
        for row in range(len(rows) - 1):
            rest = rest - left[:, row]
            drawn[:, row, j] = random.hypergeometric(left[:, row], rest, todo)
            todo = todo - drawn[:, row, j]
        drawn[:, -1, j] = todo
        left -= drawn[:, :, j]
    return drawn


# A report that is made again with another cell changed asks the same again of most groups: a tenth of its time.
@lru_cache(maxsize=4)
def _shuffled_sums(scores: tuple[float, ...], sizes: tuple[int, ...], draws: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    counts = np.array(sizes, dtype=np.intp)
    starts = np.cumsum(counts) - counts
    chunk = max(1, CHUNK // len(scores))
    parts = [
        np.add.reduceat(
            random.permuted(np.tile(scores, (min(chunk, draws - first), 1)), axis=1), starts, axis=1
        )
        for first in range(0, draws, chunk)
    ]
    sums = np.concatenate(parts)
    sums.flags.writeable = False
    return sums
