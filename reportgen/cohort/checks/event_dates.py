"""Dates of events that may be deaths or relapses, of which nobody has said which they are."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.view import View
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import UNUSED
from reportgen.cohort.mapping.proposal.event_dates import date_of_event
from reportgen.cohort.raw import letter


def date_of_event_unsaid(view: View) -> Iterator[Issue]:
    """EVENT_DATE_UNSAID: a date of an event whose words say deaths or relapses, which count nowhere so far."""
    if view.table != "patients":
        return
    taken = {header.name for header in view.headers if header.how not in UNUSED}
    told = date_of_event(view.sheet, taken)
    if told is None or any(name_key(view.sheet.header[p]) in view.left_out for p in told[:2]):
        return
    date, event = (cells.text(view.sheet.header[p])[0] for p in told[:2])
    problem = message(
        "{date} may be the day of the death or relapse that {event} says, which count nowhere until it is said",
        date=date, event=event,
    )  # fmt: skip
    hint = message(
        "Let `reportgen map SOURCE` ask, and answer it; or leave both out: exclude = [{a}] under [features] in "
        "report.toml",
        a=", ".join(f'"{name_key(name)}"' for name in (date, event)),
    )
    cell = f"{letter(told[0])}{view.sheet.header_row}"
    yield Issue(WARNING, "EVENT_DATE_UNSAID", view.sheet.name, cell, None, problem, hint)
