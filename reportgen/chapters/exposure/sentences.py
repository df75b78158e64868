"""Treatment in sentences: who stopped, why and when, what was done for toxicity, what came next."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.base.message import N_
from reportgen.base.required import required
from reportgen.chapters.exposure.facts import ExposureFacts
from reportgen.chapters.shared import incidence_blocks as incidences
from reportgen.report import Text
from reportgen.stats.results import Estimate, Results, subgroup
from reportgen.writing import numbers, phrases, shares
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import filled, join, paragraph, say, say_n

SECTION = "exposure"
ENDPOINT = "time_on_treatment"
REASONS = {
    "completed": N_("as planned"),
    "toxicity": N_("for toxicity"),
    "progression": N_("for progression"),
    "death": N_("at death"),
    "patient choice": N_("by choice of the patient"),
    "other": N_("for another reason"),
    "not recorded": N_("for a reason not recorded"),
}


OURS = ("not recorded", N_("other action"))  # the latter where a profile leaves free text out


def of(results: Results, variable: str, statistic: str = "proportion", group: str = "all") -> Estimate:
    """The Estimate of the chapter. KeyError where it did not make it."""
    return results[f"{SECTION}.{variable}.{group}.{statistic}"]


def stops(results: Results) -> Text:
    """ "Seven of eight patients stopped treatment: five as planned and two for progression; one continues." """
    stopped = of(results, "stopped")
    if not stopped.exists:
        return say("The cohort holds no patient.")
    found = results.select(section=SECTION, variable="stop_reason", statistic="proportion")
    if stopped.n == 1 and stopped.events:
        reason = next((e.group for e in found if e.events), "")
        said = {"who": shares.subject(stopped)}
        if not reason:
            return say("{who} stopped treatment.", **said)
        return say("{who} stopped treatment {why}.", why=_reason(reason), **said)
    reasons = [
        say("{k} {why}", k=k, why=_reason(e.group)) for e, k in zip(found, shares.alike(found), strict=True)
    ]
    who, going = shares.subject(stopped), shares.spelled(of(results, "on_treatment"))
    who_stopped = (
        say("{who} stopped treatment: {reasons}", who=who, reasons=join(reasons))
        if reasons and stopped.events
        else say("{who} stopped treatment", who=who)
    )
    unknown = results.facts[SECTION].unknown
    died = (
        required(stopped.n)
        - required(stopped.events)
        - required(of(results, "on_treatment").events)
        - unknown
    )
    said = {"stopped": who_stopped, "going": going}
    if died:
        sentence = say(
            "{stopped}; {going} continued at the last contact and {k} died without a recorded stop.",
            k=numbers.spelled(died),
            **said,
        )
    else:
        sentence = say("{stopped}; {going} continued at the last contact.", **said)
    if not unknown:
        return sentence
    return paragraph(
        sentence,
        say("Of {k} without a recorded stop the vital status is not recorded.", k=numbers.spelled(unknown)),
    )


def _reason(group: str) -> str:
    """Why, behind a number of patients: "five for toxicity"."""
    return _(REASONS[group]) if group in REASONS else _("for “{reason}”", reason=group)


def times(results: Results) -> Text | None:
    """Plain median and range of those who stopped, and of those who stopped as planned."""
    unit = results.facts[SECTION].unit
    if not of(results, "stopped").events:
        return None
    if of(results, "stopped").n == 1:
        return say("The time on treatment was {x}.", x=_spread(results, "all", unit))
    planned = results.get(f"{SECTION}.treatment_duration.completed.median")
    parts = [say("{x} of all who stopped", x=_spread(results, "all", unit))]
    if planned is not None and required(planned.n) < required(of(results, "stopped").events):
        parts.append(say("{x} of those who stopped as planned", x=_spread(results, "completed", unit)))
    return say("The median time on treatment was {parts}.", parts=join(parts))


def _spread(results: Results, group: str, unit: str) -> Text:
    median, low, high = (
        of(results, "treatment_duration", s, group) for s in ("median", "minimum", "maximum")
    )
    return shares.spread(median, low, high, unit)


def stopped_for_toxicity(results: Results) -> Text | None:
    """In how many patients toxicity was the reason given for the stop, of all and by group."""
    stopped = results.get(f"{SECTION}.stopped_for_toxicity.all.proportion")
    if stopped is None or not stopped.exists or stopped.n == 1:  # of one the reason says it
        return None
    said = say("Treatment was stopped for toxicity in {k}.", k=_of(stopped))
    return paragraph(said, _of_groups(results))


def _of_groups(results: Results) -> Text | None:
    """ "These were 4 of 60 in regimen A and 9 of 60 in regimen B." """
    facts: ExposureFacts = results.facts[SECTION]
    named = shares.told(facts.groups)
    found = [results.get(f"{SECTION}.stop_reason_of.{subgroup(g, 'toxicity')}.proportion") for g in named]
    counts = [(group, e) for group, e in zip(named, found, strict=True) if e is not None and e.exists]
    if len(counts) < 2:
        return None
    parts = [
        say(
            "{k} of {n} in {group}",
            k=shares.listed(e),
            n=numbers.whole(required(of(results, "stopped_of", group=group).n)),
            group=shares.group(facts, group),
        )
        for group, e in counts
    ]
    return say("By {label} these were {parts}.", label=facts.group_label, parts=join(parts))


def ended_by_event(results: Results) -> Text | None:
    """Why more patients have an event that ended treatment than stopped for toxicity; None where they do not.

    What was done for toxicity, and how many had further lines, stands in the table alone.
    """
    found = {e.group: e for e in results.select(section=SECTION, variable="stopped_for_event") if e.exists}
    if not found or required(found["toxicity"].events) == found["toxicity"].n:
        return None
    first = found["toxicity"]
    parts = [say("toxicity in {k}", k=shares.listed(first))]
    parts += [
        say("death in {k}", k=shares.listed(e))
        if group == "death"
        else say("“{reason}” in {k}", reason=_(group), k=shares.listed(e))
        for group, e in found.items()
        if group != "toxicity" and e.events
    ]
    late = results[f"{SECTION}.event_after_stop.all.proportion"]
    return paragraph(
        say(
            "Of the {n} in whom a toxicity is recorded as ending treatment, the reason given for stopping was {parts}.",
            n=numbers.whole(required(first.n)),
            parts=join(parts),
        ),
        say(
            "In {k} of the {n} it began only after the stop.",
            k=shares.listed(late),
            n=numbers.whole(required(first.n)),
        )
        if late.events
        else None,
    )


def _of(estimate: Estimate) -> Text:
    if estimate.n == 1:
        return shares.who(estimate)
    k, n, ci = shares.listed(estimate), numbers.whole(required(estimate.n)), shares.interval(estimate)
    if not estimate.events:
        k, n = shares.spelled(estimate), numbers.spelled(required(estimate.n))
    return say("{k} of {n} {ci}", k=k, n=n, ci=ci)


def estimate(results: Results) -> list[Text | None]:
    """The Kaplan–Meier estimate of still being on treatment, for all and per group."""
    facts: ExposureFacts = results.facts[SECTION]
    if not facts.endpoint:
        return []
    if facts.endpoint.competing:
        return incidences.endpoint_sentences(results, SECTION, facts.endpoint, facts)
    unit, sentences = facts.unit, []
    counts = results.select(section=SECTION, endpoint=ENDPOINT, statistic="count")
    groups = shares.told([count.group for count in counts if count.group != "all"])
    for count in counts:
        if not count.value or count.n == 1 or count.group not in ("all", *groups):
            continue
        at_times = results.select(section=SECTION, endpoint=ENDPOINT, statistic="survival", group=count.group)
        known = [phrases.survival(e, unit, facts.standard_errors) for e in at_times if e.exists]
        if count.group != "all":
            known = []  # the curves of the groups say them
        median = results[f"{SECTION}.{ENDPOINT}.{count.group}.median_time"]
        said = {
            "known": join(known, "; ", N_("; and ")),
            "m": phrases.median_of(median, unit),
            "group": shares.group_name(facts, count.group),
        }
        sentences.append(_estimated(bool(known), count.group != "all", median.exists, said))
    return sentences


def as_planned(planned: Estimate) -> Text:
    """Why the times of the groups are not tested: the plan sets them apart, not what happened to the patients."""
    return say_n(
        "The groups are not compared by a test: {k} patient stopped as planned, so that plans, not courses, would be "
        "compared.",
        "The groups are not compared by a test: {k} patients stopped as planned, so that plans, not courses, would be "
        "compared.",
        required(planned.events),
        k=phrases.value(numbers.spelled(required(planned.events)), planned),
    )


def _estimated(known: bool, group: bool, median: bool, said: Mapping) -> Text:
    """In other languages a median that does not exist takes another verb than one that has a value."""
    if known:
        text = N_(
            "The Kaplan–Meier proportion on treatment was {known}, and the median time to the stop was {m}."
        )
    else:
        text = (
            N_("In {group} the median time to the stop was {m}.")
            if group
            else N_("The median time to the stop was {m}.")
        )
    return filled(_(text) if median else _c("not reached or not estimable", text), said)


def recorded(group: str, actions: Mapping[str, str]) -> str:
    """A number of lines, or an action as the workbook spells it."""
    return _(group) if group in OURS else actions.get(group, group)
