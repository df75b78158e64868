"""Measured values over time as a reader meets them: small panels, and what is not drawn."""

from __future__ import annotations

from reportgen.chapters.patients.facts import PatientFacts, Series
from reportgen.report import Figure, Text
from reportgen.writing import numbers
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, join, say


def measurement_figure(told: PatientFacts) -> list[Figure]:
    """One figure of all that was measured; none without a value."""
    shown = told.measurements
    if not shown.series:
        return []
    from reportgen.figures.measurement_panels import Panel, measurement_panels

    panels = [Panel(one.name, one.unit, one.tracks, one.lower, one.upper) for one in shown.series]
    named = {"unit": numbers.unit_name(told.unit), "origin": _(told.origin)}
    caption = say(
        "Measured over time: {names}.",
        names=join([
            say("{name} in {k}", name=one.name, k=counted(len(one.tracks), "patient")) for one in shown.series
        ]),
    )  # fmt: skip
    notes: list[Text] = [
        say("A line per patient; times in {unit} from the {origin}.", **named)
        if told.origin
        else say("A line per patient; times in {unit} from the start of treatment.", unit=named["unit"])
    ]
    if any(one.lower is not None or one.upper is not None for one in shown.series):
        notes.append(say("Shaded: the reference range, where it is the same for all values."))
    if shown.further:
        notes.append(
            say(
                "Not drawn, for fewer patients have them: {names}.", names=join([(n,) for n in shown.further])
            )
        )
    drawing = measurement_panels("figure-measurements", panels, unit=told.unit)
    alt = str(_("Panels of values over time: {names}.", names="; ".join(map(_words, shown.series))))
    return [Figure("figure-measurements", drawing, caption, alt, "full", tuple(notes))]


def _words(one: Series) -> str:
    """ "LDH (U/L), 8 patients, from 120 to 560"."""
    values = [value for _days, track in one.tracks for value in track]
    name = f"{one.name} ({one.unit})" if one.unit else one.name
    return _(
        "{name}, {n}, from {low} to {high}",
        name=name,
        n=counted(len(one.tracks), "patient"),
        low=numbers.significant(min(values), 3),
        high=numbers.significant(max(values), 3),
    )
