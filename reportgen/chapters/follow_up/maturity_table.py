"""How mature the curves are, as a reader meets it: the bounds under extreme censoring in one table."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from reportgen.base.required import required
from reportgen.chapters.follow_up.facts import KEY, FollowUpFacts
from reportgen.report import Block, Column, Text
from reportgen.stats.results import Results
from reportgen.writing import dates, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import head, say, say_n
from reportgen.writing.tables import row, table, text_column


def blocks(results: Results) -> list[Block]:
    """Nothing where no bound exists, or where nobody was censored so that every bound is the curve."""
    low = [e for e in results.select(section=KEY, statistic="extreme_low", group="all") if e.exists]
    pairs = [(e, results[e.id.replace("extreme_low", "extreme_high")]) for e in low]
    open_pairs = [(a, b) for a, b in pairs if a.value != b.value]
    if not open_pairs:
        return []
    facts: FollowUpFacts = results.facts[KEY]
    rows = [
        row(
            _("{name} at {time}", name=head(facts.labels[required(a.endpoint)]),
              time=numbers.time_point(required(a.time), facts.unit)),
            (phrases.value(numbers.whole(a.at_risk or 0), a),),
            phrases.share(results[f"{KEY}.{a.endpoint}.all.known_status@{required(a.time):.10g}"]),
            phrases.probability(a),
            phrases.probability(b),
        )
        for a, b in pairs
    ]  # fmt: skip
    columns = (
        text_column(_("Endpoint and time"), 0.36),
        Column(_("At risk")),
        Column(_("Known"), "n/N (%)"),
        Column(_("At worst")),
        Column(_("At best")),
    )
    note = say(
        "At worst: whoever was censored before had the event right after. At best: none of them ever has it. The "
        "closer the two, the more mature the estimate; they are no confidence limits. Known: had the event by then, or "
        "was followed up to then."
    )
    caption = say("How far the estimates could still move: bounds under extreme censoring.")
    return [table("table-maturity", caption, columns, rows, (note, *_next(results, facts)))]


def _next(results: Results, facts: FollowUpFacts) -> list[Text]:
    """By when the next landmark can be reached by all who are alive; nothing where dates are not shown."""
    found = results.select(section=KEY, statistic="mature_after")
    if not found or facts.cutoff is None:
        return []
    e = min(found, key=lambda one: required(one.time))
    last = facts.cutoff + timedelta(days=ceil(required(e.value)))
    return [
        say_n(
            "{k} patient alive has not reached {time} yet; with further follow-up that is so by {day}.",
            "{k} patients alive have not reached {time} yet; with further follow-up the last of them has by {day}.",
            required(e.n),
            k=phrases.value(numbers.whole(required(e.n)), e),
            time=numbers.time_point(required(e.time), facts.unit),
            day=dates.date(last.isoformat()),
        )
    ]
