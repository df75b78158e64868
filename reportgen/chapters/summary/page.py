"""Page one: what was found, in a headline, one table, a few words and the curves; the abstract for the supplement."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.chapters.shared import curve_blocks
from reportgen.chapters.shared.patient_figures import matrix_figure, on_page_one
from reportgen.chapters.summary import abstract, contrasts, inside_curves
from reportgen.chapters.summary.by_group import by_group
from reportgen.chapters.summary.facts import KEY, TITLE, SummaryFacts
from reportgen.chapters.summary.headline import headline
from reportgen.chapters.summary.key_results import key_results
from reportgen.chapters.summary.news import news
from reportgen.chapters.summary.one_patient import course_table
from reportgen.chapters.summary.prose import prose
from reportgen.chapters.summary.room import plot_height
from reportgen.report import Block, Figure, Headline, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, paragraph

LOW = 40.0  # points; of a plot that leaves the matrix its place
HALF_PAGE = 82  # mm; this page has no margin for notes


def present(results: Results) -> Section:
    """Page one: headline, key results, a few words and the curves; the parts of an abstract in the supplement."""
    facts: SummaryFacts = results.facts[KEY]
    matrix = _has_matrix(results)
    found = headline(results, facts)
    table = key_results(results, facts, abstract.headline(results), contrasts.groups(results, facts))
    words = paragraph(prose(results, facts, short=matrix), news(results))
    height = LOW if matrix else plot_height(found, table, words, _counted(results, facts))
    blocks: list[Block] = [
        Headline(found),
        table,
        *([Paragraph(words)] if words else []),
        *_figures(results, facts, matrix, height),
        *filter(None, [course_table(results, facts)]),
    ]
    further = [
        Paragraph(text, label)
        for label, text in (
            (_("Purpose"), abstract.purpose(facts.diagnosis, facts.treatment, counted(facts.n, "patient"))),
            (_("Methods"), abstract.methods(results, facts)),
            (_("Results"), abstract.findings(results, facts)),
            (_("Groups"), by_group(results, facts)),
            (_("Course"), abstract.course_of_patients(results)),
        )
        if text
    ]
    return Section(KEY, _(TITLE), tuple(blocks), (), (), tuple(further))


def _has_matrix(results: Results) -> bool:
    told = results.facts.get("patients")
    return bool(told) and on_page_one(told.courses)


def _counted(results: Results, facts: SummaryFacts) -> int:
    """The lines of numbers under the curves, of that with the most: at risk, censored, events, of all or per group."""
    counted = [0]
    for section, fact in _drawn(results, facts):
        curves = len(curve_blocks.drawn_curves(results, section, fact, "half"))
        counted.append(curves * (3 + bool(fact.competing) + (curves > 1)))
    return max(counted)


def _figures(results: Results, facts: SummaryFacts, matrix: bool, height: float) -> list[Figure]:
    figures = [
        curve_blocks.curve_figure(
            results,
            section,
            fact,
            facts,
            width="half",
            id=f"figure-{KEY}-{fact.key}",
            width_mm=HALF_PAGE,
            plot_height=height,
            inside=inside_curves.lines(results, section, fact, facts),
        )
        for section, fact in _drawn(results, facts)
    ]
    if matrix:
        courses = results.facts["patients"].courses
        figures.append(matrix_figure(f"figure-{KEY}-patients", courses, facts))
    return [figure for figure in figures if figure is not None]


def _drawn(results: Results, facts: SummaryFacts) -> list[tuple[str, DescribedEndpoint]]:
    """Two endpoints with their chapters: relapse in place of the first where the headline speaks of it, or alone."""
    found: list[tuple[str, DescribedEndpoint]] = [("survival", fact) for fact in abstract.headline(results)]
    if "relapse" in results.facts and (not found or contrasts.leads(results, facts) == "relapse.relapse"):
        found = [("relapse", results.facts["relapse"].endpoint), *found[-1:]]
    return found
