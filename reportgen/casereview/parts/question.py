"""The question to the board, or room to write it."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.casereview.case import Case
from reportgen.casereview.fact_words import missing
from reportgen.report import Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _

KEY = "question"
TITLE = N_("Question to the board")


def analyse(case: Case) -> Results:
    """The question as it was put, blanks and line breaks joined."""
    return Results(facts={KEY: " ".join(case.question.split())})


def present(results: Results) -> Section:
    """The question, or that it is not recorded."""
    question: str = results.facts[KEY]
    return Section(KEY, _(TITLE), (Paragraph((question,) if question else missing()),))
