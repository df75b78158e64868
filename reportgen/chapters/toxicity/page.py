"""Toxicity as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.base.required import required
from reportgen.chapters.shared import no_group
from reportgen.chapters.shared import toxicity_sentences as shown
from reportgen.chapters.toxicity import grades_by_group, over_time, rates_by_group, resolution, serious
from reportgen.chapters.toxicity import terms as toxicity_terms
from reportgen.chapters.toxicity.contrast import contrast_table
from reportgen.chapters.toxicity.facts import KEY, TITLE, ToxicityFacts
from reportgen.report import Block, Note, Notice, Paragraph, Section, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.ctcae import graded_by
from reportgen.writing.language import _, _n
from reportgen.writing.narrative import capital, counted, join, lower, paragraph, patients_of, say, say_n
from reportgen.writing.phrases import value


def present(results: Results) -> Section:
    """Who had which worst grade, overall and per group, and bars of the terms; a notice where none is recorded."""
    facts: ToxicityFacts = results.facts[KEY]
    blocks: list[Block] = [Note(_("Toxicity"), _definition(facts)), *_doubts(results, facts)]
    if not facts.rows:
        none = shown.nothing_recorded(results)
        known = facts.declared and shown.of(results, "any", "any_grade").exists
        blocks.append(Paragraph(none) if known else Notice(none))
        return Section(KEY, _(TITLE), tuple(blocks), results.select(section=KEY))
    one = shown.of(results, "any", "any_grade").n == 1
    figure = None if one else toxicity_terms.bars_figure(results)
    sentences = [
        shown.overall_sentence(results),
        shown.related_sentence(results),
        serious.sentence(results),
        None if figure else shown.major_sentence(results),  # the figure's caption says it
        no_group.sentence(results, KEY, "any", facts, _("a toxicity")),
    ]
    blocks.append(Paragraph(paragraph(*sentences)))
    blocks += [figure] if figure else []
    apart = contrast_table(results)
    blocks += [apart] if apart else []
    details = (
        shown.two_groups_sentence(results, facts, facts.groups),
        shown.major_sentence(results) if figure else None,
        shown.rate_sentence(results),
    )
    further: list[Block] = [Paragraph(paragraph(*details)), toxicity_terms.terms_table(results)]
    further += [toxicity_terms.groups_table(results)] if facts.groups else []
    further += grades_by_group.blocks(results)
    further += serious.blocks(results)
    further += rates_by_group.blocks(results)
    further += over_time.blocks(results)
    further += resolution.blocks(results)
    return Section(KEY, _(TITLE), tuple(blocks), results.select(section=KEY), (), tuple(further))


def _definition(facts: ToxicityFacts) -> str:
    graded = graded_by(facts.ctcae_version)
    assessed = (
        _("The denominator is the patients recorded as assessed for toxicity, with or without an event.")
        if facts.declared
        else _("The data do not say who was assessed for toxicity: all patients are taken as assessed.")
    )
    once = _("Each patient counts once per term, with the worst grade.")
    during = ""
    if facts.has_onset and facts.window:
        during = _n(
            "An event that began until {n} day after the end of treatment is one on treatment.",
            "An event that began until {n} days after the end of treatment is one on treatment.",
            facts.window,
            n=numbers.whole(facts.window),
        )
    return " ".join(filter(None, (graded, once, assessed, during)))


def _doubts(results: Results, facts: ToxicityFacts) -> list[Notice]:
    """What was left out or is not known, each in a sentence."""
    found = (_not_counted(results, facts), *_not_known(results, facts), *_lacking(facts))
    said = paragraph(*(capital(doubt) for doubt in found if doubt))
    return [Notice(said)] if said else []


def _not_counted(results: Results, facts: ToxicityFacts) -> Text | None:
    if not facts.rows_left_out:
        return None
    said = {
        "rows": _rows(facts.rows_left_out),
        "patients": counted(facts.patients_left_out, "patient"),
    }
    severe = facts.severe_left_out
    if severe:
        return say_n(
            "{rows} of {patients} not recorded as assessed for toxicity is not counted, {severe} of grade ≥ 3.",
            "{rows} of {patients} not recorded as assessed for toxicity are not counted, {severe} of grade ≥ 3.",
            facts.rows_left_out,
            severe=numbers.spelled(severe),
            **said,
        )
    return say_n(
        "{rows} of {patients} not recorded as assessed for toxicity is not counted.",
        "{rows} of {patients} not recorded as assessed for toxicity are not counted.",
        facts.rows_left_out,
        **said,
    )


def _not_known(results: Results, facts: ToxicityFacts) -> Iterator[Text]:
    """Who was not assessed, and of which toxicities nothing is known."""
    outside = shown.of(results, "any", "not_assessed")
    if facts.declared and outside.value:
        yield say(
            "Not recorded as assessed for toxicity: {patients}.",
            patients=value(patients_of(int(outside.value), required(outside.n)), outside),
        )
    found = results.select(section=KEY, statistic="not_known", group="all")
    found = [(term, e) for term in facts.terms for e in found if e.variable == term.key]
    if 0 < len(found) <= shown.MOST_NAMED:
        parts = [
            say(
                "{name} in {k}",
                name=lower(term.name),
                k=value(patients_of(e.count, required(e.n)), e),
            )
            for term, e in found
        ]
        yield say("Whether it occurred is not recorded: {parts}.", parts=join(parts))
    elif found:
        yield say(
            "Of {terms} it is not known of every patient whether they occurred; the table says of how many.",
            terms=counted(len(found), "term"),
        )
    if facts.partly:
        yield say_n(
            "{patients} without an event, of whom some toxicities are not known, counts as without any.",
            "{patients} without an event, of whom some toxicities are not known, count as without any.",
            facts.partly,
            patients=counted(facts.partly, "patient"),
        )


def _lacking(facts: ToxicityFacts) -> Iterator[Text]:
    """What rows repeat or lack."""
    if facts.repeated:
        yield say_n(
            "{rows} repeats another and is counted once.",
            "{rows} repeat others and are counted once.",
            facts.repeated,
            rows=_rows(facts.repeated),
        )
    if facts.rows and not facts.has_grade:
        yield say("No grade is recorded: patients with an event are counted, whatever its grade.")
    elif facts.without_grade:
        yield say("{rows} without a grade: counted under any grade only.", rows=_rows(facts.without_grade))
    if facts.has_attribution and facts.without_attribution:
        rows = _rows(facts.without_attribution)
        yield say("{rows} without an attribution: not counted as related.", rows=rows)
    if facts.without_term:
        rows = _rows(facts.without_term)
        yield say("{rows} without a term: counted under any toxicity only.", rows=rows)
    if facts.empty_rows:
        yield say("{rows} with nothing but a patient: not counted.", rows=_rows(facts.empty_rows))


def _rows(n: int) -> str:
    return counted(n, "toxicity row")
