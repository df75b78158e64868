"""Where an endpoint meets its estimators: the few analyses that several chapters share.

Everything here takes a Cohort and returns labelled Estimates and Curves; nothing is rounded or worded.
"""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np

from reportgen.cohort.cohort import Cohort, EndpointData, Feature
from reportgen.settings import Settings
from reportgen.stats import gates as gate
from reportgen.stats import incidence, proportions, survival
from reportgen.stats.comparison import permutation_logrank
from reportgen.stats.events import EventTable, event_table, event_tables
from reportgen.stats.results import Curve, Estimate, Results, label
from reportgen.stats.testing import Test

DAYS_PER = {"years": 365.25, "months": 30.4375}
KNOWN_LATER = "NE: the groups became known only after the start"


def limits(settings: Settings) -> gate.Gates:
    """The gates as the settings have them."""
    return gate.Gates(**asdict(settings.gates))


def interval_rule(settings: Settings) -> survival.IntervalRule:
    return survival.IntervalRule(beta_product_below=settings.gates.beta_product_below)


def landmark_days(settings: Settings) -> tuple[float, ...]:
    """The landmarks in days."""
    return tuple(t * DAYS_PER[settings.time_unit] for t in settings.landmarks)


def feature(cohort: Cohort, name: str) -> Feature | None:
    return next((f for f in cohort.features if f.name == name), None)


def masks(cohort: Cohort, name: str, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Per level of a feature, in printed order, which of the rows have it; levels nobody has are left out."""
    values = cohort.patients.frame.loc[rows, name].to_numpy(dtype=object)
    found = {level: values == level for level in feature(cohort, name).levels}
    return {level: mask for level, mask in found.items() if mask.any()}


def grouping(cohort: Cohort, rows: np.ndarray) -> dict[str, np.ndarray]:
    """The groups that the settings ask to compare; empty where there are none or only one.

    "all" is the name of the whole cohort in every id: a group of that name is called “all”, in quotes.
    """
    if not cohort.settings.group or feature(cohort, cohort.settings.group) is None:
        return {}
    found = masks(cohort, cohort.settings.group, rows)
    groups = {"“all”" if name == "all" else name: mask for name, mask in found.items()}
    return groups if len(groups) > 1 else {}


def comparable(cohort: Cohort) -> bool:
    """Whether the groups were known at time zero, so that outcomes may be compared between them."""
    chosen = feature(cohort, cohort.settings.group)
    return chosen is not None and chosen.known_at_start


def compared_groups(cohort: Cohort, rows: np.ndarray) -> dict[str, np.ndarray]:
    """The groups, if they were known at time zero; outcomes of others are never set side by side."""
    return grouping(cohort, rows) if comparable(cohort) else {}


def survival_analysis(
    section: str, cohort: Cohort, key: str, times: tuple[float, ...] = (), by_group: bool = True
) -> Results:
    """Events, survival at the times, median and curve of an endpoint, for all and per group, and the test."""
    endpoint = cohort.endpoints[key]
    groups = compared_groups(cohort, endpoint.rows) if by_group else {}
    total = Results()
    for name, mask in {"all": np.ones(len(endpoint.rows), bool), **groups}.items():
        estimates, curve = one_group(endpoint, mask, times, cohort.settings)
        total += Results(
            label(estimates, section=section, endpoint=key, group=name),
            label((curve,), section=section, endpoint=key, group=name),
        )
    if by_group and grouping(cohort, endpoint.rows):
        names = {"section": section, "endpoint": key, "group": cohort.settings.group}
        test = compare(endpoint, groups, cohort.settings) if groups else _known_later(endpoint)
        total += Results(label((test,), **names))
    return total


def _known_later(endpoint: EndpointData) -> Estimate:
    events = int((endpoint.status == 1).sum())
    return Estimate("p_value", n=len(endpoint.rows), events=events, method="no comparison", note=KNOWN_LATER)


def one_group(
    endpoint: EndpointData, mask: np.ndarray, times: tuple[float, ...], settings: Settings
) -> tuple[list[Estimate], Curve]:
    """Events, survival at the times, and the median, or the exact limit where the numbers allow none."""
    table = event_table(endpoint.duration[mask], (endpoint.status[mask] == 1).astype(int))
    return of_events(table, times, settings)


def of_events(
    table: EventTable, times: tuple[float, ...], settings: Settings
) -> tuple[list[Estimate], Curve]:
    """The same of patients who were counted already."""
    rule = interval_rule(settings)
    events, n = int(table.total_events), int(table.n)
    estimates = [
        Estimate("count", value=events, n=n, events=events, method="patients with the event"),
        *(survival.survival_at(table, t, rule=rule) for t in times),
    ]
    curve = survival.kaplan_meier(table, rule=rule)
    allowed = gate.curve(n, events, limits(settings))
    if allowed.allowed:
        estimates.append(survival.median_time(table, rule=rule))
    else:
        note = "NR" if n and not events else f"NE: {allowed.reason}"
        estimates += [
            Estimate("median_time", n=n, events=events, method="Kaplan–Meier", note=note),
            proportions.proportion(events, n),
        ]
        bare = np.full(len(curve.steps.time), np.nan)
        curve = replace(curve, steps=replace(curve.steps, low=bare, high=bare), method="Kaplan–Meier")
    return estimates, curve


def compare(endpoint: EndpointData, groups: dict[str, np.ndarray], settings: Settings) -> Estimate:
    """The one test that the numbers allow; a refusal is an Estimate with its reason."""
    status = (endpoint.status == 1).astype(int)
    test = log_rank(endpoint.duration, status, list(groups.values()), limits(settings))
    kept = np.logical_or.reduce(list(groups.values()))
    return test.estimate(n=int(kept.sum()), events=int(status[kept].sum()))


def log_rank(duration: np.ndarray, status: np.ndarray, groups: list[np.ndarray], gates: gate.Gates) -> Test:
    """Asymptotic or by permutation, as the gates have it; without an answer where they allow neither.

    groups: one mask per group. status: 1 the event, 0 anything else.
    """
    sizes = [int(mask.sum()) for mask in groups]
    events = [int(status[mask].sum()) for mask in groups]
    allowed = gate.comparison_test(sizes, events, gates)
    if not allowed.allowed:
        return Test("log-rank test", None, None, None, f"NE: {allowed.reason}")
    kept = np.logical_or.reduce(groups)
    codes = np.select(groups, range(len(groups)), -1)[kept]
    if allowed.method == "asymptotic":
        return survival.logrank(event_tables(duration[kept], status[kept], codes))
    return permutation_logrank(duration[kept], status[kept], codes)


def incidence_analysis(section: str, cohort: Cohort, key: str, times: tuple[float, ...] = ()) -> Results:
    """Events, competing events, cumulative incidence at the times and its curve, for all and per group."""
    endpoint = cohort.endpoints[key]
    groups = compared_groups(cohort, endpoint.rows)
    rule = interval_rule(cohort.settings)
    total = Results()
    for name, mask in {"all": np.ones(len(endpoint.rows), bool), **groups}.items():
        table = event_table(endpoint.duration[mask], endpoint.status[mask], causes=2)
        happened = [int((endpoint.status[mask] == cause).sum()) for cause in (1, 2)]
        n = int(table.n)
        estimates = (
            Estimate("count", value=happened[0], n=n, events=happened[0], method="patients with the event"),
            Estimate("competing_count", value=happened[1], n=n, events=happened[1],
                     method="patients with the competing event first"),
            *(incidence.cumulative_incidence_at(table, 1, t, rule=rule) for t in times),
        )  # fmt: skip
        curve = incidence.cumulative_incidence(table, 1, rule=rule)
        if not gate.curve(n, happened[0], limits(cohort.settings)).allowed:
            bare = np.full(len(curve.steps.time), np.nan)
            curve = replace(curve, steps=replace(curve.steps, low=bare, high=bare))
        names = {"section": section, "endpoint": key, "group": name}
        total += Results(label(estimates, **names), label((curve,), **names))
    return total


def shares(section: str, variable: str, counts: dict[str, int], n: int) -> tuple[Estimate, ...]:
    """One proportion with its exact interval per group name: `<section>.<variable>.<name>.proportion`."""
    return tuple(
        replace(proportions.proportion(k, n), section=section, variable=variable, group=name)
        for name, k in counts.items()
    )


def describe(endpoint: EndpointData) -> dict:
    """The words of an endpoint, without its patients: what present may know of it."""
    return {
        "key": endpoint.key,
        "label": endpoint.label,
        "definition": endpoint.definition,
        "event": endpoint.event_label,
        "competing": endpoint.competing_label,
        "n": len(endpoint.rows),
        "left_out": endpoint.left_out,
    }


def context(cohort: Cohort) -> dict:
    """What every chapter's words need: the unit of time and the groups."""
    group = cohort.settings.group
    return {
        "unit": cohort.settings.time_unit,
        "group": group,
        "group_label": cohort.labels.get(group, group),
        "few_at_risk": cohort.settings.gates.few_at_risk,
        "times": landmark_days(cohort.settings),
    }
