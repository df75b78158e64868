"""How closely an attacker can bound counts that were not published, from those that were.

The attacker knows which counts are sums of which others, and of every published count the range in which
the true one lies. What is left is a linear programme for each hidden count (Fischetti & Salazar, Management
Science 2001;47:1008–27). Its range is at least as wide as what whole numbers leave, which tests check apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

EXACT = 1e-6


@dataclass(frozen=True)
class Relation:
    """total = the sum of the parts, or with at_most: total ≤ it. Counts by their position."""

    total: int
    parts: tuple[int, ...]
    at_most: bool = False


@dataclass(frozen=True)
class Knowledge:
    """low, high: (n,) what is known of each count, 0 and inf where nothing is; relations between them."""

    low: np.ndarray
    high: np.ndarray
    relations: tuple[Relation, ...]


def ranges(knowledge: Knowledge, targets: Sequence[int] | np.ndarray, enough: float) -> np.ndarray:
    """(k, 2) the least and the greatest whole number that each target can be, as far as is needed to tell.

    A range at least `enough` wide may be wider than is said; a narrower one is exact. ValueError if what is
    known contradicts itself.
    """
    search = _Search(knowledge, targets, enough)
    search.spread()
    for place in np.flatnonzero(search.width < enough):
        search.solve(int(place))
    return search.whole


def closest(
    knowledge: Knowledge,
    targets: Sequence[int] | np.ndarray,
    enough: float,
    reached: np.ndarray | None = None,
) -> tuple[int | None, np.ndarray]:
    """Which target has the narrowest range below `enough` (the first of several, None if there is none), and
    (k, 2) the least and the greatest value that each was seen to take.

    reached: values seen before that what is known still allows; they spare most of the programmes. ValueError if
    what is known contradicts itself.
    """
    search = _Search(knowledge, targets, enough, reached)
    if reached is None:
        search.spread()
    solved: set[int] = set()
    while len(search.targets) and (width := search.width).min() < enough:
        # What was seen of the others is the least that their ranges are: none of them is narrower than this one.
        place = int(np.argmin(width))
        if place in solved:
            return place, search.found
        search.solve(int(place))
        solved.add(place)
    return None, search.found


class _Search:
    """Values that the targets were seen to take, each with all others as one point that is allowed."""

    def __init__(self, knowledge: Knowledge, targets, enough: float, reached: np.ndarray | None = None):
        self.targets, self.enough = np.asarray(targets, int), enough
        self.found = np.full((len(self.targets), 2), np.nan) if reached is None else reached.copy()
        self._programme = _solver(knowledge)

    @property
    def whole(self) -> np.ndarray:
        return np.stack([np.ceil(self.found[:, 0] - EXACT), np.floor(self.found[:, 1] + EXACT)], axis=1)

    @property
    def width(self) -> np.ndarray:
        whole = self.whole
        return whole[:, 1] - whole[:, 0]

    def spread(self) -> None:
        """Points that lie far apart in many targets at once, for as long as they widen any narrow range."""
        draw, left = np.random.default_rng(1), len(self.targets) + 1
        narrow = np.arange(len(self.targets))
        while 0 < len(narrow) < left:
            left = len(narrow)
            for weights in (np.ones(left), draw.choice([-1.0, 1.0], left)):
                for sign in (1, -1):
                    self._widen(self._programme(self.targets[narrow], sign * weights))
            narrow = np.flatnonzero(self.width < self.enough)

    def solve(self, place: int) -> None:
        """The range of one target: exact, or at least wide enough."""
        for sign in (1, -1):
            if self.width[place] < self.enough:
                self._widen(self._programme(self.targets[[place]], np.array([sign])))

    def _widen(self, point: np.ndarray) -> None:
        self.found[:, 0] = np.fmin(self.found[:, 0], point[self.targets])
        self.found[:, 1] = np.fmax(self.found[:, 1], point[self.targets])


def _solver(knowledge: Knowledge):
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    n = len(knowledge.low)
    # An unbounded programme has no solution: no count is beyond what all that is known adds up to.
    ceiling = 10.0 + 2 * float(np.sum(knowledge.high[np.isfinite(knowledge.high)]))
    limits = np.stack([knowledge.low, np.minimum(knowledge.high, ceiling)], axis=1)

    def rows(at_most: bool):
        chosen = [relation for relation in knowledge.relations if relation.at_most == at_most]
        if not chosen:
            return None, None
        data, row, column = [], [], []
        for place, relation in enumerate(chosen):
            row += [place] * (1 + len(relation.parts))
            column += [relation.total, *relation.parts]
            data += [1.0, *[-1.0] * len(relation.parts)]
        return csr_array((data, (row, column)), shape=(len(chosen), n)), np.zeros(len(chosen))

    (equal, zeros), (less, bounds) = rows(False), rows(True)

    def solve(targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
        aim = np.zeros(n)
        aim[targets] = weights
        done = linprog(aim, A_ub=less, b_ub=bounds, A_eq=equal, b_eq=zeros, bounds=limits, method="highs")
        if done.status != 0:
            raise ValueError(f"what is known of the counts contradicts itself: {done.message}")
        return done.x

    return solve
