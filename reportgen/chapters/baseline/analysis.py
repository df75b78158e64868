"""Patients at the start: who they were, for all and per group, with what is missing. No p-values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from reportgen.analyses import outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.counting import levels_of
from reportgen.analyses.exact_shares import share
from reportgen.analyses.groups import described
from reportgen.base.described import DescribedFeature
from reportgen.base.message import message
from reportgen.chapters.baseline.facts import KEY, BaselineFacts
from reportgen.cohort.cohort import Cohort, Feature
from reportgen.stats.descriptive import summarise
from reportgen.stats.results import Estimate, Results, subgroup
from reportgen.stats.standardised_difference import of_levels, of_numbers


def analyse(cohort: Cohort) -> Results:
    """Every feature but the grouping one, for all and per group, with the number missing in each."""
    groups = columns.groups(cohort)
    grouped = len(groups) > 1
    features = [f for f in cohort.features if not (grouped and f.name == cohort.settings.group)]
    estimates = [
        Estimate(
            "count",
            section=KEY,
            group=group,
            value=int(mask.sum()),
            n=int(mask.sum()),
            method=message("patients"),
        )
        for group, mask in groups.items()
    ]
    facts = []
    for feature in features:
        rows, words = _feature(cohort, feature, groups)
        estimates += rows
        if len(groups) == 3:  # "all" and two
            estimates.append(_apart(cohort, feature, groups))
        facts.append(words)
    return Results(
        tuple(estimates),
        facts={
            KEY: BaselineFacts(
                **vars(outcomes.context(cohort)),
                features=facts,
                groups=[name for name in groups if name != "all"],
                treatment=cohort.settings.treatment,
                ungrouped=_ungrouped(cohort, groups),
            )
        },
    )


def _ungrouped(cohort: Cohort, groups: dict[str, np.ndarray]) -> int:
    """Patients in no group, where there are groups."""
    masks = [mask for name, mask in groups.items() if name != "all"]
    return int(cohort.n - np.logical_or.reduce(masks).sum()) if masks else 0


def _feature(
    cohort: Cohort, feature: Feature, groups: dict[str, np.ndarray]
) -> tuple[list[Estimate], DescribedFeature]:
    words = described(feature)
    if feature.kind == "number":
        values = columns.amounts(cohort.patients, feature.name)
        known = values[~np.isnan(values)]
        words = replace(words, levels=(), whole=bool((known == np.round(known)).all()))
        rows = [replace(e, group=group) for group, mask in groups.items() for e in summarise(values[mask])]
        missing = {group: int(np.isnan(values[mask]).sum()) for group, mask in groups.items()}
    else:
        counts = _counts(cohort, feature, groups)
        levels = _levels(feature, counts["all"])
        words = replace(words, levels=tuple(levels))
        rows = [
            row
            for group, count in counts.items()
            for row in _shares(count, levels, group, cohort.settings.confidence_level)
        ]
        missing = {group: count[None] for group, count in counts.items()}
    rows += [
        Estimate("missing", group=group, value=missing[group], n=int(mask.sum()),
                 method=message("patients without a value"))
        for group, mask in groups.items()
    ]  # fmt: skip
    return [replace(e, section=KEY, variable=feature.name) for e in rows], words


def _apart(cohort: Cohort, feature: Feature, groups: dict[str, np.ndarray]) -> Estimate:
    """The standardised difference of the two groups, in the grouping column's name."""
    one, other = (name for name in groups if name != "all")
    if feature.kind == "number":
        values = columns.amounts(cohort.patients, feature.name)
        apart = of_numbers(values[groups[one]], values[groups[other]])
    else:
        counts = _counts(cohort, feature, groups)
        apart = of_levels(*([counts[g][level] for level in feature.levels] for g in (one, other)))
    return replace(apart, section=KEY, variable=feature.name, group=cohort.settings.group)


def _counts(cohort: Cohort, feature: Feature, groups: Iterable[str]) -> dict[str, dict[str | None, int]]:
    """Group → level → patients; None is no record."""
    table = levels_of(cohort, feature)
    lines = [table.sum(axis=0), *table[1:]]  # the first group is "all"
    return {
        group: dict(zip((None, *feature.levels), line.tolist(), strict=True))
        for group, line in zip(groups, lines, strict=True)
    }


def _levels(feature: Feature, count: Mapping[str | None, int]) -> list[str]:
    """The levels in printed order; of those that somebody has, and of yes/no only yes."""
    if feature.kind == "yes/no":
        return ["yes"]
    return [level for level in feature.levels if count[level]]


def _shares(
    count: Mapping[str | None, int], levels: list[str], group: str, confidence: float
) -> list[Estimate]:
    n = sum(count.values()) - count[None]
    return [replace(share(count[level], n, confidence), group=subgroup(group, level)) for level in levels]
