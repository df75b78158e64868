"""Until when patients without the event were counted, beside the number: where it is not the last contact."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.report import Text
from reportgen.writing import numbers
from reportgen.writing.narrative import paragraph, say, say_n


def sentence(fact: DescribedEndpoint) -> Text | None:
    """The rule, how many were never assessed, and how many events came after missed assessments; None elsewhere."""
    if not fact.by_assessment:
        return None
    never, missed = fact.never_assessed, fact.missed
    return paragraph(
        say("Patients without the event are counted to their last adequate assessment."),
        say_n(
            "Without any, {k} of them is counted to day 0.",
            "Without any, {k} of them are counted to day 0.",
            never,
            k=numbers.whole(never),
        )
        if never
        else None,
        say_n(
            "Two or more missed assessments came before {k} event.",
            "Two or more missed assessments came before {k} events.",
            missed,
            k=numbers.whole(missed),
        )
        if missed
        else None,
    )


def caption(fact: DescribedEndpoint) -> Text | None:
    """The same in the caption of a curve."""
    return say("Censored at the last adequate assessment.") if fact.by_assessment else None
