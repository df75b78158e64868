"""Further endpoints for a reader: one row each in one table, and the growth modulation index in a sentence."""

from __future__ import annotations

from reportgen.base.described import DescribedEndpoint
from reportgen.base.required import required
from reportgen.chapters.shared import table_findings
from reportgen.chapters.shared.endpoint_blocks import groups, of_endpoint
from reportgen.chapters.survival.facts import KEY, SurvivalFacts
from reportgen.report import Block, Column, Heading, Note, Paragraph, Row, Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, not_given, numbers, phrases, shares
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, counted, head, paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column

PROGRESSION = "ttp"


def blocks(results: Results) -> list[Block]:
    """Nothing where the data hold no further endpoint."""
    facts: SurvivalFacts = results.facts[KEY]
    shown = [fact for fact in facts.further if _says_more(results, fact.key)]
    index = _growth_modulation(results)
    if not shown and index is None:
        return []
    found: list[Block] = [Heading(_("Further endpoints"))]
    found += [Note(head(fact.label), fact.definition) for fact in shown]
    if shown:
        found.append(_table(results, shown, facts))
    if index is not None:
        found.append(Paragraph(index))
    return found


def _says_more(results: Results, key: str) -> bool:
    """Time to progression is progression-free survival again where nobody died without progression."""
    count = results.get(f"{KEY}.{key}.all.count")
    if count is None:
        return False
    pfs = results.get(f"{KEY}.pfs.all.count")
    return key != PROGRESSION or (pfs is not None and pfs.events != count.events)


def _table(results: Results, shown: list[DescribedEndpoint], facts: SurvivalFacts) -> Table:
    unit = facts.unit
    rows: list[Row] = []
    for fact in shown:
        names = groups(results, KEY, fact.key)
        for group in names:
            who = head(fact.label) if group == "all" else shares.group(facts, group)
            rows.append(_row(results, fact.key, group, who, facts))
    columns = [
        text_column(_("Endpoint"), 0.34),
        Column(_("Events")),
        Column(_("Median"), numbers.unit_name(unit)),
        Column(phrases.intervals(results)),
    ]
    if facts.times:
        at = numbers.time_point(facts.times[0], unit)
        columns += [Column(_("Free of it"), at), Column(phrases.intervals(results)), Column(_("At risk"))]
    used = [
        e
        for fact in shown
        for statistic in ("median_time", "survival")
        for e in of_endpoint(results, KEY, fact.key, statistic)
        if e.time in (None, *facts.times[:1])
    ]
    methods = {e.method for e in used if e.exists}
    notes = [say("Methods: {methods}.", methods=estimate_words.methods(methods))] if methods else []
    notes += not_given.not_estimable(used)
    if any(fact.key == PROGRESSION for fact in shown):
        notes.append(
            say("Time to progression censors deaths: read it beside the cumulative incidence of relapse.")
        )
    notes += [_left_out(fact) for fact in shown if any(k for k, _why in fact.left_out)]
    caption = say("Further endpoints: patients with the event of all, the median, and the share without it.")
    finding = table_findings.medians(results, KEY, {fact.key: fact.label for fact in shown}, unit)
    return table("table-further", caption, columns, rows, notes, finding)


def _left_out(fact: DescribedEndpoint) -> Text:
    parts = "; ".join(f"{_(why)} ({numbers.whole(k)})" for k, why in fact.left_out if k)
    return say("{label}, left out: {parts}.", label=head(fact.label), parts=parts)


def _row(results: Results, key: str, group: str, who: str, facts: SurvivalFacts) -> Row:
    count = results[f"{KEY}.{key}.{group}.count"]
    median = results[f"{KEY}.{key}.{group}.median_time"]
    free = [e for e in of_endpoint(results, KEY, key, "survival") if e.group == group][:1]
    return row(
        who,
        (phrases.part_of_all(count),),
        phrases.duration(median, facts.unit),
        phrases.duration_interval(median, facts.unit),
        *(cell for e in free for cell in _at_landmark(e)),
        indent=0 if group == "all" else 1,
    )


def _at_landmark(e: Estimate) -> tuple[Text, Text, Text]:
    at_risk = phrases.value(numbers.whole(e.at_risk or 0), e)
    return phrases.probability(e), phrases.probability_interval(e), (at_risk,)


def _growth_modulation(results: Results) -> Text | None:
    """ "Of 12 patients whose line before ended in progression, the median growth modulation index was 1.6 …" """
    median = results.get(f"{KEY}.pfs.all.growth_modulation_index")
    if median is None:
        return None
    share, unpaired = (
        results[f"{KEY}.pfs.all.{name}"] for name in ("growth_modulation_share", "growth_modulation_unpaired")
    )
    pairs = counted(required(median.n), "patient")
    said = say(
        "The growth modulation index (progression-free survival on this treatment over the time to progression on the "
        "line before, of {pairs}) had a median of {m}.",
        pairs=pairs,
        m=_ratio(median),
    )
    return paragraph(
        said,
        say(
            "The estimated share above {limit} was {share} ({level} {interval}).",
            limit=numbers.decimal(1.33, 2),
            share=phrases.probability(share),
            level=phrases.level(share),
            interval=phrases.probability_interval(share),
        )
        if share.exists and share.low is not None
        else None,
        say_n(
            "{k} other patient had a line before that ended without a recorded progression.",
            "{k} other patients had a line before that ended without a recorded progression.",
            int(required(unpaired.value)),
            k=capital((phrases.value(shares.count(required(unpaired.value)), unpaired),)),
        )
        if unpaired.value
        else None,
    )


def _ratio(median: Estimate) -> Text:
    """A median of ratios, whose upper limit is that of a curve: not reached where it stays above."""
    if not median.exists:
        return say("{sign} ({why})", sign=phrases.absent(median), why=estimate_words.why(median)) if (
            median.code and median.code != "not_reached"
        ) else phrases.absent(median)  # fmt: skip
    ratio = phrases.ratio_alone(median)
    if median.low is None and median.high is None:
        return ratio
    limits = (_c("sign", "NR") if x is None else numbers.ratio(x) for x in (median.low, median.high))
    interval = (phrases.value(numbers.between(*limits), median),)
    return say("{x} ({level} {interval})", x=ratio, level=phrases.level(median), interval=interval)
