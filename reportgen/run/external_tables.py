"""The tables of a report for readers outside: protected counts, with shares and intervals made of them."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.base.described import DescribedFeature
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.privacy.facts import ExternalFacts
from reportgen.report import Block, Column, Note, Paragraph, Row, Text
from reportgen.stats.results import Results, subgroup
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.ctcae import graded_by
from reportgen.writing.language import _
from reportgen.writing.narrative import head, paragraph, say
from reportgen.writing.shares import group_name
from reportgen.writing.tables import row, table, text_column

RESPONSES = {
    "CR": N_("Complete response (CR)"),
    "PR": N_("Partial response (PR)"),
    "SD": N_("Stable disease (SD)"),
    "PD": N_("Progressive disease (PD)"),
    "NE": N_("Not evaluable (NE)"),
}


def baseline(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    """Table 1, and apart from it what became known only after the start; no table without a feature."""
    known = [f for f in facts.features if f.known_at_start]
    later = [f for f in facts.features if not f.known_at_start]
    for features, id, caption in (
        (known, "table-baseline", _("Patients at the start of treatment.")),
        (
            later,
            "table-baseline-later",
            _("What became known of the patients only after the start of treatment."),
        ),
    ):
        if features:
            rows = [line for feature in features for line in _feature(results, facts, feature)]
            columns = [text_column("", 0.4), *(Column(_head(facts, group)) for group in _groups(facts))]
            note = say(
                "Shares are of all patients; who lacks a value, or has a rare one, is counted in no row."
            )
            yield table(id, (caption,), columns, rows, (note, *shares.asked(features)))


def _feature(results: Results, facts: ExternalFacts, feature: DescribedFeature) -> Iterable[Row]:
    groups, name = _groups(facts), feature.name
    label = head(feature.label)
    if not feature.levels:
        yield row(label, *[numbers.MASKED] * len(groups))
        return
    yield row(label, *[""] * len(groups), head=True)
    for level in feature.levels:
        found = (results[f"baseline.{name}.{subgroup(group, level)}.proportion"] for group in groups)
        yield row(shares.level(feature, level), *map(phrases.share, found), indent=1)


def exposure(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    """How many stopped treatment, and for which frequent reasons; nothing where that is not counted."""
    stopped = results.get("exposure.stopped.all.proportion")
    if stopped is None:
        return
    reasons = [e for e in results.select(section="exposure", variable="stop_reason") if e.exists]
    rows = [row(_("Stopped treatment"), phrases.share(stopped))]
    rows += [row(_(e.group), phrases.share(e), indent=1) for e in reasons]
    columns = (text_column("", 0.5), Column(_("Patients")))
    yield table(
        "table-exposure",
        say("Stops of treatment, and their reasons where these are frequent."),
        columns,
        rows,
    )


def response(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    """Best response and the response rate, for all with intervals and per group; nothing where that is not counted."""
    if "response.response.all.proportion" not in results:
        return
    rule = _(
        "Best response in the words of RECIST 1.1. The denominator is all treated patients; NE and what is not "
        "recorded count as no response."
    )
    yield Note(_("Response"), rule)
    said = response_sentence(results)
    if said:
        yield Paragraph(said)
    lines = [(_(words), "best_response", level) for level, words in RESPONSES.items()]
    lines.append((_("Response (CR or PR)"), "response", ""))
    rows = []
    for words, variable, level in lines:
        cells = []
        for group in _groups(facts):
            e = results[f"response.{variable}.{subgroup(group, level) if level else group}.proportion"]
            cells += [phrases.share(e), phrases.share_interval(e)] if group == "all" else [phrases.share(e)]
        rows.append(row(words, *cells))
    columns = [
        text_column(_("Best response"), 0.36),
        Column(_("Patients")),
        Column(phrases.intervals(results), "%"),
    ]
    columns += [Column(shares.group(facts, group)) for group in facts.groups]
    yield table("table-response", (_("Best response of all treated patients."),), columns, rows)


def toxicity(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    """Patients by worst grade, per category and term, for all; nothing where that is not counted."""
    if "toxicity.any.all.any_grade" not in results:
        return
    once = _("Each patient counts once per term, with the worst grade, whatever the cause.")
    yield Note(_("Toxicity"), f"{graded_by(facts.ctcae_version)} {once}")
    rows = [_toxicity_row(results, "any", _("Any toxicity"))]
    for category in dict.fromkeys(term.category for term in facts.terms):
        terms = [term for term in facts.terms if term.category == category]
        if f"toxicity.category: {category}.all.any_grade" in results:
            rows.append(_toxicity_row(results, f"category: {category}", terms[0].category_name, head=True))
        rows += [_toxicity_row(results, term.key, term.name, indent=1) for term in terms]
    columns = (text_column(_("Toxicity"), 0.5), Column(_("Any grade")), Column(_("Grade ≥ 3")))
    notes = [say("Patients by worst grade, not events. Rare toxicities are not named.")]
    yield table("table-toxicity", say("Toxicity by category and term."), columns, rows, notes)


def _toxicity_row(results: Results, variable: str, name: str, indent: int = 0, head: bool = False) -> Row:
    found = (results[f"toxicity.{variable}.all.{s}"] for s in ("any_grade", "grade_3_plus"))
    return row(name, *map(phrases.share, found), indent=indent, head=head)


def relapse(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    """How many relapsed, and how often by the features known at the start; no incidence over time."""
    fact = next((f for f in facts.endpoints if f.key == "relapse"), None)
    if fact is None:
        return
    yield Note(head(fact.label), fact.definition)
    yield Paragraph(
        paragraph(
            relapse_sentence(results) or say("The number of relapses is masked."),
            say(
                "The cumulative incidence over time is not published: beside the two curves of survival it would "
                "tell how few died without relapse, and when."
            ),
        )
    )
    rows: list[Row] = []
    for feature in facts.features:
        found = [
            results.get(f"relapse.{feature.name}.{subgroup('all', x)}.proportion") for x in feature.levels
        ]
        if not feature.known_at_start or not any(e is not None and e.exists for e in found):
            continue
        rows.append(row(head(feature.label), "", "", head=True))
        rows += [
            row(shares.level(feature, e.group), phrases.share(e), phrases.share_interval(e), indent=1)
            for e in found
            if e is not None
        ]
    if rows:
        columns = (
            text_column(_("Known at the start"), 0.5),
            Column(_("Relapsed")),
            Column(phrases.intervals(results), "%"),
        )
        note = say("No test is published: a p-value is made of single patients’ values.")
        yield table("table-features", say("Relapses by what was known at the start."), columns, rows, (note,))


def response_sentence(results: Results) -> Text | None:
    """The response rate; None where it does not exist or is masked."""
    rate = results.get("response.response.all.proportion")
    if rate is None or not rate.exists:
        return None
    return say("A response was observed in {rate}.", rate=phrases.of(rate))


def relapse_sentence(results: Results) -> Text | None:
    """How many relapsed or progressed; None where the count does not exist or is masked."""
    count = results.get("relapse.relapse.all.count")
    if count is None or not count.exists:
        return None
    return say(
        "{k} of {n} patients relapsed or progressed.",
        k=phrases.count(count),
        n=numbers.whole(required(count.n)),
    )


def _groups(facts: ExternalFacts) -> list[str]:
    return ["all", *facts.groups]


def _head(facts: ExternalFacts, group: str) -> str:
    return _("All patients") if group == "all" else group_name(facts, group)
