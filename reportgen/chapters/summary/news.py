"""The line of a monthly run: what is new since the report before."""

from __future__ import annotations

from reportgen.chapters.changes.facts import ChangesFacts
from reportgen.chapters.shared.new_events import events_counted
from reportgen.report import Text
from reportgen.stats.results import Results
from reportgen.writing import dates
from reportgen.writing.language import _
from reportgen.writing.narrative import join, say


def news(results: Results) -> Text | None:
    """ "New since May 2018: one new patient and two relapses." None without an earlier report that was kept whole."""
    facts: ChangesFacts | None = results.facts.get("changes")
    if facts is None or not facts.happened:
        return None
    then = _("the earlier report") if facts.then == "then" else dates.period(facts.then)
    new = [events_counted(results, kind.key) for kind in facts.happened if kind.new]
    if not new:
        return say("New since {then}: nothing that counts.", then=then)
    return say("New since {then}: {new}.", then=then, new=join(new))
