"""Estimates as a reader sees them: each phrase is a Text whose numbers know their Estimate."""

from __future__ import annotations

from functools import partial

from reportgen.base.message import NC_
from reportgen.base.required import required
from reportgen.report import Text, Value
from reportgen.stats.notes import Status
from reportgen.stats.results import Estimate, Results
from reportgen.writing import estimate_words, numbers
from reportgen.writing.language import _, _c
from reportgen.writing.narrative import say

SIGNS = {
    Status.NOT_REACHED: NC_("sign", "NR"),
    Status.NOT_ESTIMABLE: NC_("sign", "NE"),
    Status.REFUSED: NC_("sign", "NE"),
}


def value(text: str, estimate: Estimate, quiet: bool = False) -> Value:
    """A number as printed, that knows the Estimate it was rounded from. quiet: set in second ink."""
    return Value(text, estimate.id, quiet)


def absent(estimate: Estimate) -> Text:
    """What stands in place of a number that does not exist: NR, NE or –; or that is masked: *."""
    sign = SIGNS.get(estimate.status)
    word = _c("sign", sign) if sign else numbers.MISSING
    word = numbers.MASKED if estimate.status is Status.SUPPRESSED else word
    return (value(word, estimate),)


def level(estimate: Estimate) -> str:
    """ "95% CI"."""
    return _("{n}% CI", n=numbers.whole(100 * (estimate.level or 0.95)))


def percent_of(results: Results) -> str:
    """ "95": the level of all intervals of a report, which have one; 95 where none has any."""
    found = (e.level for e in results.estimates if e.level is not None)
    return numbers.whole(100 * next(found, 0.95))


def intervals(results: Results) -> str:
    """ "95% CI" at the head of a column."""
    return _("{n}% CI", n=percent_of(results))


def count(estimate: Estimate) -> Text:
    """A count alone: "8"."""
    return (
        (value(numbers.whole(required(estimate.value)), estimate),) if estimate.exists else absent(estimate)
    )


def part_of_all(estimate: Estimate) -> Value:
    """How many of how many, in figures: "5/8"."""
    return value(
        f"{numbers.whole(required(estimate.events))}/{numbers.whole(required(estimate.n))}", estimate
    )


def events_of(estimate: Estimate) -> Text:
    """The events and the patients behind an estimate that is no share itself, as a ratio: "65/120 (54%)"."""
    n = required(estimate.n)
    percent = numbers.percent(required(estimate.events) / n, n)
    return (part_of_all(estimate), value(f" ({percent})", estimate, quiet=True))


def share(estimate: Estimate) -> Text:
    """A proportion in a table: "5/8 (63%)", the count first, the percentage in second ink."""
    if not estimate.exists:
        return absent(estimate)
    return (
        part_of_all(estimate),
        value(f" ({numbers.percent(required(estimate.value), required(estimate.n))})", estimate, quiet=True),
    )


def share_interval(estimate: Estimate) -> Text:
    """The interval of a proportion in a table: "24–91"."""
    if estimate.low is None or estimate.high is None:
        return absent(estimate)
    return (value(numbers.percent_interval(estimate.low, estimate.high, required(estimate.n)), estimate),)


def both_ends(estimate: Estimate) -> dict[str, Value]:
    """The ends of the interval of a proportion, for "{low}–{high}" in a sentence: "0–37%"."""
    n = required(estimate.n)
    return {
        "low": value(numbers.percent(required(estimate.low), n, sign=False), estimate),
        "high": value(numbers.percent(required(estimate.high), n), estimate),
    }


def of(estimate: Estimate, interval: bool = True) -> Text:
    """A proportion in a sentence: "5 of 8 (63%; 95% CI 24–91)"."""
    if not estimate.exists:
        return absent(estimate)
    bound = interval and estimate.low is not None and estimate.high is not None
    return say(
        "{k} of {n} ({percent}; {level} {interval})" if bound else "{k} of {n} ({percent})",
        k=value(numbers.whole(required(estimate.events)), estimate),
        n=numbers.whole(required(estimate.n)),
        percent=value(numbers.percent(required(estimate.value), required(estimate.n)), estimate),
        level=level(estimate),
        interval=value(
            numbers.percent_interval(required(estimate.low), required(estimate.high), required(estimate.n)),
            estimate,
        )
        if bound
        else "",
    )


def probability(estimate: Estimate) -> Text:
    """A survival or incidence estimate alone: "75%"."""
    return (
        (value(numbers.percent(required(estimate.value), estimate.n or 0), estimate),)
        if estimate.exists
        else absent(estimate)
    )


def probability_interval(estimate: Estimate) -> Text:
    """The limits of a survival or incidence estimate alone, in a column that may hold times, too: "32–97%"."""
    if estimate.low is None or estimate.high is None:
        return absent(estimate)
    said = numbers.percent_interval(estimate.low, estimate.high, estimate.n or 0, sign=True)
    return (value(said, estimate),)


def survival(estimate: Estimate, unit: str, se: bool = False) -> Text:
    """In a sentence: "75% (95% CI 32–97) at 1 year, with 5 at risk"; se: "0.75 (SE 0.15; 95% CI 0.32–0.97) at …", as
    a standard error is of a proportion.
    """
    when = numbers.time_point(required(estimate.time), unit)
    if not estimate.exists:
        return say("not estimable at {when} ({why})", when=when, why=estimate_words.why(estimate))
    # A Greenwood standard error of zero says that nothing happened yet, not that nothing is uncertain.
    error = estimate.se if estimate.se and se else None
    shown = numbers.probability if se else partial(numbers.percent, n=estimate.n or 0)
    if estimate.low is None or estimate.high is None:
        return say(
            "{estimate} (no interval) at {when}, with {at_risk} at risk",
            estimate=value(shown(required(estimate.value)), estimate),
            when=when,
            at_risk=value(numbers.whole(estimate.at_risk or 0), estimate),
        )
    proportions = value(numbers.probability_interval(estimate.low, estimate.high), estimate)
    return say(
        "{estimate} ({se}{level} {interval}) at {when}, with {at_risk} at risk",
        estimate=value(shown(required(estimate.value)), estimate),
        se=say("SE {se}; ", se=value(numbers.probability(error), estimate)) if error else "",
        level=level(estimate),
        interval=proportions if se else share_interval(estimate),
        when=when,
        at_risk=value(numbers.whole(estimate.at_risk or 0), estimate),
    )


def duration(estimate: Estimate, unit: str) -> Text:
    """A time without its unit: "3.0"; NR, NE."""
    return (
        (value(numbers.time(required(estimate.value), unit), estimate),)
        if estimate.exists
        else absent(estimate)
    )


def duration_interval(estimate: Estimate, unit: str) -> Text:
    """The limits of a time without its unit: "2.8–NR"; – where there is neither."""
    if estimate.low is None and estimate.high is None:
        return (value(numbers.MISSING, estimate),)
    return (value(numbers.time_interval(estimate.low, estimate.high, unit), estimate),)


def median_of(estimate: Estimate, unit: str) -> Text:
    """A median time in a sentence: "2.1 years (95% CI 1.0–NR)" or "not reached"."""
    if estimate.status is Status.NOT_REACHED:
        return (value(_("not reached"), estimate),)
    if not estimate.exists:
        return say("not estimable ({why})", why=estimate_words.why(estimate))
    if estimate.low is None and estimate.high is None:
        return say("{x} {unit}", x=duration(estimate, unit), unit=numbers.unit_name(unit))
    return say(
        "{x} {unit} ({level} {interval})",
        x=duration(estimate, unit),
        unit=numbers.unit_name(unit),
        level=level(estimate),
        interval=duration_interval(estimate, unit),
    )


def p_value(estimate: Estimate) -> Text:
    """With its test: "Fisher’s exact test, p = 0.107"."""
    if not estimate.exists:
        return say(
            "{test} not computed ({why})",
            test=estimate_words.method(estimate.method),
            why=estimate_words.why(estimate),
        )
    return say(
        "{test}, {p}",
        test=estimate_words.method(estimate.method),
        p=value(numbers.p_value(required(estimate.value)), estimate),
    )


def p_cell(estimate: Estimate | None) -> Text:
    """For a table, without test and relation: "0.107", "<0.001"; empty without an Estimate."""
    if estimate is None:
        return ()
    return (
        (value(numbers.p_cell(required(estimate.value)), estimate),) if estimate.exists else absent(estimate)
    )


def per_year(estimate: Estimate) -> Text:
    """A rate in a sentence: "0.00 per patient-year (95% CI 0–0.32)"; without its interval where it has none."""
    if estimate.high is None:
        return say(
            "{rate} per patient-year", rate=value(numbers.significant(required(estimate.value)), estimate)
        )
    return say(
        "{rate} per patient-year ({level} {low}–{high})",
        rate=value(numbers.significant(required(estimate.value)), estimate),
        level=level(estimate),
        low=value(numbers.significant(required(estimate.low)), estimate),
        high=value(numbers.significant(required(estimate.high)), estimate),
    )


def ratio(estimate: Estimate) -> Text:
    """A hazard or odds ratio: "10.43 (95% CI 0.83–1,448)"; a limit that does not exist is NE."""
    if not estimate.exists:
        return absent(estimate)
    return say(
        "{x} ({level} {interval})",
        x=ratio_alone(estimate),
        level=level(estimate),
        interval=ratio_interval(estimate),
    )


def ratio_alone(estimate: Estimate) -> Text:
    """A hazard or odds ratio without its limits: "10.43"."""
    return (
        (value(numbers.ratio(required(estimate.value)), estimate),) if estimate.exists else absent(estimate)
    )


def ratio_interval(estimate: Estimate) -> Text:
    """The limits of a ratio alone: "0.83–1,448"; one that does not exist is NE."""
    if estimate.low is None and estimate.high is None:
        return absent(estimate)
    limits = (_c("sign", "NE") if x is None else numbers.ratio(x) for x in (estimate.low, estimate.high))
    return (value(numbers.between(*limits), estimate),)


def points(estimate: Estimate) -> Text:
    """A difference of proportions in percentage points: "−18"."""
    return (
        (value(numbers.points(required(estimate.value), estimate.n or 0), estimate),)
        if estimate.exists
        else absent(estimate)
    )


def signed_points(estimate: Estimate) -> Text:
    """The same in a table, where its sign says which group has more: "+18"."""
    if not estimate.exists:
        return absent(estimate)
    return (value(numbers.points(required(estimate.value), estimate.n or 0, sign=True), estimate),)


def points_interval(estimate: Estimate) -> Text:
    """The limits of a difference in percentage points: "−60 to 24"."""
    if estimate.low is None or estimate.high is None:
        return absent(estimate)
    limits = (numbers.points(x, estimate.n or 0) for x in (estimate.low, estimate.high))
    return (value(_(" to ").join(limits), estimate),)


def difference_of_times(estimate: Estimate, unit: str) -> tuple[Text, Text]:
    """A difference of two times without its unit, and its limits: "1.6", "−1.9 to 5.1"."""
    if not estimate.exists:
        return absent(estimate), ()
    limits = [numbers.time(x, unit) for x in (estimate.low, estimate.high) if x is not None]
    shown: Text = (value(_(" to ").join(limits), estimate),) if len(limits) == 2 else absent(estimate)
    return duration(estimate, unit), shown
