"""Toxicity of two groups side by side: shares as dots, the terms by how far the groups lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.base.described import DescribedTerm
from reportgen.base.required import required
from reportgen.chapters.shared import toxicity_sentences as toxicity
from reportgen.chapters.toxicity.facts import MOST_BY_GROUP, ToxicityFacts
from reportgen.chapters.toxicity.terms import term_name
from reportgen.report import Column, Dot, Dots, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import group_columns, numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import lower, say
from reportgen.writing.tables import row, table, text_column

MOST_ROWS = 16
APART = "any_grade_difference"


def contrast_table(results: Results) -> Table | None:
    """The terms by the difference of their shares, the largest first; None unless two groups can be compared."""
    facts: ToxicityFacts = results.facts[toxicity.SECTION]
    terms = [(t, _difference(results, t, facts)) for t in facts.terms[:MOST_BY_GROUP]]
    known = [(t, e) for t, e in terms if e is not None and e.exists]
    if len(facts.groups) != 2 or not known:
        return None
    known.sort(key=lambda pair: -required(pair[1].value))
    kept = known if len(known) <= MOST_ROWS else [*known[: MOST_ROWS // 2], *known[-MOST_ROWS // 2 :]]
    groups, graded = facts.groups, facts.has_grade
    rows = [row(term_name(t), *_cells(results, t, e, groups, graded)) for t, e in kept]
    assessed = [required(toxicity.of(results, "any", "any_grade", group).n) for group in groups]
    units = [f"n = {numbers.whole(n)}" if n >= group_columns.CROWD else "" for n in assessed]
    heads = [(shares.group(facts, group), unit) for group, unit in zip(groups, units, strict=True)]
    columns = [text_column(_("Toxicity"), 0.22), *(Column(*head, over=_("any grade")) for head in heads)]
    columns += [Column(*head, over=_("grade ≥ 3")) for head in heads] if graded else []
    columns += [Column(_("Difference"), phrases.intervals(results)), Column("", align="axis", width=0.2)]
    notes = [
        say(
            "Difference: {way}, in percentage points, any grade. No test: exploratory.",
            way=_way(known[0][1], facts),
        )
    ]
    if len(kept) < len(known):
        notes.append(
            say(
                "The {k} of {n} terms that differ most, either way.",
                k=numbers.whole(len(kept)),
                n=numbers.whole(len(known)),
            )
        )
    made = table("table-toxicity-difference", _caption(results, known, facts), columns, rows, notes)
    if not graded:
        return made
    if len(groups) != 2:
        return replace(made, dots=say("Dots from 0 to 100%: hollow for any grade, filled for grade ≥ 3."))
    a, b = (shares.group(facts, group) for group in groups)
    dots = say(
        "Dots from 0 to 100%: hollow for any grade, filled for grade ≥ 3; {a} above (round), {b} below (square).",
        a=a,
        b=b,
    )
    return replace(made, dots=dots)


def _difference(results: Results, term: DescribedTerm, facts: ToxicityFacts) -> Estimate | None:
    return results.get(f"{toxicity.SECTION}.{term.key}.{facts.group}.{APART}")


def _way(e: Estimate, facts: ToxicityFacts) -> str:
    from reportgen.chapters.shared.comparison_blocks import compared

    return compared(e, facts.group_words)


def _cells(
    results: Results, term: DescribedTerm, apart: Estimate, groups: Sequence[str], graded: bool
) -> list[Text]:
    any_grade = [toxicity.of(results, term.key, "any_grade", group) for group in groups]
    high = [toxicity.of(results, term.key, "grade_3_plus", group) for group in groups] if graded else []
    dots = tuple(
        Dot(required(e.value), None, None, place, required(h.value) if h is not None and h.exists else None)
        for place, (e, h) in enumerate(zip(any_grade, high or [None] * len(groups), strict=True), start=1)
    )
    difference = say(
        "{points} ({interval})", points=phrases.signed_points(apart), interval=phrases.points_interval(apart)
    )
    told = [group_columns.share_of(e, "n") for e in (*any_grade, *high)]
    return [*told, difference, (Dots(dots),)]


def _caption(results: Results, known: list[tuple[DescribedTerm, Estimate]], facts: ToxicityFacts) -> Text:
    """The term that the groups differ most in, either way."""
    term, _apart = max(known, key=lambda pair: abs(required(pair[1].value)))
    first, second = (toxicity.of(results, term.key, "any_grade", group) for group in facts.groups)
    return say(
        "The groups differ most in {term}: {a} of patients in {first}, {b} in {second}.",
        term=lower(term_name(term)),
        a=phrases.value(numbers.percent(required(first.value), required(first.n)), first),
        b=phrases.value(numbers.percent(required(second.value), required(second.n)), second),
        first=shares.group(facts, facts.groups[0]),
        second=shares.group(facts, facts.groups[1]),
    )
