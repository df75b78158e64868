"""Two groups set side by side at a landmark, and in their worst toxicity."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyses.exact_shares import effect
from reportgen.analyses.groups import comparable, feature
from reportgen.base.message import Message, message
from reportgen.base.required import required
from reportgen.cohort.cohort import Cohort
from reportgen.stats.landmark_difference import landmark_difference
from reportgen.stats.notes import compared
from reportgen.stats.proportions import difference
from reportgen.stats.results import Estimate, Results

AT_LANDMARKS = ("survival", "cumulative_incidence")


def landmark_differences(results: Results, section: str, cohort: Cohort, key: str) -> Results:
    """Of an endpoint at each landmark, the second of two groups minus the first (the reference); else nothing."""
    sizes = {e.group: e for e in results.select(section=section, endpoint=key, statistic="count")}
    pair = pair_of(cohort, [group for group in sizes if group != "all"])
    found = []
    if pair is None:
        return Results()
    for statistic in AT_LANDMARKS:
        for at in results.select(section=section, endpoint=key, statistic=statistic, group=pair[1]):
            against = results[f"{section}.{key}.{pair[0]}.{statistic}@{required(at.time):.10g}"]
            apart = results.get(
                f"{section}.{key}.{cohort.settings.group}.survival_difference@{required(at.time):.10g}"
            )
            if apart is not None:
                found.append(replace(apart, statistic="landmark_difference"))
                continue
            row = landmark_difference(at, against)
            found.append(named_for(cohort, row, _minus(pair), section=section, endpoint=key))
    return Results(tuple(found))


def share_differences(
    results: Results, section: str, cohort: Cohort, variable: str, statistics: tuple[str, ...]
) -> tuple[Estimate, ...]:
    """Of shares of patients: `<statistic>_difference`, exact for small cohorts, Newcombe's otherwise."""
    groups = [e.group for e in results.select(section=section, variable=variable, statistic=statistics[0])]
    pair = pair_of(cohort, [group for group in groups if group != "all"])
    found = []
    if pair is None:
        return ()
    for statistic in statistics:
        a, b = (results[f"{section}.{variable}.{group}.{statistic}"] for group in (pair[1], pair[0]))
        if a.exists and b.exists:
            n = required(a.n), required(b.n)
            how = "exact" if sum(n) < cohort.settings.gates.beta_product_below else "newcombe"
            events, level = (required(a.events), required(b.events)), cohort.settings.confidence_level
            row = effect(difference(events, n, level=level, method=how), n)
            row = replace(row, statistic=f"{statistic}_difference")
            found.append(named_for(cohort, row, _minus(pair), section=section, variable=variable))
    return tuple(found)


def pair_of(cohort: Cohort, groups: list[str]) -> tuple[str, str] | None:
    """Two groups, the reference ("no" before "yes") first; None where there are more, or none known at the start."""
    if len(groups) != 2 or not comparable(cohort):
        return None
    first, second = groups
    of_yes_or_no = required(feature(cohort, cohort.settings.group)).kind == "yes/no"
    return (second, first) if of_yes_or_no else (first, second)


def named_for(cohort: Cohort, row: Estimate, words: Message, **names: str) -> Estimate:
    """A comparison under the name of the grouping column, with what it compares."""
    return replace(row, group=cohort.settings.group, method=compared(row.method, words), **names)


def _minus(pair: tuple[str, str]) -> Message:
    return message("{a} minus {b}", a=pair[1], b=pair[0])
