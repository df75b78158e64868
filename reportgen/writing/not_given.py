"""The note below a table that shows NE: why a number is not given."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.report import Text
from reportgen.stats.notes import Status
from reportgen.stats.results import Estimate
from reportgen.writing import estimate_words
from reportgen.writing.narrative import say


def not_given(reasons: Iterable[str]) -> list[Text]:
    """The note below a table that has NE: why, each reason once; nothing where there is none."""
    told = "; ".join(dict.fromkeys(reasons))
    return [say("Not given: {reasons}.", reasons=told)] if told else []


def not_estimable(shown: Iterable[Estimate]) -> list[Text]:
    """The same of the estimates that a table shows as NE."""
    signs = (Status.NOT_ESTIMABLE, Status.REFUSED)
    return not_given(estimate_words.why(e) for e in shown if e.status in signs)
