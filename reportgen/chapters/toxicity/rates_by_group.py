"""Rates of toxicity of two groups as a reader meets them: events per 100 patient-years and their ratio, by term."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.shared import toxicity_sentences as toxicity
from reportgen.chapters.shared.comparison_blocks import compared
from reportgen.chapters.toxicity.facts import MOST_BY_GROUP, ToxicityFacts
from reportgen.chapters.toxicity.terms import per_hundred, per_hundred_years, term_name
from reportgen.report import Block, Column, Table
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import join, say
from reportgen.writing.tables import row, table, text_column

MOST_ROWS = 40


def blocks(results: Results) -> list[Block]:
    """Nothing unless two groups known at the start have rates."""
    facts: ToxicityFacts = results.facts[toxicity.SECTION]
    lines = [("any", _("Any toxicity")), *((t.key, term_name(t)) for t in facts.terms[:MOST_BY_GROUP])]
    found = [(variable, name, _ratio(results, variable, facts)) for variable, name in lines]
    known = [(variable, name, e) for variable, name, e in found if e is not None]
    return [_table(results, known, facts)] if known and len(facts.groups) == 2 else []


def _ratio(results: Results, variable: str, facts: ToxicityFacts) -> Estimate | None:
    return results.get(f"{toxicity.SECTION}.{variable}.{facts.group}.rate_ratio")


def _table(results: Results, known: list[tuple[str, str, Estimate]], facts: ToxicityFacts) -> Table:
    rows = []
    for variable, name, e in known:
        rates = [toxicity.of(results, variable, "rate", group) for group in facts.groups]
        cells = [cell for rate in rates for cell in (per_hundred(rate), _limits(rate))]
        rows.append(row(name, *cells, phrases.ratio_alone(e), phrases.ratio_interval(e)))
    kept, more = shares.capped(rows, MOST_ROWS)
    level = phrases.level(known[0][2])
    columns = [text_column(_("Toxicity"), 0.26)]
    for group in facts.groups:
        over = shares.group(facts, group)
        columns += [Column(_("n (rate)"), over=over), Column(level, over=over)]
    columns += [Column(_("Ratio")), Column(level)]
    notes = [_observed(results, facts)]
    notes.append(
        say(
            "Ratio: {way}. No test: exploratory. Where some patients have events more readily than others, the "
            "intervals are too narrow.",
            way=compared(known[0][2], facts.group_words),
        )
    )
    notes.append(
        say("Methods: {methods}.", methods=estimate_words.methods({e.method for _v, _n, e in known}))
    )
    notes += not_given.not_estimable(e for _v, _n, e in known)
    caption = say(
        "Events that began on treatment, per 100 patient-years, by {group}.", group=facts.group_label
    )
    ratio = known[0][2]
    finding = (
        say(
            "Events of any toxicity: ratio of the rates {x} ({level} {ci}), {way}.",
            x=phrases.ratio_alone(ratio),
            level=phrases.level(ratio),
            ci=phrases.ratio_interval(ratio),
            way=compared(ratio, facts.group_words),
        )
        if ratio.exists and ratio.low is not None
        else None
    )
    return table("table-toxicity-rates", caption, columns, kept, (*notes, *more), finding)


def _observed(results: Results, facts: ToxicityFacts):
    parts = [
        say(
            "{years} in {group}",
            years=phrases.value(numbers.time(required(e.value), "years"), e),
            group=shares.group(facts, group),
        )
        for group in facts.groups
        for e in (toxicity.of(results, "any", "person_time", group),)
    ]
    if not facts.window:
        return say("Patient-years on treatment: {parts}.", parts=join(parts))
    return say(
        "Patient-years on treatment and up to {days} days after it: {parts}.",
        days=str(facts.window),
        parts=join(parts),
    )


def _limits(rate: Estimate):
    if rate.low is None or rate.high is None:
        return phrases.absent(rate)
    limits = numbers.between(per_hundred_years(rate.low), per_hundred_years(rate.high))
    return (phrases.value(limits, rate),)
