"""Measured values over time as a reader meets them: small panels, and what is not drawn."""

from __future__ import annotations

from functools import partial

from reportgen.base.required import required
from reportgen.chapters.patients.facts import KEY, PatientFacts, Series
from reportgen.chapters.shared.drawings import drawings
from reportgen.report import Figure, Text
from reportgen.stats.results import Estimate, Results
from reportgen.writing import numbers, shares
from reportgen.writing.language import _
from reportgen.writing.narrative import counted, join, say


def measurement_figure(results: Results) -> list[Figure]:
    """One figure of all that was measured; none without a value."""
    told: PatientFacts = results.facts[KEY]
    shown = told.measurements
    if not shown.series:
        return []
    from reportgen.figures.measurement_panels import Panel, measurement_panels

    drawn = {one: _medians(results, one) for one in shown.series}
    groups = list(dict.fromkeys(group for found in drawn.values() for group in found if group != "all"))
    panels = [
        Panel(one.name, one.unit, one.tracks, one.lower, one.upper,
              [_line(found.get(group, [])) for group in groups or found])
        for one, found in drawn.items()
    ]  # fmt: skip
    named = {"unit": numbers.unit_name(told.unit), "origin": _(told.origin)}
    caption = say("Measured over time: {names}.", names=_counted(shown.series))
    notes: list[Text] = [
        say("A line per patient; times in {unit} from the {origin}.", **named)
        if told.origin
        else say("A line per patient; times in {unit} from the start of treatment.", unit=named["unit"])
    ]
    if any(one.lower is not None or one.upper is not None for one in shown.series):
        notes.append(say("Shaded: the reference range, where it is the same for all values."))
    if any(panel.medians for panel in panels):
        notes.append(_of_medians(told, groups))
    if shown.further:
        notes.append(
            say(
                "Not drawn, for fewer patients have them: {names}.", names=join([(n,) for n in shown.further])
            )
        )
    words = [shares.group(told, group) for group in groups]
    draw = partial(measurement_panels, "figure-measurements", panels, unit=told.unit, groups=words)
    drawing, narrow = drawings(draw)
    alt = str(_("Panels of values over time: {names}.", names="; ".join(map(_words, shown.series))))
    return [Figure("figure-measurements", drawing, caption, alt, "full", tuple(notes), narrow=narrow)]


def _medians(results: Results, one: Series) -> dict[str, list[Estimate]]:
    """Group → its medians over time; those of "all" alone where no groups have any."""
    name = f"{one.name} ({one.unit})" if one.unit else one.name
    found: dict[str, list[Estimate]] = {}
    for e in results.select(section=KEY, variable=f"measurement: {name}", statistic="median"):
        found.setdefault(e.group, []).append(e)
    return {group: rows for group, rows in found.items() if group != "all" or len(found) == 1}


def _line(rows: list[Estimate]) -> tuple[list[float], list[float]]:
    return [required(e.time) for e in rows], [required(e.value) for e in rows]


def _of_medians(told: PatientFacts, groups: list[str]) -> Text:
    """What the thick lines are, and who is not in them."""
    whose = {"few": numbers.spelled(told.few_at_risk), "label": told.group_label}
    return (
        say(
            "Thick: the median by {label}, at multiples of the usual interval, of {few} patients or more; "
            "whoever is no longer measured is not in it.",
            **whose,
        )
        if groups
        else say(
            "Thick: the median, at multiples of the usual interval, of {few} patients or more; whoever is no longer "
            "measured is not in it.",
            few=whose["few"],
        )
    )


def _counted(series: tuple[Series, ...]) -> Text:
    """ "LDH and ALT in 60 patients each"; one by one where they differ."""
    sizes = {len(one.tracks) for one in series}
    if len(series) > 1 and len(sizes) == 1:
        names = join([(one.name,) for one in series])
        return say("{names} in {k} each", names=names, k=counted(sizes.pop(), "patient"))
    return join(
        [say("{name} in {k}", name=one.name, k=counted(len(one.tracks), "patient")) for one in series]
    )


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
