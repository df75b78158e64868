"""The groups of patients that are set side by side, and whether they may be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base import aside
from reportgen.base.described import DescribedFeature
from reportgen.base.required import required
from reportgen.cohort.cohort import MOST_GROUPS, Cohort, Feature
from reportgen.cohort.mapping.schema import YES_NO, columns_of


def feature(cohort: Cohort, name: str) -> Feature | None:
    """The feature of that name; None where the cohort describes none."""
    return next((f for f in cohort.features if f.name == name), None)


def described(feature: Feature) -> DescribedFeature:
    """A feature as the chapters name it, with all of its levels."""
    return DescribedFeature(
        feature.name, feature.label, feature.kind, feature.unit, feature.known_at_start, feature.asked,
        feature.levels, own_words(feature),
    )  # fmt: skip


def own_words(chosen: Feature | None) -> dict[str, str]:
    """Level → its word, of a feature whose levels are words of ours: yes and no, and those of the schema.

    The levels of all others are the workbook's, which says them as it likes.
    """
    if chosen is None:
        return {}
    known = columns_of("patients").get(chosen.name)
    ours = YES_NO if chosen.kind == "yes/no" else known.words if known else {}
    return {level: level for level in ours}


def short_names(chosen: Feature | None, lines: Sequence[str]) -> dict[str, str]:
    """Level → what it is called in the report, of a feature, as "level: short name" says it; others are left out."""
    pairs = [[part.strip() for part in line.rpartition(":")] for line in lines]
    levels = chosen.levels if chosen else ()
    return {level: name for level, colon, name in pairs if colon and name and level in levels}


def masks(cohort: Cohort, name: str, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Per level of a feature, in printed order, which of the rows have it; levels nobody has are left out."""
    aside.rest()
    frame = cohort.patients.frame
    values = frame[name].take(frame.index.get_indexer(rows))
    found = {level: (values == level).to_numpy(bool) for level in required(feature(cohort, name)).levels}
    return {level: mask for level, mask in found.items() if mask.any()}


def grouping(cohort: Cohort, rows: np.ndarray) -> dict[str, np.ndarray]:
    """The groups that the settings ask to compare; empty where there are none, only one, or too many."""
    if not cohort.settings.group or feature(cohort, cohort.settings.group) is None or too_many(cohort):
        return {}
    found = masks(cohort, cohort.settings.group, rows)
    groups = {shown(name): mask for name, mask in found.items()}
    return groups if len(groups) > 1 else {}


def shown(level: str) -> str:
    """What a group is called. "all" is the name of the whole cohort in every id: a group of that name is “all”."""
    return "“all”" if level == "all" else level


def too_many(cohort: Cohort) -> bool:
    """Whether there are more groups than can be set side by side."""
    group = cohort.settings.group
    return group in cohort.patients.frame and cohort.patients.frame[group].nunique() > MOST_GROUPS


def comparable(cohort: Cohort) -> bool:
    """Whether the groups were known at time zero, so that outcomes may be compared between them."""
    chosen = feature(cohort, cohort.settings.group)
    return chosen is not None and chosen.known_at_start and not too_many(cohort)


def compared_groups(cohort: Cohort, rows: np.ndarray) -> dict[str, np.ndarray]:
    """The groups, if they were known at time zero; outcomes of others are never set side by side."""
    return grouping(cohort, rows) if comparable(cohort) else {}
