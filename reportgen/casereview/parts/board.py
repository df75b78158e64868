"""Blank fields for what the board decides."""

from __future__ import annotations

from reportgen.base.message import N_
from reportgen.casereview.case import Case
from reportgen.report import Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _

KEY = "board"
TITLE = N_("Decision of the board")
FIELDS = (N_("Recommendation"), N_("Rationale"), N_("Responsible"), N_("Review date"))


def analyse(case: Case) -> Results:
    """Nothing is counted."""
    return Results()


def present(results: Results) -> Section:
    """One empty paragraph per field; the page gives it room to write."""
    return Section(KEY, _(TITLE), tuple(Paragraph((), _(field)) for field in FIELDS))
