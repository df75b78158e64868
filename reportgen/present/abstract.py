"""The structured abstract: purpose, methods, results, course, and the numbers at a glance."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.present import course, ctcae, numbers, phrases, response, toxicity
from reportgen.present.narrative import counted, join, paragraph, patients_of, say
from reportgen.report import KeyNumber, Text, Value
from reportgen.stats.results import Estimate, Results


def purpose(facts: Mapping) -> Text:
    """What the report is about, in one sentence."""
    return say(
        "To describe the outcome of {patients}{diagnosis}{treatment}.",
        patients=counted(facts["n"], "patient"),
        diagnosis=f" with {facts['diagnosis']}" if facts["diagnosis"] else "",
        treatment=f" treated with {facts['treatment']}" if facts["treatment"] else "",
    )


def methods(results: Results, facts: Mapping) -> Text:
    """Who was included, until when they were followed, and how outcome was measured."""
    return paragraph(_who(facts), _follow_up(results, facts), _how(results))


def _who(facts: Mapping) -> Text | None:
    if not facts["years"]:
        return None
    first, last = facts["years"]
    when = f"in {first}" if first == last else f"between {first} and {last}"
    cutoff = f", with data to {numbers.date(facts['cutoff'])}" if facts["cutoff"] else ""
    return say("Treatment was started {when}{cutoff}.", when=when, cutoff=cutoff)


def _follow_up(results: Results, facts: Mapping) -> Text | None:
    median = results.get("follow_up.all.all.median")
    if median is None or not median.exists:
        return None
    return say(
        "Median follow-up was {median} {unit} (range {low}–{high}).",
        median=phrases.duration(median, facts["unit"]),
        unit=facts["unit"],
        low=phrases.duration(results["follow_up.all.all.minimum"], facts["unit"]),
        high=phrases.duration(results["follow_up.all.all.maximum"], facts["unit"]),
    )


def _how(results: Results) -> Text | None:
    at_times = results.select(section="survival", statistic="survival", group="all")
    if not at_times:
        return None
    kinds = sorted({e.method.split("; ")[-1] for e in at_times if e.exists and "; " in e.method})
    intervals = f", with {' or '.join(kinds)}" if kinds else ""
    return say(
        "Survival is estimated by Kaplan–Meier{intervals}; relapse as cumulative incidence with death "
        "competing.",
        intervals=intervals,
    )


def findings(results: Results, facts: Mapping) -> Text:
    """Response, toxicity and survival."""
    return paragraph(
        response.rate_sentence(results) if "response.response.all.proportion" in results else None,
        toxicity.major_sentence(results) if results.facts.get("toxicity", {}).get("rows") else None,
        *_survival(results, facts),
    )


def leading_toxicity(results: Results) -> tuple[Estimate, Estimate] | None:
    """The term with most patients at grade 3 or more, then at any grade: (any grade, grade ≥ 3)."""
    terms = [
        (e, results[f"toxicity.{e.variable}.all.grade_3_plus"])
        for e in results.select(section="toxicity", statistic="any_grade", group="all")
        if e.variable != "any" and not e.variable.startswith("category: ") and e.exists and e.events
    ]
    return max(terms, key=lambda pair: (pair[1].events or 0, pair[0].events), default=None)


def headline(results: Results) -> list[Mapping]:
    """The endpoints of page one: PFS and OS where they could be derived, else the first two there are."""
    endpoints = results.facts.get("survival", {"endpoints": ()})["endpoints"]
    return [e for e in endpoints if e["key"] in ("pfs", "os")] or list(endpoints[:2])


def _survival(results: Results, facts: Mapping) -> list[Text]:
    said = []
    for endpoint in headline(results):
        at_times = results.select(
            section="survival", endpoint=endpoint["key"], group="all", statistic="survival"
        )
        # The landmarks between the first and the last stand in the chapter on survival.
        existing = [e for e in at_times if e.exists]
        parts = [phrases.survival(e, facts["unit"]) for e in dict.fromkeys((*existing[:1], *existing[-1:]))]
        if parts:
            said.append(say("{label} was {parts}.", label=endpoint["label"], parts=join(parts, last=" and ")))
    return said


def course_of_patients(results: Results) -> Text:
    """Relapse, after relapse, after stopping; only what occurred."""
    said: list[Text | None] = []
    count = results.get("relapse.relapse.all.count")
    if count is not None:
        said.append(say("{who} relapsed.", who=phrases.value(patients_of(int(count.value), count.n), count)))
        if count.value:
            said += [course.circumstances(results), course.common(results)]
    if results.facts.get("after_relapse", {}).get("n"):
        said += course.after_relapse(results)
    if "after_stopping.stopped.event.proportion" in results:
        said += [course.stopped(results), course.without_event(results)]
    return paragraph(*said)


def key_numbers(results: Results, facts: Mapping) -> tuple[KeyNumber, ...]:
    """Patients and events, follow-up, response, PFS, OS, relapses, leading toxicity: what there is."""
    found = (
        _patients(results, facts),
        _median_follow_up(results, facts),
        _rate("Response", results.get("response.response.all.proportion")),
        *(_at_landmark(results, facts, endpoint) for endpoint in headline(results)),
        _relapses(results),
        _leading(results),
    )
    return tuple(number for number in found if number is not None)


def _patients(results: Results, facts: Mapping) -> KeyNumber:
    said = []
    for id, noun in (("relapse.relapse.all.count", "relapse"), ("survival.os.all.count", "death")):
        count = results.get(id)
        if count is not None:
            said.append((phrases.value(counted(int(count.value), noun), count),))
    return KeyNumber("Patients", Value(numbers.whole(facts["n"])), join(said) if said else ())


def _median_follow_up(results: Results, facts: Mapping) -> KeyNumber | None:
    median = results.get("follow_up.all.all.median")
    if median is None or not median.exists:
        return None
    unit = facts["unit"]
    low, high = results["follow_up.all.all.minimum"], results["follow_up.all.all.maximum"]
    return KeyNumber(
        f"Median follow-up, {unit}",
        phrases.duration(median, unit)[0],
        say("range {low}–{high}", low=phrases.duration(low, unit), high=phrases.duration(high, unit)),
    )


def _rate(label: str, rate: Estimate | None) -> KeyNumber | None:
    if rate is None or not rate.exists:
        return None
    return KeyNumber(
        label,
        phrases.value(f"{rate.events}/{rate.n}", rate),
        say("{level} {interval}%", level=phrases.level(rate), interval=phrases.share_interval(rate)),
    )


def _at_landmark(results: Results, facts: Mapping, endpoint: Mapping) -> KeyNumber | None:
    """The latest landmark that exists, with its number at risk, and a word where that is small."""
    at_times = [
        e
        for e in results.select(
            section="survival", endpoint=endpoint["key"], group="all", statistic="survival"
        )
        if e.exists
    ]
    if not at_times:
        return None
    e = at_times[-1]
    name = endpoint["key"].upper() if endpoint["key"] in ("pfs", "os") else endpoint["label"]
    few = "only " if (e.at_risk or 0) < facts["few_at_risk"] else ""
    return KeyNumber(
        f"{name} at {numbers.time_point(e.time, facts['unit'])}",
        phrases.probability(e)[0],
        say(
            "{level} {interval}; {few}{n} at risk",
            few=few,
            level=phrases.level(e),
            interval=phrases.probability_interval(e),
            n=phrases.value(numbers.whole(e.at_risk), e),
        ),
    )


def _relapses(results: Results) -> KeyNumber | None:
    count = results.get("relapse.relapse.all.count")
    if count is None:
        return None
    incidence = [
        e
        for e in results.select(section="relapse", endpoint="relapse", group="all")
        if e.statistic == "cumulative_incidence" and e.exists
    ]
    detail = ()
    if incidence:
        e = incidence[0]
        detail = say(
            "incidence {x} at {when}",
            x=phrases.probability(e),
            when=numbers.time_point(e.time, results.facts["relapse"]["unit"]),
        )
    return KeyNumber("Relapses", phrases.value(f"{numbers.whole(count.value)}/{count.n}", count), detail)


def _leading(results: Results) -> KeyNumber | None:
    leading = leading_toxicity(results)
    if leading is None:
        return None
    any_grade, severe = leading
    words = ctcae.CLINICAL.get(any_grade.variable, any_grade.variable)
    return KeyNumber(
        words[:1].upper() + words[1:],
        phrases.value(f"{any_grade.events}/{any_grade.n}", any_grade),
        say("grade 3 or higher in {k}", k=phrases.value(numbers.whole(severe.events or 0), severe)),
    )
