"""Ratios of levels of one patient or two: of so few there are counts alone, in models as everywhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen.stats import gates as gate
from reportgen.stats.notes import refused
from reportgen.stats.results import Estimate


def refuse_small_levels(rows: Sequence[Estimate], sizes: Mapping[str, int]) -> tuple[Estimate, ...]:
    """The rows of a model, without the values of those whose group has too few patients for an interval.

    sizes: group of a ratio → patients at its level, or at the reference where they are fewer; a number has no levels.
    """
    found = []
    for row in rows:
        allowed = gate.interval(sizes[row.group]) if row.group in sizes else None
        if allowed is not None and not allowed.allowed and row.exists:
            row = replace(row, value=None, low=None, high=None, se=None, note=refused(allowed.reason))
        found.append(row)
    return tuple(found)
