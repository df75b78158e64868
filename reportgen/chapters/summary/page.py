"""Summary as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.chapters.shared import endpoint_blocks as endpoints
from reportgen.chapters.shared.swimmer_figures import in_words, small_swimmer
from reportgen.chapters.summary import abstract
from reportgen.chapters.summary.facts import KEY, TITLE
from reportgen.report import Block, Figure, KeyNumbers, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _

MOST_SWIMS = 30


def present(results: Results) -> Section:
    facts = results.facts[KEY]
    blocks: list[Block] = [
        Paragraph(text, label)
        for label, text in (
            (_("Purpose"), abstract.purpose(facts)),
            (_("Methods"), abstract.methods(results, facts)),
            (_("Results"), abstract.findings(results, facts)),
            (_("Course"), abstract.course_of_patients(results)),
        )
        if text
    ]
    blocks.append(KeyNumbers(abstract.key_numbers(results, facts)))
    return Section(KEY, _(TITLE), (*blocks, *_figures(results, facts)))


def _figures(results: Results, facts: Mapping) -> list[Figure]:
    figures = [
        endpoints.curve_figure(
            results, "survival", fact, facts, width="half", id=f"figure-{KEY}-{fact['key']}"
        )
        for fact in abstract.headline(results)
    ]
    swims = results.facts.get("patients", {}).get("swims", ())
    if 0 < len(swims) <= MOST_SWIMS:
        figures.append(small_swimmer(f"figure-{KEY}-swimmer", in_words(swims, facts), facts["unit"]))
    return [figure for figure in figures if figure is not None]
