"""The cohort as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.chapters.cohort import flow_tables as shown
from reportgen.chapters.cohort import source_tables as data
from reportgen.chapters.cohort.facts import KEY, TITLE, CohortFacts
from reportgen.report import Block, Heading, Note, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _


def present(results: Results) -> Section:
    """Origin and flow, completeness, overdue follow-up, the data issues, and what each column was taken for."""
    facts: CohortFacts = results.facts[KEY]
    blocks: list[Block] = [
        Note(_("Cut-off"), shown.cutoff_rule(facts)),
        Paragraph(shown.origin(results)),
        *shown.flow_blocks(results),
        Heading(_("Completeness")),
        Paragraph(shown.completeness_sentence(results)),
        *shown.completeness_blocks(results),
        Heading(_("Overdue follow-up")),
        *shown.overdue_blocks(results),
        Heading(_("Data issues")),
        *data.issue_blocks(results),
    ]
    if facts.matches:
        blocks += [Heading(_("What each column was taken for")), data.matches_table(facts)]
    return Section(KEY, _(TITLE), tuple(blocks), results.select(section=KEY))
