"""Changes: what is new since the last report, what was corrected, and how far that moved the main estimates.

Only in a report that has one before it. It reads what `cohort.earlier` knows of that one.
"""

from __future__ import annotations

from reportgen.analyses import estimate_changes as changes
from reportgen.analyses import outcomes
from reportgen.chapters.changes.facts import KEY, ChangesFacts
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Results

MOST_ROWS, MOST_NAMED = 40, 12


def analyse(cohort: Cohort) -> Results:
    """The main estimates at every report and the parts of their last move; counts of what else changed.

    The facts are None without an earlier report.
    """
    if cohort.earlier is None:
        return Results(facts={KEY: None})
    estimates, found = changes.estimates(KEY, cohort)
    then, now = changes.names(cohort.earlier)
    facts = ChangesFacts(
        **vars(outcomes.context(cohort)),
        **vars(found),
        then=then,
        now=now,
        most_rows=MOST_ROWS,
        most_named=MOST_NAMED,
        labels={key: endpoint.label for key, endpoint in cohort.endpoints.items()},
        columns=dict(cohort.labels),
        questions=cohort.earlier.questions,
        changes=cohort.earlier.changes,
    )
    return Results(estimates, facts={KEY: facts})
