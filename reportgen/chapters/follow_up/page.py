"""Follow-up as a reader meets it: numbers in, sentences, tables and figures out."""

from __future__ import annotations

from reportgen.base.message import pieces
from reportgen.base.required import required
from reportgen.chapters.follow_up import maturity_table
from reportgen.chapters.follow_up.facts import KEY, TITLE, FollowUpFacts
from reportgen.chapters.shared.chapter_section import chapter_section
from reportgen.report import Block, Column, Note, Paragraph, Row, Section, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, numbers, phrases, shares
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import counted, filled, head, paragraph, say
from reportgen.writing.tables import row, table, text_column


def present(results: Results) -> Section:
    """Follow-up in sentences; its table and the maturity of the data in the supplement."""
    facts: FollowUpFacts = results.facts[KEY]
    if facts.absent:
        text = say("Follow-up cannot be computed: the data lack {columns}.", columns=facts.absent)
        return Section(KEY, _(TITLE), (Paragraph(text),))
    blocks: list[Block] = [
        Note(
            head(_("Median follow-up")),
            _(
                "Two measures, never mixed: the plain median of the time to last contact or death, and the "
                "reverse Kaplan–Meier median (Schemper and Smith 1996), in which death ends the possibility to observe."
            ),
        ),
        Paragraph(_sentences(results, facts)),
    ]
    further = (
        (_table(results, facts), *maturity_table.blocks(results))
        if results["follow_up.all.all.median"].n
        else ()
    )
    return chapter_section(KEY, _(TITLE), results, blocks, further)


def _sentences(results: Results, facts: FollowUpFacts):
    unit = facts.unit
    median = results["follow_up.all.all.median"]
    if not median.n:
        return say("Of no patient can follow-up be given: vital status or dates are not recorded.")
    low, high = results["follow_up.all.all.minimum"], results["follow_up.all.all.maximum"]
    reverse = results["follow_up.reverse.all.median_time"]
    person_time = results["follow_up.all.all.person_time"]
    complete = results.get("follow_up.completeness.all.proportion")
    return paragraph(
        say(
            "Follow-up was {median} {unit} (time to last contact or death of the one patient).",
            median=phrases.duration(median, unit),
            unit=numbers.unit_name(unit),
        )
        if median.n == 1
        else say(
            "Median follow-up was {median} {unit} (range {low}–{high}; plain median of the time to last "
            "contact or death in {n}).",
            median=phrases.duration(median, unit),
            unit=numbers.unit_name(unit),
            low=phrases.duration(low, unit),
            high=phrases.duration(high, unit),
            n=counted(median.n or 0, "patient"),
        ),
        _reverse(reverse, unit) if median.n != 1 else None,  # of one patient the median says nothing more
        say(
            "Together the patients were observed for {years} patient-years.",
            years=phrases.value(numbers.time(required(person_time.value), "years"), person_time),
        )
        if median.n != 1
        else None,
        say(
            "Completeness of follow-up (Clark’s C: observed over possible person-time) was {c}.",
            c=phrases.value(numbers.percent(required(complete.value)), complete),
        )
        if complete is not None and complete.exists
        else None,
    )


def _reverse(reverse: Estimate, unit: str) -> Text:
    said = {"median": phrases.median_of(reverse, unit)}
    if reverse.exists:
        return say("By reverse Kaplan–Meier the median was {median}.", **said)
    return filled(
        _c("not reached or not estimable", "By reverse Kaplan–Meier the median was {median}."), said
    )


def _table(results: Results, facts: FollowUpFacts) -> Table:
    unit = facts.unit
    rows = []
    for name, variable in (
        (_("All patients, plain"), "all"),
        (_("Alive at last contact, plain"), "survivors"),
    ):
        median, low, high = (
            results[f"follow_up.{variable}.all.{statistic}"] for statistic in ("median", "minimum", "maximum")
        )
        limits = (*phrases.duration(low, unit), "–", *phrases.duration(high, unit)) if low.exists else ("–",)
        rows.append(row(name, _patients(median), phrases.duration(median, unit), limits, (numbers.MISSING,)))
    reverse = results["follow_up.reverse.all.median_time"]
    rows.append(_reverse_row(_("All patients, reverse Kaplan–Meier"), reverse, unit))
    for group in facts.groups:
        name = _("{group}, reverse Kaplan–Meier", group=head(shares.group_name(facts, group)))
        rows.append(_reverse_row(name, results[f"follow_up.reverse.{group}.median_time"], unit))
    for e in results.select(section=KEY, variable="censored"):
        rows.append(
            row(
                _("Censored before {time}", time=numbers.time_point(required(e.time), unit)),
                phrases.share(e),
                *((numbers.MISSING,),) * 3,
            )
        )
    columns = (
        text_column(_("Measure"), 0.4),
        Column(_("Patients")),
        Column(_("Median"), numbers.unit_name(unit)),
        Column(_("Range"), numbers.unit_name(unit)),
        Column(phrases.intervals(results), numbers.unit_name(unit)),
    )
    how = pieces(reverse.method)
    note = say(
        "Reverse Kaplan–Meier: {method}.", method="; ".join(map(estimate_words.method, how[1:] or how))
    )
    plain_one = results["follow_up.all.all.median"]
    both = [e for e in (plain_one, reverse) if e.exists]
    finding = (
        say(
            "Median follow-up {plain} {unit}, by reverse Kaplan–Meier {reverse} {unit}.",
            plain=phrases.duration(plain_one, unit),
            reverse=phrases.duration(reverse, unit),
            unit=numbers.unit_name(unit),
        )
        if len(both) == 2
        else None
    )
    return table("table-follow-up", (_("Follow-up by each measure."),), columns, rows, (note,), finding)


def _reverse_row(name: str, reverse: Estimate, unit: str) -> Row:
    limits = phrases.duration_interval(reverse, unit)
    return row(name, _patients(reverse), phrases.duration(reverse, unit), (numbers.MISSING,), limits)


def _patients(estimate: Estimate):
    return (phrases.value(numbers.whole(estimate.n), estimate),) if estimate.n is not None else ("–",)
