"""Summary as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.chapters.shared import endpoint_blocks as endpoints
from reportgen.chapters.shared.patient_figures import has_matrix, matrix_figure
from reportgen.chapters.summary import abstract
from reportgen.chapters.summary.facts import KEY, TITLE
from reportgen.report import Block, Figure, KeyNumbers, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _


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
    told = results.facts.get("patients")
    if told and has_matrix(told["patients"].courses):
        figures.append(matrix_figure(f"figure-{KEY}-patients", told["patients"].courses, facts))
    return [figure for figure in figures if figure is not None]
