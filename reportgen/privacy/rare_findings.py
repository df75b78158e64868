"""Findings of which cells hold several ("TP53; CDKN2A"): what their columns are called is a word of the data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from reportgen.cohort.cohort import Cohort
from reportgen.privacy.derived_columns import not_recorded
from reportgen.privacy.ledger import Ledger


def without_rare(cohort: Cohort, least: int) -> Cohort:
    """The cohort without the findings that fewer than `least` patients have, the others in the order of their names.

    Of a category a level that is rare is not named outside; of a list it would be by its column, and the order of the
    others tells which of them is more frequent. A finding that the settings name as the groups stays.
    """
    chosen = {cohort.settings.group, *cohort.settings.stratifying}
    frame = cohort.patients.frame
    there = [name for name in cohort.findings if name in frame]
    rare = {name for name in there if name not in chosen and int((frame[name] == "yes").sum()) < least}
    features = [feature for feature in cohort.features if feature.name not in rare]
    places = [place for place, feature in enumerate(features) if feature.name in cohort.findings]
    by_name = sorted((features[place] for place in places), key=lambda feature: (feature.label, feature.name))
    for place, feature in zip(places, by_name, strict=True):
        features[place] = feature
    return replace(
        cohort,
        patients=replace(cohort.patients, frame=frame.drop(columns=[name for name in there if name in rare])),
        features=tuple(features),
        findings={name: of for name, of in cohort.findings.items() if name not in rare},
    )


def tested_alike(ledger: Ledger, cohort: Cohort, groups: Iterable[str]) -> None:
    """Relate the counts of who was not tested: for one finding of a list, for all of it but what a cell leaves open."""
    for found in _untested(cohort).values():
        (first, missing), *others = found.items()
        for name, other in others:
            fewer = not (missing & ~other).any()
            if not fewer and (other & ~missing).any():
                continue
            pair = (first, name) if fewer else (name, first)
            for group in groups:
                less, more = (not_recorded(f"baseline|{one}", group) for one in pair)
                if less in ledger.counts and more in ledger.counts:
                    same = ledger.counts[less] == ledger.counts[more]
                    (ledger.equal if same else ledger.at_most)(less, (more,))


def _untested(cohort: Cohort) -> dict[str, dict[str, np.ndarray]]:
    """Column of lists → finding that is a feature → which patients were not tested for it."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for feature in cohort.features:
        if feature.name in cohort.findings:
            missing = cohort.patients.frame[feature.name].isna().to_numpy()
            found.setdefault(cohort.findings[feature.name], {})[feature.name] = missing
    return found
