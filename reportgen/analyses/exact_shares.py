"""Shares and effects, and the gate that they have: of one or two patients the count alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.base.message import message
from reportgen.stats import gates as gate
from reportgen.stats.notes import refused
from reportgen.stats.proportions import proportion
from reportgen.stats.results import Estimate


def share(events: int, n: int, level: float) -> Estimate:
    """events / n with its Clopper–Pearson interval; of no more than two patients without one, and noted.

    An interval of 3 to 100% says only that nothing is known, and looks as if something were.
    """
    return described(proportion(events, n, level=level), n)


def described(row: Estimate, n: int) -> Estimate:
    """The same without its interval, and with the reason, where it rests on no more than two patients."""
    allowed = gate.interval(n)
    if not n or allowed.allowed or row.low is None and row.high is None:
        return row
    note = message("no interval: {text}", allowed.reason.code, text=allowed.reason)
    return replace(row, low=None, high=None, note=note)


def counted_only(rows: Sequence[Estimate], n: int) -> list[Estimate]:
    """The values of a curve; refused, all of them, where it is of no more than two patients."""
    allowed = gate.interval(n)
    if not n or allowed.allowed:
        return list(rows)
    nothing = {"value": None, "low": None, "high": None, "se": None, "note": refused(allowed.reason)}
    return [replace(row, **nothing) if row.exists else row for row in rows]


def effect(row: Estimate, sizes: Sequence[int]) -> Estimate:
    """The effect between groups of these sizes; refused where one of them has no more than two patients."""
    allowed = gate.interval(min(sizes))
    if allowed.allowed or (row.value, row.low, row.high) == (None, None, None):
        return row
    return replace(row, value=None, low=None, high=None, note=refused(allowed.reason))
