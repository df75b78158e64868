"""Relapse: its cumulative incidence with death competing, and what those who relapsed had in common."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import columns, incidences, outcomes
from reportgen.analyses.feature_models import feature_models
from reportgen.analyses.features import compare_features
from reportgen.analyses.groups import compared_groups, own_words
from reportgen.cohort.cohort import Cohort
from reportgen.language import N_, _, inflected
from reportgen.present import censoring, comparisons, course, endpoints, numbers, phrases, ratios, shares
from reportgen.present import features as shown
from reportgen.present.incidences import incidence_sentence, incidence_table
from reportgen.present.narrative import counted, paragraph, say, say_n
from reportgen.present.shares import told
from reportgen.report import Block, Heading, Note, Paragraph, Section, Text
from reportgen.stats.descriptive import summarise
from reportgen.stats.results import Results

KEY = "relapse"
TITLE = N_("Relapse")
REQUIRES = (
    "endpoints.relapse|patients.relapse_date",
    "endpoints.relapse|patients.last_contact",
    "endpoints.relapse",
)


def analyse(cohort: Cohort) -> Results:
    """Incidence of relapse, its circumstances, and every feature against it."""
    endpoint = cohort.endpoints[KEY]
    results = incidences.incidence_analysis(KEY, cohort, KEY, outcomes.landmark_days(cohort.settings))
    relapsed = endpoint.rows[endpoint.status == 1]
    times = endpoint.duration[endpoint.status == 1]
    estimates = [
        replace(e, section=KEY, variable="time_to_relapse")
        for e in summarise(times, statistics=("count", "median", "minimum", "maximum"))
    ]
    estimates += _circumstances(cohort, relapsed)
    compared = compare_features(KEY, cohort, endpoint)
    for feature in compared:
        # The test of the groups stands among the results already.
        estimates += [e for e in feature.estimates if e.id not in results]
    estimates += feature_models(KEY, cohort, endpoint)
    facts = outcomes.context(cohort) | {
        "endpoint": outcomes.describe(endpoint),
        "groups": list(compared_groups(cohort, endpoint.rows)),
        "model_events": cohort.settings.gates.model,
        "features": [
            {
                "name": c.feature.name,
                "label": c.feature.label,
                "kind": c.feature.kind,
                "unit": c.feature.unit,
                "known_at_start": c.feature.known_at_start,
                "of_interest": c.feature.of_interest,
                "levels": c.levels,
                "shared": c.shared,
                "followed": c.followed,
                "words": own_words(c.feature),
            }
            for c in compared
        ],
    }
    return Results((*results.estimates, *estimates), results.curves, {KEY: facts})


def _circumstances(cohort: Cohort, relapsed: np.ndarray) -> list:
    """Of those who relapsed: how many on treatment, and how many after which first response."""
    frame, days = cohort.patients.frame.loc[relapsed], cohort.patients.days.loc[relapsed]
    n, counts = len(relapsed), {}
    place = cohort.patients.frame.index.get_indexer(relapsed)
    relapse = columns.relapse_days(cohort)[place]
    if "treatment_stop" in days:
        stop, ended = days["treatment_stop"].to_numpy(), columns.stopped(cohort)[place]
        counts["on treatment"] = int((~ended | (stop >= relapse)).sum())
    if "best_response" in frame:
        answered = np.ones(n, bool)
        if "response_date" in days:
            at = days["response_date"].to_numpy()
            answered = np.isnan(at) | (at <= relapse)
        for response in ("CR", "PR"):
            reached = (frame["best_response"] == response).to_numpy() & answered
            counts[f"after {response}"] = int(reached.sum())
    return list(outcomes.shares(KEY, "relapsed", counts, n))


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    count = results["relapse.relapse.all.count"]
    blocks: list[Block] = [
        Note(_("Cumulative incidence"), facts["endpoint"]["definition"]),
        Paragraph(_what_happened(results, facts)),
    ]
    if facts["groups"]:
        blocks.append(Paragraph(_groups(results, facts)))
    figure = endpoints.curve_figure(results, KEY, facts["endpoint"], facts)
    if figure and count.value:
        blocks.append(figure)
    labels = {KEY: facts["endpoint"]["label"]}
    blocks.append(incidence_table(results, KEY, labels, facts, "table-relapse"))
    if facts["features"]:
        blocks.append(Heading(_("Features and relapse")))
        texts = (
            course.common(results),
            _tests(results, facts),
            ratios.sentences(results, KEY, KEY, facts["features"]),
        )
        blocks += [Paragraph(text) for text in texts if text]
        blocks += shown.feature_blocks(results, KEY, facts["features"], "relapsed", KEY, facts["unit"])
    return Section(
        KEY, _(TITLE), tuple(blocks), results.select(section=KEY), results.select_curves(section=KEY)
    )


def _what_happened(results: Results, facts: dict) -> Text:
    unit = facts["unit"]
    count = results["relapse.relapse.all.count"]
    competing = results["relapse.relapse.all.competing_count"]
    sentences = [
        say_n(
            "{k} of {n} patient relapsed or progressed; {d} died without relapse.",
            "{k} of {n} patients relapsed or progressed; {d} died without relapse.",
            count.n,
            k=phrases.count(count),
            n=numbers.whole(count.n),
            d=phrases.count(competing) if competing.value else inflected("none", "number"),
        ),
        endpoints.late_entry_sentence(results, KEY, KEY, facts),
        course.circumstances(results),
    ]
    if count.value:
        spread = (results[f"relapse.time_to_relapse.all.{s}"] for s in ("median", "minimum", "maximum"))
        x = shares.spread(*spread, unit)
        sentences.append(say("The median time to relapse among them was {x}.", x=x))
    sentences.append(incidence_sentence(results, KEY, facts["endpoint"], facts))
    return paragraph(*sentences, censoring.sentence(facts["endpoint"]))


def _groups(results: Results, facts: dict) -> Text:
    """The incidence of each group at the first landmark, their test and their hazard ratio."""
    test = results.get(f"{KEY}.{KEY}.{facts['group']}.p_value")
    return paragraph(
        *(
            incidence_sentence(results, KEY, facts["endpoint"], facts, group)
            for group in told(facts["groups"])
        ),
        endpoints.comparison_sentence(test, facts["group_label"]) if test is not None else None,
        comparisons.ratio_sentence(results, KEY, KEY, facts),
    )


def _tests(results: Results, facts: dict) -> Text:
    """How many comparisons were made, of what worth they are, and what the events are too few for."""
    tested = shown.tested(results, KEY, facts["features"], KEY)
    count = results["relapse.relapse.all.count"]
    few = count.value < facts["model_events"]
    return paragraph(
        say_n(
            "{events} is too few to compare groups in a model.",
            "{events} are too few to compare groups in a model.",
            int(count.value),
            events=phrases.value(counted(int(count.value), "relapse"), count),
        )
        if few
        else None,
        say_n(
            "{k} was made, exploratory; the table shows every one, raw and Holm-adjusted.",
            "{k} were made, all of them exploratory; the table shows every one, raw and Holm-adjusted.",
            len(tested),
            k=counted(len(tested), "comparison"),
        )
        if tested
        else say("No test of these features is shown: the numbers allow none."),
    )
