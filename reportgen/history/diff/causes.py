"""Why an estimate differs between two runs: another program or other settings, or other data.

The chapters are made again of the earlier run's data, by this program and under the later run's settings. What differs
from what was published then was not moved by the data; what differs from the later run was.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reportgen.chapters import changes, chapters
from reportgen.chapters import cohort as flow
from reportgen.cohort.cohort import Cohort, Feature

PROGRAM, DATA = "program", "data"
# They count rows and questions of the source, which are not kept.
NOT_MADE = (changes.KEY, flow.KEY)
NUMBERS = ("value", "low", "high", "n", "events", "at_risk")
ROUNDING = 1e-9
Row = Mapping[str, Any]


def features_of(about: Mapping[str, Any]) -> tuple[Feature, ...] | None:
    """The features of a run, as the history keeps them; None of a run of an earlier version."""
    if "features" not in about:
        return None
    return tuple(Feature(**{**row, "levels": tuple(row["levels"])}) for row in about["features"])


def causes(
    differing: Mapping[str, tuple[Row | None, Row | None]], made_otherwise: bool, before: Cohort | None
) -> dict[str, tuple[str, ...]]:
    """Id → what moved it: "data", "program" (or settings), or both; left out where that can't be told.

    made_otherwise: whether settings or program differ at all. before: the cohort of the earlier run under the later
    run's settings; None where it was not kept as a whole.
    """
    if not made_otherwise:
        return dict.fromkeys(differing, (DATA,))
    if before is None:
        return {}
    cohort = replace(before, earlier=None)
    again = {
        estimate.id: estimate.to_row()
        for chapter in chapters(cohort)
        if chapter.KEY not in NOT_MADE and not cohort.lacks(chapter.REQUIRES)
        for estimate in chapter.analyse(cohort).estimates
    }
    found = {}
    for id, (then, now) in differing.items():
        if id.partition(".")[0] in NOT_MADE:
            continue
        made = again.get(id)
        parts = ((PROGRAM, then, made), (DATA, made, now))
        by_numbers = tuple(name for name, one, other in parts if not _alike(one, other))
        # Without a number it may be the reason that differs: how long the follow-up is, is a matter of the data.
        by_reason = tuple(name for name, one, other in parts if _note(one) != _note(other))
        found[id] = by_numbers or by_reason or (PROGRAM,)
    return found


def _alike(one: Row | None, other: Row | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(_same(one.get(name), other.get(name)) for name in NUMBERS)


def _note(row: Row | None) -> str:
    return str(row.get("note") or "") if row else ""


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=ROUNDING, abs_tol=ROUNDING)
