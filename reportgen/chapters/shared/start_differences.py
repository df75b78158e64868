"""In what two groups differed at the start, in sentences: what a comparison of them does not take into account."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import DescribedFeature
from reportgen.base.required import required
from reportgen.chapters.baseline.facts import BaselineFacts
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.narrative import join, lower, say

UNLIKE = 0.25  # standardised difference: beyond it groups are called unlike in a feature (Stuart 2010)
MOST = 3  # features that are named


def unlike(results: Results) -> list[tuple[DescribedFeature, Estimate]]:
    """The features known at the start that differ by more than UNLIKE between two groups, most first."""
    told: BaselineFacts | None = results.facts.get("baseline")
    if told is None:
        return []
    found = []
    for feature in told.features:
        e = results.get(f"baseline.{feature.name}.{told.group}.standardised_difference")
        if feature.known_at_start and e is not None and e.exists and abs(required(e.value)) > UNLIKE:
            found.append((feature, e))
    return sorted(found, key=lambda one: -abs(required(one[1].value)))


def sentence(results: Results, most: int = MOST) -> Text | None:
    """ "At the start the groups differed in smoking by a standardised difference of 0.43; …" """
    found = unlike(results)
    if not found:
        return None
    return say(
        "At the start the groups differed in {features}; their comparisons are not adjusted for that.",
        features=_named(found[:most]),
    )


def most_unlike(results: Results) -> Text | None:
    """The same for who reads no further than page one: the feature that differs most, by its name alone."""
    found = unlike(results)
    if not found:
        return None
    feature, e = found[0]
    return say(
        "The groups differed at the start, most in {feature}; the comparisons are not adjusted for that.",
        feature=phrases.value(lower(feature.label), e),
    )


def _named(found: Sequence[tuple[DescribedFeature, Estimate]]) -> Text:
    first, *others = found
    parts = [
        say(
            "{feature} by a standardised difference of {x}",
            feature=lower(first[0].label),
            x=_amount(first[1]),
        ),
        *(say("{feature} by {x}", feature=lower(feature.label), x=_amount(e)) for feature, e in others),
    ]
    return join(parts)


def _amount(e: Estimate) -> Text:
    return (phrases.value(numbers.decimal(abs(required(e.value)), 2), e),)
