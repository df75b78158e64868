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

# Of how many targets one programme makes a sum least: of more it takes longer and leaves more ranges narrow.
FEW = 4


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


def ranges(programme: Programme, targets: Sequence[int] | np.ndarray, enough: float) -> np.ndarray:
    """(k, 2) the least and the greatest whole number that each target can be, as far as is needed to tell.

    A range at least `enough` wide may be wider than is said; a narrower one is exact. ValueError if what is
    known contradicts itself.
    """
    search = _Search(programme, targets, enough)
    search.spread()
    for place in np.flatnonzero(search.width < enough):
        search.solve(int(place))
    return search.whole


def width(programme: Programme, target: int) -> float:
    """How many whole numbers a target can be, but one."""
    low, high = (programme.least(np.array([target]), np.array([sign]))[target] for sign in (1.0, -1.0))
    return float(np.floor(high + EXACT) - np.ceil(low - EXACT))


def closest(
    programme: Programme,
    targets: Sequence[int] | np.ndarray,
    enough: float,
    reached: np.ndarray | None = None,
    groups: Sequence[np.ndarray] = (),
) -> tuple[int | None, np.ndarray]:
    """Which target has the narrowest range below `enough` (the first of several, None if there is none), and
    (k, 2) the least and the greatest value that each was seen to take.

    reached: values seen before that what is known still allows; they spare most of the programmes. groups: positions
    of targets that can be low together, or high; where none are given, points are sought for some at random. ValueError
    if what is known contradicts itself.
    """
    search = _Search(programme, targets, enough, reached)
    if reached is None and groups:
        search.spread_in(groups)
    elif reached is None:
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


class Programme:
    """What is known, as one linear programme: asked the next question, it goes on from its last solution."""

    def __init__(self, knowledge: Knowledge):
        import highspy

        relations = knowledge.relations
        data = highspy.HighsLp()
        data.num_col_, data.num_row_ = len(knowledge.low), len(relations)
        data.col_cost_ = np.zeros(len(knowledge.low))
        data.col_lower_, data.col_upper_ = _limits(knowledge)
        data.row_lower_ = np.array([-np.inf if relation.at_most else 0.0 for relation in relations])
        data.row_upper_ = np.zeros(len(relations))
        parts = [[relation.total, *relation.parts] for relation in relations]
        lengths = [len(places) for places in parts]
        data.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        data.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        data.a_matrix_.index_ = np.array([place for places in parts for place in places], np.int32)
        weights = np.full(sum(lengths), -1.0)
        weights[data.a_matrix_.start_[:-1]] = 1
        data.a_matrix_.value_ = weights
        self._solver = highspy.Highs()
        self._solver.silent()
        # Only the aim changes from question to question: the last solution is allowed in the next one, which the
        # primal simplex starts from.
        self._solver.setOptionValue("simplex_strategy", 4)
        self._solver.setOptionValue("solver", "simplex")
        self._solver.setOptionValue("threads", 1)
        # It would be made anew for every question, though the answer is a few steps away.
        self._solver.setOptionValue("presolve", "off")
        self._solver.passModel(data)
        self._best = highspy.HighsModelStatus.kOptimal

    def learn(self, knowledge: Knowledge) -> None:
        """Other limits of the same counts, whose relations stay."""
        low, high = _limits(knowledge)
        self._solver.changeColsBounds(len(low), np.arange(len(low), dtype=np.int32), low, high)

    def least(self, targets: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """(n,) values of all counts where the weighted sum of the targets is least. ValueError if there are none."""
        return np.array(self._solved(targets, weights).col_value)

    def held_by(self, target: int) -> set[int]:
        """The counts without whose limits the range of a target could be wider."""
        found: set[int] = set()
        for sign in (1.0, -1.0):
            prices = np.array(self._solved(np.array([target]), np.array([sign])).col_dual)
            found |= set(np.flatnonzero(np.abs(prices) > EXACT).tolist())
        return found

    def _solved(self, targets: np.ndarray, weights: np.ndarray):
        places = np.asarray(targets, np.int32)
        self._solver.changeColsCost(len(places), places, np.asarray(weights, float))
        self._solver.run()
        status = self._solver.getModelStatus()
        self._solver.changeColsCost(len(places), places, np.zeros(len(places)))
        if status != self._best:
            reason = self._solver.modelStatusToString(status)
            raise ValueError(f"what is known of the counts contradicts itself: {reason}")
        return self._solver.getSolution()


def _limits(knowledge: Knowledge) -> tuple[np.ndarray, np.ndarray]:
    # An unbounded programme has no solution: no count is beyond what all that is known adds up to.
    ceiling = 10.0 + 2 * float(np.sum(knowledge.high[np.isfinite(knowledge.high)]))
    return np.asarray(knowledge.low, float), np.minimum(knowledge.high, ceiling).astype(float)


class _Search:
    """Values that the targets were seen to take, each with all others as one point that is allowed."""

    def __init__(self, programme: Programme, targets, enough: float, reached: np.ndarray | None = None):
        self.targets, self.enough = np.asarray(targets, int), enough
        self.found = np.full((len(self.targets), 2), np.nan) if reached is None else reached.copy()
        self._programme = programme

    @property
    def whole(self) -> np.ndarray:
        return np.stack([np.ceil(self.found[:, 0] - EXACT), np.floor(self.found[:, 1] + EXACT)], axis=1)

    @property
    def width(self) -> np.ndarray:
        whole = self.whole
        return whole[:, 1] - whole[:, 0]

    def spread(self) -> None:
        """Points that lie far apart in a few targets at once, for as long as they widen most of the narrow ranges."""
        for sign in (1, -1):
            self._widen(self._programme.least(self.targets, np.full(len(self.targets), sign)))
        draw, left = np.random.default_rng(1), np.inf
        narrow = np.flatnonzero(self.width < self.enough)
        while 0 < len(narrow) <= left / 2:
            left = len(narrow)
            # Neighbours are often parts of one total, and can't all be many at once.
            for few in np.array_split(draw.permutation(narrow), -(-left // FEW)):
                for sign in (-1, 1):
                    few = few[self.width[few] < self.enough]
                    if len(few):
                        self._widen(self._programme.least(self.targets[few], np.full(len(few), sign)))
            narrow = np.flatnonzero(self.width < self.enough)

    def spread_in(self, groups: Sequence[np.ndarray]) -> None:
        """Points at which all the narrow ranges of a group are together as low as they can be, or as high."""
        for sign in (1, -1):
            self._widen(self._programme.least(self.targets, np.full(len(self.targets), sign)))
        for group in groups:
            for sign in (-1, 1):
                narrow = group[self.width[group] < self.enough]
                if len(narrow):
                    self._widen(self._programme.least(self.targets[narrow], np.full(len(narrow), sign)))

    def solve(self, place: int) -> None:
        """The range of one target: exact, or at least wide enough."""
        for sign in (1, -1):
            if self.width[place] < self.enough:
                self._widen(self._programme.least(self.targets[[place]], np.array([sign])))

    def _widen(self, point: np.ndarray) -> None:
        self.found[:, 0] = np.fmin(self.found[:, 0], point[self.targets])
        self.found[:, 1] = np.fmax(self.found[:, 1], point[self.targets])
