"""Survival: overall and progression-free, with curve, landmarks and median; and every endpoint that is added.

One with a competing event is a cumulative incidence (see analyses.incidences).
"""

from __future__ import annotations

from reportgen.analyses import incidences, later, means, models, outcomes
from reportgen.analyses.counting import group_events
from reportgen.analyses.groups import compared_groups
from reportgen.analyses.groups import feature as feature_named
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.language import N_, _
from reportgen.present import censoring, comparisons, endpoints, landmark
from reportgen.present import incidences as shown
from reportgen.present.landmark_table import landmark_table
from reportgen.present.narrative import capital, paragraph, say
from reportgen.present.shares import told
from reportgen.report import Block, Heading, Note, Notice, Paragraph, Section
from reportgen.stats.results import Estimate, Results, label

KEY = "survival"
TITLE = N_("Survival")
REQUIRES = ()

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
    keys = [key for key in cohort.endpoints if key not in OF_OTHER_CHAPTERS]
    keys.sort(key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST))
    results = Results()
    for key in keys:
        results += incidences.endpoint_analysis(KEY, cohort, key, outcomes.landmark_days(cohort.settings))
        results += Results(label(_compared(cohort, cohort.endpoints[key]), section=KEY))
    found = []
    for endpoint in _derived(cohort):
        for feature in later.later_features(cohort):
            more, fact = later.landmark_analysis(KEY, cohort, endpoint, feature)
            results += more
            found.append(fact)
    facts = outcomes.context(cohort) | {
        "landmark": later.landmark_day(cohort.settings),
        "later": found,
        "model_events": cohort.settings.gates.model,
        "endpoints": [outcomes.describe(cohort.endpoints[key]) for key in keys],
        "absent": [(key.upper(), cohort.unavailable[key]) for key in FIRST if key in cohort.unavailable],
    }
    return Results(results.estimates, results.curves, {KEY: facts})


def _derived(cohort: Cohort) -> list[EndpointData]:
    """Those of FIRST whose clock starts with the treatment, as the days of response and toxicity do.

    None with a competing event: from a landmark on survival is estimated.
    """
    redefined = {
        rule.key for rule in cohort.settings.endpoint if rule.time or rule.origin != "treatment_start"
    }
    found = [cohort.endpoints[key] for key in FIRST if key in cohort.endpoints and key not in redefined]
    return [endpoint for endpoint in found if not endpoint.competes]


def _compared(cohort: Cohort, endpoint: EndpointData) -> list[Estimate]:
    """Restricted means to the last landmark; between groups their difference, hazard ratios and their check.

    Of an endpoint with a competing event no means: its ratios are of the cause-specific hazard.
    """
    gates, name = outcomes.limits(cohort.settings), cohort.settings.group
    groups = compared_groups(cohort, endpoint.rows)
    if groups:
        groups = models.reference_first(feature_named(cohort, name), groups)
    tables = {group: table.of_cause(1) for group, table in group_events(cohort, endpoint.key).items()}
    rows: list[Estimate] = []
    for tau in () if endpoint.competes else outcomes.landmark_days(cohort.settings)[-1:]:
        rows += means.restricted_means(
            endpoint.key, {group: tables[group] for group in ("all", *groups)}, tau, gates
        )
        if len(groups) == 2:
            compared = {group: tables[group] for group in groups}
            rows.append(means.mean_difference(endpoint.key, compared, tau, gates, name))
    if groups:
        model = models.fit_alone(endpoint, models.category(name, groups), gates)
        rows += [*model.estimates, models.proportionality(model, name, endpoint, gates)]
    return rows


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    blocks: list[Block] = []
    for fact in facts["endpoints"]:
        blocks += _endpoint(results, fact, facts)
    blocks += [
        Notice(say("{key} cannot be derived: the data lack {columns}.", key=key, columns=columns))
        for key, columns in facts["absent"]
    ]
    if facts["endpoints"]:
        free = {fact["key"]: fact["label"] for fact in facts["endpoints"] if not fact["competing"]}
        if free:
            caption = say("Survival at the landmarks. Every estimate stands with its number at risk.")
            blocks.append(landmark_table(results, KEY, free, facts, "table-survival", caption))
        had = {fact["key"]: fact["label"] for fact in facts["endpoints"] if fact["competing"]}
        if had:
            blocks.append(shown.incidence_table(results, KEY, had, facts, "table-incidence"))
        blocks += comparisons.comparison_blocks(results, KEY, facts["endpoints"], facts)
    blocks += landmark.blocks(results, KEY, facts["later"], facts)
    return Section(
        KEY, _(TITLE), tuple(blocks), results.select(section=KEY), results.select_curves(section=KEY)
    )


def _endpoint(results: Results, fact: dict, facts: dict) -> list[Block]:
    key = fact["key"]
    late = endpoints.late_entry_sentence(results, KEY, key, facts)
    if fact["competing"]:
        sentences = [*shown.endpoint_sentences(results, KEY, fact, facts), late]
    else:
        sentences = [
            endpoints.events_sentence(results, KEY, key, fact["event"]),
            late,
            endpoints.survival_sentence(results, KEY, fact, facts),
        ]
        for group in told(endpoints.groups(results, KEY, key)[1:]):
            sentences.append(endpoints.survival_sentence(results, KEY, fact, facts, group))
    test = results.get(f"{KEY}.{key}.{facts['group']}.p_value")
    if test is not None:
        sentences.append(endpoints.comparison_sentence(test, facts["group_label"]))
    sentences += [comparisons.ratio_sentence(results, KEY, key, facts), censoring.sentence(fact)]
    blocks: list[Block] = [
        Heading(capital((fact["label"],))[0]),
        Note(capital((fact["label"],))[0], fact["definition"]),
        Paragraph(paragraph(*sentences)),
    ]
    figure = endpoints.curve_figure(results, KEY, fact, facts)
    return [*blocks, figure] if figure else blocks
