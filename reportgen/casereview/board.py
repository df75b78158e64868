"""Blank fields for what the board decides."""

from __future__ import annotations

from reportgen.casereview.case import Case
from reportgen.report import Paragraph, Section
from reportgen.stats.results import Results

KEY = "board"
TITLE = "Decision of the board"
FIELDS = ("Recommendation", "Rationale", "Responsible", "Review date")


def analyse(case: Case) -> Results:
    return Results(facts={KEY: {"fields": FIELDS}})


def present(results: Results) -> Section:
    """One empty paragraph per field; the page gives it room to write."""
    return Section(KEY, TITLE, tuple(Paragraph((), field) for field in results.facts[KEY]["fields"]))
