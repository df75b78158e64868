"""A report for readers outside: the same chapters, from protected counts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reportgen.base.described import DescribedEndpoint
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared import curve_blocks
from reportgen.chapters.shared import endpoint_blocks as endpoints
from reportgen.chapters.shared.landmark_table import landmark_table
from reportgen.chapters.summary.abstract import purpose
from reportgen.privacy.facts import ExternalFacts
from reportgen.report import (
    Block,
    Bullets,
    Heading,
    Note,
    Notice,
    Paragraph,
    Section,
    Text,
)
from reportgen.run import external_tables as counts
from reportgen.run.external_page_one import page_one
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.banner import rule
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, filled, head, join, lower, paragraph, say
from reportgen.writing.references import methods_of, used
from reportgen.writing.tables import row, table, text_column

FACTS = "external"
NOTHING = N_("Nothing of this chapter is published in a report for readers outside: {why}.")
WITHHELD = {
    "after_relapse": N_("it is about the few who relapsed, one by one"),
    "after_stopping": N_("it is about the few who stopped treatment while in response"),
    "patients": N_("it is about single patients"),
}
FEW = N_("too few patients would stand behind its numbers")


def chapter(key: str, title: str, results: Results) -> Section:
    """One chapter; without anything to print it says why."""
    if key in WITHHELD:
        return Section(key, title, (Notice(say(NOTHING, why=_(WITHHELD[key]))),))
    blocks = tuple(CHAPTERS[key](results, results.facts[FACTS]))
    blocks = blocks or (Notice(say(NOTHING, why=_(FEW))),)
    further = tuple(_abstract(results, results.facts[FACTS])) if key == "summary" else ()
    return Section(
        key, title, blocks, results.select(section=key), results.select_curves(section=key), further
    )


def count(results: Results) -> int | None:
    """How many patients, as printed; None where that is masked."""
    n = results["patients.all.all.count"]
    return n.count if n.exists else None


def patients(results: Results) -> str:
    """The same, as the head of the report has it."""
    n = count(results)
    if n is None:
        return _("fewer than {n}", n=results.facts[FACTS].step)
    return _("about {n}", n=numbers.whole(n))


def _abstract(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    """What page one says in its table, in sentences for the supplement."""
    said = {"patients": say("{n} patients", n=patients(results))}
    yield Paragraph(purpose(facts.diagnosis, facts.treatment, **said), _("Purpose"))
    yield Paragraph(say("{rule}", rule=rule(facts.step)), _("Methods"))
    said = paragraph(
        counts.response_sentence(results),
        *_curve_sentences(results, facts),
        counts.relapse_sentence(results),
        _follow_up_sentence(results, facts),
    )
    if said:
        yield Paragraph(said, _("Results"))


def _cohort(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    yield Paragraph(
        paragraph(
            say("The report counts {n} patients.", n=patients(results)),
            say("{rule}", rule=rule(facts.step)),
            say("Where the data come from, how complete they are and what is doubtful in them is known to those who "
                "made this report, and is not published."),
        )
    )  # fmt: skip
    if facts.small:
        yield Notice(
            say(
                "The cohort is so small that masking does not make its patients anonymous; its release was agreed."
            )
        )


def _follow_up(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    said = _follow_up_sentence(results, facts)
    if said:
        yield Paragraph(said)


def _survival(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    drawn = _drawn(results, facts)
    for fact in facts.endpoints:
        if fact.key == "relapse":
            continue
        yield Heading(head(fact.label))
        yield Note(head(fact.label), fact.definition)
        said = [*_medians(results, fact, facts), _events_sentence(results, "survival", fact)]
        if fact not in drawn:
            said.append(say("Its curve is not published: too few patients would stand behind its steps."))
        yield Paragraph(paragraph(*said))
        figure = curve_blocks.curve_figure(results, "survival", fact, facts)
        if figure:
            yield figure
    if drawn:
        labels = {fact.key: fact.label for fact in drawn}
        caption = say("Survival at the landmarks, every estimate with its number at risk.")
        yield landmark_table(results, "survival", labels, facts, "table-survival", caption)


def _methods(results: Results, facts: ExternalFacts) -> Iterable[Block]:
    yield Heading(_("Definitions"))
    columns = (text_column(_("Endpoint"), 0.25), text_column(_("Definition"), 0.75))
    note = say("A year is 365.25 days, a month 30.4375 days.")
    rows = [row(capital((fact.label,)), fact.definition) for fact in facts.endpoints]
    if rows:
        yield table("table-definitions", (_("How each endpoint was derived."),), columns, rows, (note,))
    yield Heading(_("Protection of the patients"))
    step, cell = str(facts.step), str(facts.min_cell)
    yield Bullets(
        (
            say("Every count is rounded to the middle of the step of {step} into which it falls, and masked (*) below "
                "{step}; percentages and intervals are those of the rounded counts, so that parts need not add up to "
                "their total.", step=step),
            say("Further counts are masked until a linear programme over all that is printed can bound no count below "
                "{step} to a range narrower than {cell}.", step=step, cell=cell),
            say("A curve is known only by the months in which each further {step} events, and censorings, had "
                "occurred; estimates take them as spread evenly between, and their limits hold wherever they were. "
                "It ends where what fills no step would matter.", step=step),
            say("Ages stand in bands, those over 89 as one. Dates, quantiles, ranges, other measured values, p-values, "
                "hazard ratios, rates and whatever is about single patients are left out."),
            say("Levels and toxicities that are too rare to be counted are not named."),
        )
    )  # fmt: skip
    cited = used(methods_of((*results.estimates, *results.curves)))
    if cited:
        yield Heading(_("Statistical methods"))
        yield Bullets(tuple(say("{what} {where}", what=what, where=where) for what, where in cited))


CHAPTERS: Mapping[str, Callable[[Results, ExternalFacts], Iterable[Block]]] = {
    "summary": lambda results, facts: page_one(results, facts, _drawn(results, facts), patients(results)),
    "cohort": _cohort,
    "baseline": counts.baseline,
    "exposure": counts.exposure,
    "response": counts.response,
    "follow_up": _follow_up,
    "survival": _survival,
    "toxicity": counts.toxicity,
    "relapse": counts.relapse,
    "methods": _methods,
}


def _drawn(results: Results, facts: ExternalFacts) -> list[DescribedEndpoint]:
    """The endpoints whose curves are published."""
    return [fact for fact in facts.endpoints if results.select_curves(section="survival", endpoint=fact.key)]


def _landmarks(results: Results, key: str) -> tuple[Estimate, ...]:
    return results.select(section="survival", endpoint=key, group="all", statistic="survival")


def _events_sentence(results: Results, chapter: str, fact: DescribedEndpoint) -> Text:
    count = results[f"{chapter}.{fact.key}.all.count"]
    if not count.exists:
        return say("How often {event} was observed is masked.", event=lower(fact.event))
    return say("{event} was observed in {k} of {n} patients.", event=lower(fact.event), k=phrases.count(count),
               n=numbers.whole(required(count.n)))  # fmt: skip


def _curve_sentences(results: Results, facts: ExternalFacts) -> Iterable[Text | None]:
    for fact in _drawn(results, facts):
        yield _at_landmarks(results, fact, facts)


def _at_landmarks(results: Results, fact: DescribedEndpoint, facts: ExternalFacts) -> Text | None:
    known = [e for e in _landmarks(results, fact.key) if e.exists]
    parts = [phrases.survival(e, facts.unit) for e in known]
    if not parts:
        return None
    said = join(parts, between="; ", last=N_("; and "))
    return say("{label} was {parts}.", label=lower(fact.label), parts=said)


def _medians(results: Results, fact: DescribedEndpoint, facts: ExternalFacts) -> Iterable[Text]:
    """The median of all, then of each group whose curve is published; every landmark stands in the table alone."""
    whole = results.get(f"survival.{fact.key}.all.median_time")
    if whole is not None:
        yield endpoints.median_sentence(fact.label, whole, facts.unit)
    found = {group: results.get(f"survival.{fact.key}.{group}.median_time") for group in facts.groups}
    parts = [
        say("{median} in {group}", median=phrases.median_of(e, facts.unit), group=shares.group(facts, group))
        for group, e in found.items()
        if e is not None
    ]
    if parts:
        yield say("Median by {label}: {parts}.", label=facts.group_label, parts=join(parts))


def _follow_up_sentence(results: Results, facts: ExternalFacts) -> Text | None:
    median = results.get("follow_up.reverse.all.median_time")
    if median is None:
        return None
    m = phrases.median_of(median, facts.unit)
    if median.exists:
        return say("By reverse Kaplan–Meier, median follow-up was {m}.", m=m)
    template = _c("not reached or not estimable", "By reverse Kaplan–Meier, median follow-up was {m}.")
    return filled(template, {"m": m})
