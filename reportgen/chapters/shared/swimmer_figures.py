"""Swimmer figures from plain listings: the course of each patient from the start of treatment.

A swim is a dict: label, group ("" where there are none), end (days), ongoing (alive at the end), phases
((start, stop, kind) with kind treatment, off or next_line), marks ((time, kind) with kind response, relapse,
stop or death). The chapter "patients" lists them in printed order; the summary may draw the same listing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from reportgen.base.message import N_
from reportgen.report import Figure, Text
from reportgen.writing import dates, numbers
from reportgen.writing.language import _, _n
from reportgen.writing.narrative import say
from reportgen.writing.shares import group

MOST_ALONE, MOST_BARS = 30, 20
MARKS = {
    "response": N_("first response in {n}"),
    "relapse": N_("relapse in {n}"),
    "stop": N_("stop of treatment in {n}"),
    "death": N_("death in {n}"),
}


def in_words(swims: Sequence[Mapping], facts: Mapping) -> list[Mapping]:
    """The same with the groups as they are said."""
    return [{**swim, "group": swim["group"] and group(facts, swim["group"])} for swim in swims]


def swimmer_figures(
    id: str, swims: Sequence[Mapping], unit: str, cutoff: str | None = None
) -> tuple[Figure, ...]:
    """One figure for up to 30 patients, else of half a page each, evenly filled; none for no patients.

    cutoff: the ISO date that is noted under the bars, where there is one.
    """
    if not swims:
        return ()
    count = ceil(len(swims) / MOST_BARS) if len(swims) > MOST_ALONE else 1
    size = ceil(len(swims) / count)
    parts = [swims[i : i + size] for i in range(0, len(swims), size)]
    note = _("Cut-off {day}", day=dates.date(cutoff)) if cutoff else ""
    return tuple(
        _figure(id if len(parts) == 1 else f"{id}-{place}", part, unit, note, (place, len(parts)))
        for place, part in enumerate(parts, start=1)
    )


def small_swimmer(id: str, swims: Sequence[Mapping], unit: str) -> Figure:
    """All patients in one figure of the same height however many they are, for the first page."""
    return _figure(id, swims, unit, "", (1, 1), small=True)


def _figure(
    id: str, swims: Sequence[Mapping], unit: str, note: str, place: tuple[int, int], small: bool = False
) -> Figure:
    from reportgen.figures.swimmer import Mark, Phase, Swim, swimmer

    drawn = [
        Swim(
            label=swim["label"],
            end=swim["end"],
            phases=tuple(Phase(*phase) for phase in swim["phases"]),
            events=tuple(Mark(*mark) for mark in swim["marks"]),
            ongoing=swim["ongoing"],
            group=swim["group"],
        )
        for swim in swims
    ]
    svg = swimmer(id, drawn, unit=unit, cutoff_note=note, small=small)
    return Figure(id, svg, _caption(swims, place), alternative(swims, unit))


def _caption(swims: Sequence[Mapping], place: tuple[int, int]) -> Text:
    n = numbers.whole(len(swims))
    if place[1] == 1:
        return say(
            "Course of each patient from the start of treatment (n = {n}). An arrow means alive and under observation "
            "at the last contact.",
            n=n,
        )
    return say(
        "Course of each patient from the start of treatment, part {place} of {all}, with an axis of its own (n = {n}). "
        "An arrow means alive and under observation at the last contact.",
        place=str(place[0]),
        all=str(place[1]),
        n=n,
    )


def alternative(swims: Sequence[Mapping], unit: str) -> str:
    """The figure in words: how many, how long, and how many of each mark."""
    ends = [swim["end"] for swim in swims]
    said = _n(
        "One bar for each of {n} patient, observed for {low} to {high} {unit}",
        "One bar for each of {n} patients, observed for {low} to {high} {unit}",
        len(swims),
        n=numbers.whole(len(swims)),
        low=numbers.time(min(ends), unit),
        high=numbers.time(max(ends), unit),
        unit=numbers.unit_name(unit),
    )
    for kind, words in MARKS.items():
        having = sum(any(mark[1] == kind for mark in swim["marks"]) for swim in swims)
        said += f"; {_(words, n=numbers.whole(having))}"
    alive = sum(swim["ongoing"] for swim in swims)
    return f"{said}; {_('{n} alive at the last contact', n=numbers.whole(alive))}."
