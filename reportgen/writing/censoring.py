"""Until when patients without the event were counted, beside the number: where it is not the last contact."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.report import Text
from reportgen.writing import numbers
from reportgen.writing.narrative import capital, paragraph, say, say_n


def sentence(fact: DescribedEndpoint) -> Text | None:
    """How many were never assessed, and how many events came after missed assessments; None where there is nothing to
    say. The rule itself is part of the definition, which stands beside."""
    if not fact.by_assessment:
        return None
    never, missed = fact.never_assessed, fact.missed
    said = paragraph(
        capital(
            say_n(
                "{k} patient, never assessed, is censored on day 0.",
                "{k} patients, never assessed, are censored on day 0.",
                never,
                k=numbers.spelled(never),
            )
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
    return said or None


def caption(fact: DescribedEndpoint) -> Text | None:
    """The same in the caption of a curve."""
    return say("Censored at the last adequate assessment.") if fact.by_assessment else None
