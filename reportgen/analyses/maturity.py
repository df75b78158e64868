"""How mature the curves are: their bounds under extreme censoring, and the follow-up of each group."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyses import outcomes
from reportgen.analyses.counting import group_events
from reportgen.analyses.exact_shares import counted_only
from reportgen.cohort.cohort import Cohort
from reportgen.stats.extremes import extremes
from reportgen.stats.results import Estimate

BOUNDED = ("pfs", "os")


def extreme_bounds(cohort: Cohort) -> tuple[Estimate, ...]:
    """extreme_low and extreme_high of survival at the landmarks, for all and per group; none of an incidence, and no
    value where they are of no more than two patients."""
    found = []
    for key in BOUNDED:
        if key in cohort.endpoints and not cohort.endpoints[key].competes:
            for group, table in group_events(cohort, key).items():
                for time in outcomes.landmark_days(cohort.settings):
                    bounds = counted_only(extremes(table.of_cause(1), time), table.n)
                    found += [replace(e, endpoint=key, group=group) for e in bounds]
    return tuple(found)
