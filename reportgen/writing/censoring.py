"""Until when patients without the event were counted, beside the number: where it is not the last contact."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.report import Text
from reportgen.writing import numbers
from reportgen.writing.narrative import capital, paragraph, say, say_n


def sentence(fact: DescribedEndpoint) -> Text | None:
    """The rule, how many were never assessed, and how many events came after missed assessments; None elsewhere."""
    if not fact.by_assessment:
        return None
    never, missed = fact.never_assessed, fact.missed
    return paragraph(
        say("Patients without the event are censored at their last adequate assessment."),
        say_n(
            "{k} of them, never assessed, is censored on day 0.",
            "{k} of them, never assessed, are censored on day 0.",
            never,
            k=numbers.spelled(never),
        )
        if never
        else None,
        capital(
            say_n(
                "{k} event followed two or more missed assessments.",
                "{k} events followed two or more missed assessments.",
                missed,
                k=numbers.spelled(missed),
            )
        )
        if missed
        else None,
    )


def caption(fact: DescribedEndpoint) -> Text | None:
    """The same in the caption of a curve."""
    return say("Censored at the last adequate assessment.") if fact.by_assessment else None
