"""Those who stopped treatment while in response, in sentences: how many, and what happened to them since."""

from __future__ import annotations

from reportgen.base.required import required
from reportgen.report import Text, Value
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, phrases
from reportgen.writing.narrative import article, capital, counted, say, say_n


def stopped(results: Results) -> Text:
    """ "Five patients stopped while in response, after a median of 1.0 years of treatment (range 0.2–3.0);
    one continues." """
    facts = results.facts["after_stopping"]
    unit = facts.unit
    median, low, high = (
        results[f"after_stopping.treatment_duration.all.{s}"] for s in ("median", "minimum", "maximum")
    )
    event = results["after_stopping.stopped.event.proportion"]
    going_on = results["after_stopping.continuing.all.proportion"]
    said = {
        "k": phrases.value(counted(required(event.n), "patient"), event),
        "median": phrases.duration(median, unit),
        "unit": numbers.unit_name(unit),
        "low": phrases.duration(low, unit),
        "high": phrases.duration(high, unit),
    }
    in_response = bool(event.events) or facts.others_stopped
    if event.n == 1:
        first = (
            say("{k} stopped while in response after {median} {unit} of treatment", **said)
            if in_response
            else say("{k} stopped without recurrence after {median} {unit} of treatment", **said)
        )
    elif in_response:
        first = say_n(
            "{k} stopped while in response after a median of {median} {unit} of treatment (range {low}–{high})",
            "{k} stopped while in response after a median of {median} {unit} of treatment (range {low}–{high})",
            required(event.n),
            **said,
        )
    else:
        first = say_n(
            "{k} stopped without recurrence after a median of {median} {unit} of treatment (range {low}–{high})",
            "{k} stopped without recurrence after a median of {median} {unit} of treatment (range {low}–{high})",
            required(event.n),
            **said,
        )
    if required(event.n) >= len(numbers.SMALL_WORDS):
        first = say("in all, {first}", first=first)
    if not going_on.events:
        return capital(say("{first}.", first=first))
    rest = say_n(
        "{k} continues treatment",
        "{k} continue treatment",
        going_on.events,
        k=phrases.value(numbers.spelled(going_on.events), going_on),
    )
    return capital(say("{first}; {rest}.", first=first, rest=rest))


def without_event(results: Results) -> Text:
    """How many relapsed or died off treatment, in how long; as a proportion and as a rate, each with both limits."""
    event = results["after_stopping.stopped.event.proportion"]
    per_year = results["after_stopping.stopped.event.rate"]
    if event.high is None:
        return _of_few(results, event, seen=per_year.exists)
    if not per_year.exists:
        return say_n(
            "Off treatment {k} relapsed or died ({level} {low}–{high}); nobody was observed after the day of the stop.",
            "Off treatment {k} relapsed or died ({level} {low}–{high}); nobody was observed after the day of the stop.",
            1 if event.events in (0, 1) else 2,
            **_share_of_stopped(event),
        )
    time = results["after_stopping.stopped.all.person_time"]
    said = {
        "n": numbers.spelled(required(event.n)),
        "since": _since(results),
        "years": phrases.value(numbers.time(required(time.value), "years"), time),
        "rate": phrases.value(numbers.significant(required(per_year.value)), per_year),
        "least": phrases.value(numbers.significant(required(per_year.low)), per_year),
        "most": phrases.value(numbers.significant(required(per_year.high)), per_year),
        **_share_of_stopped(event),
    }
    if not event.events:
        return say(
            "None of the {n} has relapsed or died in {since}; with {n} patients a risk of up to {high} cannot be "
            "excluded (exact {level} {low}–{high}; 0 events in {years} patient-years, {level} up to {most} per "
            "year).",
            **said,
        )
    said["events"] = phrases.value(numbers.spelled(required(event.events)), event)
    said["interval"] = phrases.share_interval(event)
    said["percent"] = phrases.value(numbers.percent(required(event.value), required(event.n)), event)
    return say_n(
        "Of the {n}, {events} ({percent}; {level} {interval}) has relapsed or died within {years} patient-years "
        "off treatment: {rate} per patient-year ({level} {least}–{most}).",
        "Of the {n}, {events} ({percent}; {level} {interval}) have relapsed or died within {years} patient-years "
        "off treatment: {rate} per patient-year ({level} {least}–{most}).",
        required(event.events),
        **said,
    )


def _since(results: Results) -> Text:
    """ "a median of 2.1 years off treatment (range 1.4–3.7)"."""
    unit = results.facts["after_stopping"].unit
    median, low, high = (
        results[f"after_stopping.time_off_treatment.all.{s}"] for s in ("median", "minimum", "maximum")
    )
    said = {
        "median": phrases.duration(median, unit),
        "unit": numbers.unit_name(unit),
        "low": phrases.duration(low, unit),
        "high": phrases.duration(high, unit),
    }
    if median.n == 1:
        return say("{median} {unit} off treatment", **said)
    return say("a median of {median} {unit} off treatment (range {low}–{high})", **said)


def _of_few(results: Results, event: Estimate, seen: bool) -> Text:
    """Of one or two patients: the count alone. seen: whether any of them was observed after the stop."""
    few = 1 if event.events in (0, 1) else 2
    if seen:
        return capital(
            say_n(
                "{k} has relapsed or died in {since}.",
                "{k} have relapsed or died in {since}.",
                few,
                k=_relapsed(event),
                since=_since(results),
            )
        )
    return say_n(
        "Off treatment {k} relapsed or died; nobody was observed after the day of the stop.",
        "Off treatment {k} relapsed or died; nobody was observed after the day of the stop.",
        few,
        k=_relapsed(event),
    )


def _relapsed(event: Estimate) -> Value:
    return phrases.value(article(required(event.events), required(event.n)), event)


def _share_of_stopped(event: Estimate) -> dict:
    return {
        "k": _relapsed(event),
        "level": phrases.level(event),
        **phrases.both_ends(event),
    }


def off_treatment(results: Results) -> Text | None:
    """Those who stopped in response, in one sentence: how many relapsed since, in how long, what is not excluded."""
    event = results["after_stopping.stopped.event.proportion"]
    median = results.get("after_stopping.time_off_treatment.all.median")
    if not event.n or median is None or not median.exists:
        return None
    unit = results.facts["after_stopping"].unit
    said = {
        "k": phrases.value(numbers.spelled(required(event.n)), event),
        "median": phrases.duration(median, unit),
        "unit": numbers.unit_name(unit),
    }
    if not event.events and event.high is None:
        return say_n(
            "The one who stopped in response has not relapsed in {median} {unit} off treatment.",
            "None of the {k} who stopped in response has relapsed in a median of {median} {unit} off treatment.",
            required(event.n),
            **said,
        )
    if not event.events:
        said["limit"] = phrases.value(numbers.percent(required(event.high), required(event.n)), event)
        return say_n(
            "The one who stopped in response has not relapsed in {median} {unit} off treatment; with one patient a "
            "risk of up to {limit} cannot be excluded.",
            "None of the {k} who stopped in response has relapsed in a median of {median} {unit} off treatment; with "
            "{k} patients a risk of up to {limit} cannot be excluded.",
            required(event.n),
            **said,
        )
    if event.events == event.n and event.n > 1:
        whole = say(
            "{who} who stopped in response relapsed or died, in a median of {median} {unit} off treatment.",
            who=phrases.value(article(event.events, event.n), event),
            **said,
        )
        return capital(whole)
    return say_n(
        "Of {k} who stopped in response, {events} has relapsed or died since, observed for it for a median of "
        "{median} {unit}.",
        "Of {k} who stopped in response, {events} have relapsed or died since, observed for it for a median of "
        "{median} {unit}.",
        event.events,
        events=phrases.value(numbers.spelled(event.events), event),
        **said,
    )
