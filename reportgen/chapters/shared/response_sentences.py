"""Response as a reader meets it: the rate, the levels, time and duration."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.shared import endpoint_blocks as endpoints
from reportgen.chapters.shared import no_group
from reportgen.chapters.shared.comparison_blocks import compared
from reportgen.chapters.shared.incidence_blocks import estimate_sentence
from reportgen.report import Column, Row, Table, Text
from reportgen.stats.results import Estimate, Results, subgroup
from reportgen.writing import censoring, estimate_words, group_columns, numbers, phrases, shares
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, counted, filled, join, lower, paragraph, say, say_n
from reportgen.writing.tables import row, table, text_column

SECTION = "response"
ENDPOINT = "duration_of_response"
LABELS = {
    "CR": N_("Complete response (CR)"),
    "PR": N_("Partial response (PR)"),
    "SD": N_("Stable disease (SD)"),
    "PD": N_("Progressive disease (PD)"),
    "NE": N_("Not evaluable (NE)"),
    "not recorded": N_("Not recorded"),
}


def level(results: Results, name: str, group: str = "all") -> Estimate:
    """The proportion of patients whose best response is `name`: CR, PR, SD, PD, NE or "not recorded"."""
    return results[f"{SECTION}.best_response.{subgroup(group, name)}.proportion"]


def rate(results: Results, group: str = "all") -> Estimate:
    """The response rate: CR or PR, of all treated patients."""
    return results[f"{SECTION}.response.{group}.proportion"]


def rate_sentence(results: Results) -> Text:
    """ "All eight patients responded (8 of 8, 100%; 95% CI 63–100): six CR and two PR." """
    estimate = rate(results)
    if not estimate.exists:
        return say("The cohort holds no patient.")
    occurring = [e for e in (level(results, name) for name in results.facts[SECTION].levels) if e.events]
    levels = [_counted_level(e, k) for e, k in zip(occurring, shares.alike(occurring), strict=True)]
    # Where the count before it is in figures already, it is not said again.
    in_words = required(estimate.events) < 10 or estimate.events == estimate.n
    percent = phrases.value(numbers.percent(required(estimate.value), required(estimate.n)), estimate)
    count = {"k": shares.listed(estimate), "n": numbers.whole(required(estimate.n)), "percent": percent}
    said = {
        "who": shares.subject(estimate),
        "count": say("{k} of {n}, {percent}", **count) if in_words else percent,
        "levels": join(levels),
    }
    if estimate.n == 1 and not estimate.events and occurring[0].group != "not recorded":
        return say("The one patient did not respond: {level}.", level=occurring[0].group)
    if estimate.n == 1:
        return capital(say("{who} responded: {levels}.", **said))
    if estimate.low is None:
        return capital(say("{who} responded ({count}): {levels}.", **said))
    said |= {"ci": phrases.level(estimate), "interval": phrases.share_interval(estimate)}
    return capital(say("{who} responded ({count}; {ci} {interval}): {levels}.", **said))


def _counted_level(estimate: Estimate, k: Text) -> Text:
    """ "six CR", "one not recorded"."""
    if estimate.group == "not recorded":
        return say_n("{k} not recorded", "{k} not recorded", required(estimate.events), k=k)
    return say("{k} {level}", k=k, level=estimate.group)


def until_sentence(results: Results) -> Text:
    """Until when a response counts, and how many came later."""
    facts = results.facts[SECTION]
    later = facts.later_responses
    return paragraph(
        {
            "relapse": say("Responses count until relapse."),
            "next_line": say("Responses count until relapse or the next line of treatment."),
            "stop": say("Responses count until relapse, the next line or the end of treatment."),
        }[facts.until],
        say_n(
            "{k} later response is not counted.",
            "{k} later responses are not counted.",
            later,
            k=numbers.whole(later),
        )
        if later
        else None,
    )


def time_sentence(results: Results) -> Text | None:
    """Median and range of the time to first response; how many responders lack its date."""
    count, median, low, high = (
        results[f"{SECTION}.time_to_response.all.{s}"] for s in ("count", "median", "minimum", "maximum")
    )
    responders = rate(results).events
    if not responders:
        return None
    if not median.exists:
        return say("The data hold no date of first response.")
    unit = numbers.finer(results.facts[SECTION].unit)
    missing = responders - count.count
    x = shares.spread(median, low, high, unit)
    if not missing:
        return say("The median time to first response was {x}.", x=x)
    return say(
        "The median time to first response was {x}; it is not recorded for {k} of {n} responders.",
        x=x,
        k=numbers.whole(missing),
        n=numbers.whole(responders),
    )


def groups_sentence(results: Results) -> Text:
    """The response rate of each group, the test between them, and its effect."""
    facts = results.facts[SECTION]
    parts = [
        say("{k} in {group}", k=phrases.of(rate(results, g)), group=shares.group(facts, g))
        for g in shares.told(facts.groups)  # of more the table says it
    ]
    test = results[f"{SECTION}.response.{facts.group}.p_value"]
    return paragraph(
        say("The response rate was {parts}.", parts=join(parts)) if parts else None,
        no_group.sentence(results, SECTION, "response", facts, _("a response")),
        endpoints.comparison_sentence(test, facts.group_label),
        _effect(results),
    )


def _effect(results: Results) -> Text | None:
    """The difference of two response rates and their odds ratio; those of more groups stand in a table."""
    differences, odds = (results.select(section=SECTION, statistic=s) for s in ("difference", "odds_ratio"))
    if len(differences) != 1 or not differences[0].exists:
        return None
    said = {
        "words": compared(differences[0], results.facts[SECTION].group_words),
        "points": phrases.points(differences[0]),
        "level": phrases.level(differences[0]),
        "interval": phrases.points_interval(differences[0]),
    }
    if odds[0].exists:
        return say(
            "The difference, {words}, was {points} percentage points ({level} {interval}); the odds ratio was "
            "{ratio}.",
            ratio=phrases.ratio(odds[0]),
            **said,
        )
    return say(
        "The difference, {words}, was {points} percentage points ({level} {interval}); the odds ratio is not given "
        "({why}).",
        why=phrases.value(estimate_words.why(odds[0]), odds[0]),
        **said,
    )


def effects_table(results: Results) -> list[Table]:
    """Three or more groups: each against the first."""
    differences, odds = (results.select(section=SECTION, statistic=s) for s in ("difference", "odds_ratio"))
    if len(differences) < 2:
        return []
    facts = results.facts[SECTION]
    own = group_columns.lettered(facts, facts.groups)
    rows = [
        row(
            capital((compared(ratio, own.group_words),)),
            phrases.signed_points(gap),
            phrases.points_interval(gap),
            phrases.ratio_alone(ratio),
            phrases.ratio_interval(ratio),
        )
        for gap, ratio in zip(differences, odds, strict=True)
    ]
    columns = (
        text_column(_("Response rate"), 0.36),
        Column(_("Difference"), _("points")),
        Column(phrases.intervals(results)),
        Column(_("Odds ratio")),
        Column(phrases.intervals(results)),
    )
    methods = estimate_words.methods(e.method for e in (*differences, *odds) if e.exists)
    note = say("Exploratory. Methods: {methods}.", methods=methods)
    label = facts.group_label
    caption = say("Response rates by {label}, each against the first, in percentage points.", label=label)
    notes = (note, *group_columns.key(facts, facts.groups))
    return [table("table-response-groups", caption, columns, rows, notes)]


def levels_table(results: Results, further: Sequence[Row] = (), notes: Sequence[Text] = ()) -> Table:
    """Every level for all patients, with its interval, and per group; further: rows below them."""
    facts = results.facts[SECTION]
    groups = facts.groups
    heads, share = group_columns.lettered(facts, groups), group_columns.share(groups)
    rows = []
    for name in facts.levels:
        estimate = level(results, name)
        per_group = (share(level(results, name, group)) for group in groups)
        rows.append(
            row(_(LABELS[name]), phrases.share(estimate), phrases.share_interval(estimate), *per_group)
        )
    everyone = (share(rate(results, group)) for group in groups)
    total = rate(results)
    rows.append(row(_("Response (CR or PR)"), phrases.share(total), phrases.share_interval(total), *everyone))
    rows += further
    columns = [
        text_column(_("Best response"), 0.36),
        Column(_("Patients")),
        Column(phrases.intervals(results), "%"),
    ]
    columns += [
        Column(shares.group(heads, g), group_columns.over(groups, rate(results, g).n)) for g in groups
    ]
    notes = (*notes, *group_columns.key(facts, groups))
    caption = paragraph(_most_frequent(results), say("Intervals are exact (Clopper–Pearson)."))
    return table("table-response", caption, columns, rows, notes)


def _most_frequent(results: Results) -> Text:
    """What the levels say first: which of them most patients had; nothing where two are as frequent."""
    levels = [(level(results, name), name) for name in results.facts[SECTION].levels]
    (most, name), *others = sorted(levels, key=lambda pair: -(pair[0].events or 0))
    if not most.events or name == "not recorded" or any(e.events == most.events for e, _other in others):
        return say("Best response of all treated patients.")
    return say(
        "Most frequent best response of all treated patients: {what}, {rate}.",
        what=lower(_(LABELS[name])),
        rate=phrases.of(most, interval=False),
    )


def duration_sentences(results: Results) -> Text:
    """The duration of response among responders, who was left out of it, or why it is not estimated."""
    facts = results.facts[SECTION]
    if not facts.endpoint:
        lacks = facts.duration_lacks
        if lacks:
            return say("Duration of response is not estimated: the data lack {columns}.", columns=lacks)
        return say("Duration of response is not estimated: no patient responded.")
    unit = facts.unit
    count = results[f"{SECTION}.{ENDPOINT}.all.count"]
    left = [say("{k} ({why})", k=numbers.whole(k), why=_(why)) for k, why in facts.endpoint.left_out if k]
    return paragraph(
        say(
            "Of {n} followed from their first response, {k} had the event ({event}).",
            n=counted(required(count.n), "responder"),
            k=phrases.value(shares.count(required(count.value)), count),
            event=lower(facts.endpoint.event),
        ),
        estimate_sentence(results, SECTION, facts.endpoint, facts)
        if facts.endpoint.competing
        else _still(results, unit),
        censoring.sentence(facts.endpoint),
        say("Not included: {left}.", left=join(left)) if left else None,
        say("Responders are selected after the start, so that their groups are not compared.")
        if facts.groups
        else None,
    )


def _still(results: Results, unit: str) -> Text:
    """Survival without the event at the first landmark, then the median or the exact limit."""
    at_times = [e for e in endpoints.of_endpoint(results, SECTION, ENDPOINT, "survival") if e.exists][:1]
    median = results[f"{SECTION}.{ENDPOINT}.all.median_time"]
    none = results.get(f"{SECTION}.{ENDPOINT}.all.proportion")
    parts = [phrases.survival(e, unit, results.facts[SECTION].standard_errors) for e in at_times]
    bounded = none if none is not None and none.high is not None and not none.events else None
    return paragraph(
        say("The proportion still in response was {parts}.", parts=join(parts))
        if parts
        else None,
        say("The exact {level} of the proportion with the event is {low}–{high}.", level=phrases.level(bounded),
            **phrases.both_ends(bounded))
        if bounded is not None
        else _median(median, unit),
    )  # fmt: skip


def _median(median: Estimate, unit: str) -> Text:
    m = phrases.median_of(median, unit)
    if median.exists:
        return say("The median duration of response was {m}.", m=m)
    template = _c("not reached or not estimable", "The median duration of response was {m}.")
    return filled(template, {"m": m})
