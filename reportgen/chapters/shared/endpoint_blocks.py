"""A time-to-event endpoint as a reader meets it: its sentences. Its curve: see curve_blocks."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.described import Context, DescribedEndpoint
from reportgen.base.message import codes
from reportgen.base.required import required
from reportgen.report import Text
from reportgen.stats import gates
from reportgen.stats.comparison import EQUAL_CENSORING
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, messages, numbers, phrases, shares
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import capital, counted, filled, join, lower, paragraph, say, say_n

BEYOND = "beyond_follow_up"


def of_endpoint(results: Results, section: str, key: str, statistic: str) -> tuple[Estimate, ...]:
    """The Estimates of one statistic of an endpoint, of all groups and times."""
    return results.select(section=section, endpoint=key, statistic=statistic)


def groups(results: Results, section: str, key: str) -> list[str]:
    """The groups of an endpoint, in order, "all" first."""
    return [estimate.group for estimate in of_endpoint(results, section, key, "count")]


def events_sentence(results: Results, section: str, fact: DescribedEndpoint) -> Text:
    """ "Relapse, progression or death was observed in 2 of 8 patients."; of overall survival "One of eight patients
    died." """
    count, event = results[f"{section}.{fact.key}.all.count"], fact.event
    if fact.key == "os" and count.value:
        return say_n("{who} died.", "{who} died.", count.count, who=shares.first_words(count))
    if count.n == 1 and count.value:
        return say("{event} was observed in the one patient.", event=lower(event))
    return say_n(
        "{event} was observed in {k} of {n} patient.",
        "{event} was observed in {k} of {n} patients.",
        required(count.n),
        event=lower(event),
        k=phrases.count(count),
        n=numbers.whole(required(count.n)),
    )


def survival_sentence(results: Results, section: str, fact: DescribedEndpoint, facts: Context) -> Text:
    """The estimate at the first landmark, then the median or, without an event, the exact limit.

    The last landmark stands on page one, every one in its table and on the curve: a sentence full of them says nothing.
    """
    key, label, unit = fact.key, fact.label, facts.unit
    at_times = [e for e in of_endpoint(results, section, key, "survival") if e.group == "all"]
    median = results[f"{section}.{key}.all.median_time"]
    none = results.get(f"{section}.{key}.all.proportion")
    if median.n == 1:
        return say("Nothing is estimated of one patient.")
    first = next((e for e in at_times if e.exists), None)
    return paragraph(
        capital(
            say(
                "{label} was {parts}.",
                label=lower(label),
                parts=phrases.survival(first, unit, facts.standard_errors),
            )
        )
        if first is not None
        else None,
        *(not_given(at_times, unit) if first is None else ()),
        _median_or_limit(label, median, none, unit),
    )


def medians_sentence(results: Results, section: str, fact: DescribedEndpoint, facts: Context) -> Text | None:
    """The median of each group in one sentence, after it the exact limits of those without an event; of many groups
    nothing, for the table says it."""
    parts, limits = [], []
    for group in shares.told(groups(results, section, fact.key)[1:]):
        name = shares.group(facts, group)
        none = results.get(f"{section}.{fact.key}.{group}.proportion")
        if none is not None and none.events == 0 and none.exists:
            limits.append(no_event(none, name))
            continue
        median = phrases.median_of(results[f"{section}.{fact.key}.{group}.median_time"], facts.unit)
        parts.append(say("{median} in {group}", median=median, group=name))
    said = say("Median by {label}: {parts}.", label=facts.group_label, parts=join(parts)) if parts else None
    return paragraph(said, *limits) or None


def nobody(fact: DescribedEndpoint) -> Text:
    """In place of all numbers of an endpoint that can be said of no patient."""
    reasons = "; ".join(f"{_(why)} ({numbers.whole(n)})" for n, why in fact.left_out)
    if not reasons:
        return paragraph(say("No patient can be analysed."))
    return paragraph(say("No patient can be analysed: {reasons}.", reasons=reasons))


def not_given(at_times: Sequence[Estimate], unit: str) -> list[Text]:
    """At which landmarks there is no estimate, and why: too few patients for any, beyond the last follow-up, or the
    first other reason."""
    lost = [e for e in at_times if not e.exists]
    if lost and lost[0].n and not gates.interval(lost[0].n).allowed:
        # So few have no estimate at any time: how long they were followed is not the reason.
        times = join([numbers.time_point(required(e.time), unit) for e in lost])
        why = messages.said(gates.too_few(lost[0].n))
        return [say("No estimate is given at {times}: {why}.", times=times, why=why)]
    beyond = [numbers.time_point(required(e.time), unit) for e in lost if e.code == BEYOND]
    said = []
    if beyond:
        said.append(say("No estimate is given at {times}, beyond the last follow-up.", times=join(beyond)))
    for e in [e for e in lost if e.code != BEYOND][:1]:
        when = numbers.time_point(required(e.time), unit)
        said.append(say("No estimate is given at {times}: {why}.", times=when, why=estimate_words.why(e)))
    return said


def late_entry_sentence(results: Results, section: str, key: str, facts: Context) -> Text | None:
    """Who came under observation only after the clock had begun, and how few stand behind an event."""
    late, first, last, fewest = (
        results.get(f"{section}.{key}.all.{name}")
        for name in ("late_entry", "first_entry", "last_entry", "fewest_at_risk")
    )
    if late is None or first is None or last is None or fewest is None:
        return None
    unit = facts.unit
    sentence = say_n(
        "{k} of {n} patient came under observation only after the clock had begun (late entry), {low} {unit} after "
        "it: numbers at risk rise at first, and nothing is known of who did not live until then.",
        "{k} of {n} patients came under observation only after the clock had begun (late entry), {low} to {high} "
        "{unit} after it: numbers at risk rise at first, and nothing is known of who did not live until then.",
        required(late.n),
        k=phrases.count(late),
        n=numbers.whole(required(late.n)),
        low=phrases.duration(first, unit),
        high=phrases.duration(last, unit),
        unit=numbers.unit_name(unit),
    )
    if not fewest.exists or fewest.count >= facts.few_at_risk:
        return paragraph(sentence)
    few = say(
        "While patients were still entering, only {fewest} at risk stood behind an event: all that follows on the "
        "curve hangs on it.",
        fewest=phrases.value(numbers.spelled(fewest.count), fewest),
    )
    return paragraph(sentence, few)


def _median_or_limit(label: str, median: Estimate, none: Estimate | None, unit: str) -> Text:
    if none is not None and none.events == 0 and none.exists:
        return no_event(none)
    return median_sentence(label, median, unit)


def no_event(none: Estimate, group: str = "") -> Text:
    """The exact limits, both of them, of what was observed in nobody. group: of whom, where it is not of all.

    Of one or two patients there are no limits: that nothing was observed is all there is to say.
    """
    if none.high is None:
        patients = counted(required(none.n), "patient")
        if group:
            return say("In {group}, no event was observed among {patients}.", group=group, patients=patients)
        return say("No event was observed among {patients}.", patients=patients)
    said = {
        "patients": counted(required(none.n), "patient"),
        "level": phrases.level(none),
        **phrases.both_ends(none),
    }
    if group:
        return say(
            "In {group}, no event was observed among {patients} (exact {level} of the proportion with an event: "
            "{low}–{high}).",
            group=group,
            **said,
        )
    return say(
        "No event was observed among {patients} (exact {level} of the proportion with an event: {low}–{high}).",
        **said,
    )


def median_sentence(label: str, median: Estimate, unit: str) -> Text:
    """The median of all, with its interval; not reached, or not estimable and why."""
    said = {"label": lower(label), "median": phrases.median_of(median, unit)}
    if median.exists:
        return say("The median {label} was {median}.", **said)
    # In other languages a median that does not exist takes another verb than one that has a value.
    return filled(_c("not reached or not estimable", "The median {label} was {median}."), said)


def short_at(fact: DescribedEndpoint, when: str) -> str:
    """The name of an estimate over its number: "PFS at 3 years"."""
    short = {"pfs": _("PFS"), "os": _("OS")}.get(fact.key, fact.label)
    return _("{name} at {time}", name=short, time=when)


def comparison_sentence(estimate: Estimate, group_label: str) -> Text:
    """The test by its name, called exploratory, or why there is none."""
    if not estimate.exists:
        return say(
            "{label} groups are not compared by a test: {why}.",
            label=capital((group_label,)),
            why=phrases.value(estimate_words.why(estimate), estimate),
        )
    said = {"label": group_label, "p": phrases.p_value(estimate)}
    if EQUAL_CENSORING.code in codes(estimate.note):
        return say(
            "Comparison by {label} (exploratory): {p}; the test {assumes}.",
            assumes=estimate_words.method(estimate.note),
            **said,
        )
    return say("Comparison by {label} (exploratory): {p}.", **said)
