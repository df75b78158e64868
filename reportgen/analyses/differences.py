"""Survival of the groups set against each other at every landmark: the difference of two Kaplan–Meier estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import message
from reportgen.stats import gates as gate
from reportgen.stats.events import EventTable
from reportgen.stats.notes import compared, refused
from reportgen.stats.results import Estimate
from reportgen.stats.survival import IntervalRule
from reportgen.stats.survival_difference import DIFFERENCE, survival_difference

NOTHING = {"value": None, "low": None, "high": None, "se": None}


def survival_differences(
    key: str,
    groups: Mapping[str, EventTable],
    times: tuple[float, ...],
    name: str,
    gates: GateLimits,
    rule: IntervalRule,
    level: float,
) -> list[Estimate]:
    """Every group minus the first, at each time: under the grouping column's `name` in ids where there are two
    groups, else under `name=group`. Refused where one of the two has no more than two patients.
    """
    (first, reference), *others = groups.items()
    rows = []
    for group, table in others:
        words = message("{a} minus {b}", a=group, b=first)
        for time in times:
            row = survival_difference(table, reference, time, level=level, rule=rule)
            allowed = gate.curve(min(table.n, reference.n), 1, gates)
            if row.exists and not allowed.allowed:
                row = replace(row, note=refused(allowed.reason), method=DIFFERENCE, **NOTHING)
            label = name if len(others) == 1 else f"{name}={group}"
            rows.append(replace(row, endpoint=key, group=label, method=compared(row.method, words)))
    return rows
