"""Which features set apart those who had an event: an order for the eye, not a test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.analyses.groups import own_words
from reportgen.cohort.cohort import Cohort, Feature

YES = "yes"


@dataclass(frozen=True)
class Separating:
    """One level of a feature. has: per patient whether he has it, None where it is not recorded.

    having, others: (with the event, all) of those who have it and of those who do not; (0, 0) without an event.
    """

    feature: Feature
    level: str
    ours: bool
    has: tuple[bool | None, ...]
    having: tuple[int, int]
    others: tuple[int, int]
    apart: float


def separating(cohort: Cohort, happened: np.ndarray, most: int) -> tuple[tuple[Separating, ...], int]:
    """The features known at the start by how far the shares who have it lie apart, between those with and without.

    happened: per patient whether the event occurred; where it occurred to all or to none, the features come in
    their own order, each by its most frequent level. Of a feature with several levels only the one is taken that is
    most frequent among those with the event. What does not tell patients apart is left out. Also among how many
    features these were found: the widest of many differences is wide by chance.
    """
    found = []
    for feature in cohort.features:
        if feature.known_at_start and feature.kind != "number" and feature.name != cohort.settings.group:
            chosen = _of_feature(cohort, feature, happened)
            found += [chosen] if chosen else []
    examined = len(found)
    if happened.any() and not happened.all():
        found = [s for s in found if s.apart > 0]
        found.sort(key=lambda s: (-s.apart, not s.feature.of_interest))
    return tuple(found[:most]), examined


def _of_feature(cohort: Cohort, feature: Feature, happened: np.ndarray) -> Separating | None:
    values = cohort.patients.frame[feature.name].to_numpy(object)
    levels = [YES] if feature.kind == "yes/no" else list(feature.levels)
    known = np.isin(values.astype(str), [*feature.levels])
    tells = [level for level in levels if 0 < int((values[known] == level).sum()) < int(known.sum())]
    if not tells:
        return None
    if happened.any() and not happened.all():
        by_level = {level: _apart(values[known] == level, happened[known]) for level in tells}
        level = max(tells, key=lambda level: by_level[level])
        apart = abs(by_level[level])
    else:
        level = max(tells, key=lambda level: int((values == level).sum()))
        apart = 0.0
    has = values == level
    sides = (known & has, known & ~has) if happened.any() else (known & False, known & False)
    having, others = ((int((happened & side).sum()), int(side.sum())) for side in sides)
    told = tuple(bool(one) if is_known else None for one, is_known in zip(has, known, strict=True))
    return Separating(feature, level, level in own_words(feature), told, having, others, apart)


def _apart(has: np.ndarray, happened: np.ndarray) -> float:
    """The share who have it among those with the event, minus that among those without; 0 where one is nobody."""
    if not happened.any() or happened.all():
        return 0.0
    return float(has[happened].mean() - has[~happened].mean())
