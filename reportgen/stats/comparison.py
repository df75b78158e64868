"""Two or more groups compared without assuming a distribution: exact log-rank, Mann–Whitney.

Groups stand in the order of their sorted labels, as in R's factor().
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.message import Message, message
from reportgen.stats.events import rounded
from reportgen.stats.notes import grouped, not_estimable
from reportgen.stats.relabelling import LIMIT, SEED, Relabellings, relabel
from reportgen.stats.testing import Test

EXACT_GROUP = 50
# More values than these are counted, and not put in order.
MANY = 100_000
EQUAL_CENSORING = message("assumes that patients of all groups are censored alike", "equal_censoring")


def permutation_logrank(
    duration: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    group: Sequence | np.ndarray,
    *,
    limit: int = LIMIT,
    seed: int = SEED,
) -> Test:
    """Exact log-rank test: how often does a relabelling of the patients set the groups so far apart?

    Each patient's score is event − H(t), H the Nelson–Aalen estimate of all patients together; a group's
    sum of scores is its observed minus expected events, U. Two groups: |U| is the statistic that is
    compared and U of the first group is reported. More groups: Σ U²/size, reported divided by the
    variance of the scores, which orders two groups as |U| does.
    All relabellings are enumerated as long as no more than `limit` differ (patients with equal scores are
    exchangeable); beyond, some 10⁵ are drawn with the seed. Tied times share one risk set, an event
    precedes a censoring at the same time (R coin::logrank_test(ties.method = "mid-ranks",
    distribution = "exact")). A relabelling presumes equal censoring in the groups, and the note says so.
    Fewer than two groups, no event, or scores without variance: no p, noted.
    """
    names, index = np.unique(np.asarray(group), return_inverse=True)
    scores = logrank_scores(duration, status)
    if len(index) != len(scores):
        raise ValueError(f"group must have one label per patient, {len(scores)}, but had {len(index)}")
    name = message("exact permutation log-rank test", "permutation_log_rank")
    reason = None
    if len(names) < 2:
        reason = not_estimable(message("fewer than two groups", "too_few_groups"))
    elif not np.any(status):
        reason = not_estimable(message("no events", "no_events"))
    elif np.ptp(scores) < 1e-9:
        reason = not_estimable(message("variance 0, the order of events tells nothing", "variance_zero"))
    if reason:
        return Test(name, None, None, None, reason)
    sizes = np.bincount(index)
    observed = np.bincount(index, weights=scores)
    relabelled = relabel(scores, index, limit=limit, seed=seed)
    if len(names) == 2:
        statistic, df = float(observed[0]), None
    else:
        statistic, df = float((observed**2 / sizes).sum() / scores.var(ddof=1)), float(len(names) - 1)
    if not relabelled.exact:
        name = message(
            "permutation log-rank test (Monte Carlo, {n} relabellings)",
            "permutation_log_rank_sampled",
            n=grouped(len(relabelled.sums)),
        )
    p, smallest = _quadratic(relabelled, observed, sizes)
    return Test(name, statistic, df, p, EQUAL_CENSORING, smallest)


def logrank_scores(duration: Sequence[float] | np.ndarray, status: Sequence[int] | np.ndarray) -> np.ndarray:
    """event − H(t) per patient, H the pooled Nelson–Aalen estimate at the patient's own time; they sum to 0."""
    time, event = rounded(duration), np.asarray(status)
    if time.shape != event.shape or time.ndim != 1:
        raise ValueError(f"duration and status must have one length, but had {time.shape} and {event.shape}")
    if not np.isfinite(time).all():
        raise ValueError("durations must be finite")
    if not np.isin(event, (0, 1)).all():
        raise ValueError("status must be 0 or 1")
    moments, at = np.unique(time, return_inverse=True)
    at_risk = len(time) - np.searchsorted(np.sort(time), moments, side="left")
    hazard = np.cumsum(np.bincount(at, weights=event, minlength=len(moments)) / at_risk)
    return event - hazard[at]


def mann_whitney(values: Sequence[float] | np.ndarray, group: Sequence | np.ndarray) -> Test:
    """Mann–Whitney (Wilcoxon rank-sum) test of two groups, exact with ties.

    The reported statistic is the number of pairs in which the first group's value is the larger (ties
    count ½; R's W). Exact while both groups are below 50: the distribution of the sum of midranks over
    all relabellings by the shift algorithm of Streitberg and Röhmel (1986), p two-sided for the
    distance from its mean (R coin::wilcox_test(distribution = "exact")). Beyond: normal approximation
    with correction for ties and continuity (R wilcox.test(exact = FALSE)).
    nan is missing. Not two groups, or all values equal: no p, noted.
    """
    values, index, names = _present(values, group)
    exact = max(np.bincount(index, minlength=2)) < EXACT_GROUP
    name = message(
        "exact Mann–Whitney test" if exact else "Mann–Whitney test (normal approximation)", "mann_whitney"
    )
    if len(names) != 2:
        return Test(name, None, None, None, not_estimable(_not_two(names)))
    first, second = np.bincount(index)
    if len(values) > MANY:
        return _by_counts(name, values, index, first, second)
    ranks = midranks(values)
    w = float(ranks[index == 0].sum() - first * (first + 1) / 2)
    if np.ptp(values) == 0:
        return Test(name, w, None, None, not_estimable(message("all values are equal", "values_equal")))
    if not exact:
        _, ties = np.unique(ranks, return_counts=True)
        return Test(name, w, None, _normal_p(w - first * second / 2, ties, first, second))
    doubled = np.rint(2 * ranks).astype(int)
    ways = _ways_to_sum(doubled, first)
    distance = np.abs(np.arange(len(ways)) - first * (len(values) + 1))
    observed = abs(int(doubled[index == 0].sum()) - first * (len(values) + 1))
    p = ways[distance >= observed].sum() / ways.sum()
    smallest = ways[distance == distance[ways > 0].max()].sum() / ways.sum()
    return Test(name, w, None, float(p), smallest_p=float(smallest))


def _by_counts(name: Message, values: np.ndarray, index: np.ndarray, first: int, second: int) -> Test:
    """The same of very many values, by how many there are of each: they are never all in order."""
    from pandas import factorize

    which, distinct = factorize(values)
    order = np.argsort(distinct)
    ties, own = (np.bincount(some, minlength=len(distinct))[order] for some in (which, which[index == 0]))
    w = float((np.cumsum(ties) - (ties - 1) / 2) @ own - first * (first + 1) / 2)
    if len(distinct) == 1:
        return Test(name, w, None, None, not_estimable(message("all values are equal", "values_equal")))
    return Test(name, w, None, _normal_p(w - first * second / 2, ties, first, second))


def _not_two(names: Sequence | np.ndarray) -> Message:
    return message("{n} groups with values instead of two", "not_two_groups", n=len(names))


def midranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1; tied values share the mean of theirs (R rank)."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]


def _quadratic(relabelled: Relabellings, observed: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    """(p, smallest p) by Σ sum² / size over the groups, the sums having mean 0."""
    statistics = (relabelled.sums**2 / sizes).sum(axis=1)
    p = relabelled.p_value(statistics, float((observed**2 / sizes).sum()))
    smallest = relabelled.p_value(statistics, float(statistics.max()))
    return p, smallest if relabelled.exact else 1 / (1 + len(statistics))


def _ways_to_sum(ranks: np.ndarray, chosen: int) -> np.ndarray:
    """How many ways there are to choose so many of the ranks (integers) that they sum to 0, 1, 2, …"""
    ways = np.zeros((chosen + 1, int(np.sort(ranks)[-chosen:].sum()) + 1))
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    return ways[chosen]


def _normal_p(distance: float, ties: np.ndarray, first: int, second: int) -> float:
    """ties: how many there are of each value, ascending."""
    from scipy.special import ndtr

    n = first + second
    variance = first * second / 12 * (n + 1 - float((ties.astype(float) ** 3 - ties).sum()) / (n * (n - 1)))
    return float(min(1.0, 2 * ndtr(-max(0.0, abs(distance) - 0.5) / np.sqrt(variance))))


def _present(
    values: Sequence[float] | np.ndarray, group: Sequence | np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values that are there, the index of each one's group, and the labels of the groups that have any."""
    values, group = np.asarray(values, dtype=float), np.asarray(group)
    if values.shape != group.shape:
        raise ValueError(f"values and group must have one length, but had {values.shape} and {group.shape}")
    here = ~np.isnan(values)
    if not here.all():
        values, group = values[here], group[here]
    names = np.unique(group)
    return values, np.searchsorted(names, group), names
