"""Toxicity: patients by their worst grade, per term and category, whatever the cause and related."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from reportgen.analyses import outcomes, toxicities, toxicity_by_group, toxicity_estimates
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.counting import grades_of
from reportgen.analyses.serious_events import serious_events
from reportgen.analyses.toxicities import OVERALL
from reportgen.analyses.toxicity_over_time import over_time
from reportgen.analyses.toxicity_resolution import resolution
from reportgen.chapters.toxicity.facts import KEY, MOST_BY_GROUP, ToxicityFacts
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate, Results, label


def analyse(cohort: Cohort) -> Results:
    """Patients by worst grade and events per patient-year, for the total, each category and each term."""
    events = toxicities.read(cohort)
    tables = grades_of(cohort)
    terms = toxicity_estimates.terms(events, tables)
    groups = columns.groups(cohort)
    facts = ToxicityFacts(
        **vars(outcomes.context(cohort)),
        **events.facts,
        terms=terms,
        categories={c: events.names[f"category: {c}"] for c in sorted({t.category for t in terms})},
        groups=[name for name in groups if name != "all"],
        ctcae_version=cohort.settings.ctcae_version,
        rows=len(events),
        window=cohort.settings.toxicity_window,
        partly=int(toxicities.partly_known(events).sum()),
    )
    frequent = [term.key for term in terms[:MOST_BY_GROUP]]
    level = cohort.settings.confidence_level
    found = toxicity_estimates.estimates(KEY, events, groups, tables, level, frequent)
    found += serious_events(KEY, cohort, events, groups)
    found += toxicity_by_group.person_times(KEY, events, groups)
    counted = Results(found)
    found += toxicity_by_group.differences(counted, KEY, cohort, frequent)
    found += toxicity_by_group.rate_ratios(counted, KEY, cohort, frequent)
    found += _in_no_group(cohort, found, groups)
    return Results(found, facts={KEY: facts}) + over_time(KEY, cohort) + resolution(KEY, cohort)


def _in_no_group(
    cohort: Cohort, found: tuple[Estimate, ...], groups: Mapping[str, np.ndarray]
) -> tuple[Estimate, ...]:
    """Who is in none of the groups, and how many of them had a toxicity of any grade."""
    had = {e.group: e.events or 0 for e in found if (e.variable, e.statistic) == (OVERALL, "any_grade")}
    counts = {group: (int(mask.sum()), had[group]) for group, mask in groups.items()}
    return label(outcomes.no_group(counts), section=KEY, variable=OVERALL, group=cohort.settings.group)
