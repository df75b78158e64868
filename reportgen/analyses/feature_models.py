"""Features against an event in models: each alone, with Holm's adjustment, and all together where events allow.

Only what was known at time zero enters. Nothing is selected by its p-value.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import models
from reportgen.analyses.features import adjusted_method
from reportgen.analyses.groups import masks
from reportgen.analyses.outcomes import limits
from reportgen.cohort.cohort import Cohort, EndpointData, Feature
from reportgen.stats.multiplicity import holm
from reportgen.stats.results import Estimate


def feature_models(section: str, cohort: Cohort, endpoint: EndpointData) -> tuple[Estimate, ...]:
    """Hazard ratios of every feature alone (hazard_ratio, p_value_model, p_value_model_holm) and of all
    together (hazard_ratio_adjusted, p_value_adjusted); what the events do not allow is refused."""
    gates, level = limits(cohort.settings), cohort.settings.confidence_level
    terms = [term for f in cohort.features if f.known_at_start for term in _terms(cohort, endpoint, f)]
    rows = [row for term in terms for row in models.fit_alone(endpoint, term, gates, level).estimates]
    tested = [row for row in rows if row.statistic == "p_value_model" and row.exists]
    adjusted = holm([row.value for row in tested])
    rows += [
        replace(row, statistic="p_value_model_holm", value=p, method=adjusted_method(row.method, len(tested)))
        for row, p in zip(tested, adjusted, strict=True)
    ]
    if len(terms) > 1:
        rows += models.fit_together(endpoint, terms, gates, level).estimates
    return tuple(replace(row, section=section) for row in rows)


def _terms(cohort: Cohort, endpoint: EndpointData, feature: Feature) -> list[models.Term]:
    """The feature as a model takes it; none where all patients are alike in it."""
    if feature.kind == "number":
        values = cohort.patients.frame.loc[endpoint.rows, feature.name].to_numpy(float)
        varies = len(np.unique(values[np.isfinite(values)])) > 1
        return [models.number(feature.name, values, feature.unit)] if varies else []
    levels = models.reference_first(feature, masks(cohort, feature.name, endpoint.rows))
    return [models.category(feature.name, levels)] if len(levels) > 1 else []
