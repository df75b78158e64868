"""What two tables tell of the same patients: columns of which one is the other, or follows from it.

A count that is masked in one of them must not be read off the other: a stage and its group, a response that is
examined as a feature, or what makes the groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

import numpy as np
import pandas as pd

from reportgen.analyses import patient_columns as columns
from reportgen.cohort.cohort import Cohort
from reportgen.privacy.ledger import Ledger


def within(group: str, level: str) -> str:
    """The name of a level within a group, as the ids of estimates have it."""
    level = level.replace("|", "¦")
    return level if group == "all" else f"{group.replace('|', '¦')}|{level}"


def not_recorded(partition: str, group: str) -> str:
    """The name of those of a group who have none of the levels."""
    return f"not recorded|{partition}|{group}"


def told_twice(
    ledger: Ledger, cohort: Cohort, groups: Iterable[str], levels: Mapping[str, Sequence[str]]
) -> None:
    """Relate the counts of columns that follow from each other.

    levels: by what patients are counted, as the names of its counts begin ("baseline|stage"), with the levels.
    """
    codes = {name: _codes(cohort, name.split("|", 1)[1], of) for name, of in levels.items()}
    for fine, coarse in permutations(levels, 2):
        for place, parts in _made_of(codes[fine], codes[coarse]).items():
            for group in groups:
                whole = f"{coarse}|{within(group, levels[coarse][place])}"
                ledger.equal(whole, _cells(ledger, fine, levels[fine], parts, group))
    parted = [group for group in groups if group != "all"]
    making = _codes(cohort, cohort.settings.group, parted) if parted else np.empty(0, int)
    for fine in levels if parted else ():
        for place, parts in _made_of(codes[fine], making).items():
            ledger.equal(f"n|{parted[place]}", _cells(ledger, fine, levels[fine], parts, "all"))
    for level in levels.get("baseline|stop_reason", ()):
        stopped, all_who = f"stopped|{level}", f"baseline|stop_reason|{within('all', level)}"
        if stopped in ledger.counts:
            same = ledger.counts[stopped] == ledger.counts[all_who]
            (ledger.equal if same else ledger.at_most)(stopped, (all_who,))


def _codes(cohort: Cohort, column: str, levels: Sequence[str]) -> np.ndarray:
    """Per patient the position of the level; -1 where there is none."""
    return pd.Categorical(columns.words(cohort.patients, column), categories=list(levels)).codes.astype(int)


def _made_of(fine: np.ndarray, coarse: np.ndarray) -> dict[int, np.ndarray]:
    """By position, the levels of the one column that make up each of the other; {} where one goes with several."""
    wide = coarse.max(initial=-1) + 2
    found = np.bincount((fine + 1) * wide + coarse + 1, minlength=(fine.max(initial=-1) + 2) * wide)
    together = found.reshape(-1, wide) > 0
    if np.any(together.sum(axis=1) > 1) or together.any(axis=0).sum() < 2:
        return {}
    return {
        place: np.flatnonzero(together[:, place + 1]) - 1
        for place in range(wide - 1)
        if together[:, place + 1].any()
    }


def _cells(ledger: Ledger, name: str, levels: Sequence[str], places: Iterable[int], group: str) -> list[str]:
    """The counts of some levels within a group, and of who has none (place -1), where anybody is counted so."""
    found = [
        f"{name}|{within(group, levels[place])}" if place >= 0 else not_recorded(name, group)
        for place in places
    ]
    return [cell for cell in found if cell in ledger.counts]
