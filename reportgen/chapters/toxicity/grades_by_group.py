"""Worst grades 1 to 5 and related toxicity by group, as a reader meets them: a table of the supplement."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.chapters.shared import toxicity_sentences as toxicity
from reportgen.chapters.toxicity.facts import MOST_BY_GROUP, ToxicityFacts
from reportgen.chapters.toxicity.terms import term_name
from reportgen.report import Block, Column, Row, Table, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import say
from reportgen.writing.tables import row, table, text_column

MOST_ROWS = 60
RELATED = ("related_any_grade", "related_grade_3_plus")


def blocks(results: Results) -> list[Block]:
    """Nothing without groups, or without grades."""
    facts: ToxicityFacts = results.facts[toxicity.SECTION]
    return [_table(results, facts)] if facts.has_grade and facts.groups else []


def _table(results: Results, facts: ToxicityFacts) -> Table:
    """Per term a line of all patients and one of each group."""
    fatal = bool(toxicity.of(results, "any", "grade_5").events)
    grades = range(1, 6 if fatal else 5)
    statistics = [*(f"worst_grade_{g}" for g in grades), *(RELATED if facts.has_attribution else ())]
    lines = [("any", _("Any toxicity")), *((t.key, term_name(t)) for t in facts.terms[:MOST_BY_GROUP])]
    rows: list[Row] = []
    for variable, name in lines:
        rows.append(_row(results, variable, "all", name, statistics))
        for group in facts.groups:
            rows.append(_row(results, variable, group, shares.group(facts, group), statistics))
    kept, more = shares.capped(rows, MOST_ROWS)
    worst = _("Worst grade")
    columns = [text_column(_("Toxicity"), 0.3), Column(_("Assessed"))]
    columns += [Column(str(g), over=worst) for g in grades]
    if facts.has_attribution:
        columns += [Column(_("any grade"), over=_("Related")), Column(_("grade ≥ 3"), over=_("Related"))]
    notes: list[Text] = [say("Patients by worst grade, not events. No test is made.")]
    if not fatal:
        notes.append(say("No event of grade 5 was recorded, so that column is left out."))
    caption = say("Toxicity by worst grade and {group}: patients.", group=facts.group_label)
    return table("table-toxicity-grades", caption, columns, kept, (*notes, *more))


def _row(results: Results, variable: str, group: str, name: str, statistics: list[str]) -> Row:
    n = toxicity.of(results, variable, "any_grade", group)
    cells: list[Text] = [(phrases.value(numbers.whole(required(n.n)), n),)]
    for statistic in statistics:
        e = toxicity.of(results, variable, statistic, group)
        known = e.exists and e.events is not None
        cells.append((phrases.value(numbers.whole(required(e.events)), e),) if known else phrases.absent(e))
    return row(name, *cells, indent=int(group != "all"))
