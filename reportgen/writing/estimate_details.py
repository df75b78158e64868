"""What a number tells when it is asked: of how many, with how many events, and how it came about; rounded."""

from __future__ import annotations

import numpy as np

from reportgen.report import Steps
from reportgen.stats.results import Curve, Estimate, Results
from reportgen.writing import numbers
from reportgen.writing.language import _, _n

SURVIVAL, INCIDENCE = "survival", "cumulative_incidence"
KINDS = {SURVIVAL: "kaplan_meier", INCIDENCE: "cumulative_incidence"}
SHARES = ("proportion", "any_grade", "grade_3_plus", "grade_5", "related_any_grade", "related_grade_3_plus")
MOST_STEPS = 12


def story(e: Estimate, unit: str) -> str:
    """ "21%: of 120 patients 77 had an event by 3 years, 10 were still at risk." "" where nothing is to be told."""
    if e.value is None or e.n is None:
        return ""
    if e.statistic in KINDS and e.time is not None and e.events is not None and e.at_risk is not None:
        return _n(
            "{value}: of {n} patient, {events} had an event by {time}, {at_risk} still at risk then.",
            "{value}: of {n} patients, {events} had an event by {time}, {at_risk} still at risk then.",
            e.n,
            value=numbers.percent(e.value, e.n),
            n=numbers.whole(e.n),
            events=numbers.whole(e.events),
            time=numbers.time_point(e.time, unit),
            at_risk=numbers.whole(e.at_risk),
        )
    if e.statistic == "median_time" and e.events is not None:
        return _n(
            "{value} {unit}: of {n} patient, {events} had an event; by this time half are estimated to have had it.",
            "{value} {unit}: of {n} patients, {events} had an event; by this time half are estimated to have had it.",
            e.n,
            value=numbers.time(e.value, unit),
            unit=numbers.unit_name(unit),
            n=numbers.whole(e.n),
            events=numbers.whole(e.events),
        )
    if e.statistic in SHARES and e.events is not None:
        return _n(
            "{percent}: {events} of {n} patient.",
            "{percent}: {events} of {n} patients.",
            e.n,
            percent=numbers.percent(e.value, e.n),
            events=numbers.whole(e.events),
            n=numbers.whole(e.n),
        )
    return ""


def steps_to(e: Estimate, results: Results, unit: str) -> Steps | None:
    """The events of the curve up to the time of an estimate, the last of them where there are many; None without."""
    kind = KINDS.get(e.statistic)
    if kind is None or e.time is None or e.value is None:
        return None
    curve = next(
        iter(results.select_curves(section=e.section, endpoint=e.endpoint, group=e.group, kind=kind)), None
    )
    return None if curve is None else _rows(curve, e.time, unit)


def _rows(curve: Curve, until: float, unit: str) -> Steps | None:
    steps = curve.steps
    places = np.flatnonzero((steps.events > 0) & (steps.time <= until))
    if not len(places):
        return None
    rows = tuple(
        (
            numbers.time(float(steps.time[i]), unit),
            numbers.whole(float(steps.at_risk[i])),
            numbers.whole(float(steps.events[i])),
            numbers.percent(float(steps.estimate[i]), curve.n),
        )
        for i in places[-MOST_STEPS:]
    )
    heads = (numbers.unit_name(unit).capitalize(), _("At risk"), _("Events"), _("Estimate"))
    return Steps(heads, rows, len(places) - len(rows))
