"""Relapse as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.base.required import required
from reportgen.chapters.relapse import feature_table as shown
from reportgen.chapters.relapse.facts import KEY, TITLE, RelapseFacts
from reportgen.chapters.shared import common_features, curve_blocks, no_group, stratified_rows
from reportgen.chapters.shared import comparison_blocks as comparisons
from reportgen.chapters.shared import course_sentences as course
from reportgen.chapters.shared import endpoint_blocks as endpoints
from reportgen.chapters.shared import ratio_blocks as ratios
from reportgen.chapters.shared.chapter_section import chapter_section
from reportgen.chapters.shared.incidence_blocks import (
    competing_sentence,
    incidence_sentence,
    incidence_table,
)
from reportgen.chapters.shared.patient_figures import stands_in_matrix
from reportgen.report import Block, Figure, Heading, Note, Paragraph, Section, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import censoring, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, join, lower, paragraph, say, say_n, the_table
from reportgen.writing.shares import told


def present(results: Results) -> Section:
    """What happened, the cumulative incidence, and features against relapse; without any, features go behind."""
    facts: RelapseFacts = results.facts[KEY]
    count = results["relapse.relapse.all.count"]
    blocks: list[Block] = [
        Note(_("Cumulative incidence"), facts.endpoint.definition),
        Paragraph(_what_happened(results, facts)),
    ]
    if facts.groups:
        blocks.append(Paragraph(_groups(results, facts)))
    figure = curve_blocks.curve_figure(results, KEY, facts.endpoint, facts)
    further: list[Block] = [incidence_table(results, KEY, [facts.endpoint], facts, "table-relapse")]
    if figure and count.value:
        (further if _as_another(results) else blocks).append(figure)
    if count.n == 1:  # nothing can be compared
        further.extend(
            shown.feature_blocks(results, KEY, facts.features, "relapsed", facts.endpoint, facts.unit)
        )
    elif facts.features:
        (blocks if count.value else further).append(Heading(_("Features and relapse")))
        texts = (
            common_features.common(results),
            _tests(results, facts),
            ratios.sentences(results, KEY, KEY, facts.features),
        )
        (blocks if count.value else further).extend(Paragraph(text) for text in texts if text)
        found = shown.feature_blocks(results, KEY, facts.features, "relapsed", facts.endpoint, facts.unit)
        for block in found:
            drawn = (isinstance(block, Figure) or (isinstance(block, Table) and block.figures)) and (
                not stands_in_matrix(results)
            )
            (blocks if count.value and drawn else further).append(block)
    return chapter_section(KEY, _(TITLE), results, blocks, further)


def _as_another(results: Results) -> bool:
    """Whether those who relapsed are all who had the event of progression-free survival."""
    progressed = results.get("survival.pfs.all.count")
    return progressed is not None and progressed.value == results["relapse.relapse.all.count"].value


def _what_happened(results: Results, facts: RelapseFacts) -> Text:
    unit = facts.unit
    count = results["relapse.relapse.all.count"]
    if not count.n:
        return endpoints.nobody(facts.endpoint)
    competing = results["relapse.relapse.all.competing_count"]
    sentences = [
        _counts(count, competing, facts.endpoint),
        _causes(results),
        endpoints.late_entry_sentence(results, KEY, KEY, facts),
        course.circumstances(results),
    ]
    if count.value:
        median, low, high = (
            results[f"relapse.time_to_relapse.all.{s}"] for s in ("median", "minimum", "maximum")
        )
        x = shares.spread(median, low, high, unit)
        sentences.append(
            say("The time to relapse was {x}.", x=x)
            if median.n == 1
            else say("The median time to relapse among them was {x}.", x=x)
        )
    sentences.append(incidence_sentence(results, KEY, facts.endpoint, facts))
    return paragraph(*sentences, censoring.sentence(facts.endpoint))


def _counts(count: Estimate, competing: Estimate, fact: DescribedEndpoint) -> Text:
    """How many relapsed, and how many died without, or had first what else the settings let compete."""
    if not count.value and not competing.value:
        return say("No relapse occurred.")
    if not fact.only_death_competes and competing.count and count.n != 1:
        d = phrases.count(competing)
        event = lower(fact.competing)
        return (
            say("{who} relapsed or progressed; the competing event ({event}) came first in {d}.",
                who=shares.first_words(count), event=event, d=d)
            if count.value
            else say("No relapse occurred; the competing event ({event}) came first in {d}.", event=event, d=d)
        )  # fmt: skip
    if not count.value:
        return say_n(
            "No relapse occurred; {d} died without.",
            "No relapse occurred; {d} died without.",
            competing.count,
            d=phrases.value(numbers.spelled(competing.count), competing),
        )
    if count.n == 1:
        return say("{who} relapsed or progressed.", who=shares.first_words(count))
    return say_n(
        "{who} relapsed or progressed; {d} died without relapse.",
        "{who} relapsed or progressed; {d} died without relapse.",
        1 if competing.count < 2 else 2,  # nobody is a singular in German
        who=shares.first_words(count),
        d=phrases.value(shares.count(competing.count), competing),
    )


def _causes(results: Results) -> Text | None:
    """ "Causes of these deaths: infection 6, cardiac 4." """
    found = results.select(section=KEY, variable="died_without", statistic="proportion")
    if not found or required(found[0].n) == 0:
        return None
    named = [(_(e.group) if e.group in shares.CAUSES else e.group, e) for e in found]
    if required(found[0].n) == 1:
        parts = [(phrases.value(cause, e),) for cause, e in named if e.events]
    else:
        parts = [say("{cause} {k}", cause=cause, k=shares.listed(e)) for cause, e in named]
    return say_n(
        "Cause of this death: {causes}.",
        "Causes of these deaths: {causes}.",
        required(found[0].n),
        causes=join(parts),
    )


def _groups(results: Results, facts: RelapseFacts) -> Text:
    """Who died first in each group, their test and their hazard ratio; their incidences stand in the table."""
    test = results.get(f"{KEY}.{KEY}.{facts.group}.p_value")
    return paragraph(
        competing_sentence(results, KEY, facts.endpoint, facts, told(facts.groups)),
        no_group.sentence(results, KEY, KEY, facts, facts.endpoint.event),
        endpoints.comparison_sentence(test, facts.group_label) if test is not None else None,
        comparisons.ratio_sentence(results, KEY, KEY, facts),
        stratified_rows.sentence(results, KEY, KEY, facts),
    )


def _tests(results: Results, facts: RelapseFacts) -> Text:
    """How many comparisons were made, of what worth they are, and what the events are too few for."""
    known = [feature for feature in facts.features if feature.known_at_start]
    if not known:
        return say("None of these features is taken as known at the start, so none is compared.")
    tested = shown.tested(results, KEY, facts.features, KEY)
    count = results["relapse.relapse.all.count"]
    few = 0 < required(count.value) < facts.model_events
    return paragraph(
        say_n(
            "{events} is too few to compare groups in a model.",
            "{events} are too few to compare groups in a model.",
            count.count,
            events=phrases.value(counted(count.count, "relapse"), count),
        )
        if few
        else None,
        say_n(
            "In all, {k} was made, exploratory; {table} shows it, raw and Holm-adjusted.",
            "In all, {k} were made, each of them exploratory; {table} shows every one, raw and Holm-adjusted.",
            len(tested),
            k=counted(len(tested), "comparison"),
            table=the_table(f"table-{KEY}-features"),
        )
        if tested
        else say("No test of these features is shown: the numbers allow none."),
        _modelled(results, facts),
    )


def _modelled(results: Results, facts: RelapseFacts) -> Text | None:
    """The p-values of the models, which come on top of those of the tests."""
    made = ratios.tested(results, KEY, KEY, [f for f in facts.features if f.known_at_start])
    if not made:
        return None
    return say_n(
        "The models add {n} p-value ({table}), adjusted by itself.",
        "The models add {n} p-values ({table}), adjusted among themselves.",
        len(made),
        n=numbers.spelled(len(made)),
        table=the_table(f"table-{KEY}-ratios"),
    )
