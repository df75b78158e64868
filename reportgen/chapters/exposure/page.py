"""Treatment as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.chapters.exposure import doses_over_time
from reportgen.chapters.exposure import sentences as said
from reportgen.chapters.exposure.facts import ENDPOINT, KEY, TITLE, ExposureFacts
from reportgen.chapters.exposure.treatment_tables import summary_table
from reportgen.chapters.shared.chapter_section import chapter_section
from reportgen.chapters.shared.curve_blocks import curve_figure
from reportgen.chapters.shared.endpoint_blocks import comparison_sentence
from reportgen.report import Block, Note, Paragraph, Section, Text
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import paragraph


def present(results: Results) -> Section:
    """Who stopped, why and when, in a few sentences; actions, lines, their table and curve in the supplement."""
    facts: ExposureFacts = results.facts[KEY]
    blocks: list[Block] = []
    if facts.endpoint:
        blocks.append(Note(_("Time on treatment"), facts.endpoint.definition))
    found = (said.stops(results), said.times(results), said.stopped_for_toxicity(results))
    blocks.append(Paragraph(paragraph(*found, doses_over_time.sentence(results))))
    details = paragraph(said.ended_by_event(results), *said.estimate(results), _compared(results))
    further: list[Block] = [Paragraph(details)] if details else []
    further += [summary_table(results), *doses_over_time.blocks(results)]
    if facts.endpoint and results[f"{KEY}.{ENDPOINT}.all.count"].value:
        figure = curve_figure(results, KEY, facts.endpoint, facts)
        further += [figure] if figure else []
    return chapter_section(KEY, _(TITLE), results, blocks, further)


def _compared(results: Results) -> Text | None:
    """The test of the times of the groups, or why there is none; None without groups."""
    facts: ExposureFacts = results.facts[KEY]
    test = results.get(f"{KEY}.{ENDPOINT}.{facts.group}.p_value")
    planned = results.get(f"{KEY}.stop_reason.completed.proportion")
    if test is None:
        return None
    if planned is not None and planned.events:
        return said.as_planned(planned)
    return comparison_sentence(test, facts.group_label)
