"""Disease control and response by a time point as a reader meets them: rows below the levels of response."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.response.facts import KEY, ResponseFacts
from reportgen.report import Row, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import group_columns, numbers, phrases
from reportgen.writing.language import _
from reportgen.writing.narrative import say
from reportgen.writing.tables import row


def rows(results: Results) -> list[Row]:
    """Disease control where stable disease occurred, else it is the response rate again; then each time point."""
    facts: ResponseFacts = results.facts[KEY]
    of_all = [e for e in results.select(section=KEY, variable="response", group="all") if e.exists]
    stable = results[f"{KEY}.best_response.SD.proportion"]
    found = []
    for e in of_all:
        if e.statistic == "disease_control" and stable.events:
            weeks = facts.disease_control_weeks
            name = (
                _("Disease control (CR, PR, or SD for {n} weeks)", n=numbers.whole(weeks))
                if weeks
                else _("Disease control (CR, PR or SD)")
            )
            found.append(_row(results, e, name))
        if e.statistic == "response_confirmed":
            days = numbers.whole(facts.confirmation_days)
            found.append(_row(results, e, _("Response confirmed after {n} days or more", n=days)))
        if e.statistic == "response_by":
            found.append(_row(results, e, _("Response within {time}", time=_week(e))))
    return found


def _week(e: Estimate) -> str:
    return numbers.time_point(required(e.time), "weeks")


def _row(results: Results, e: Estimate, name: str) -> Row:
    stem = e.id.removeprefix(f"{KEY}.response.all.")
    names = results.facts[KEY].groups
    groups = (results[f"{KEY}.response.{group}.{stem}"] for group in names)
    return row(name, phrases.share(e), phrases.share_interval(e), *map(group_columns.share(names), groups))


def notes(results: Results) -> list[Text]:
    """What stands behind a rate by a time point, or a confirmed one: who was not followed, or assessed, so far."""
    from reportgen.writing import estimate_words

    by = results.select(section=KEY, variable="response", group="all", statistic="response_by")
    confirmed = results.select(section=KEY, variable="response", group="all", statistic="response_confirmed")
    return [
        *(
            say("Response within {time}: {remark}.", time=_week(e), remark=estimate_words.note(e.note))
            for e in by
            if e.note
        ),
        *(
            say("Confirmed response: {remark}.", remark=estimate_words.note(e.note))
            for e in confirmed
            if e.note
        ),
    ]
