"""The course of the patients in sentences: relapse, after relapse, after stopping.

Each chapter has its own; the summary quotes the same sentences, so that the two can never disagree.
"""

from __future__ import annotations

from reportgen.present import numbers, phrases
from reportgen.present.narrative import article, capital, counted, join, plural, say
from reportgen.report import Text
from reportgen.stats.results import Results


def circumstances(results: Results) -> Text | None:
    """ "Both relapsed on treatment; both had been in complete response." """
    on = results.get("relapse.relapsed.on treatment.proportion")
    complete = results.get("relapse.relapsed.after CR.proportion")
    if on is None or not on.exists:
        return None
    where = say("{who} relapsed on treatment", who=phrases.value(article(on.events, on.n), on))
    if complete is None or not complete.events:
        return say("{where}.", where=capital(where))
    return say(
        "{where}; {who} had first been in complete response.",
        where=capital(where),
        who=phrases.value(article(complete.events, complete.n), complete),
    )


def common(results: Results) -> Text | None:
    """What all who relapsed had in common, against those who did not have it."""
    facts, count = results.facts["relapse"], results["relapse.relapse.all.count"]
    if count.value < 2:
        return None
    found = []
    for feature in facts["features"]:
        levels = [results[f"relapse.{feature['name']}.{level}.proportion"] for level in feature["levels"]]
        carrying = [e for e in levels if e.events == count.value]
        if feature["known_at_start"] and len(levels) > 1 and carrying:
            found.append(_shared(feature, carrying[0], levels))
    who = article(int(count.value), int(count.value))
    if not found:
        return say("No feature known at the start was common to {who} who relapsed.", who=who)
    return say(
        "In common to {who} who relapsed: {features}.",
        who=who,
        features=join(found, between="; ", last="; and "),
    )


def _shared(feature: dict, carrying, levels) -> Text:
    rest = sum(e.n for e in levels) - carrying.n
    name = feature["label"] if carrying.group == "yes" else f"{feature['label']}: {carrying.group}"
    if carrying.group not in ("yes", "no"):
        name = f"{feature['label']} {carrying.group}"
    return say(
        "{name} ({k} of {n} such patients relapsed, {rest})",
        name=name,
        k=phrases.value(str(carrying.events), carrying),
        n=str(carrying.n),
        rest=f"none of {rest} others",
    )


def after_relapse(results: Results) -> list[Text]:
    """What happened after relapse, in two or three sentences; the summary uses the same."""
    facts = results.facts["after_relapse"]
    said = []
    treated = results.get("after_relapse.relapsed.treated again.proportion")
    if treated is not None:
        responded = results.get("after_relapse.next_treatment.responded.proportion")
        what = facts["treatments"][0] if len(facts["treatments"]) == 1 else "various treatments"
        said.append(_treated(treated, responded, what))
    said.append(_status_sentence(results))
    return said


def _who(estimate) -> Text:
    return (phrases.value(article(estimate.events, estimate.n), estimate),)


def _treated(treated, responded, what: str) -> Text:
    if responded is None:
        return say("No further treatment is recorded after relapse.")
    were = plural(treated.events, "was", "were")
    if responded.events == responded.n == treated.n:
        return say(
            "{who} who relapsed {were} treated again ({what}) and responded to it.",
            who=capital(_who(treated)),
            were=were,
            what=what,
        )
    return say(
        "{who} who relapsed {were} treated again ({what}); {k} of these responded.",
        who=capital(_who(treated)),
        were=were,
        what=what,
        k=phrases.value(article(responded.events, responded.n), responded),
    )


def _status_sentence(results: Results) -> Text:
    died, alive, disease, on = (
        results.get(f"after_relapse.relapsed.{name}.proportion")
        for name in ("died", "alive", "died of the disease", "alive on treatment")
    )
    parts = []
    if died.events:
        cause = ""
        if disease.events:
            cause = (
                " of the disease"
                if disease.events == died.events
                else (say(" ({k} of the disease)", k=phrases.value(numbers.spelled(disease.events), disease)))
            )
        parts.append(say("{k} died{cause}", k=phrases.value(numbers.spelled(died.events), died), cause=cause))
    if alive.events:
        verb = plural(alive.events, "is", "are")
        where = ""
        if on is not None and on.events:
            where = (
                " on treatment"
                if on.events == alive.events
                else (say(", {k} of them on treatment", k=phrases.value(numbers.spelled(on.events), on)))
            )
        k = phrases.value(numbers.spelled(alive.events), alive)
        parts.append(say("{k} {verb} alive{where}", k=k, verb=verb, where=where))
    return say("{parts}.", parts=capital(join(parts)))


def stopped(results: Results) -> Text:
    """ "Five patients stopped while in response, after a median of 1.0 years of treatment (range 0.2–3.0);
    one continues." """
    facts = results.facts["after_stopping"]
    unit = facts["unit"]
    median, low, high = (
        results[f"after_stopping.treatment_duration.all.{s}"] for s in ("median", "minimum", "maximum")
    )
    event = results["after_stopping.stopped.event.proportion"]
    going_on = results["after_stopping.continuing.all.proportion"]
    without = "without recurrence" if not event.events else "while in response"
    more = (
        say(
            "; {k} {verb} treatment",
            k=phrases.value(numbers.spelled(going_on.events), going_on),
            verb="continues" if going_on.events == 1 else "continue",
        )
        if going_on.events
        else ""
    )
    return say(
        "{k} stopped {without} after a median of {median} {unit} of treatment (range {low}–{high}){more}.",
        k=capital((phrases.value(counted(event.n, "patient"), event),)),
        without=without,
        median=phrases.duration(median, unit),
        unit=unit,
        low=phrases.duration(low, unit),
        high=phrases.duration(high, unit),
        more=more,
    )


def without_event(results: Results) -> Text:
    """How many relapsed or died off treatment, as a proportion and as a rate, each with its exact limit."""
    event = results["after_stopping.stopped.event.proportion"]
    per_year = results["after_stopping.stopped.event.rate"]
    time = results["after_stopping.stopped.all.person_time"]
    return say(
        "Off treatment {k} relapsed or died (95% CI {low}–{high}; {events} in {years} patient-years, "
        "95% CI up to {rate} per year).",
        k=phrases.value(article(event.events, event.n), event),
        low=phrases.value(numbers.percent(event.low, event.n, sign=False), event),
        high=phrases.value(numbers.percent(event.high, event.n), event),
        events=phrases.value(numbers.whole(event.events), per_year),
        years=phrases.value(numbers.time(time.value, "years"), time),
        rate=phrases.value(numbers.significant(per_year.high), per_year),
    )
