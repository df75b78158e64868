"""An endpoint by its own kind: free of the event (Kaplan–Meier), or, with a competing event, its incidence.

An endpoint with a competing event is a cumulative incidence by Aalen–Johansen wherever it is shown. One minus
Kaplan–Meier with the competing event censored overstates it and is never made; nor are medians and restricted
means of it, which would rest on the same curve.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from reportgen.analyses.exact_shares import counted_only, share
from reportgen.analyses.outcomes import (
    compared_rows,
    interval_rule,
    log_rank,
    of_events,
    of_groups,
    of_the_tested,
    survival_analysis,
    tested_groups,
)
from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.settings.model import Settings
from reportgen.stats import gates as gate
from reportgen.stats import incidence
from reportgen.stats.events import EventTable
from reportgen.stats.gray import gray
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.stats.testing import Test


def endpoint_analysis(
    section: str, cohort: Cohort, key: str, times: tuple[float, ...] = (), by_group: bool = True
) -> Results:
    """The analysis of an endpoint that its kind asks for, for all and per group, and the test of the groups."""
    competes = cohort.endpoints[key].competes
    return (incidence_analysis if competes else survival_analysis)(section, cohort, key, times, by_group)


def incidence_analysis(
    section: str, cohort: Cohort, key: str, times: tuple[float, ...] = (), by_group: bool = True
) -> Results:
    """Events, competing events, incidence at the times and curve, for all and per group, and the groups’ test."""
    return of_groups(section, cohort, key, times, by_group, of_incidence, _compare)


def of_endpoint(
    competes: bool, table: EventTable, times: tuple[float, ...], settings: Settings
) -> tuple[list[Estimate], Curve]:
    """The same of patients who were counted already. table: of both causes where the endpoint competes."""
    return (of_incidence if competes else of_events)(table, times, settings)


def of_incidence(
    table: EventTable, times: tuple[float, ...], settings: Settings, followed_on: bool = False
) -> tuple[list[Estimate], Curve]:
    """Events, competing events, incidence at the times, and the exact limit where the numbers allow no curve.

    table: of two causes, the event and the competing one, whose incidence is given at the same times, where they
    were reached. Of one or two patients only the counts are given. followed_on: see cumulative_incidence_at.
    """
    n, level = int(table.n), settings.confidence_level
    at = partial(
        incidence.cumulative_incidence_at, table,
        level=level, rule=interval_rule(settings), followed_on=followed_on,
    )  # fmt: skip
    happened, competed = (int(k) for k in table.events.sum(axis=1))
    estimates = [
        Estimate("count", value=happened, n=n, events=happened, method=message("patients with the event")),
        Estimate("competing_count", value=competed, n=n, events=competed,
                 method=message("patients with the competing event first")),
    ]  # fmt: skip
    allowed = gate.curve(n, happened, settings.gates)
    at_times = counted_only([at(1, t) for t in times], n)
    estimates += at_times
    for reached in [e.time for e in at_times if e.exists]:
        estimates.append(replace(at(2, required(reached)), statistic="competing_incidence"))
    curve = incidence.cumulative_incidence(table, 1, level=level, rule=interval_rule(settings))
    if not allowed.allowed:
        estimates.append(share(happened, n, level))
        bare = np.full(len(curve.steps.time), np.nan)
        curve = replace(
            curve, steps=replace(curve.steps, low=bare, high=bare), method=incidence.AALEN_JOHANSEN
        )
    return estimates, curve


def gray_or_log_rank(tables: Sequence[EventTable], rows: Callable[[], tuple], gates: GateLimits) -> Test:
    """Gray's test of the incidences where every group has events enough for it, else, and with late entry, for which
    it is not defined, the log-rank test of the cause.

    tables: one per group, of both causes. rows: see outcomes.log_rank.
    """
    enough = all(gate.gray(int(t.events[0].sum()), gates).allowed for t in tables)
    if len(tables) > 1 and enough and not any(t.late for t in tables):
        return gray(tables, 1)
    return log_rank([table.of_cause(1) for table in tables], rows, gates)


def _compare(cohort: Cohort, endpoint: EndpointData, tables: Mapping[str, EventTable]) -> Estimate:
    """The one test that the numbers allow; a refusal is an Estimate with its reason."""
    sizes = {name: table.n for name, table in tables.items() if name != "all"}
    groups = [tables[name] for name in tested_groups(sizes)]
    test = gray_or_log_rank(groups, lambda: compared_rows(cohort, endpoint), cohort.settings.gates)
    n, events = sum(t.n for t in groups), sum(int(t.events[0].sum()) for t in groups)
    return of_the_tested(test.estimate(n=n, events=events), sizes)
