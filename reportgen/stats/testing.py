"""Test: the answer of a hypothesis test, whole: statistic, degrees of freedom, p and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.stats.results import Estimate


@dataclass(frozen=True)
class Test:
    """A hypothesis test by name.

    statistic and df are None for exact tests that have none. p is None where the test cannot be computed,
    and then note is a Note and says why. name is a Message. smallest_p is the smallest p that the group sizes can
    reach, where the test is exact and the number is known.
    """

    __test__ = False  # a statistical test, which pytest must not collect

    name: str
    statistic: float | None
    df: float | None
    p: float | None
    note: str = ""
    smallest_p: float | None = None

    def estimate(self, **labels) -> Estimate:
        """The p-value as one row of the results; labels are section, endpoint, variable, group, n, events."""
        return Estimate("p_value", value=self.p, method=self.name, note=self.note, **labels)
