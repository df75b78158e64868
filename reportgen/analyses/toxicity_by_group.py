"""Toxicity of two groups set against each other: shares with grade ≥ 3, and events per patient-year on treatment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from reportgen.analyses.exact_shares import effect
from reportgen.analyses.grades import OVERALL
from reportgen.analyses.group_differences import named_for, pair_of, share_differences
from reportgen.analyses.toxicities import Events
from reportgen.analyses.toxicity_estimates import exposure
from reportgen.base.message import joined, message
from reportgen.base.required import required
from reportgen.cohort.cohort import Cohort
from reportgen.stats.rates import rate_ratio
from reportgen.stats.results import Estimate, Results

ON_TREATMENT = message("time on treatment of the patients assessed for toxicity, in days")
INDEPENDENT = message("events that began on treatment, taken as independent", "rate_ratio")


def differences(results: Results, section: str, cohort: Cohort, terms: Sequence[str]) -> tuple[Estimate, ...]:
    """Of the total with grade ≥ 3 and grade 5, and of each term with any grade and grade ≥ 3: the second of two
    groups minus the first. That of grade ≥ 3 also as `risk_difference`."""
    found = share_differences(results, section, cohort, OVERALL, ("grade_3_plus", "grade_5"))
    for term in terms:
        found += share_differences(results, section, cohort, term, ("any_grade", "grade_3_plus"))
    severe = (e for e in found if e.statistic == "grade_3_plus_difference")
    return (*found, *(replace(e, statistic="risk_difference") for e in severe))


def person_times(section: str, events: Events, groups: Mapping[str, np.ndarray]) -> tuple[Estimate, ...]:
    """Days on treatment of the assessed, for all and per group; none where they are not known of everybody."""
    found = []
    for group, mask in groups.items():
        days, n = exposure(events, mask)
        if n and not np.isnan(days):
            found.append(Estimate("person_time", section=section, variable=OVERALL, group=group, value=days,
                                  n=n, method=ON_TREATMENT))  # fmt: skip
    return tuple(found)


def rate_ratios(results: Results, section: str, cohort: Cohort, terms: Sequence[str]) -> tuple[Estimate, ...]:
    """Rate of the second of two groups over that of the first, for the total and each term that has rates."""
    times = {e.group: e for e in results.select(section=section, statistic="person_time")}
    pair = pair_of(cohort, [group for group in times if group != "all"])
    if pair is None:
        return ()
    first, second = pair
    days = required(times[second].value), required(times[first].value)
    found = []
    for variable in (OVERALL, *terms):
        of, against = (results[f"{section}.{variable}.{group}.rate"] for group in (second, first))
        if of.exists and against.exists:
            row = rate_ratio(
                (required(of.events), required(against.events)), days,
                level=cohort.settings.confidence_level, against=first,
            )  # fmt: skip
            row = effect(row, (required(of.n), required(against.n)))
            row = replace(row, method=joined([INDEPENDENT, row.method]))
            words = message("{a} against {b}", a=second, b=first)
            found.append(named_for(cohort, row, words, section=section, variable=variable))
    return tuple(found)
