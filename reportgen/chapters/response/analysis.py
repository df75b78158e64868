"""Response: the best response of every treated patient, its time and duration, and tumour size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pandas import Series

from reportgen.analyses import courses, incidences, models, outcomes, tumours
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import effect
from reportgen.analyses.groups import comparable, feature
from reportgen.analyses.response_rates import confirmed, response_rates
from reportgen.analyses.size_rates import size_rates
from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.chapters.response.facts import ENDPOINT, KEY, ResponseFacts, TumourTrack
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.responded import CODE as RESPONSE_AFTER
from reportgen.stats.contingency import fisher, odds_ratio
from reportgen.stats.descriptive import summarise
from reportgen.stats.notes import compared, refused
from reportgen.stats.proportions import difference
from reportgen.stats.results import Estimate, Results, label, subgroup

LEVELS = ("CR", "PR", "SD", "PD", "NE")


RESPONDERS = ("CR", "PR")


NOT_RECORDED = "not recorded"


RANGE = ("count", "median", "minimum", "maximum")


def analyse(cohort: Cohort) -> Results:
    """Best response and response rate, time to and duration of response, best change of tumour size."""
    best = columns.worded(cohort.patients, "best_response", NOT_RECORDED)
    groups = columns.groups(cohort)
    levels = [*LEVELS, *([NOT_RECORDED] if (best == NOT_RECORDED).any() else [])]
    estimates: list[Estimate] = []
    for group, mask in groups.items():
        n = int(mask.sum())
        counts = {subgroup(group, level): int((best[mask] == level).sum()) for level in levels}
        estimates += outcomes.shares(KEY, "best_response", counts, n, cohort.settings.confidence_level)
        estimates += outcomes.shares(
            KEY,
            "response",
            {group: int(best[mask].isin(RESPONDERS).sum())},
            n,
            cohort.settings.confidence_level,
        )
    rates = (*response_rates(cohort, best), *confirmed(cohort, best))
    estimates += label(rates, section=KEY, variable="response")
    estimates += _test(cohort, best, groups)
    responders = best.isin(RESPONDERS).to_numpy()
    counts = {group: (int(mask.sum()), int(responders[mask].sum())) for group, mask in groups.items()}
    estimates += label(
        outcomes.no_group(counts), section=KEY, variable="response", group=cohort.settings.group
    )
    when = (columns.days(cohort.patients, "response_date") - columns.treatment_days(cohort))[responders]
    estimates += [
        replace(
            e,
            section=KEY,
            variable="time_to_response",
            method=message("start of treatment to first response"),
        )
        for e in summarise(when, statistics=RANGE)
    ]
    duration = _duration(cohort)
    sizes, size_facts = _sizes(cohort, best)
    facts = ResponseFacts(
        **vars(outcomes.context(cohort)),
        levels=levels,
        groups=[name for name in groups if name != "all"],
        endpoint=outcomes.describe(cohort.endpoints[ENDPOINT]) if duration.curves else None,
        until=cohort.settings.response_until,
        disease_control_weeks=cohort.settings.disease_control_weeks if "pfs" in cohort.endpoints else 0,
        later_responses=sum(issue.count for issue in cohort.issues if issue.code == RESPONSE_AFTER),
        size_thresholds=cohort.settings.size_thresholds,
        confirmation_days=cohort.settings.confirmation_days,
        duration_lacks=cohort.unavailable.get(ENDPOINT, ""),
        **size_facts,
    )
    return Results((*estimates, *duration.estimates, *sizes), duration.curves, {KEY: facts})


def _test(cohort: Cohort, best: Series, groups: dict[str, np.ndarray]) -> tuple[Estimate, ...]:
    """Fisher's test of responders between the groups; refused where the groups formed after the start."""
    masks = [mask for name, mask in groups.items() if name != "all"]
    if not masks:
        return ()
    answered = [int(best[mask].isin(RESPONDERS).sum()) for mask in masks]
    sizes = [int(mask.sum()) for mask in masks]
    names = {"section": KEY, "variable": "response", "group": cohort.settings.group, "n": sum(sizes),
             "events": sum(answered)}  # fmt: skip
    if not comparable(cohort):
        return (Estimate("p_value", method=message("no comparison"), note=outcomes.KNOWN_LATER, **names),)
    effects = _effects(cohort, groups, best)
    test = fisher([[k, n - k] for k, n in zip(answered, sizes, strict=True)])
    if test.smallest_p is not None and test.smallest_p > 0.05:
        note = refused(message("with these numbers no result could reach p = {n}", "p_out_of_reach", n=0.05))
        return (Estimate("p_value", method=test.name, note=note, **names), *effects)
    return (test.estimate(**names), *effects)


def _effects(cohort: Cohort, groups: dict[str, np.ndarray], best: Series) -> list[Estimate]:
    """Difference of response rates and odds ratio of every group against the first.

    In ids under the grouping column's name where there are two groups, else under `name=level`. Exact
    interval for small cohorts, Newcombe's otherwise.
    """
    name, level = cohort.settings.group, cohort.settings.confidence_level
    named = {group: mask for group, mask in groups.items() if group != "all"}
    (first, reference), *others = models.reference_first(required(feature(cohort, name)), named).items()
    rows: list[Estimate] = []
    for group, mask in others:
        (k, n), (k0, n0) = (
            (int(np.isin(best[who], RESPONDERS).sum()), int(who.sum())) for who in (mask, reference)
        )
        interval = "exact" if n + n0 < cohort.settings.gates.beta_product_below else "newcombe"
        labels = {
            "section": KEY,
            "variable": "response",
            "group": name if len(others) == 1 else f"{name}={group}",
        }
        for row, words in (
            (
                difference((k, k0), (n, n0), level=level, method=interval),
                message("{a} minus {b}", a=group, b=first),
            ),
            (
                odds_ratio([[k, n - k], [k0, n0 - k0]], level=level),
                message("{a} against {b}", a=group, b=first),
            ),
        ):
            rows.append(replace(effect(row, (n, n0)), method=compared(row.method, words), **labels))
    # A difference of rates goes by the name that differences of other kinds do not have, and by its first one.
    named = [replace(row, statistic="risk_difference") for row in rows if row.statistic == "difference"]
    return [*rows, *named]


def _duration(cohort: Cohort) -> Results:
    if ENDPOINT not in cohort.endpoints or not len(cohort.endpoints[ENDPOINT].rows):
        return Results()
    # Responders are selected after the start, so that their groups are no longer comparable.
    times = outcomes.landmark_days(cohort.settings)
    return incidences.endpoint_analysis(KEY, cohort, ENDPOINT, times, by_group=False)


def _sizes(cohort: Cohort, best: Series) -> tuple[tuple[Estimate, ...], dict]:
    """Best change of tumour size: its distribution, and plain rows to draw."""
    if cohort.lacks(("assessments.tumour_size", "assessments.date")):
        return (), {"tracks": [], "undrawn": [], "sizes": False}
    found, undrawn = tumours.courses(cohort)
    order = courses.printed_order(cohort)
    names = dict(zip(order, courses.labels(cohort, order), strict=True))
    tracks = [
        TumourTrack(
            names[course.patient],
            course.times,
            course.changes,
            course.best,
            best[course.patient] if best[course.patient] in LEVELS else "NE",
        )
        for course in found
    ]
    how = message("smallest size after the baseline, as a fraction of the baseline, minus 1", "best_change")
    rows = summarise([course.best for course in found], statistics=RANGE)
    rows = tuple(replace(e, n=len(found), method=how) for e in rows)
    late = sum(course.late for course in found)
    extra = Estimate(
        "late_baseline",
        value=late,
        n=len(found),
        method=message("baseline more than {n} days after the start", n=14),
    )
    estimates = label((*rows, extra, *size_rates(cohort, found)), section=KEY, variable="best_change")
    estimates += outcomes.shares(KEY, "not_drawn", undrawn, cohort.n, cohort.settings.confidence_level)
    return estimates, {"tracks": tracks, "undrawn": list(undrawn), "sizes": True}
