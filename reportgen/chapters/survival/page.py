"""Survival as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.chapters.shared import comparison_blocks as comparisons
from reportgen.chapters.shared import curve_blocks, no_group, table_findings
from reportgen.chapters.shared import endpoint_blocks as endpoints
from reportgen.chapters.shared import incidence_blocks as shown
from reportgen.chapters.shared import landmark_blocks as landmark
from reportgen.chapters.shared.chapter_section import chapter_section
from reportgen.chapters.shared.landmark_table import landmark_table
from reportgen.chapters.survival import causes_table, feature_blocks, state_blocks
from reportgen.chapters.survival import further_endpoints_table as further_endpoints
from reportgen.chapters.survival.facts import KEY, TITLE, SurvivalFacts
from reportgen.report import Block, Heading, Note, Notice, Paragraph, Section
from reportgen.stats.results import Results
from reportgen.writing import censoring
from reportgen.writing.language import _
from reportgen.writing.narrative import head, paragraph, say


def present(results: Results) -> Section:
    """Sentences and curve of every endpoint; landmarks, comparisons and further endpoints in the supplement."""
    facts: SurvivalFacts = results.facts[KEY]
    blocks: list[Block] = []
    further: list[Block] = []
    for fact in facts.endpoints:
        blocks += _endpoint(results, fact, facts)
    blocks += [
        Notice(say("{key} cannot be derived: the data lack {columns}.", key=key, columns=columns))
        for key, columns in facts.absent
    ]
    if facts.endpoints:
        free = {fact.key: fact.label for fact in facts.endpoints if not fact.competing}
        if free:
            caption = say("Survival at the landmarks, every estimate with its number at risk.")
            finding = table_findings.at_last_landmark(results, KEY, free, facts.unit)
            further.append(
                landmark_table(results, KEY, free, facts, "table-survival", caption, finding=finding)
            )
        had = [fact for fact in facts.endpoints if fact.competing]
        if had:
            further.append(shown.incidence_table(results, KEY, had, facts, "table-incidence"))
        further += comparisons.comparison_blocks(results, KEY, facts.endpoints, facts)
        for fact in facts.endpoints:
            further += feature_blocks.blocks(results, fact)
    further += [*causes_table.blocks(results), *further_endpoints.blocks(results)]
    further += [*state_blocks.blocks(results), *state_blocks.own_blocks(results)]
    further += landmark.blocks(results, KEY, facts.later, facts)
    return chapter_section(KEY, _(TITLE), results, blocks, further)


def _endpoint(results: Results, fact: DescribedEndpoint, facts: SurvivalFacts) -> list[Block]:
    key = fact.key
    if not fact.n:
        return [
            Heading(head(fact.label)),
            Note(head(fact.label), fact.definition),
            Paragraph(endpoints.nobody(fact)),
        ]
    late = endpoints.late_entry_sentence(results, KEY, key, facts)
    if fact.competing:
        sentences = [*shown.endpoint_sentences(results, KEY, fact, facts), late]
    else:
        sentences = [
            endpoints.events_sentence(results, KEY, fact),
            late,
            endpoints.survival_sentence(results, KEY, fact, facts),
            endpoints.medians_sentence(results, KEY, fact, facts),
        ]
    sentences.append(no_group.sentence(results, KEY, key, facts, fact.event))
    test = results.get(f"{KEY}.{key}.{facts.group}.p_value")
    if test is not None:
        sentences.append(endpoints.comparison_sentence(test, facts.group_label))
    sentences += [comparisons.ratio_sentence(results, KEY, key, facts), censoring.sentence(fact)]
    blocks: list[Block] = [
        Heading(head(fact.label)),
        Note(head(fact.label), fact.definition),
        Paragraph(paragraph(*sentences)),
    ]
    figure = curve_blocks.curve_figure(results, KEY, fact, facts)
    return [*blocks, figure] if figure else blocks
