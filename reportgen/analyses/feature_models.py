"""Features against an event in models: each alone, with Holm's adjustment, and those named beforehand together.

Only what was known at time zero enters. Nothing is selected by its p-value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.analyses import models
from reportgen.analyses.exact_shares import share
from reportgen.analyses.features import adjusted_method
from reportgen.analyses.groups import masks
from reportgen.analyses.imputed_models import fit_imputed
from reportgen.cohort.cohort import Cohort, EndpointData, Feature
from reportgen.stats.multiplicity import holm
from reportgen.stats.results import Estimate


def feature_models(
    section: str, cohort: Cohort, endpoint: EndpointData, made: Sequence[Estimate] = ()
) -> tuple[Estimate, ...]:
    """Hazard ratios of every feature alone (hazard_ratio, p_value_model, p_value_model_holm), and of those that were
    named beforehand together (hazard_ratio_adjusted, p_value_adjusted), where the settings ask for it also with what is
    missing imputed; with a competing event also Fine and Gray's ratio of each alone (subdistribution_hazard_ratio,
    p_value_subdistribution). What the events do not allow is refused.

    made: of these, what was computed for the endpoint already; it is not repeated, but its tests count for Holm.
    """
    gates, level = cohort.settings.gates, cohort.settings.confidence_level
    known = [f for f in cohort.features if f.known_at_start]
    terms = {f.name: term for f in known if (term := term_of(cohort, endpoint, f)) is not None}
    there = {row.group for row in made if row.statistic == "hazard_ratio"}
    fitted = [term for term in terms.values() if not there.issuperset(c.group for c in term.coefficients)]
    rows = [row for term in fitted for row in models.fit_alone(endpoint, term, gates, level).estimates]
    tested = [row for row in (*made, *rows) if row.statistic == "p_value_model" and row.exists]
    adjusted = holm([row.value for row in tested])
    rows += [
        replace(row, statistic="p_value_model_holm", value=p, method=adjusted_method(row.method, len(tested)))
        for row, p in zip(tested, adjusted, strict=True)
    ]
    rows += [
        row for term in terms.values() for row in models.fit_subdistribution(endpoint, term, gates, level)
    ]
    named = [f.name for f in known if f.name in terms and named_beforehand(cohort, f)]
    together = [terms[name] for name in named] if len(named) > 1 else []
    if together:
        rows += models.fit_together(endpoint, together, gates, level).estimates
        rows += fit_imputed(endpoint, together, gates, level) if cohort.settings.features.impute else ()
    if len(terms) > 1:
        rows += models.not_named(endpoint, [*terms.values()], together)
    return tuple(replace(row, section=section) for row in rows)


def named_beforehand(cohort: Cohort, feature: Feature) -> bool:
    """Whether the settings name a feature as one of interest, or as that by which patients are compared."""
    return feature.of_interest or feature.name == cohort.settings.group


def level_shares(section: str, cohort: Cohort, endpoint: EndpointData) -> tuple[Estimate, ...]:
    """Of each level of the features known at the start, how many had the event: `….name=level.proportion`."""
    event, found = endpoint.status == 1, []
    for f in cohort.features:
        if f.known_at_start and f.kind != "number":
            for level, mask in masks(cohort, f.name, endpoint.rows).items():
                happened, n = np.count_nonzero(event & mask), np.count_nonzero(mask)
                row = share(int(happened), int(n), cohort.settings.confidence_level)
                found.append(replace(row, section=section, endpoint=endpoint.key, group=f"{f.name}={level}"))
    return tuple(found)


def term_of(cohort: Cohort, endpoint: EndpointData, feature: Feature) -> models.Term | None:
    """The feature as a model takes it; None where all patients are alike in it."""
    if feature.kind == "number":
        values = cohort.patients.frame.loc[endpoint.rows, feature.name].to_numpy(float)
        varies = len(np.unique(values[np.isfinite(values)])) > 1
        return models.number(feature.name, values, feature.unit) if varies else None
    levels = models.reference_first(feature, masks(cohort, feature.name, endpoint.rows))
    return models.category(feature.name, levels) if len(levels) > 1 else None
