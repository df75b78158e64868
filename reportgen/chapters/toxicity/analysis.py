"""Toxicity: patients by their worst grade, per term and category, whatever the cause and related."""

from __future__ import annotations

from reportgen.analyses import outcomes, toxicities, toxicity_estimates
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.counting import grades_of
from reportgen.chapters.toxicity.facts import KEY
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Results


def analyse(cohort: Cohort) -> Results:
    """Patients by worst grade and events per patient-year, for the total, each category and each term."""
    events = toxicities.read(cohort)
    tables = grades_of(cohort)
    terms = toxicity_estimates.terms(events, tables)
    groups = columns.groups(cohort)
    facts = outcomes.context(cohort) | events.facts | {
        "terms": terms,
        "categories": {c: events.names[f"category: {c}"] for c in sorted({t["category"] for t in terms})},
        "groups": [name for name in groups if name != "all"],
        "ctcae_version": cohort.settings.ctcae_version,
        "rows": len(events),
        "window": cohort.settings.toxicity_window,
        "partly": int(toxicities.partly_known(events).sum()),
    }  # fmt: skip
    return Results(toxicity_estimates.estimates(KEY, events, groups, tables), facts={KEY: facts})
