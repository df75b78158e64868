"""Changes as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.chapters.changes import change_sentences as shown
from reportgen.chapters.changes.facts import KEY, TITLE, ChangesFacts
from reportgen.chapters.changes.trend_blocks import trend
from reportgen.report import Block, Heading, Note, Notice, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing.language import _
from reportgen.writing.narrative import paragraph, say


def present(results: Results) -> Section:
    """What changed since the earlier report; one sentence where nothing did, a notice where there is none."""
    facts: ChangesFacts | None = results.facts[KEY]
    if facts is None:
        return Section(KEY, _(TITLE), (Notice(say("There is no earlier report to compare this one with.")),))
    estimates = results.select(section=KEY)
    if shown.nothing(results):
        blocks = [Paragraph(shown.nothing_sentence(facts)), *_trend(results), *_questions(results)]
        return Section(KEY, _(TITLE), tuple(blocks), estimates)
    blocks: list[Block] = [
        Note(_("Parts of a change"), _(shown.HOW)),
        Paragraph(paragraph(*shown.opening(results))),
    ]
    blocks += [shown.events_table(results)] if facts.happened else [Notice(shown.not_kept(facts))]
    blocks += [
        Heading(_("Main estimates, then and now")),
        Paragraph(paragraph(*shown.moves_sentences(results))),
        shown.main_table(results),
    ]
    further: list[Block] = []
    further += _trend(results)
    if facts.kept:
        further += [Heading(_("Corrections")), Note(_("Correction"), _(shown.WHAT_IS_A_CORRECTION)),
                   Paragraph(shown.corrections_sentence(results))]  # fmt: skip
        further += shown.corrections_table(facts)
    further += [
        Heading(_("Queries")),
        Paragraph(shown.questions_sentence(results)),
        *shown.questions_table(facts),
    ]
    further += [Heading(_("Settings, methods and version")), Paragraph(shown.settings_sentence(facts))]
    further += shown.settings_table(facts)
    return Section(KEY, _(TITLE), tuple(blocks), estimates, (), tuple(further))


def _trend(results: Results) -> list[Block]:
    figure = trend(results)
    return [figure] if figure else []


def _questions(results: Results) -> list[Block]:
    said = Paragraph(shown.questions_sentence(results))
    return [Heading(_("Queries")), said, *shown.questions_table(results.facts[KEY])]
