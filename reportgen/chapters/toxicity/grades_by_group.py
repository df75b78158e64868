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
    """Per term one line where two groups stand beside each other, else one of all patients and one of each group."""
    fatal = bool(toxicity.of(results, "any", "grade_5").events)
    grades = range(1, 6 if fatal else 5)
    statistics = [*(f"worst_grade_{g}" for g in grades), *(RELATED if facts.has_attribution else ())]
    lines = [("any", _("Any toxicity")), *((t.key, term_name(t)) for t in facts.terms[:MOST_BY_GROUP])]
    notes: list[Text] = [say("Patients by worst grade, not events. No test is made.")]
    if beside := _beside(results, facts, [variable for variable, _name in lines]):
        columns = [
            text_column(_("Toxicity"), 0.24),
            *_columns_beside(beside, facts, [str(g) for g in grades]),
        ]
        every = [row(name, *(cell for group in facts.groups
                             for cell in _counts(results, variable, group, statistics)))
                 for variable, name in lines]  # fmt: skip
        if facts.has_attribution:
            notes.append(say("Rel.: related to treatment, of any grade and of grade ≥ 3."))
    else:
        columns, every = _columns_below([str(g) for g in grades], facts), []
        for variable, name in lines:
            every.append(_row(results, variable, "all", name, statistics))
            every += [_row(results, variable, group, shares.group(facts, group), statistics)
                      for group in facts.groups]  # fmt: skip
    each = len(every) // len(lines)  # rows of a term, which stand together or not at all
    kept, more = shares.capped(every, MOST_ROWS - MOST_ROWS % each)
    if not fatal:
        notes.append(say("No event of grade 5 was recorded, so that column is left out."))
    caption = say("Toxicity by worst grade and {group}: patients.", group=facts.group_label)
    return table("table-toxicity-grades", caption, columns, kept, (*notes, *more))


def _beside(results: Results, facts: ToxicityFacts, variables: list[str]) -> list[int]:
    """The patients of each of two groups who were assessed; nothing where a line could not say all of a term.

    It can if there is no patient in neither group, so that all are their sum, and if everyone was assessed for all.
    """
    if len(facts.groups) != 2:
        return []
    whole, *assessed = [
        {required(toxicity.of(results, variable, "any_grade", group).n) for variable in variables}
        for group in ("all", *facts.groups)
    ]
    if any(len(of) != 1 for of in (whole, *assessed)) or sum(of for each in assessed for of in each) != max(
        whole
    ):
        return []
    return [max(of) for of in assessed]


def _columns_beside(assessed: list[int], facts: ToxicityFacts, grades: list[str]) -> list[Column]:
    """Group by group the grades, then what was related."""
    columns: list[Column] = []
    for group, n in zip(facts.groups, assessed, strict=True):
        over = _("{group} (n = {n}), worst grade", group=shares.group(facts, group), n=numbers.whole(n))
        columns += [Column(grade, over=over) for grade in grades]
        if facts.has_attribution:
            columns += [Column(_("rel."), over=over), Column(_("rel."), _("≥ 3"), over=over)]
    return columns


def _columns_below(grades: list[str], facts: ToxicityFacts) -> list[Column]:
    columns = [text_column(_("Toxicity"), 0.3), Column(_("Assessed"))]
    columns += [Column(grade, over=_("Worst grade")) for grade in grades]
    if facts.has_attribution:
        columns += [Column(_("any grade"), over=_("Related")), Column(_("grade ≥ 3"), over=_("Related"))]
    return columns


def _row(results: Results, variable: str, group: str, name: str, statistics: list[str]) -> Row:
    n = toxicity.of(results, variable, "any_grade", group)
    assessed = (phrases.value(numbers.whole(required(n.n)), n),)
    return row(name, assessed, *_counts(results, variable, group, statistics), indent=int(group != "all"))


def _counts(results: Results, variable: str, group: str, statistics: list[str]) -> list[Text]:
    cells: list[Text] = []
    for statistic in statistics:
        e = toxicity.of(results, variable, statistic, group)
        known = e.exists and e.events is not None
        cells.append((phrases.value(numbers.whole(required(e.events)), e),) if known else phrases.absent(e))
    return cells
