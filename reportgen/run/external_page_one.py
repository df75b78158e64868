"""Page one for readers outside: what was found, the key results and the curves, from protected counts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reportgen.base.described import DescribedEndpoint
from reportgen.base.required import required
from reportgen.chapters.shared import curve_blocks
from reportgen.chapters.shared.endpoint_blocks import short_at
from reportgen.chapters.summary import key_results as inside
from reportgen.chapters.summary.outcome_rows import Outcome, short
from reportgen.privacy.facts import ExternalFacts
from reportgen.report import Block, Column, Dots, Headline, Row, Table, Text, plain
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, head, join, lower, paragraph, say
from reportgen.writing.tables import row, table, text_column

MOST_GROUPS = 3  # that have a column each
MOST_WORDS = 35  # of a headline
HALF_PAGE, HIGH = 82, 150.0  # mm, and points of a plot


def page_one(
    results: Results, facts: ExternalFacts, drawn: Sequence[DescribedEndpoint], patients: str
) -> Iterable[Block]:
    """drawn: the endpoints whose curves are published. patients: their number, as printed."""
    yield Headline(_headline(results, facts, drawn, patients))
    yield _key_results(results, facts, drawn)
    for fact in drawn:
        figure = curve_blocks.curve_figure(
            results,
            "survival",
            fact,
            facts,
            width="half",
            id=f"figure-summary-{fact.key}",
            width_mm=HALF_PAGE,
            plot_height=HIGH,
        )
        if figure:
            yield figure


def _headline(
    results: Results, facts: ExternalFacts, drawn: Sequence[DescribedEndpoint], patients: str
) -> Text:
    """The shares that may be published; how sure they are is in the table."""
    apart = _of_two(results, facts, drawn)
    if apart:
        a, b = (shares.group_name(facts, group) for group in facts.groups)
        made = say("{patients} patients, {a} against {b}: {parts}.", patients=patients, a=a, b=b, parts=apart)
        said_whole = paragraph(capital(made), say("Rounded counts; not tested."))
        if sum(word != "%" for word in plain(said_whole).split()) <= MOST_WORDS:
            return said_whole
    said: list[Text] = []
    rate = results.get("response.response.all.proportion")
    if rate is not None and rate.exists:
        said.append(say("a response in {x}", x=_percent(rate)))
    for fact in drawn:
        if e := _last(results, fact):
            said.append(_at(fact, e, _percent(e), facts))
    if not said:
        return capital(
            say("{patients} patients: too few for an estimate that may be published.", patients=patients)
        )
    return paragraph(
        capital(
            say("{patients} patients: {parts}.", patients=patients, parts=join(said, between="; ", last="; "))
        ),
        say("Counts are rounded."),
    )


def _of_two(results: Results, facts: ExternalFacts, drawn: Sequence[DescribedEndpoint]) -> Text:
    """The same shares of two groups against each other; empty where not both have each of them."""
    if len(facts.groups) != 2:
        return ()
    said: list[Text] = []
    for fact in (None, *drawn):
        whole = results.get("response.response.all.proportion") if fact is None else _last(results, fact)
        if whole is None or not whole.exists:
            continue
        stem, _all, statistic = whole.id.rpartition(".all.")
        pair = [results.get(f"{stem}.{group}.{statistic}") for group in facts.groups]
        first, second = (e if e is not None and e.exists else None for e in pair)
        if first is None or second is None:
            return ()
        x = say("{x} against {y}", x=_percent(first), y=_percent(second))
        said.append(say("a response in {x}", x=x) if fact is None else _at(fact, whole, x, facts))
    return join(said, between="; ", last="; ") if said else ()


def _at(fact: DescribedEndpoint, e: Estimate, x: Text, facts: ExternalFacts) -> Text:
    """ "overall survival 54% at 24 months"."""
    label = _("progression-free survival") if fact.key == "pfs" else lower(fact.label)
    when = numbers.time_point(required(e.time), facts.unit)
    return say("{label} {x} at {when}", label=label, x=x, when=when)


def _percent(e: Estimate) -> Text:
    return (phrases.value(numbers.percent(required(e.value), required(e.n)), e),)


def _last(results: Results, fact: DescribedEndpoint) -> Estimate | None:
    """The estimate of all patients at the last landmark at which one is published."""
    found = results.select(section="survival", endpoint=fact.key, group="all", statistic="survival")
    known = [e for e in found if e.exists]
    return known[-1] if known else None


def _outcomes(
    results: Results, facts: ExternalFacts, drawn: Sequence[DescribedEndpoint]
) -> Iterator[Outcome]:
    yield Outcome(_("Response (CR or PR)"), "response.response", "proportion")
    for fact in drawn:
        stem = f"survival.{fact.key}"
        name = _("Median {name} ({unit})", name=short(fact), unit=numbers.unit_name(facts.unit))
        yield Outcome(name, stem, "median_time")
        if e := _last(results, fact):
            when = numbers.time_point(required(e.time), facts.unit)
            yield Outcome(head(short_at(fact, when)), stem, f"survival@{required(e.time):.10g}")
    yield Outcome(_("Toxicity of grade ≥ 3"), "toxicity.any", "grade_3_plus")
    name = _("Median follow-up ({unit}) ‡", unit=numbers.unit_name(facts.unit))
    yield Outcome(name, "follow_up.reverse", "median_time")


def _key_results(results: Results, facts: ExternalFacts, drawn: Sequence[DescribedEndpoint]) -> Table:
    groups = facts.groups if len(facts.groups) <= MOST_GROUPS else []
    rows = [_row(results, facts, outcome, groups) for outcome in _outcomes(results, facts, drawn)]
    columns = [text_column("", 0.3), Column(shares.group(facts, "all")), Column(phrases.intervals(results))]
    columns += [*(Column(shares.group(facts, group)) for group in groups), Column("", align="axis")]
    notes = [say("‡, by reverse Kaplan–Meier.")] if results.get("follow_up.reverse.all.median_time") else []
    made = table("table-key-results", say("Key results."), columns, rows, notes)
    drawn_apart = any(isinstance(part, Dots) and len(part.dots) > 1 for one in rows for part in one.cells[-1])
    key = inside.key_of(facts, groups) if len(groups) > 1 and drawn_apart else None
    return replace(made, dots=paragraph(inside.dots_said(results), key))


def _row(results: Results, facts: ExternalFacts, outcome: Outcome, groups: Sequence[str]) -> Row:
    e = outcome.of(results)
    if e is None:
        return row(outcome.label, numbers.MASKED, *([""] * (1 + len(groups))), inside.dots_of([], 0))
    interval = (
        phrases.share_interval(e)
        if e.statistic in inside.SHARES
        else phrases.duration_interval(e, facts.unit)
    )
    each = [outcome.of(results, group) for group in groups]
    return row(
        outcome.label,
        inside.counted(e, facts),
        interval if e.exists else "",
        *(inside.counted(one, facts) for one in each),
        inside.dots_of(each, 1)
        if any(one is not None and one.exists for one in each)
        else inside.dots_of([e], 0),
    )
