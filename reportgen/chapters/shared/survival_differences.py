"""Differences of survival at the landmarks as a reader meets them: rows of the table of comparisons."""

from __future__ import annotations

from reportgen.base.described import Context
from reportgen.base.required import required
from reportgen.report import Row
from reportgen.stats.notes import split
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.tables import row


def rows(results: Results, section: str, key: str, facts: Context) -> list[tuple[Row, Estimate]]:
    """One row per comparison and landmark at which both groups were still followed, in percentage points."""
    found = results.select(section=section, endpoint=key, statistic="survival_difference")
    return [(_row(e, facts), e) for e in found if e.exists]


def _row(e: Estimate, facts: Context) -> Row:
    words = _(
        "Survival at {time}, {words} (points)",
        time=numbers.time_point(required(e.time), facts.unit),
        words=estimate_words.compared(split(e.method)[1], facts.group_words),
    )
    return row(
        words, (phrases.part_of_all(e),), phrases.signed_points(e), phrases.points_interval(e), "", indent=1
    )
