"""An endpoint with a competing event as a reader meets it: who had it by when, and who could no longer have it.

The share that HAD the event is said, never the share that was spared; no median, no mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared import table_findings
from reportgen.chapters.shared.endpoint_blocks import (
    groups,
    no_event,
    not_given,
    of_endpoint,
    survival_sentence,
)
from reportgen.chapters.shared.landmark_table import landmark_table
from reportgen.report import Table, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import capital, head, join, lower, paragraph, say, say_n

FEWEST = 2  # patients: of no more, only the counts are said
# "Time to recurrence" names a clock; what patients have is the recurrence.
CLOCK = re.compile(
    r"^(time (to|until)|zeit bis( zu[rm]?)?|(cumulative )?incidence of)\s+(?=\S)", re.IGNORECASE
)
CLOCK_ALONE = re.compile(r"survival|duration|time on|überleben|dauer", re.IGNORECASE)


def happening(fact: DescribedEndpoint) -> str:
    """What patients have who have the event of an endpoint: its name, or what that is the time to.

    >>> happening(DescribedEndpoint("met", "Metastasis")), happening(DescribedEndpoint("ttr", "Time to recurrence"))
    ('metastasis', 'recurrence')
    """
    if CLOCK_ALONE.search(fact.label):
        return _("the event ({event})", event=lower(fact.event))
    return lower(_unclocked(fact.label))


def _unclocked(label: str) -> str:
    return CLOCK.sub("", label) if CLOCK.match(label) else label


def estimate_sentence(results: Results, section: str, fact: DescribedEndpoint, facts: Context) -> Text | None:
    """What is estimated of an endpoint of either kind, of all patients: free of the event, or with it."""
    sentence = incidence_sentence if fact.competing else survival_sentence
    return sentence(results, section, fact, facts)


def endpoint_sentences(
    results: Results, section: str, fact: DescribedEndpoint, facts: Context
) -> list[Text | None]:
    """How many had the event, how many the competing one first; the incidence of all and of each group.

    An endpoint of one's own does not stand on page one, so that its last landmark is said here.
    """
    names = groups(results, section, fact.key)[1:]
    return [
        counts_sentence(results, section, fact, facts),
        incidence_sentence(results, section, fact, facts, ends=True),
        *(incidence_sentence(results, section, fact, facts, group) for group in shares.told(names)),
    ]


def counts_sentence(results: Results, section: str, fact: DescribedEndpoint, facts: Context) -> Text:
    """How many had the event, and how many the competing one before it, with its own incidence.

    "10 of 60 patients had metastasis; the competing event (date of death) came first in 41 (51% by 3 years; 95% CI
    37–64)."
    """
    count, competing = (results[f"{section}.{fact.key}.all.{s}"] for s in ("count", "competing_count"))
    said = {
        "k": phrases.count(count),
        "n": numbers.whole(required(count.n)),
        "what": happening(fact),
        "competing": lower(fact.competing),
    }
    n = required(count.n)
    if not competing.value:
        return say_n(
            "{k} of {n} patient had {what}; the competing event ({competing}) came first in none.",
            "{k} of {n} patients had {what}; the competing event ({competing}) came first in none.",
            n,
            **said,
        )
    said["d"] = phrases.count(competing)
    share = competing_share(results, section, fact, facts.unit)
    if not share:
        return say_n(
            "{k} of {n} patient had {what}; the competing event ({competing}) came first in {d}.",
            "{k} of {n} patients had {what}; the competing event ({competing}) came first in {d}.",
            n,
            **said,
        )
    return say(
        "{k} of {n} patients had {what}; the competing event ({competing}) came first in {d} ({share}).",
        share=share,
        **said,
    )


def competing_sentence(
    results: Results, section: str, fact: DescribedEndpoint, facts: Context, names: Sequence[str]
) -> Text | None:
    """Who could no longer have the event, by group: fewer events may be more who died first."""
    of_groups = [results.get(f"{section}.{fact.key}.{name}.competing_count") for name in names]
    # None of a group that this endpoint leaves without patients.
    counts = [e for e in of_groups if e is not None]
    if not any(e.value for e in counts):
        return None
    return say("{event} came first in {parts}.", event=head(fact.competing), parts=in_groups(counts, facts))


def in_groups(counts: Sequence[Estimate], facts: Context) -> Text:
    """ "3 of 12 in A and 5 of 10 in B"."""
    return join(
        [
            say(
                "{k} of {n} in {group}",
                k=phrases.count(e),
                n=numbers.whole(required(e.n)),
                group=shares.group_name(facts, e.group),
            )
            for e in counts
        ]
    )


def competing_share(results: Results, section: str, fact: DescribedEndpoint, unit: str) -> Text | None:
    """ "51% by 3 years; 95% CI 37–64": the incidence of the competing event at the last landmark reached."""
    found = results.select(section=section, endpoint=fact.key, group="all", statistic="competing_incidence")
    if not found:
        return None
    e = found[-1]
    return say(
        "{percent} by {when}; {level} {interval}",
        percent=phrases.value(numbers.percent(required(e.value), required(e.n)), e),
        level=phrases.level(e),
        interval=phrases.share_interval(e),
        when=numbers.time_point(required(e.time), unit),
    )


def incidence_sentence(
    results: Results,
    section: str,
    fact: DescribedEndpoint,
    facts: Context,
    group: str = "all",
    *,
    ends: bool = False,
) -> Text | None:
    """The share with the event by the first landmark, or the exact limit where nobody had it; nothing of ≤ 2 patients.

    The last landmark stands on page one, every one in the table. ends: the first and the last.
    """
    key, unit = fact.key, facts.unit
    count = results[f"{section}.{key}.{group}.count"]
    if required(count.n) <= FEWEST:
        return None
    limit = results.get(f"{section}.{key}.{group}.proportion")
    if not count.value and limit is not None:
        return no_event(limit, shares.group(facts, group) if group != "all" else "")
    at_times = [e for e in of_endpoint(results, section, key, "cumulative_incidence") if e.group == group]
    known = [e for e in at_times if e.exists]
    known = list(dict.fromkeys((*known[:1], *known[-1:]))) if ends and group == "all" else known[:1]
    first = None
    if known:
        what = happening(fact)
        parts = join([_part(e, unit, what if e is known[0] else "") for e in known], "; ", N_("; and "))
        first = say("In {group}, {parts}.", group=shares.group(facts, group), parts=parts)
        if group == "all":
            first = capital(say("{parts}.", parts=parts))
    return paragraph(
        first,
        *(not_given(at_times, unit) if group == "all" and not known else ()),
    )


def _part(e: Estimate, unit: str, what: str) -> Text:
    """ "the cumulative incidence of metastasis was 2% (95% CI 0–12; 1 of 60) by 1 year, with 46 at risk"."""
    said = {
        "percent": phrases.value(numbers.percent(required(e.value), required(e.n)), e),
        "level": phrases.level(e),
        "interval": phrases.share_interval(e),
        "k": phrases.value(numbers.whole(required(e.events)), e),
        "n": numbers.whole(required(e.n)),
        "when": numbers.time_point(required(e.time), unit),
        "at_risk": phrases.value(numbers.whole(e.at_risk or 0), e),
    }
    if not what:
        return say("{percent} ({level} {interval}; {k} of {n}) by {when}, with {at_risk} at risk", **said)
    return say(
        "the cumulative incidence of {what} was {percent} ({level} {interval}; {k} of {n}) by {when}, with {at_risk} "
        "at risk",
        what=what,
        **said,
    )


def short_by(fact: DescribedEndpoint, when: str) -> str:
    """The name of an estimate over its number: "Metastasis by 3 years"; a share with the event is none of survival."""
    return _("{name} by {time}", name=_unclocked(named(fact)), time=when)


def named(fact: DescribedEndpoint) -> str:
    """An endpoint over shares with its event: a survival or a duration would be read as what is free of it.

    >>> named(DescribedEndpoint("css", "Cancer-specific survival", event="death of cancer", competing="other death"))
    'The event (death of cancer)'
    """
    return head(happening(fact)) if fact.competing and CLOCK_ALONE.search(fact.label) else fact.label


def incidence_table(
    results: Results, section: str, endpoints: Sequence[DescribedEndpoint], facts: Context, id: str
) -> Table:
    """Per endpoint, group and landmark: at risk, events so far, incidence, SE and interval; so of what competes."""
    labels = {fact.key: named(fact) for fact in endpoints}
    competing = {fact.key: fact.competing for fact in endpoints}
    caption = say(
        "Cumulative incidence at the landmarks: the share with the event by then, the competing event being possible "
        "before it."
    )
    finding = table_findings.at_last_landmark(results, section, labels, facts.unit, "cumulative_incidence")
    return landmark_table(results, section, labels, facts, id, caption, competing, finding)
