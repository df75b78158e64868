"""Swimmer figures from plain listings: the course of each patient from the start of treatment.

A swim is a dict: label, group ("" where there are none), end (days), ongoing (alive at the end), phases
((start, stop, kind) with kind treatment, off or next_line), marks ((time, kind) with kind response, relapse,
stop or death). The chapter "patients" lists them in printed order; the summary may draw the same listing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil

from reportgen.present import numbers
from reportgen.present.narrative import plural, say
from reportgen.report import Figure, Text

MOST_ALONE, MOST_BARS = 30, 20
MARKS = {"response": "first response", "relapse": "relapse", "stop": "stop of treatment", "death": "death"}


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
    note = f"Cut-off {numbers.date(cutoff)}" if cutoff else ""
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
    from reportgen.present.figures.swimmer import Mark, Phase, Swim, swimmer

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
    part = f", part {place[0]} of {place[1]}, with an axis of its own" if place[1] > 1 else ""
    return say(
        "Course of each patient from the start of treatment{part} (n = {n}). An arrow means alive and under "
        "observation at the last contact.",
        part=part,
        n=numbers.whole(len(swims)),
    )


def alternative(swims: Sequence[Mapping], unit: str) -> str:
    """The figure in words: how many, how long, and how many of each mark."""
    ends = [swim["end"] for swim in swims]
    said = f"One bar for each of {numbers.whole(len(swims))} {plural(len(swims), 'patient')}, "
    said += f"observed for {numbers.time(min(ends), unit)} to {numbers.time(max(ends), unit)} {unit}"
    for kind, words in MARKS.items():
        having = sum(any(mark[1] == kind for mark in swim["marks"]) for swim in swims)
        said += f"; {words} in {numbers.whole(having)}"
    alive = sum(swim["ongoing"] for swim in swims)
    return f"{said}; {numbers.whole(alive)} alive at the last contact."
