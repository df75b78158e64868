"""Where an endpoint meets its estimators: the few analyses that several chapters share.

Everything here takes a Cohort and returns labelled Estimates and Curves; nothing is rounded or worded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from reportgen.analyses.counting import events_of, group_events
from reportgen.analyses.exact_shares import counted_only, share
from reportgen.analyses.groups import compared_groups, feature, grouping, own_words, short_names
from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.mapping.schema import DAYS_PER
from reportgen.settings.model import Settings
from reportgen.stats import gates as gate
from reportgen.stats import survival
from reportgen.stats.comparison import permutation_logrank
from reportgen.stats.events import DECIMALS, EventTable, event_table
from reportgen.stats.notes import against, compared, not_estimable, not_reached, refused
from reportgen.stats.results import Curve, Estimate, Results, label
from reportgen.stats.testing import Test

RELABELLED_LATE = refused(message("a relabelling of patients takes no late entry", "late_entry"))
# Of one patient or two there is no interval and no test.
FEWEST_TESTED = 3
KNOWN_LATER = refused(message("the groups became known only after the start", "known_later"))


def interval_rule(settings: Settings) -> survival.IntervalRule:
    """Which interval a survival estimate gets: by gates.beta_product_below and report.survival_interval."""
    return survival.IntervalRule(settings.gates.beta_product_below, kind=settings.survival_interval)


QUARTILES = (0.5, 0.25, 0.75)


def landmark_days(settings: Settings) -> tuple[float, ...]:
    """The landmarks in days, ascending; one that is given twice, or to less than a millisecond, counts once."""
    days = {round(t * DAYS_PER[settings.time_unit], DECIMALS) for t in settings.landmarks}
    return tuple(sorted(days))


def survival_analysis(
    section: str, cohort: Cohort, key: str, times: tuple[float, ...] = (), by_group: bool = True
) -> Results:
    """Events, survival at the times, median and curve of an endpoint, for all and per group, and the test.

    Of an endpoint without a competing event: with one, it is an incidence (see analyses.incidences).
    """
    return of_groups(section, cohort, key, times, by_group, _of_first_cause, _compare)


def _of_first_cause(
    table: EventTable, times: tuple[float, ...], settings: Settings
) -> tuple[list[Estimate], Curve]:
    return of_events(table.of_cause(1), times, settings)


def of_groups(
    section: str,
    cohort: Cohort,
    key: str,
    times: tuple[float, ...],
    by_group: bool,
    of: Callable[[EventTable, tuple[float, ...], Settings], tuple[list[Estimate], Curve]],
    compare: Callable[[Cohort, EndpointData, Mapping[str, EventTable]], Estimate],
) -> Results:
    """What `of` makes of all patients and, by_group, of each group that is compared; and their comparison."""
    endpoint = cohort.endpoints[key]
    tables = group_events(cohort, key) if by_group else {"all": events_of(cohort, key)}
    total = Results(label(late_entries(endpoint), section=section, endpoint=key))
    for name, table in tables.items():
        estimates, curve = of(table, times, cohort.settings)
        names = {"section": section, "endpoint": key, "group": name}
        total += Results(label(estimates, **names), label(drawable(curve, table), **names))
    if by_group and grouping(cohort, endpoint.rows):
        names = {"section": section, "endpoint": key, "group": cohort.settings.group}
        test = compare(cohort, endpoint, tables) if len(tables) > 1 else known_later(endpoint)
        total += Results(label((test, *without_group(tables)), **names))
    return total


def without_group(tables: Mapping[str, EventTable]) -> tuple[Estimate, ...]:
    """Who is in none of the groups that are compared, and how many of them had the event; see no_group."""
    counts = {name: (int(table.n), int(table.events[0].sum())) for name, table in tables.items()}
    return no_group(counts)


def no_group(counts: Mapping[str, tuple[int, int]]) -> tuple[Estimate, ...]:
    """Who is in none of the groups, and how many of them had the event; nothing where nobody is, or no groups are.

    counts: "all" and group → patients, and those with the event.
    """
    (n, events), groups = counts["all"], [counts[name] for name in counts if name != "all"]
    left = n - sum(k for k, _ in groups)
    if not groups or not left:
        return ()
    had = events - sum(k for _, k in groups)
    return (Estimate("no_group", value=left, n=n, events=had, method=message("patients in no group")),)


def known_later(endpoint: EndpointData) -> Estimate:
    """What stands in place of a test of groups that were not known at time zero."""
    events = int((endpoint.status == 1).sum())
    return Estimate(
        "p_value", n=len(endpoint.rows), events=events, method=message("no comparison"), note=KNOWN_LATER
    )


def one_group(
    endpoint: EndpointData, mask: np.ndarray, times: tuple[float, ...], settings: Settings
) -> tuple[list[Estimate], Curve]:
    """Events, survival at the times, and the median, or the exact limit where the numbers allow none."""
    happened = (endpoint.status[mask] == 1).astype(int)
    table = event_table(endpoint.duration[mask], happened, entry=endpoint.entry_of(mask))
    return of_events(table, times, settings)


def of_events(
    table: EventTable, times: tuple[float, ...], settings: Settings
) -> tuple[list[Estimate], Curve]:
    """The same of patients who were counted already."""
    rule, level = interval_rule(settings), settings.confidence_level
    events, n = int(table.total_events), int(table.n)
    estimates = [
        Estimate("count", value=events, n=n, events=events, method=message("patients with the event")),
        *counted_only([survival.survival_at(table, t, level=level, rule=rule) for t in times], n),
    ]
    curve = survival.kaplan_meier(table, level=level, rule=rule)
    allowed = gate.curve(n, events, settings.gates)
    if allowed.allowed:
        estimates += [survival.median_time(table, level=level, p=p, rule=rule) for p in QUARTILES]
    else:
        note = not_reached() if n and not events else refused(allowed.reason)
        estimates += [
            Estimate("median_time", n=n, events=events, method=survival.KAPLAN_MEIER, note=note),
            share(events, n, level),
        ]
        bare = np.full(len(curve.steps.time), np.nan)
        method = survival.named(survival.KAPLAN_MEIER, table)
        curve = replace(curve, steps=replace(curve.steps, low=bare, high=bare), method=method)
    return estimates, curve


def _compare(cohort: Cohort, endpoint: EndpointData, tables: Mapping[str, EventTable]) -> Estimate:
    """The one test that the numbers allow; a refusal is an Estimate with its reason."""
    sizes = {name: table.n for name, table in tables.items() if name != "all"}
    groups = [tables[name].of_cause(1) for name in tested_groups(sizes)]
    test = log_rank(groups, lambda: compared_rows(cohort, endpoint), cohort.settings.gates)
    n, events = (sum(one) for one in zip(*((table.n, table.total_events) for table in groups), strict=True))
    return of_the_tested(test.estimate(n=n, events=events), sizes)


def tested_groups(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """The groups that a test compares: those of three patients and more. One patient or two are described only.

    All of them where fewer than two are so large; then the gates refuse the test.
    """
    large = tuple(name for name, n in sizes.items() if n >= FEWEST_TESTED)
    return large if len(large) > 1 else tuple(sizes)


def of_the_tested(estimate: Estimate, sizes: Mapping[str, int]) -> Estimate:
    """The test, its method saying which groups it compares where one is left out: "…: A against B"."""
    names = tested_groups(sizes)
    if len(names) == len(sizes):
        return estimate
    return replace(estimate, method=compared(estimate.method, against(names)))


def compared_rows(cohort: Cohort, endpoint: EndpointData) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Duration, status and group of the patients whose groups may be compared; see in_groups."""
    groups = compared_groups(cohort, endpoint.rows)
    names = tested_groups({name: int(mask.sum()) for name, mask in groups.items()})
    return in_groups(endpoint.duration, endpoint.status, [groups[name] for name in names])


def in_groups(
    duration: np.ndarray, status: np.ndarray, groups: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Duration, status (1 the event, 0 anything else) and group of those in one of the groups, a mask each."""
    kept = np.logical_or.reduce(groups)
    return duration[kept], (status[kept] == 1).astype(int), np.select(groups, range(len(groups)), -1)[kept]


def log_rank(tables: Sequence[EventTable], rows: Callable[[], tuple], gates: GateLimits) -> Test:
    """Asymptotic or by permutation, as the gates have it; without an answer where they allow neither.

    tables: one per group, of one cause. rows: duration, status and group of the patients, which relabelling needs.
    """
    allowed = gate.comparison_test(
        [table.n for table in tables], [table.total_events for table in tables], gates
    )
    if not allowed.allowed:
        return Test(message("log-rank test", "log_rank"), None, None, None, refused(allowed.reason))
    if allowed.method != "asymptotic" and any(table.late for table in tables):
        return Test(
            message("exact permutation log-rank test", "permutation_log_rank"),
            None,
            None,
            None,
            RELABELLED_LATE,
        )
    return survival.logrank(tables) if allowed.method == "asymptotic" else permutation_logrank(*rows())


def drawable(curve: Curve, table: EventTable) -> tuple[Curve, ...]:
    """The curve, unless it fell to 0 before others came under observation: of them it says nothing."""
    return () if table.collapse is not None else (curve,)


def shares(section: str, variable: str, counts: dict[str, int], n: int, level: float) -> tuple[Estimate, ...]:
    """One proportion with its exact interval per group name: `<section>.<variable>.<name>.proportion`."""
    return tuple(
        replace(share(k, n, level), section=section, variable=variable, group=name)
        for name, k in counts.items()
    )


def describe(endpoint: EndpointData) -> DescribedEndpoint:
    """The words of an endpoint, without its patients: what pages may know of it."""
    return DescribedEndpoint(
        key=endpoint.key,
        label=endpoint.label,
        definition=endpoint.definition,
        event=endpoint.event_label,
        competing=endpoint.competing_label,
        n=len(endpoint.rows),
        left_out=endpoint.left_out,
        by_assessment=endpoint.by_assessment,
        never_assessed=endpoint.never_assessed,
        missed=endpoint.missed,
        only_death_competes=endpoint.only_death_competes,
    )


def late_entries(endpoint: EndpointData) -> tuple[Estimate, ...]:
    """Of an endpoint with late entry: how many came late, when the first and the last did, and the fewest who
    were at risk of an event while numbers at risk still rose; nothing without late entry."""
    if endpoint.entry is None or not len(endpoint.entry):
        return ()
    table = event_table(endpoint.duration, endpoint.status, entry=endpoint.entry, causes=2)
    entering = table.time <= table.time[np.argmax(table.at_risk)]
    at_events = table.at_risk[(table.any_event > 0) & entering]
    facts = {"n": len(endpoint.rows), "method": message("late entry")}
    fewest = int(at_events.min()) if at_events.size else None
    return (
        Estimate("late_entry", value=int((endpoint.entry > 0).sum()), **facts),
        Estimate("first_entry", value=endpoint.entry.min(), **facts),
        Estimate("last_entry", value=endpoint.entry.max(), **facts),
        Estimate(
            "fewest_at_risk",
            value=fewest,
            note="" if at_events.size else not_estimable(message("there are no events", "no_events")),
            **facts,
        ),
    )


def time_zero(cohort: Cohort) -> str:
    """What all times count from, as it is called; "" where it is the start of treatment."""
    zero = cohort.patients.origin
    return "" if zero == "treatment_start" else cohort.labels.get(zero, zero)


def context(cohort: Cohort) -> Context:
    """What every chapter's words need: the unit of time, from when it counts, and the groups."""
    group, chosen = cohort.settings.group, feature(cohort, cohort.settings.group)
    names = short_names(chosen, cohort.settings.group_names)
    return Context(
        origin=time_zero(cohort),
        unit=cohort.settings.time_unit,
        group=group,
        group_label=cohort.labels.get(group, group),
        group_words=own_words(chosen) | names,
        group_names=names,
        by_alphabet=chosen is not None and chosen.by_alphabet,
        few_at_risk=cohort.settings.gates.few_at_risk,
        standard_errors=cohort.settings.standard_errors,
        times=landmark_days(cohort.settings),
    )
