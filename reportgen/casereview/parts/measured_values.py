"""Measured values of one patient over time, as small panels with the reference range behind them."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.analyses.measurement_series import Measured, measured
from reportgen.base.message import N_
from reportgen.casereview.case import Case
from reportgen.casereview.fact_words import span
from reportgen.report import Figure, Section, Text
from reportgen.stats.results import Results
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import join, say

KEY = "values"
TITLE = N_("Measured values")

MOST, DENSE = 6, 3


@dataclass(frozen=True)
class Series:
    """The patient's values of a name in one unit, by day. further: names that are not drawn, of the first alone."""

    name: str
    unit: str
    days: tuple[float, ...]
    values: tuple[float, ...]
    lower: float | None
    upper: float | None
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class ValuesFacts:
    """What is drawn, and the unit of time it is drawn in."""

    series: tuple[Series, ...]
    unit: str


def analyse(case: Case) -> Results:
    """The series of the patient, each of a name and a unit, and the unit of time they are drawn in."""
    return Results(facts={KEY: ValuesFacts(series(case), case.cohort.settings.time_unit)})


def present(results: Results) -> Section:
    """One figure; no block where nothing was measured."""
    facts: ValuesFacts = results.facts[KEY]
    return Section(KEY, _(TITLE), values_figure(facts.series, facts.unit))


def series(case: Case) -> tuple[Series, ...]:
    """What was measured of the patient, the names of most values first, as many as there is room for."""
    own = [one for one in measured(case.cohort) if case.position in one.tracks]
    own.sort(key=lambda one: -len(one.tracks[case.position][0]))
    most = DENSE if case.dense else MOST
    further = tuple(_name(one) for one in own[most:])
    return tuple(
        Series(
            one.name, one.unit, *one.tracks[case.position], one.lower, one.upper, further if not place else ()
        )
        for place, one in enumerate(own[:most])
    )


def values_figure(found: tuple[Series, ...], unit: str) -> tuple[Figure, ...]:
    """The panels; none without a value."""
    if not found:
        return ()
    from reportgen.figures.measurement_panels import Panel, measurement_panels
    from reportgen.figures.style import WIDE

    panels = [Panel(one.name, one.unit, ((one.days, one.values),), one.lower, one.upper) for one in found]
    drawing = measurement_panels("figure-values", panels, unit=unit, width_mm=WIDE)
    notes: list[Text] = []
    if any(one.lower is not None or one.upper is not None for one in found):
        notes.append(say("Shaded: the reference range, where it is the same for all values."))
    if found[0].further:
        notes.append(say("Not drawn: {names}.", names=join([(name,) for name in found[0].further])))
    caption = say("Measured values over time in {unit}.", unit=numbers.unit_name(unit))
    alt = _("Panels of values over time: {names}.", names="; ".join(_words(one, unit) for one in found))
    return (Figure("figure-values", drawing, caption, alt, "wide", tuple(notes)),)


def _name(one: Series | Measured) -> str:
    return f"{one.name} ({one.unit})" if one.unit else one.name


def _words(one: Series, unit: str) -> str:
    return _(
        "{name}, last {value} after {time}",
        name=_name(one),
        value=numbers.significant(one.values[-1], 3),
        time=span(one.days[-1], unit),
    )
