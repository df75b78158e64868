"""After stopping: those who stopped while in response, and how long they have stayed free of relapse."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyses import courses, incidences, outcomes
from reportgen.analyses.exact_shares import described, share
from reportgen.base.message import message
from reportgen.chapters.after_stopping.facts import ENDPOINT, KEY, SPREAD, AfterStoppingFacts
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.stats.descriptive import summarise
from reportgen.stats.rates import rate
from reportgen.stats.results import Estimate, Results


def analyse(cohort: Cohort) -> Results:
    """Relapses off treatment: their number with its exact limit, their rate, and the curve from the stop."""
    context = vars(outcomes.context(cohort))
    if ENDPOINT not in cohort.endpoints:
        return Results(facts={KEY: AfterStoppingFacts(**context, lacks=cohort.unavailable[ENDPOINT])})
    endpoint = cohort.endpoints[ENDPOINT]
    facts = AfterStoppingFacts(
        **context,
        endpoint=outcomes.describe(endpoint),
        n=len(endpoint.rows),
        others_stopped=_others_stopped(cohort, endpoint),
    )
    continuing = _continuing(cohort)
    if not len(endpoint.rows):
        return Results((continuing,), facts={KEY: facts})
    results = incidences.endpoint_analysis(
        KEY, cohort, ENDPOINT, outcomes.landmark_days(cohort.settings), by_group=False
    )
    events, n, level = int((endpoint.status == 1).sum()), len(endpoint.rows), cohort.settings.confidence_level
    patients = cohort.patients
    before = (patients.days["treatment_stop"] - patients.treated).loc[endpoint.rows].to_numpy(float)
    estimates: list[Estimate] = [
        continuing,
        replace(share(events, n, level), section=KEY, variable="stopped", group="event"),
        replace(
            described(rate(events, float(endpoint.duration.sum()), level=level), n),
            section=KEY,
            variable="stopped",
            group="event",
        ),
        Estimate(
            "person_time",
            section=KEY,
            variable="stopped",
            value=float(endpoint.duration.sum()),
            n=n,
            method=message("sum of the times from stop to event or last contact, in days"),
        ),
    ]
    for variable, values in (("treatment_duration", before), ("time_off_treatment", endpoint.duration)):
        estimates += [
            replace(e, section=KEY, variable=variable) for e in summarise(values, statistics=SPREAD)
        ]
    return Results((*results.estimates, *estimates), results.curves, {KEY: facts})


def _others_stopped(cohort: Cohort, endpoint: EndpointData) -> bool:
    """Whether others stopped without a relapse, too, though not in response: then it is not said of these alone."""
    days = cohort.patients.days
    stopped = days["treatment_stop"].notna().to_numpy()
    if "relapse_date" in days:
        stopped &= days["relapse_date"].isna().to_numpy()
    stopped[days.index.get_indexer(endpoint.rows)] = False
    return bool(stopped.any())


def _continuing(cohort: Cohort) -> Estimate:
    """How many are alive and have not stopped the treatment."""
    on = courses.continuing(cohort)
    return replace(
        share(int(on.sum()), len(on), cohort.settings.confidence_level), section=KEY, variable="continuing"
    )
