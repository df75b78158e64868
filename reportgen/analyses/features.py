"""Features against an event: every level with its exact interval, every test by its name.

A feature that became known only after time zero is never compared here: whoever lived or stayed in
remission long enough to have it would seem protected by it (immortal time).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import factorial, prod
from typing import Any

import numpy as np

from reportgen.analyses.counting import level_events
from reportgen.analyses.exact_shares import share
from reportgen.analyses.follow_up_by_level import differs, median_follow_up, observed_days, shared_level
from reportgen.analyses.groups import masks
from reportgen.analyses.outcomes import in_groups, log_rank, of_the_tested, tested_groups
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import Message, joined, message
from reportgen.cohort.cohort import Cohort, EndpointData, Feature
from reportgen.stats import gates as gate
from reportgen.stats.comparison import mann_whitney
from reportgen.stats.contingency import fisher
from reportgen.stats.descriptive import summarise
from reportgen.stats.events import EventTable, pooled
from reportgen.stats.gray import gray
from reportgen.stats.missing_values import missing_bounds
from reportgen.stats.multiplicity import holm
from reportgen.stats.notes import Note, compared, not_estimable, number, refused, split
from reportgen.stats.results import Estimate
from reportgen.stats.testing import Test

MOST_RELABELLINGS = 100_000
NOT_KNOWN = refused(
    message(
        "became known only after the start, so it is not compared as if it were known then", "known_later"
    )
)
UNLIKE = refused(
    message("follow-up differs between the levels, so the times are compared instead", "follow_up_differs")
)
# What is set side by side: names, and of which levels each is made.
Sides = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Compared:
    """The estimates of one feature, and what its words need.

    shared: the level of all who had the event, if there is one; followed: whether the others were under observation
    for long enough to have had it, too. recorded: the level of everybody who had the event is known.
    """

    feature: Feature
    estimates: tuple[Estimate, ...]
    levels: tuple[str, ...]
    shared: str = ""
    followed: bool = False
    recorded: bool = False


def compare_features(section: str, cohort: Cohort, endpoint: EndpointData) -> tuple[Compared, ...]:
    """Every feature against the endpoint's event, with p-values adjusted by Holm over all that were computed."""
    compared = [compare_feature(section, cohort, endpoint, f) for f in cohort.features]
    tested = [e for c in compared for e in c.estimates if e.statistic == "p_value" and e.exists]
    adjusted = holm([e.value for e in tested]) if tested else []
    by_id = {
        e.id: replace(e, statistic="p_value_holm", value=p, method=adjusted_method(e.method, len(tested)))
        for e, p in zip(tested, adjusted, strict=True)
    }
    return tuple(
        replace(c, estimates=(*c.estimates, *(by_id[e.id] for e in c.estimates if e.id in by_id)))
        for c in compared
    )


def adjusted_method(method: str, tests: int) -> Message:
    """ "Fisher’s exact test, Holm over 13 tests: RANBP2 against all others"."""
    test, what = split(method)
    adjusted = (
        message("{text}, Holm over {n} test", "holm", text=test, n=tests)
        if tests == 1
        else message("{text}, Holm over {n} tests", "holm", text=test, n=tests)
    )
    return compared(adjusted, what) if what else adjusted


def compare_feature(section: str, cohort: Cohort, endpoint: EndpointData, feature: Feature) -> Compared:
    """One feature: per level the proportion with the event, and the tests that the numbers allow."""
    event = (endpoint.status == 1).astype(int)
    if feature.kind == "number":
        return _number(section, cohort, endpoint, feature, event)
    levels = level_events(cohort, endpoint.key, feature.name)
    days, of_level = observed_days(cohort, endpoint), masks(cohort, feature.name, endpoint.rows)
    missing = int(len(event) - sum(table.n for table in levels.values()))
    named: dict[str, Any] = {"section": section, "variable": feature.name}
    estimates = [
        _missing(missing, len(event), **named),
        *(
            replace(share(_happened(table), table.n, cohort.settings.confidence_level), group=level, **named)
            for level, table in levels.items()
        ),
        *_with_missing(levels, len(event), int(event.sum()), **named),
        *(median_follow_up(days[mask], group=level, **named) for level, mask in of_level.items()),
    ]
    if not feature.known_at_start:
        refusal = Estimate(
            "p_value", group=feature.name, method=message("no comparison"), note=NOT_KNOWN, **named
        )
        return Compared(feature, (*estimates, refusal), tuple(levels))
    followed = {level: days[mask] for level, mask in of_level.items()}
    tested = partial(_tests, section, cohort, endpoint, feature.name, followed)
    sizes = {level: table.n for level, table in levels.items()}
    sides = tested_groups(sizes) if feature.name == cohort.settings.group else levels
    together = tested({level: (level,) for level in sides}, feature.name)
    estimates += [of_the_tested(e, sizes) if e.exists and len(sides) < len(levels) else e for e in together]
    if len(levels) > 2:
        for level in levels:
            others = tuple(other for other in levels if other != level)
            estimates += tested({level: (level,), "all others": others}, level)
    total = int(event.sum())
    recorded = sum(_happened(table) for table in levels.values()) == total
    return Compared(feature, tuple(estimates), tuple(levels), *shared_level(levels, total), recorded)


def _with_missing(levels: Mapping[str, EventTable], n: int, events: int, **named) -> list[Estimate]:
    """missing_low and missing_high per level; none where everybody's level is recorded, or nobody's."""
    known, seen = sum(t.n for t in levels.values()), sum(map(_happened, levels.values()))
    if known in (0, n):
        return []
    return [
        replace(bound, group=level, **named)
        for level, table in levels.items()
        if table.n
        for bound in missing_bounds(_happened(table), table.n, events - seen, n - known)
    ]


def _happened(table: EventTable) -> int:
    return int(table.events[0].sum())


def _tests(
    section: str, cohort: Cohort, endpoint: EndpointData, variable: str, followed: Mapping[str, np.ndarray],
    sides: Sides, group: str,
) -> list[Estimate]:  # fmt: skip
    """Fisher's test of the proportions and the log-rank (or Gray's) test of the times, or why not.

    followed: level → days under observation; where they differ between the sides, proportions are not tested, and
    the times are in any case. group: the variable, or the level that is set against all others.
    """
    levels = level_events(cohort, endpoint.key, variable)
    tables = [pooled([levels[level] for level in side]) for side in sides.values()]
    sizes, happened = [table.n for table in tables], [_happened(table) for table in tables]
    n, events = sum(sizes), sum(happened)
    against_rest = group != variable
    named: dict[str, Any] = {
        "section": section,
        "variable": variable,
        "group": group,
        "n": n,
        "events": events,
    }
    reason = _refusal(sizes, happened, cohort)
    if reason:
        return (
            []
            if against_rest
            else [Estimate("p_value", method=message("Fisher’s exact test", "fisher"), note=reason, **named)]
        )
    counts = [[k, size - k] for k, size in zip(happened, sizes, strict=True)]
    unlike = differs([np.concatenate([followed[level] for level in side]) for side in sides.values()])
    estimates = [
        Estimate("p_value", method=message("Fisher’s exact test", "fisher"), note=UNLIKE, **named)
        if unlike
        else _named(fisher(counts), against_rest, group, **named)
    ]
    if unlike or not against_rest or _relabellings(sizes) <= MOST_RELABELLINGS:
        gates = cohort.settings.gates
        compared = not against_rest and variable == cohort.settings.group
        test = (_gray(tables, gates) if compared else None) or log_rank(
            [table.of_cause(1) for table in tables], lambda: _rows(cohort, endpoint, variable, sides), gates
        )
        named |= {"variable": None, "endpoint": endpoint.key}
        named["group"] = f"{variable}={group}" if against_rest else variable
        estimates.append(_named(test, against_rest, group, **named))
    return estimates


def _rows(cohort: Cohort, endpoint: EndpointData, variable: str, sides: Sides) -> tuple:
    levels = masks(cohort, variable, endpoint.rows)
    groups = [np.logical_or.reduce([levels[level] for level in side]) for side in sides.values()]
    return in_groups(endpoint.duration, endpoint.status, groups)


def _gray(tables: Sequence[EventTable], gates: GateLimits) -> Test | None:
    """Gray's test of the cumulative incidences, if every group has events enough for it and nobody came late."""
    late = any(table.late for table in tables)
    if late or not all(gate.gray(_happened(table), gates).allowed for table in tables):
        return None
    return gray(tables, 1)


def _relabellings(sizes: list[int]) -> int:
    """How many ways there are to deal the patients to groups of these sizes."""
    n = sum(sizes)
    return factorial(n) // prod(factorial(size) for size in sizes) if n <= 60 else MOST_RELABELLINGS + 1


def _named(test: Test, against_rest: bool, level: str, **labels) -> Estimate:
    row = test.estimate(**labels)
    if against_rest:
        row = replace(row, method=compared(test.name, message("{a} against all others", a=level)))
    if test.smallest_p is None or test.p is None:
        return row
    smallest = message("smallest p that these numbers can give: {n}", "smallest_p", n=number(test.smallest_p))
    return replace(row, note=joined([test.note, smallest]))


def _refusal(sizes: list[int], happened: list[int], cohort: Cohort) -> Note | None:
    """Why no test is made; None where one may be."""
    if len(sizes) < 2:
        return not_estimable(message("all patients are alike in it", "too_few_groups"))
    allowed = gate.comparison_test(sizes, happened, cohort.settings.gates)
    return None if allowed.allowed else refused(allowed.reason)


def _missing(count: int, n: int, **named) -> Estimate:
    return Estimate(
        "count", group="missing", value=count, n=n, method=message("patients without a record"), **named
    )


def _number(section, cohort, endpoint, feature, event) -> Compared:
    values = cohort.patients.frame.loc[endpoint.rows, feature.name].to_numpy(float)
    named: dict[str, Any] = {"section": section, "variable": feature.name}
    known = ~np.isnan(values)
    estimates = [_missing(int((~known).sum()), len(event), **named)]
    statistics = ("count", "median", "quartile_1", "quartile_3", "minimum", "maximum")
    for group, mask in (("with event", event == 1), ("without event", event == 0)):
        estimates += [
            replace(e, group=group, **named) for e in summarise(values[mask], statistics=statistics)
        ]
    sizes = [int((known & (event == 1)).sum()), int((known & (event == 0)).sum())]
    labels = named | {"group": feature.name, "n": sum(sizes), "events": sizes[0]}
    if not feature.known_at_start:
        estimates.append(Estimate("p_value", method=message("no comparison"), note=NOT_KNOWN, **labels))
    elif min(sizes) == 0:
        note = not_estimable(message("one of the groups has no value", "no_values"))
        estimates.append(
            Estimate("p_value", method=message("Mann–Whitney test", "mann_whitney"), note=note, **labels)
        )
    elif gate.smallest_p(sizes) > gate.SMALLEST_P:
        reason = message(
            "groups of {n} and {k} cannot reach a p of {p}",
            "p_out_of_reach",
            n=sizes[0],
            k=sizes[1],
            p=gate.SMALLEST_P,
        )
        note = refused(reason)
        estimates.append(
            Estimate("p_value", method=message("Mann–Whitney test", "mann_whitney"), note=note, **labels)
        )
    else:
        estimates.append(mann_whitney(values[known], event[known]).estimate(**labels))
    return Compared(feature, tuple(estimates), ())
