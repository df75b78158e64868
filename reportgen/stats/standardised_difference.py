"""How far two groups lie apart in a feature, in standard deviations: whatever its unit, and however many they are.

Differences at the start are described so and never tested: a p-value would say how many patients there are.

Austin PC. Balance diagnostics for comparing the distribution of baseline covariates between treatment groups in
propensity-score matched samples. Stat Med 2009;28:3083–3107. Of several levels: Yang D, Dalton JE. A unified approach
to measuring the effect size between two groups using SAS. SAS Global Forum 2012, paper 335.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.message import message
from reportgen.stats.gates import too_few
from reportgen.stats.notes import not_estimable, refused
from reportgen.stats.results import Estimate

FEWEST = 2  # patients of a group: of no more, nothing is compared
METHOD = message("standardised difference", "standardised_difference")
SAME = message("nobody differs within the groups", "no_spread")


def of_numbers(one: np.ndarray, other: np.ndarray) -> Estimate:
    """The distance of two means in units of the root of the mean of both variances (n − 1); never negative.

    one, other: the values of each group, nan where missing (left out). Refused of a group of FEWEST values or fewer;
    not estimable where neither group has any spread but the means differ; 0 where they don't.
    R: abs(mean(x) - mean(y)) / sqrt((var(x) + var(y)) / 2), as tableone and MatchIt have it.
    """
    groups = [values[~np.isnan(values)] for values in (one, other)]
    if few := _few([len(values) for values in groups]):
        return few
    means, variances = zip(*((v.mean(), v.var(ddof=1)) for v in groups), strict=True)
    return _estimate(abs(means[0] - means[1]), float(np.mean(variances)) ** 0.5, sum(map(len, groups)))


def of_levels(one: Sequence[int], other: Sequence[int]) -> Estimate:
    """The Mahalanobis distance of two distributions over the same levels; of two levels |p − q| in units of the root of
    the mean of p(1 − p) and q(1 − q).

    one, other: patients per level, in the same order, those without a record left out. Levels nobody has are left
    out; the last of the others follows from those before it. Bounds and notes as of numbers.
    R: sqrt(t(p - q) %*% MASS::ginv(S) %*% (p - q)), S the mean of both diag(p) - p %*% t(p), as tableone has it.
    """
    counts = np.array([one, other], float)
    if few := _few([int(n) for n in counts.sum(axis=1)]):
        return few
    n = int(counts.sum())
    p, q = (line / line.sum() for line in counts[:, counts.sum(axis=0) > 0])
    apart = (p - q)[:-1]
    spread = sum(np.diag(x[:-1]) - np.outer(x[:-1], x[:-1]) for x in (p, q)) / 2
    if not apart.any():
        return Estimate("standardised_difference", value=0.0, n=n, method=METHOD)
    if np.linalg.matrix_rank(spread) < len(apart):
        return Estimate("standardised_difference", n=n, method=METHOD, note=not_estimable(SAME))
    squared = float(apart @ np.linalg.solve(spread, apart))
    return Estimate("standardised_difference", value=squared**0.5, n=n, method=METHOD)


def _few(sizes: Sequence[int]) -> Estimate | None:
    if min(sizes) > FEWEST:
        return None
    note = refused(too_few(min(sizes)))
    return Estimate("standardised_difference", n=sum(sizes), method=METHOD, note=note)


def _estimate(apart: float, spread: float, n: int) -> Estimate:
    if not spread and apart:
        return Estimate("standardised_difference", n=n, method=METHOD, note=not_estimable(SAME))
    value = apart / spread if spread else 0.0
    return Estimate("standardised_difference", value=float(value), n=n, method=METHOD)
