"""The notes below a table that shows NE, or – for an interval: why a number is not given."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.base.message import Message
from reportgen.report import Text
from reportgen.stats.notes import Note, Status
from reportgen.stats.results import Estimate
from reportgen.writing import estimate_words, numbers
from reportgen.writing.narrative import say


def not_given(reasons: Iterable[str]) -> list[Text]:
    """The note below a table that has NE: why, each reason once; nothing where there is none."""
    told = "; ".join(dict.fromkeys(reasons))
    return [say("Not given: {reasons}.", reasons=told)] if told else []


def not_estimable(shown: Iterable[Estimate]) -> list[Text]:
    """The same of the estimates that a table shows as NE."""
    signs = (Status.NOT_ESTIMABLE, Status.REFUSED)
    return not_given(estimate_words.why(e) for e in shown if e.status in signs)


def no_interval(shown: Iterable[Estimate]) -> list[Text]:
    """Why some of the values stand without their interval, each limit once; nothing where all have one."""
    said: dict[Text, None] = {}
    for e in shown:
        reason = (
            e.note.parts.get("text") if isinstance(e.note, Message) and not isinstance(e.note, Note) else None
        )
        if not e.exists or e.low is not None or not isinstance(reason, Message):
            continue
        if reason.code == "too_few_patients":
            said[say("No interval of one or two patients.")] = None
        elif "limit" in reason.parts:
            limit = int(str(reason.parts["limit"]))
            said[say("No interval with fewer than {n} events.", n=numbers.spelled(limit))] = None
    return list(said)
