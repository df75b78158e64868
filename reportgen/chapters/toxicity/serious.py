"""Serious adverse events as a reader meets them: a sentence, and a table of the supplement."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import DescribedTerm
from reportgen.base.required import required
from reportgen.chapters.shared import toxicity_sentences as shown
from reportgen.chapters.toxicity.facts import KEY, ToxicityFacts
from reportgen.chapters.toxicity.terms import term_name
from reportgen.report import Block, Column, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, group_columns, numbers, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, join, lower, paragraph, say
from reportgen.writing.tables import row, table, text_column

MOST_ROWS = 60


def sentence(results: Results) -> Text | None:
    """Patients with a serious event, and the leading terms; None where no row says whether its event was serious.

    Where no table follows, of how many events it is not recorded is said here.
    """
    total = results.get(f"{KEY}.any.all.serious")
    if total is None or not total.exists:
        return None
    said = _leading(results, total)
    if not total.note or _tabled(results, _terms(results)):
        return said
    return say("{said} {remark}.", said=said, remark=capital((estimate_words.note(total.note),)))


def _leading(results: Results, total: Estimate) -> Text:
    who = say(
        "A serious event was recorded in {any} assessed {ci}",
        any=shares.who(total),
        ci=shares.interval(total),
    )
    terms = _terms(results)[: shown.MOST_NAMED]
    if not total.events or total.n == 1 or not terms:
        return say("{said}.", said=who)
    counts = shares.alike([shown.of(results, t.key, "serious") for t in terms])
    parts = [say("{term} in {k}", term=lower(term_name(t)), k=k) for t, k in zip(terms, counts, strict=True)]
    if len(_terms(results)) > len(parts):
        return say("{said}, most often {terms}.", said=who, terms=join(parts))
    return say("{said}: {terms}.", said=who, terms=join(parts))


def _terms(results: Results) -> list[DescribedTerm]:
    """Those with a serious event, in most patients first."""
    facts: ToxicityFacts = results.facts[KEY]
    had = {
        e.variable: required(e.events) for e in results.select(section=KEY, group="all", statistic="serious")
    }
    terms = [t for t in facts.terms if had.get(t.key) and t.named]
    return sorted(terms, key=lambda t: -had[t.key])


def _tabled(results: Results, terms: Sequence[DescribedTerm]) -> bool:
    """Whether there is more than the sentence can name."""
    facts: ToxicityFacts = results.facts[KEY]
    return bool(terms) and (len(terms) > shown.MOST_NAMED or bool(facts.groups))


def blocks(results: Results) -> list[Block]:
    """Each term with a serious event, for all and per group; nothing where the sentence names them all."""
    facts: ToxicityFacts = results.facts[KEY]
    terms = _terms(results)
    if not _tabled(results, terms):
        return []
    groups = ("all", *facts.groups)
    heads = group_columns.lettered(facts, facts.groups)
    share = group_columns.share(facts.groups)
    rows = [
        row(name, *(share(shown.of(results, key, "serious", group)) for group in groups))
        for key, name in (("any", _("Any serious event")), *((t.key, term_name(t)) for t in terms))
    ]
    kept, more = shares.capped(rows, MOST_ROWS)
    total = shown.of(results, "any", "serious")
    units = [
        group_columns.over(facts.groups, shown.of(results, "any", "serious", group).n) for group in groups
    ]
    columns = [text_column(_("Serious event"), 0.36), Column(_("Patients"), units[0])]
    columns += [Column(shares.group(heads, group), unit)
                for group, unit in zip(facts.groups, units[1:], strict=True)]  # fmt: skip
    notes: list[Text] = [say("Serious as the data say, whatever the grade. No test is made.")]
    if total.note:
        notes.append(say("{remark}.", remark=capital((estimate_words.note(total.note),))))
    notes += group_columns.key(facts, facts.groups)
    caption = paragraph(
        say(
            "Most often serious: {term} ({k} of {n}).",
            term=lower(term_name(terms[0])),
            k=shares.listed(shown.of(results, terms[0].key, "serious")),
            n=numbers.whole(required(total.n)),
        ),
        say("Serious events by term: patients / patients assessed (%)."),
    )
    return [table("table-toxicity-serious", caption, columns, kept, (*notes, *more))]
