"""The few estimates that a reader follows from report to report, under the ids of their own chapters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from reportgen.analyses import (
    incidences,
    outcomes,
    toxicities,
    toxicity_estimates,
)
from reportgen.analyses import (
    patient_columns as columns,
)
from reportgen.analyses.counting import grades_of
from reportgen.analyses.exact_shares import counted_only
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.rules import unasked
from reportgen.stats import reverse_kaplan_meier
from reportgen.stats.results import Estimate

ELSEWHERE = {
    "duration_of_response",
    "time_on_treatment",
    "survival_after_relapse",
    "relapse_free_after_stopping",
}
FIRST = ("pfs", "os")
SHOWN = ("survival", "median_time", "cumulative_incidence")
RESPONDERS = ("CR", "PR")


def main_estimates(cohort: Cohort) -> tuple[Estimate, ...]:
    """Response rate, survival and median of each endpoint, incidence of relapse, grade ≥ 3, follow-up.

    Each equals the estimate of that id in the report, to the last bit. What the data lack is left out.
    """
    if not cohort.n:
        return ()
    return tuple(_found(cohort))


def _found(cohort: Cohort) -> Iterator[Estimate]:
    times = outcomes.landmark_days(cohort.settings)
    if not cohort.lacks(("patients.best_response",)):
        answered = int(np.isin(columns.words(cohort.patients, "best_response"), RESPONDERS).sum())
        yield from outcomes.shares(
            "response", "response", {"all": answered}, cohort.n, cohort.settings.confidence_level
        )
    elsewhere = {*ELSEWHERE, *unasked(cohort.settings), "relapse"}
    keys = [key for key in cohort.endpoints if key not in elsewhere]
    for key in sorted(keys, key=lambda key: FIRST.index(key) if key in FIRST else len(FIRST)):
        made = incidences.endpoint_analysis("survival", cohort, key, times, by_group=False)
        yield from (e for e in made.estimates if e.statistic in SHOWN)
    if "relapse" in cohort.endpoints:
        made = incidences.incidence_analysis("relapse", cohort, "relapse", times, by_group=False)
        yield from (e for e in made.estimates if e.statistic == "cumulative_incidence")
    if not cohort.lacks(("toxicities.term", "toxicities.grade")):
        events = toxicities.read(cohort)
        everyone = {"all": np.ones(cohort.n, bool)}
        rows = toxicity_estimates.estimates(
            "toxicity", events, everyone, grades_of(cohort), cohort.settings.confidence_level
        )
        yield from (e for e in rows if e.variable == toxicities.OVERALL and e.statistic == "grade_3_plus")
    if "os" in cohort.endpoints:
        os = cohort.endpoints["os"]
        median = reverse_kaplan_meier.reverse_median(
            os.duration, (os.status == 1).astype(int), entry=os.entry, level=cohort.settings.confidence_level
        )
        yield from (
            replace(row, section="follow_up", endpoint="reverse")
            for row in counted_only([median], len(os.duration))
        )
