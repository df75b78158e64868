"""Which counts are printed, and as what: rounded to the middle of steps, masked until an attack finds nothing.

Every printed count is rounded to the middle of the step that it falls into (of 8 for a min_cell of 5: 8 to
15 are printed as 11, 16 to 23 as 19), and masked in the first step. That keeps it true on average, and
makes most sums and differences safe: from a total and its other parts a part can be bounded to a whole step
at best. It also makes two reports in a row safe, whose difference would tell what happened to single
patients in between. What rounding leaves open is found by the attack that a reader could make
(stats.disclosure), and closed by masking further counts, until no count, printed or not, can be bounded to a
range narrower than min_cell + 1: a large one that is known too well would tell a small one of the next report.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from reportgen.privacy.ledger import ALL, Ledger
from reportgen.stats.disclosure import Knowledge, Programme, closest

# What one report leaves open beyond min_cell: the report before it narrows many a range by one.
SPARE = 1
Ranges = Mapping[str, tuple[float, float]]
NOTHING: Ranges = MappingProxyType({})


def step_of(min_cell: int) -> int:
    """The size of a step: one more than min_cell for a single sum, two for what several tell together.

    "Several" are the tables and curves of one report, and two reports in a row.
    """
    return min_cell + 3


def printed_as(count: int, step: int) -> int:
    """The middle of the step into which a count falls; 0 in the first step.

    >>> [printed_as(count, 8) for count in (7, 8, 15, 16)]
    [0, 11, 11, 19]
    """
    return count // step * step + (step - 1) // 2 if count >= step else 0


def span(printed: int, step: int) -> tuple[int, int]:
    """The least and the greatest count that is printed so.

    >>> span(11, 8)
    (8, 15)
    """
    return printed - (step - 1) // 2, printed + step // 2


def printed_counts(ledger: Ledger, min_cell: int) -> dict[str, int]:
    """The counts that may be printed, as they are printed, by name; all others are masked."""
    step = step_of(min_cell)
    printable = ledger.printable
    printed = {name: printed_as(count, step) for name, count in ledger.counts.items() if name in printable}
    printed = {name: count for name, count in printed.items() if count}
    for share in ledger.shares:
        # All of a group is as telling of the others as a count of none.
        if share.count in printed and printed.get(share.among) == printed[share.count]:
            del printed[share.count]
    reached = None
    while printed:
        exposed, reached = attacked(ledger, printed, min_cell, spare=SPARE, reached=reached)
        if not exposed:
            break
        del printed[next_masked(ledger, printed, exposed)]
    return printed


def knowledge(ledger: Ledger, printed: Mapping[str, int], step: int, told: Ranges = NOTHING) -> Knowledge:
    """What a reader knows who knows how the report is made, and guesses why each count is masked.

    Guessed is which are small, and which are all of a group but for a few. told: counts that something else
    gives away, as are those of ledger.told.
    """
    _, relations = ledger.numbered()
    known: dict[str, tuple[float, float]] = {
        name: (0, step - 1) for name in ledger.printable if ledger.counts[name] < step
    }
    for share in ledger.shares:
        if share.count not in printed and share.among in printed:
            whole = span(printed[share.among], step)
            if whole[0] <= ledger.counts[share.count] <= whole[1]:
                known[share.count] = whole
    known |= {name: span(count, step) for name, count in printed.items()}
    for name, (low, high) in (*ledger.told.items(), *told.items()):
        least, most = known.get(name, (0, np.inf))
        known[name] = (max(low, least), min(high, most))
    limits = np.array([known.get(name, (0, np.inf)) for name in ledger.counts], float)
    return Knowledge(limits[:, 0], limits[:, 1], relations)


def narrowest(
    ledger: Ledger, printed: Mapping[str, int], min_cell: int, told: Ranges = NOTHING, spare: int = 0
) -> str:
    """The name of the count that is given away most closely; "" where all have ranges of min_cell and what is spare.

    What ledger.told says by itself is not hidden by any mask, and does not count.
    """
    return attacked(ledger, printed, min_cell, told, spare)[0]


def attacked(
    ledger: Ledger,
    printed: Mapping[str, int],
    min_cell: int,
    told: Ranges = NOTHING,
    spare: int = 0,
    reached: np.ndarray | None = None,
) -> tuple[str, np.ndarray]:
    """The same, and (k, 2) values that each count can take.

    reached: those of an attack on more printed counts. To mask one more takes nothing away from them, so that
    only what they leave narrow has to be looked at again.
    """
    targets = [place for place, name in enumerate(ledger.counts) if name not in ledger.told]
    knows = knowledge(ledger, printed, step_of(min_cell), told)
    place, reached = closest(Programme(knows), targets, min_cell + spare, reached)
    return list(ledger.counts)[targets[place]] if place is not None else "", reached


def next_masked(ledger: Ledger, printed: Mapping[str, int], exposed: str) -> str:
    """What to mask to hide a count: the smallest printed count nearest to it, and the total of all last."""
    near, seen = {exposed}, set()
    while near:
        known = sorted((ledger.counts[name], name) for name in near if name in printed and name != ALL)
        if known:
            return known[0][1]
        seen |= near
        near = {
            name for total, parts, _ in ledger.relations if seen & {total, *parts} for name in (total, *parts)
        } - seen
    return ALL
