"""Relapse: its cumulative incidence with death competing, and what those who relapsed had in common."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import incidences, models, outcomes, strata
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.feature_models import feature_models
from reportgen.analyses.features import compare_features
from reportgen.analyses.group_differences import landmark_differences
from reportgen.analyses.groups import compared_groups, described
from reportgen.analyses.groups import feature as feature_named
from reportgen.base.required import required
from reportgen.chapters.relapse.facts import KEY, RelapseFacts, RelapseFeature
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.stats.descriptive import summarise
from reportgen.stats.results import Estimate, Results

NO_CAUSE = "cause not recorded"


def analyse(cohort: Cohort) -> Results:
    """Incidence of relapse, its circumstances, and every feature against it."""
    endpoint = cohort.endpoints[KEY]
    results = incidences.incidence_analysis(KEY, cohort, KEY, outcomes.landmark_days(cohort.settings))
    results += landmark_differences(results, KEY, cohort, KEY)
    relapsed = endpoint.rows[endpoint.status == 1]
    times = endpoint.duration[endpoint.status == 1]
    estimates = [
        replace(e, section=KEY, variable="time_to_relapse")
        for e in summarise(times, statistics=("count", "median", "minimum", "maximum"))
    ]
    estimates += _circumstances(cohort, relapsed)
    if endpoint.only_death_competes:
        estimates += _causes(cohort, endpoint.rows[endpoint.status == 2])
    compared = compare_features(KEY, cohort, endpoint)
    for feature in compared:
        # The test of the groups stands among the results already.
        estimates += [e for e in feature.estimates if e.id not in results]
    estimates += feature_models(KEY, cohort, endpoint)
    estimates += _within_strata(cohort, endpoint)
    facts = RelapseFacts(
        **vars(outcomes.context(cohort)),
        endpoint=outcomes.describe(endpoint),
        groups=list(compared_groups(cohort, endpoint.rows)),
        model_events=cohort.settings.gates.model,
        features=[
            RelapseFeature(
                **vars(replace(described(c.feature), levels=c.levels)),
                of_interest=c.feature.of_interest,
                shared=c.shared,
                followed=c.followed,
                recorded=c.recorded,
            )
            for c in compared
        ],
    )
    return Results((*results.estimates, *estimates), results.curves, {KEY: facts})


def _within_strata(cohort: Cohort, endpoint: EndpointData) -> list[Estimate]:
    """The groups within strata, by their cause-specific hazard; nothing without groups or strata."""
    groups = compared_groups(cohort, endpoint.rows)
    if groups:
        groups = models.reference_first(required(feature_named(cohort, cohort.settings.group)), groups)
    return [replace(e, section=KEY) for e in strata.stratified(cohort, endpoint, groups)]


def _circumstances(cohort: Cohort, relapsed: np.ndarray) -> list:
    """Of those who relapsed: how many on treatment, and how many after which first response."""
    patients, n, counts = cohort.patients, len(relapsed), {}
    place = _places(cohort, relapsed)
    relapse = columns.relapse_days(cohort)[place]
    if "treatment_stop" in patients.days:
        stop, ended = columns.days(patients, "treatment_stop")[place], columns.stopped(cohort)[place]
        counts["on treatment"] = int((~ended | (stop >= relapse)).sum())
    if "best_response" in patients.frame:
        answered = np.ones(n, bool)
        if "response_date" in patients.days:
            at = columns.days(patients, "response_date")[place]
            answered = np.isnan(at) | (at <= relapse)
        for response in ("CR", "PR"):
            reached = columns.says(patients, "best_response", response)[place] & answered
            counts[f"after {response}"] = int(reached.sum())
    return list(outcomes.shares(KEY, "relapsed", counts, n, cohort.settings.confidence_level))


def _causes(cohort: Cohort, died: np.ndarray) -> list:
    """Of those who died without relapse: how many of which cause, the most frequent first."""
    if cohort.lacks(("patients.cause_of_death",)) or not len(died):
        return []
    causes = columns.worded(cohort.patients, "cause_of_death", NO_CAUSE).take(_places(cohort, died))
    found = causes.value_counts().to_dict()
    order = sorted(found, key=lambda cause: (cause == NO_CAUSE, -found[cause], cause))
    counts = {cause: found[cause] for cause in order}
    return list(outcomes.shares(KEY, "died_without", counts, len(died), cohort.settings.confidence_level))


def _places(cohort: Cohort, rows: np.ndarray) -> np.ndarray:
    return cohort.patients.frame.index.get_indexer(rows)
