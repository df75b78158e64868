"""Restricted mean survival times of the groups to one horizon, and their difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.gate_limits import GateLimits
from reportgen.base.message import message, pieces
from reportgen.base.required import required
from reportgen.stats import gates as gate
from reportgen.stats.events import EventTable
from reportgen.stats.notes import compared, refused
from reportgen.stats.results import Estimate
from reportgen.stats.rmst import rmst, rmst_difference


def restricted_means(
    key: str, groups: Mapping[str, EventTable], tau: float, gates: GateLimits, level: float
) -> tuple[Estimate, ...]:
    """The mean time free of the event within tau days, one row per group.

    Without an event, or with n ≤ 2, there is none; with too few events for normal theory, no interval.
    """
    rows = []
    for name, table in groups.items():
        row = rmst(table, tau, level=level)
        allowed = gate.curve(table.n, int(table.total_events), gates)
        normal = gate.gray(required(row.events), gates)
        if not allowed.allowed:
            row = replace(row, value=None, low=None, high=None, se=None, note=refused(allowed.reason))
        elif row.exists and not normal.allowed:
            note = message("no interval: {text}", normal.reason.code, text=normal.reason)
            row = replace(row, low=None, high=None, method=pieces(row.method)[0], note=note)
        rows.append(replace(row, endpoint=key, group=name))
    return tuple(rows)


def mean_difference(
    key: str, groups: Mapping[str, EventTable], tau: float, gates: GateLimits, group: str, level: float
) -> Estimate:
    """Restricted mean of the second of two groups minus the first's; refused with few events in either."""
    first, second = groups
    row = rmst_difference(groups[second], groups[first], tau, level=level)
    row = replace(
        row,
        endpoint=key,
        group=group,
        method=compared(row.method, message("{a} minus {b}", a=second, b=first)),
    )
    for name, table in groups.items():
        allowed = gate.gray(int(table.events_by(tau).sum()), gates)
        if not allowed.allowed and row.exists:
            nothing = {"value": None, "low": None, "high": None, "se": None}
            reason = message("{text} in {a}", allowed.reason.code, text=allowed.reason, a=name)
            return replace(row, note=refused(reason), **nothing)
    return row
