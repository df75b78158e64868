"""Survival: overall and progression-free, with curve, landmarks and median; and every endpoint that is added.

One with a competing event is a cumulative incidence (see analyses.incidences).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analyses import further_endpoints, incidences, means, models, outcomes, strata
from reportgen.analyses import known_later as later
from reportgen.analyses.causes_of_death import causes_of_death
from reportgen.analyses.counting import group_events
from reportgen.analyses.differences import survival_differences
from reportgen.analyses.feature_models import feature_models, level_shares
from reportgen.analyses.group_differences import landmark_differences
from reportgen.analyses.groups import compared_groups, described, masks
from reportgen.analyses.groups import feature as feature_named
from reportgen.analyses.own_states import own_states
from reportgen.analyses.states import states_analysis
from reportgen.base.described import DescribedFeature
from reportgen.base.required import required
from reportgen.chapters.survival.facts import KEY, SurvivalFacts
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.stats.results import Estimate, Results, label

FIRST = ("pfs", "os")


OF_OTHER_CHAPTERS = {
    "relapse",
    "duration_of_response",
    "time_on_treatment",
    "survival_after_relapse",
    "relapse_free_after_stopping",
}


def analyse(cohort: Cohort) -> Results:
    """Survival at the landmarks, median and curve, or incidence, of every endpoint, for all and per group."""
    further = further_endpoints.further_keys(cohort)
    keys = [key for key in cohort.endpoints if key not in OF_OTHER_CHAPTERS and key not in further]
    keys.sort(key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    results = Results()
    for key in keys:
        results += incidences.endpoint_analysis(KEY, cohort, key, outcomes.landmark_days(cohort.settings))
        results += Results(label(_compared(cohort, cohort.endpoints[key]), section=KEY))
        results += landmark_differences(results, KEY, cohort, key)
    results += _features(cohort, results, [key for key in FIRST if key in keys])
    results += Results(causes_of_death(KEY, cohort))
    results += further_endpoints.further_analysis(KEY, cohort)
    results += states_analysis(KEY, cohort)
    own, states = own_states(KEY, cohort)
    results += own
    found = []
    for endpoint in _derived(cohort):
        for feature in later.later_features(cohort):
            more, fact = later.landmark_analysis(KEY, cohort, endpoint, feature)
            results += more
            found.append(fact)
    facts = SurvivalFacts(
        **vars(outcomes.context(cohort)),
        landmark=later.landmark_day(cohort.settings),
        later=found,
        model_events=cohort.settings.gates.model,
        endpoints=[outcomes.describe(cohort.endpoints[key]) for key in keys],
        further=[outcomes.describe(cohort.endpoints[key]) for key in further],
        features=_described_features(cohort),
        states=states,
        absent=[(key.upper(), cohort.unavailable[key]) for key in FIRST if key in cohort.unavailable],
    )
    return Results(results.estimates, results.curves, {KEY: facts})


def _features(cohort: Cohort, results: Results, keys: Sequence[str]) -> Results:
    """Every feature known at the start against the events of these endpoints, in models and as shares."""
    found: list[Estimate] = []
    for key in keys:
        endpoint = cohort.endpoints[key]
        found += feature_models(KEY, cohort, endpoint, results.select(section=KEY, endpoint=key))
        found += level_shares(KEY, cohort, endpoint)
    return Results(tuple(e for e in found if e.id not in results))


def _described_features(cohort: Cohort) -> list[DescribedFeature]:
    every = cohort.patients.frame.index.to_numpy()
    known = [f for f in cohort.features if f.known_at_start]
    levels = [() if f.kind == "number" else tuple(masks(cohort, f.name, every)) for f in known]
    return [replace(described(f), levels=some) for f, some in zip(known, levels, strict=True)]


def _derived(cohort: Cohort) -> list[EndpointData]:
    """Those of FIRST whose clock starts with the treatment, as the days of response and toxicity do.

    None with a competing event: from a landmark on survival is estimated.
    """
    origin = cohort.patients.origin
    redefined = {
        rule.key for rule in cohort.settings.endpoint if rule.time or rule.origin not in ("", origin)
    }
    found = [cohort.endpoints[key] for key in FIRST if key in cohort.endpoints and key not in redefined]
    return [endpoint for endpoint in found if not endpoint.competes]


def _compared(cohort: Cohort, endpoint: EndpointData) -> list[Estimate]:
    """Restricted means to the last landmark; between groups their difference, hazard ratios and their check.

    Of an endpoint with a competing event no means: its ratios are of the cause-specific hazard.
    """
    gates, name = cohort.settings.gates, cohort.settings.group
    level = cohort.settings.confidence_level
    groups = compared_groups(cohort, endpoint.rows)
    if groups:
        groups = models.reference_first(required(feature_named(cohort, name)), groups)
    tables = {group: table.of_cause(1) for group, table in group_events(cohort, endpoint.key).items()}
    rows: list[Estimate] = []
    for tau in () if endpoint.competes else outcomes.landmark_days(cohort.settings)[-1:]:
        rows += means.restricted_means(
            endpoint.key, {group: tables[group] for group in ("all", *groups)}, tau, gates, level
        )
        if len(groups) == 2:
            compared = {group: tables[group] for group in groups}
            mean = means.mean_difference(endpoint.key, compared, tau, gates, name, level)
            # By the name that differences of other kinds do not have, and by its first one.
            rows += [mean, replace(mean, statistic="rmst_difference")]
    if groups and not endpoint.competes:
        rows += survival_differences(
            endpoint.key, {group: tables[group] for group in groups}, outcomes.landmark_days(cohort.settings),
            name, gates, outcomes.interval_rule(cohort.settings), level,
        )  # fmt: skip
    if groups:
        model = models.fit_alone(endpoint, models.category(name, groups), gates, level)
        rows += [*model.estimates, models.proportionality(model, name, endpoint, gates)]
        rows += strata.stratified(cohort, endpoint, groups)
    return rows
