"""A report for readers outside, attacked together with all that were given out before of the same source.

One report holds by itself (masking). Who has two of them knows more: of one day under two groupings the same counts
stand in both, and of two days a count has become no less. What all of them tell together is one linear programme; what
it bounds too closely is masked in the new report, for the old ones are out. Two values of min_cell would round the same
counts by two grids, whose intersections are narrow: the second one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.privacy.ledger import ALL, Ledger
from reportgen.privacy.masking import NOTHING, Ranges, knowledge, next_masked, step_of
from reportgen.stats.disclosure import Knowledge, Programme, Relation, closest, width

# A reader may take every count to have become no less: patients come, and what happened to them has happened. Those
# to whom it has not happened yet may become fewer; where few do, he will not be far from the truth.
ALL_GROW = ("",)
# Where that can't be true of all, of these by how their names begin: first those of which it is surest.
GROWING = ("n|", "baseline|", "os|", "pfs|", "relapse|", "competing|", "relapsed|", "toxicity|", "stopped", "assessed",
           "known|", "among|", "level|", "response|", "not recorded|", "others|baseline|", "others|response|",
           "censored|", "lower|", "others|", "no group|", "left out|")  # fmt: skip

# Who searches among whole numbers finds ranges that are narrower than those of the programme, seldom by more.
WHOLE = 1

# How the names of the counts begin with which curves end.
CURVES_END = ("os|", "pfs|", "censored|os|", "censored|pfs|")

# How many counts are tried before one is masked that does not cure alone.
MOST_TRIED = 8


@dataclass(frozen=True)
class Told:
    """What a reader knows from one report. moment: tells apart sources and cut-offs, and nothing else of them.

    names: of the counts; low, high: what is known of each, inf for nothing; relations: total, parts, and whether it is
    "at most". printed: the counts that are printed, as they are. No patient and no true count is in it.
    """

    moment: str
    min_cell: int
    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    relations: tuple[tuple[int, tuple[int, ...], bool], ...]
    printed: Mapping[str, int]


def told_from(content: Mapping[str, Any]) -> Told:
    """What a report tells, from the plain data of the ledger."""
    relations = tuple(
        (int(total), tuple(parts), bool(at_most)) for total, parts, at_most in content["relations"]
    )
    return Told(
        content["moment"], content["min_cell"], tuple(content["names"]), tuple(content["low"]), tuple(content["high"]),
        relations, content["printed"],
    )  # fmt: skip


def told_by(
    ledger: Ledger, printed: Mapping[str, int], min_cell: int, moment: str, drawn: Ranges = NOTHING
) -> Told:
    """What a report tells that prints these counts. drawn: the ranges in which counts lie that its curves end with."""
    known = knowledge(ledger, printed, step_of(min_cell), drawn)
    relations = tuple((r.total, r.parts, r.at_most) for r in known.relations)
    low, high = (tuple(float(x) for x in side) for side in (known.low, known.high))
    return Told(moment, min_cell, tuple(ledger.counts), low, high, relations, dict(printed))


def safe_together(
    ledger: Ledger, printed: Mapping[str, int], min_cell: int, moment: str, earlier: Sequence[Told]
) -> dict[str, int]:
    """The counts that may be printed with all earlier reports known, of those that may be printed alone.

    UsageError where an earlier report was made with another min_cell. Neither a count of any of the reports nor what a
    count grew by is bounded more closely than min_cell, unless the earlier reports tell it without the new one.
    """
    others = {told.min_cell for told in earlier} - {min_cell}
    if others:
        raise UsageError(
            message(
                "An earlier report for readers outside was made with min_cell = {a}, and this one asks "
                "for {min_cell}: what is rounded in two ways tells small counts. Use the same one; if "
                "that report was never given away, say so with reportgen releases SOURCE "
                "--forget-release REASON.",
                a=min(others),
                min_cell=min_cell,
            )
        )
    left = dict(printed)
    known = [told for told in earlier if told.moment != moment or told.printed != left]
    if not known:
        return left
    before = _Joint(*_holding(known))
    reports, growing = _holding([*known, told_by(ledger, left, min_cell, moment)])
    own = reports[-1].moment

    def with_new(printed: Mapping[str, int]) -> _Joint:
        return _Joint(
            [*reports[:-1], replace(told_by(ledger, printed, min_cell, moment), moment=own)], growing
        )

    joint = with_new(left)
    # To mask a count changes limits alone: the counts and their relations stay, and so do the targets.
    programme, alone = Programme(joint.knowledge), Programme(before.knowledge)
    targets, known_at, groups, reached = list(joint.targets), before.at, joint.groups, None
    while left:
        # What may be, may still be when one more count is masked.
        place, reached = closest(programme, targets, min_cell + WHOLE, reached, groups)
        if place is None:
            break
        target = joint.targets[targets[place]]
        if target in known_at and width(alone, known_at[target]) < min_cell + WHOLE:
            # The earlier reports tell it without this one.
            del targets[place]
            reached = np.delete(reached, place, axis=0)
            continue

        def cures(less: Mapping[str, int], exposed: int = targets[place]) -> bool:
            programme.learn(with_new(less).knowledge)
            return width(programme, exposed) >= min_cell + WHOLE

        held = {name for p in programme.held_by(targets[place]) if (name := joint.names[p]) in left}
        del left[_masked(ledger, left, held, target.name, cures)]
        programme.learn(with_new(left).knowledge)
    return left


def curves_fit(new: Told, earlier: Sequence[Told]) -> bool:
    """Whether a report with its curves tells nothing too closely that the earlier ones, and it without them, do not."""
    known = [told for told in earlier if told != new]
    if not known:
        return True
    reports, growing = _holding([*known, new])
    joint, before = _Joint(reports, growing), _Joint(*_holding(known))
    programme, alone = Programme(joint.knowledge), Programme(before.knowledge)
    enough, known_at = new.min_cell + WHOLE, before.at

    def tells(targets: list[int], groups: Sequence[np.ndarray] = ()) -> bool:
        reached = None
        while True:
            place, reached = closest(programme, targets, enough, reached, groups)
            if place is None:
                return False
            target = joint.targets[targets[place]]
            if target not in known_at or width(alone, known_at[target]) >= enough:
                return True
            del targets[place]
            reached = np.delete(reached, place, axis=0)

    # What curves tell too closely is most often what they end with, which is soon seen.
    ends = [place for place, target in joint.targets.items() if target.name.startswith(CURVES_END)]
    return not (ends and tells(ends)) and not tells(list(joint.targets), joint.groups)


def _masked(
    ledger: Ledger,
    printed: Mapping[str, int],
    held: set[str],
    exposed: str,
    cures: Callable[[Mapping[str, int]], bool],
) -> str:
    """The printed count to mask: the smallest that alone hides what is exposed, or else the smallest of those that
    hold it. Where none of them does, the nearest. The total of all comes last.
    """
    order = sorted(held, key=lambda name: (name == ALL, ledger.counts[name], name))
    for name in order[:MOST_TRIED]:
        if cures({other: count for other, count in printed.items() if other != name}):
            return name
    return order[0] if order else next_masked(ledger, printed, exposed if exposed in ledger.counts else ALL)


def _holding(reports: Sequence[Told]) -> tuple[Sequence[Told], tuple[str, ...]]:
    """The reports, and how the names of the counts begin that became no less, so that all of it can be true at once."""
    if _holds(_Joint(reports, ALL_GROW)):
        return reports, ALL_GROW
    # Values were corrected in between, so that not all counts only grew.
    apart, growing = _apart(reports), ()
    for kind in GROWING:
        if _holds(_Joint(apart, (*growing, kind))):
            growing += (kind,)
    return apart, growing


def _apart(reports: Sequence[Told]) -> Sequence[Told]:
    """The reports; as of a moment each, where those of one moment contradict each other: endpoints told anew."""
    if _holds(_Joint(reports)):
        return reports
    return [replace(told, moment=f"{place} {told.moment}") for place, told in enumerate(reports)]


def _holds(joint: _Joint) -> bool:
    """Whether what is known does not contradict itself."""
    try:
        Programme(joint.knowledge).least(np.array([], int), np.array([]))
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class _Target:
    """A count at a moment; or, with then, what it grew by since that moment."""

    name: str
    moment: str
    then: str = ""


class _Joint:
    """All reports as one programme: the counts of a moment once, those of two moments linked by their growth.

    growing: how the names of the counts begin that have become no less.
    """

    def __init__(self, reports: Sequence[Told], growing: tuple[str, ...] = ()):
        self.low: list[float] = []
        self.high: list[float] = []
        self.relations: list[Relation] = []
        self.targets: dict[int, _Target] = {}
        self.names: list[str] = []
        places: dict[tuple[str, str], int] = {}
        moments: list[str] = []
        for told in reports:
            if told.moment not in moments:
                moments.append(told.moment)
            mine = [self._place(places, told, at) for at in range(len(told.names))]
            self.relations += [
                Relation(mine[total], tuple(mine[part] for part in parts), at_most)
                for total, parts, at_most in told.relations
            ]
        for then, now in zip(moments, moments[1:], strict=False):
            self._grow(places, then, now, growing)

    @property
    def at(self) -> dict[_Target, int]:
        return {target: place for place, target in self.targets.items()}

    @property
    def groups(self) -> list[np.ndarray]:
        """Which targets can be many or few at once: those of a moment, and then of a kind; by position among them."""
        found: list[np.ndarray] = []
        for kind in (lambda name: "", lambda name: name.partition("|")[0]):
            alike: dict[tuple[str, str, str], list[int]] = {}
            for at, target in enumerate(self.targets.values()):
                alike.setdefault((target.moment, target.then, kind(target.name)), []).append(at)
            found += map(np.array, alike.values())
        return found

    @property
    def knowledge(self) -> Knowledge:
        return Knowledge(np.array(self.low), np.array(self.high), tuple(dict.fromkeys(self.relations)))

    def _place(self, places: dict[tuple[str, str], int], told: Told, at: int) -> int:
        key = (told.moment, told.names[at])
        if key not in places:
            places[key] = self._new(told.low[at], told.high[at], _Target(told.names[at], told.moment))
        place = places[key]
        self.low[place] = max(self.low[place], told.low[at])
        self.high[place] = min(self.high[place], told.high[at])
        if told.names[at] == ALL:
            self.targets.pop(place, None)  # that there are twenty or more is told by there being a report
        return place

    def _new(self, low: float, high: float, target: _Target) -> int:
        self.low.append(low)
        self.high.append(high)
        self.names.append("" if target.then else target.name)
        self.targets[len(self.low) - 1] = target
        return len(self.low) - 1

    def _grow(
        self, places: Mapping[tuple[str, str], int], then: str, now: str, growing: tuple[str, ...]
    ) -> None:
        for (moment, name), place in list(places.items()):
            later = places.get((now, name))
            if moment == then and later is not None and name.startswith(growing):
                self.relations.append(
                    Relation(later, (place, self._new(0, np.inf, _Target(name, now, then))))
                )
