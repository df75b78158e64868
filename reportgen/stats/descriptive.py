"""What a column of numbers looks like: count, mean, spread, quartiles, range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.message import message
from reportgen.stats.notes import not_estimable
from reportgen.stats.results import Estimate
from reportgen.stats.whole_days import quantile

STATISTICS = ("count", "mean", "sd", "median", "quartile_1", "quartile_3", "minimum", "maximum")


def summarise(
    values: Sequence[float] | np.ndarray, *, statistics: tuple[str, ...] = STATISTICS
) -> tuple[Estimate, ...]:
    """One Estimate per statistic, in the order asked for; nan and None are missing and ignored.

    count is the number of values that are not missing (and is the n of all others). sd has n − 1 in the
    denominator (R sd). Quartiles and median interpolate between order statistics (R quantile, type 7, the
    default of R and numpy; SAS and SPSS interpolate otherwise, and differ in small samples).
    No values: all but the count are None, noted "NE: no values"; the sd of one value likewise.
    Raises ValueError for an infinite value or an unknown statistic.
    """
    unknown = [name for name in statistics if name not in STATISTICS]
    if unknown:
        raise ValueError(f"statistics must be of {STATISTICS}, but {unknown} are not")
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[~np.isnan(numbers)]
    if np.isinf(numbers).any():
        raise ValueError("values must be finite or missing, but one is infinite")
    return tuple(_one(name, numbers) for name in statistics)


def _one(statistic: str, numbers: np.ndarray) -> Estimate:
    n = len(numbers)
    if statistic == "count":
        return Estimate("count", value=n, n=n)
    if n == 0:
        return Estimate(statistic, n=0, note=not_estimable(message("no values", "no_values")))
    if statistic == "sd":
        if n == 1:
            return Estimate("sd", n=1, note=not_estimable(message("one value", "one_value")))
        return Estimate("sd", value=numbers.std(ddof=1), n=n)
    if statistic == "mean":
        return Estimate("mean", value=numbers.mean(), n=n)
    share = {"minimum": 0.0, "quartile_1": 0.25, "median": 0.5, "quartile_3": 0.75, "maximum": 1.0}[statistic]
    method = (
        message("linear interpolation (R type 7)", "interpolated") if statistic.startswith("quartile") else ""
    )
    return Estimate(statistic, value=quantile(numbers, share), n=n, method=method)
