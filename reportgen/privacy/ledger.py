"""Every count that a report for readers outside may hold, and how these counts depend on one another.

A ledger is what an attacker knows of the report's making: which counts are parts of which others. Counts
that are never printed (those without, those not recorded) stand in it as well, for they must not be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reportgen.base.message import Message
from reportgen.stats.disclosure import Relation

ALL = "n|all"


@dataclass(frozen=True)
class Share:
    """A count that is printed as part of another: names of both, and what its Estimate is called.

    open: the group is named after a value of the data, which must not be seen where it is too rare.
    """

    count: str
    among: str
    section: str
    variable: str
    group: str
    statistic: str
    method: Message
    open: str = ""


@dataclass
class Ledger:
    """counts: name → true count. relations: name, parts, and whether it is "at most" rather than "equal".

    told: name → the range in which the count must lie because there is such a report at all.

    What stands in no table (others, not recorded, left out, …) is named by that word, and then by what it is
    the rest of: levels and groups may be called whatever they like.
    """

    counts: dict[str, int] = field(default_factory=dict)
    relations: list[tuple[str, tuple[str, ...], bool]] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    told: dict[str, tuple[float, float]] = field(default_factory=dict)

    def count(self, name: str, count: int) -> str:
        """Enter a true count; returns its name. ValueError where the name stands there already."""
        if name in self.counts:
            raise ValueError(f"{name!r} stands in the ledger already")
        self.counts[name] = int(count)
        return name

    def equal(self, total: str, parts: Iterable[str]) -> None:
        """Enter that a count is the sum of others. ValueError where it is not."""
        self._relate(total, tuple(parts), False)

    def at_most(self, less: str, more: Iterable[str]) -> None:
        """Enter that a count is no more than the sum of others. ValueError where it is."""
        self._relate(less, tuple(more), True)

    def split(self, total: str, parts: Iterable[str], rest: str) -> str:
        """The parts make up the total but for the rest, a count of its own; the rest's name."""
        parts = tuple(parts)
        self.count(rest, self.counts[total] - sum(self.counts[part] for part in parts))
        self.equal(total, (*parts, rest))
        return rest

    def exhaust(self, total: str, parts: Iterable[str], rest: str) -> str:
        """The same where a reader may know that there is no rest: then it is no count, and ""."""
        parts = tuple(parts)
        if self.counts[total] == sum(self.counts[part] for part in parts):
            self.equal(total, parts)
            return ""
        return self.split(total, parts, rest)

    def share(self, share: Share, count: int) -> str:
        """A printed count, and with it the count of the others."""
        self.count(share.count, count)
        self.split(share.among, (share.count,), f"others|{share.count}")
        self.shares.append(share)
        return share.count

    @property
    def printable(self) -> set[str]:
        """What is printed unless it is masked: the counts of the tables, and of all."""
        names = {name for share in self.shares for name in (share.count, share.among)} | {ALL}
        return names & set(self.counts)

    def numbered(self) -> tuple[dict[str, int], tuple[Relation, ...]]:
        """The position of every count, and the relations by position."""
        at = {name: place for place, name in enumerate(self.counts)}
        return at, tuple(
            Relation(at[total], tuple(at[part] for part in parts), at_most)
            for total, parts, at_most in self.relations
        )

    def _relate(self, total: str, parts: tuple[str, ...], at_most: bool) -> None:
        found = sum(self.counts[part] for part in parts)
        if self.counts[total] > found if at_most else self.counts[total] != found:
            raise ValueError(f"{total!r} is not what its parts add up to")
        self.relations.append((total, parts, at_most))


def by_group(ledger: Ledger, cells: Mapping[str, str], groups: Iterable[str]) -> None:
    """What all have is what the groups have, and those in no group. cells: group → name."""
    parts = [cells[group] for group in groups if group != "all"]
    if parts:
        ledger.exhaust(cells["all"], parts, f"no group|{cells['all']}")
