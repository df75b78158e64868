"""Measured values over time: how many there are, and what is drawn of them."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analyses.measurement_medians import medians
from reportgen.analyses.measurement_series import Measured, measured
from reportgen.base.message import message
from reportgen.chapters.patients.facts import KEY, MOST_PANELS, MOST_SWIMS, Measurements, Series
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate


def drawn_measurements(cohort: Cohort) -> Measurements:
    """The names of most patients; of a cohort of too many to draw none."""
    found = measured(cohort) if cohort.n <= MOST_SWIMS else ()
    series = tuple(
        Series(one.name, one.unit, tuple(one.tracks.values()), one.lower, one.upper)
        for one in found[:MOST_PANELS]
    )
    return Measurements(series, tuple(_name(one) for one in found[MOST_PANELS:]))


def measurement_counts(cohort: Cohort) -> tuple[Estimate, ...]:
    """Per name and unit the number of dated values, n the patients who have one."""
    return tuple(
        Estimate(
            "count",
            section=KEY,
            variable=f"measurement: {_name(one)}",
            value=one.values,
            n=len(one.tracks),
            method=message("dated values"),
        )
        for one in measured(cohort)
    )


def measurement_medians(cohort: Cohort) -> tuple[Estimate, ...]:
    """Of what is drawn, the medians over time; nothing of few patients, whose lines are told apart."""
    shown = measured(cohort)[:MOST_PANELS] if cohort.n <= MOST_SWIMS else ()
    return tuple(
        replace(e, section=KEY, variable=f"measurement: {_name(one)}")
        for one in shown
        for e in medians(cohort, one)
    )


def _name(one: Measured) -> str:
    return f"{one.name} ({one.unit})" if one.unit else one.name
