"""How mature the curves are, as a reader meets it: the bounds under extreme censoring in one table."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from reportgen.base.required import required
from reportgen.chapters.follow_up.facts import KEY, FollowUpFacts
from reportgen.report import Block, Column, Row, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import dates, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import head, say, say_n
from reportgen.writing.tables import row, table, text_column


def blocks(results: Results) -> list[Block]:
    """Nothing where no bound exists, or where nobody was censored so that every bound is the curve.

    Group by group a row for each landmark, the endpoints beside each other.
    """
    facts: FollowUpFacts = results.facts[KEY]
    low = [e for e in results.select(section=KEY, statistic="extreme_low") if e.exists]
    pairs = {
        (e.endpoint, e.group, e.time): (e, results[e.id.replace("extreme_low", "extreme_high")]) for e in low
    }
    if not any(a.value != b.value for (_key, group, _time), (a, b) in pairs.items() if group == "all"):
        return []
    keys = [key for key in facts.labels if any(key == of for of, _group, _time in pairs)]
    names = list(dict.fromkeys(group for _key, group, _time in pairs))
    rows: list[Row] = []
    for group in names:
        if len(names) > 1:
            rows.append(row(head(shares.group(facts, group)), head=True))
        for time in sorted({required(time) for _key, of, time in pairs if of == group}):
            cells = [cell for key in keys for cell in _cells(results, pairs.get((key, group, time)))]
            rows.append(row(numbers.time_point(time, facts.unit), *cells, indent=int(len(names) > 1)))
    columns = [text_column(_("Group and time") if len(names) > 1 else _("Time"), 0.2)]
    for key in keys:
        over = head(facts.labels[key])
        columns += [Column(_("Known"), "n/N (%)", over=over), Column(_("At worst"), over=over),
                    Column(_("At best"), over=over)]  # fmt: skip
    note = say(
        "At worst: whoever was censored before had the event right after. At best: none of them ever has it. The "
        "closer the two, the more mature the estimate; they are no confidence limits. Known: had the event by then, or "
        "was followed up to then."
    )
    caption = say("How far the estimates could still move: bounds under extreme censoring.")
    return [table("table-maturity", caption, columns, rows, (note, *_next(results, facts)))]


def _cells(results: Results, pair: tuple[Estimate, Estimate] | None) -> tuple[Text | str, ...]:
    """How many are known, and the two bounds; empty where an endpoint has none at this time."""
    if pair is None:
        return ("", "", "")
    worst, best = pair
    known = results[worst.id.replace("extreme_low", "known_status")]
    return phrases.share(known), phrases.probability(worst), phrases.probability(best)


def _next(results: Results, facts: FollowUpFacts) -> list[Text]:
    """By when the next landmark can be reached by all who are alive; nothing where dates are not shown."""
    found = results.select(section=KEY, statistic="mature_after")
    if not found or facts.cutoff is None:
        return []
    e = min(found, key=lambda one: required(one.time))
    last = facts.cutoff + timedelta(days=ceil(required(e.value)))
    return [
        say_n(
            "{k} patient alive has not reached {time} yet; with further follow-up it is reached by {day}.",
            "{k} patients alive have not reached {time} yet; with further follow-up the last of them will have by "
            "{day}.",
            required(e.n),
            k=phrases.value(numbers.whole(required(e.n)), e),
            time=numbers.time_point(required(e.time), facts.unit),
            day=dates.date(last.isoformat()),
        )
    ]
