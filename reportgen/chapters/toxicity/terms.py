"""Toxicity term by term: every one in a table, the frequent ones by group and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportgen.base.described import DescribedTerm
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared import toxicity_sentences as toxicity
from reportgen.chapters.shared.comparison_blocks import compared
from reportgen.chapters.shared.drawings import drawings
from reportgen.chapters.toxicity.facts import MOST_BY_GROUP, ToxicityFacts
from reportgen.chapters.toxicity.severe_by_group import severe_by_group
from reportgen.report import Column, Figure, Row, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, group_columns, numbers, phrases, shares
from reportgen.writing.language import _, _n
from reportgen.writing.narrative import join, lower, paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column

# What stands in place of a name that is not recorded.
OURS = (N_("Term not recorded"), N_("Category not recorded"))
MOST_BARS = 15
MOST_ROWS = 120
MOST_TIED = 3


def terms_table(results: Results) -> Table:
    """Every category (patients with at least one event in it) and, under it, its terms."""
    facts: ToxicityFacts = results.facts[toxicity.SECTION]
    related, fatal = facts.has_attribution, toxicity.of(results, "any", "grade_5").events
    statistics = ["any_grade", "grade_3_plus", *(["grade_5"] if fatal else [])]
    statistics += ["related_any_grade", "related_grade_3_plus"] if related else []
    graded = facts.has_grade
    statistics = statistics if graded else [s for s in statistics if s.endswith("any_grade")]
    partly = any(e.statistic == "not_known" for e in results.select(section=toxicity.SECTION, group="all"))
    heads = {
        "any_grade": _("Any grade") if graded else _("Patients"),
        "grade_3_plus": _("Grade ≥ 3"),
        "grade_5": _("Grade 5"),
        "related_any_grade": _("Related, any") if graded else _("Related"),
        "related_grade_3_plus": _("Related, ≥ 3"),
    }
    rated = toxicity.of(results, "any", "rate").exists
    rows = [
        _row(results, variable, name, statistics, (rated, partly), indent)
        for variable, name, indent in _lines(facts)
    ]
    kept, more = shares.capped(rows, MOST_ROWS)
    columns = [text_column(_("Toxicity"), 0.3), *(Column(heads[s]) for s in statistics)]
    columns += [Column(_("Events"), _("n (per 100 patient-years)"))] if rated else []
    columns += [Column(_("Not known"), _("patients"))] if partly else []
    notes = [
        say("Patients by worst grade, not events; a category counts patients with at least one event in it.")
    ]
    if graded and not fatal:
        notes.append(say("No event of grade 5 was recorded, so that column is left out."))
    if partly:
        notes.append(
            say("Not known: neither a grade is recorded nor that there was none; these are not counted.")
        )
    caption = paragraph(
        _most_frequent_category(results, facts),
        say("Toxicity by category and term: patients / patients assessed (%)."),
    )
    return table("table-toxicity", caption, columns, kept, (*notes, *more))


def _most_frequent_category(results: Results, facts: ToxicityFacts) -> Text | None:
    """In which category most patients had an event; nothing where two are as frequent, or only one is recorded."""
    names = dict.fromkeys(t.category for t in facts.terms) if facts.has_category else {}
    found = [
        (toxicity.of(results, f"category: {name}", "any_grade"), facts.categories[name]) for name in names
    ]
    found = sorted((pair for pair in found if pair[0].exists), key=lambda pair: -required(pair[0].events))
    if len(found) < 2 or found[0][0].events == found[1][0].events or found[0][1] in OURS:
        return None
    (most, name), *_others = found
    return say(
        "Most frequent category: {name} ({k} of {n}).",
        name=lower(name),
        k=shares.listed(most),
        n=numbers.whole(required(most.n)),
    )


def _lines(facts: ToxicityFacts) -> list[tuple[str, str, int]]:
    """(variable, printed name, indent): the total, then the categories by their most frequent term."""
    lines = [("any", _("Any toxicity"), 0)]
    if not facts.has_category:
        return [*lines, *((t.key, term_name(t), 0) for t in facts.terms)]
    for category in dict.fromkeys(t.category for t in facts.terms):
        name = facts.categories[category]
        lines.append((f"category: {category}", _(name) if name in OURS else name, 0))
        lines += [(t.key, term_name(t), 1) for t in facts.terms if t.category == category]
    return lines


def term_name(term: DescribedTerm) -> str:
    """As the data have it; ours in the language of the report."""
    return _(term.name) if term.name in OURS else term.name


def _row(
    results: Results, variable: str, name: str, statistics: list[str], more: tuple[bool, bool], indent: int
) -> Row:
    """more: whether there is a column of rates, and one of the patients of whom it is not known."""
    rated, partly = more
    cells: list[Text] = [phrases.share(toxicity.of(results, variable, s)) for s in statistics]
    if rated:
        rate = toxicity.of(results, variable, "rate")
        cells.append(per_hundred(rate))
    if partly:
        statistic = "not_assessed" if variable == "any" else "not_known"
        missing = results.get(f"{toxicity.SECTION}.{variable}.all.{statistic}")
        cells.append((phrases.value(numbers.whole(required(missing.value)), missing),) if missing else ("0",))
    return row(name, *cells, indent=indent, head=variable.startswith("category: "))


def per_hundred_years(x: float) -> str:
    """Events per 100 patient-years: one decimal throughout.

    >>> per_hundred_years(0.0712), per_hundred_years(13.319), per_hundred_years(0.0002), per_hundred_years(0)
    ('7.1', '1,331.9', '<0.1', '0.0')
    """
    return numbers.as_written("<0.1") if 0 < 100 * x < 0.05 else numbers.decimal(100 * x, 1)


def per_hundred(rate: Estimate) -> Text:
    """Events that began on treatment, and their rate: "12 (34)"."""
    if not rate.exists:
        return phrases.absent(rate)
    return (
        phrases.value(numbers.whole(required(rate.events)), rate),
        phrases.value(f" ({per_hundred_years(required(rate.value))})", rate, quiet=True),
    )


def groups_table(results: Results) -> Table:
    """The frequent terms per group: any grade and grade ≥ 3, without tests; of two groups the difference."""
    facts: ToxicityFacts = results.facts[toxicity.SECTION]
    heads = {"any_grade": _("any grade"), "grade_3_plus": _("grade ≥ 3")}
    heads = heads if facts.has_grade else {"any_grade": _("patients")}
    lines = [("any", _("Any toxicity")), *((t.key, term_name(t)) for t in facts.terms[:MOST_BY_GROUP])]
    apart = {variable: results.get(_apart(variable, facts)) for variable, _name in lines}
    known = [e for e in apart.values() if e is not None]
    share, short = group_columns.share(facts.groups), group_columns.lettered(facts, facts.groups)
    rows = [
        row(
            name,
            *(share(toxicity.of(results, variable, s, g)) for g in facts.groups for s in heads),
            *((_points(apart[variable]),) if known else ()),
        )
        for variable, name in lines
    ]
    columns = [text_column(_("Toxicity"), 0.3)]
    columns += [
        Column(head, over=_over(results, short, group, facts.groups))
        for group in facts.groups
        for head in heads.values()
    ]
    columns += [Column(_("Difference, grade ≥ 3"), phrases.level(known[0]))] if known else []
    notes = [say("No test is made: these differences were not specified beforehand.")]
    if known:
        notes.append(
            say(
                "Difference: {way}, in percentage points; {methods}.",
                way=compared(known[0], facts.group_words),
                methods=estimate_words.methods({e.method for e in known}),
            )
        )
    notes += group_columns.key(facts, facts.groups)
    left = len(facts.terms) - MOST_BY_GROUP
    if left > 0:
        notes.append(
            say_n(
                "{n} further term is not shown.",
                "{n} further terms are not shown.",
                left,
                n=numbers.whole(left),
            )
        )
    caption = say("Toxicity by {group}: patients / patients assessed (%).", group=facts.group_label)
    return table("table-toxicity-groups", caption, columns, rows, notes, severe_by_group(results, facts))


def _over(results: Results, facts: ToxicityFacts, group: str, groups: Sequence[str]) -> str:
    """The name of a group over its columns, with its n where they do not say it."""
    n = group_columns.over(groups, toxicity.of(results, "any", "any_grade", group).n)
    return f"{shares.group(facts, group)} ({n})" if n else shares.group(facts, group)


def _apart(variable: str, facts: ToxicityFacts) -> str:
    return f"{toxicity.SECTION}.{variable}.{facts.group}.risk_difference"


def _points(apart: Estimate | None) -> Text:
    if apart is None or not apart.exists:
        return (numbers.MISSING,) if apart is None else phrases.absent(apart)
    return say(
        "{points} ({interval})", points=phrases.signed_points(apart), interval=phrases.points_interval(apart)
    )


def bars_figure(results: Results) -> Figure | None:
    """The frequent terms as bars by worst grade, any cause beside related; None where nothing can be drawn."""
    facts: ToxicityFacts = results.facts[toxicity.SECTION]
    terms = facts.terms[:MOST_BARS]
    if not terms or not facts.has_attribution or not facts.has_grade:
        return None
    from reportgen.figures.toxicity_bars import ToxicityBar, toxicity_figure

    n = required(toxicity.of(results, "any", "any_grade").n)
    grades = {
        prefix: {t.key: tuple(required(toxicity.of(results, t.key, f"{prefix}worst_grade_{g}").events)
                           for g in range(1, 6))
                 for t in terms}
        for prefix in ("", "related_")
    }  # fmt: skip
    drawn = [t for t in terms if sum(grades[""][t.key])]
    if not drawn:
        return None
    bars = [ToxicityBar(term_name(t), grades[""][t.key], grades["related_"][t.key], n) for t in drawn]
    said = {"k": numbers.whole(len(drawn)), "n": numbers.whole(n)}
    how = (
        say_n(
            "The term with the most patients of grade ≥ 3, then of any grade: patients by worst grade (n = {n}).",
            "The {k} terms with the most patients of grade ≥ 3, then of any grade: patients by worst grade (n = {n}).",
            len(drawn), **said)
        if len(facts.terms) > len(drawn)
        else say("All terms, sorted by grade ≥ 3, then any grade: patients by worst grade (n = {n}).", **said)
    )  # fmt: skip
    alt = "; ".join(
        _n(
            "{term}: {any} of {n} patient, {high} of grade 3 or more",
            "{term}: {any} of {n} patients, {high} of grade 3 or more",
            required(toxicity.of(results, t.key, "any_grade").n),
            term=term_name(t),
            any=numbers.whole(t.any),
            n=numbers.whole(required(toxicity.of(results, t.key, "any_grade").n)),
            high=numbers.whole(t.high),
        )
        for t in drawn[:MOST_BARS]
    )
    notes = [how]
    ungraded = sum(required(toxicity.of(results, t.key, "worst_grade_missing").events) for t in drawn)
    notes += [say("Patients whose event has no grade are not drawn.")] if ungraded else []
    name = "figure-toxicity"
    drawing, narrow = drawings(partial(toxicity_figure, name, bars))
    said = _("Bars of patients by worst grade. {terms}.", terms=alt)
    return Figure(
        name,
        drawing,
        paragraph(_leading(results, drawn), _as_often(drawn)),
        said,
        notes=tuple(notes),
        narrow=narrow,
    )


def _leading(results: Results, drawn: Sequence[DescribedTerm]) -> Text:
    """The terms in most patients, of any grade and of grade ≥ 3; among equals the one that is drawn first.

    Of grade ≥ 3 alone where the most frequent term is not among those that are drawn.
    """
    most, severe = max(drawn, key=lambda t: t.any), max(drawn, key=lambda t: t.high)
    if severe.high and any(t.named and t.any > most.any for t in results.facts[toxicity.SECTION].terms):
        return say(
            "Most frequent of grade ≥ 3: {high} ({h}).",
            high=lower(term_name(severe)),
            h=_k_of_n(results, severe, "grade_3_plus"),
        )
    said = {"any": lower(term_name(most)), "a": _k_of_n(results, most, "any_grade")}
    if not severe.high:
        return say("Most frequent: {any} ({a}). Of grade ≥ 3: none.", **said)
    said |= {"high": lower(term_name(severe)), "h": _k_of_n(results, severe, "grade_3_plus")}
    if most.key == severe.key:
        return say("Most frequent: {any} ({a}), also of grade ≥ 3 ({h}).", **said)
    return say("Most frequent: {any} ({a}); of grade ≥ 3: {high} ({h}).", **said)


def _as_often(drawn: Sequence[DescribedTerm]) -> Text | None:
    """The terms that are as frequent of grade ≥ 3 as the one that is named; of more than three how many they are."""
    first = max(drawn, key=lambda t: t.high)
    others = [
        lower(term_name(t)) for t in drawn if first.high and t.high == first.high and t.key != first.key
    ]
    if not others:
        return None
    if len(others) > MOST_TIED:
        return say("As often of grade ≥ 3: {n} others.", n=numbers.spelled(len(others)))
    return say("As often of grade ≥ 3: {terms}.", terms=join(others))


def _k_of_n(results: Results, term: DescribedTerm, statistic: str) -> Text:
    e = toxicity.of(results, term.key, statistic)
    return say("{k} of {n}", k=shares.listed(e), n=numbers.whole(required(e.n)))
