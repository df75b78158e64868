"""One bar per patient along time: phases of treatment, and what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from reportgen.base.message import N_
from reportgen.figures.axes import UNIT_ROOM, Axis, draw_grid, draw_time, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import Sign, draw_key, swatch
from reportgen.figures.legend import sign as key_sign
from reportgen.figures.style import (
    FULL,
    INK,
    LINE,
    NEXT_LINE,
    OFF,
    SECOND,
    SEMIBOLD,
    SMALL,
    TREATMENT,
    WHITE,
    clean,
    fit,
    width_of,
)
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER

PHASES = {
    "treatment": (TREATMENT, N_("On treatment")),
    "off": (OFF, N_("Off")),
    "next_line": (NEXT_LINE, N_("Next treatment")),
}
MARKS = {
    "response": ("circle", 0.27, WHITE, N_("Response")),
    "stop": ("bar", 0.42, INK, N_("Stopped")),
    "progression": ("triangle", 0.31, "#D55E00", N_("Progression")),
    "relapse": ("diamond", 0.27, "#D55E00", N_("Relapse")),
    "death": ("cross", 0.25, INK, N_("Death")),
}
CAUSES = ("progression", "relapse")
ONGOING = N_("Still followed")
SMALL_HEIGHT, SMALL_GAP, LEAST_ROW, LEAST_MARK = 104.0, 4.0, 7.8, 1.5


@dataclass(frozen=True)
class Phase:
    """A stretch of time in days; kind: "treatment", "off" or "next_line"."""

    start: float
    stop: float
    kind: str


@dataclass(frozen=True)
class Mark:
    """An event in days; kind: "response", "stop", "progression", "relapse" or "death"."""

    time: float
    kind: str


@dataclass(frozen=True)
class Swim:
    """A patient: all times in days from time zero; end: last seen; ongoing: still under observation then."""

    label: str
    end: float
    phases: tuple[Phase, ...] = ()
    events: tuple[Mark, ...] = ()
    ongoing: bool = False
    group: str = ""


def swimmer(
    figure_id: str,
    swims: Sequence[Swim],
    *,
    unit: str,
    cutoff_note: str = "",
    width_mm: float = FULL,
    small: bool = False,
) -> str:
    """The bars in the order given, under the name of their group where it changes; at most about 60.

    small: all bars share the height of a few, and where that leaves no room for a patient's label, only the
    groups are named, beside their first bar.
    """
    canvas = Canvas(figure_id, width_mm)
    groups = [(name, list(members)) for name, members in groupby(swims, lambda swim: swim.group)]
    heads = [name for name, _members in groups if name]
    row = 13.0 if len(swims) <= 16 else 11.6 if len(swims) <= 20 else 10.6 if len(swims) <= 32 else 9.0
    if small:
        row = min(9.2, (SMALL_HEIGHT - len(heads) * SMALL_GAP) / len(swims))
    labelled = row >= LEAST_ROW
    labels = [swim.label for swim in swims] if labelled else heads
    left = min(0.24 * canvas.width, max((width_of(clean(w), SMALL) for w in labels), default=0.0)) + 8
    left = max(left, UNIT_ROOM)
    across = time_axis(max(swim.end for swim in swims), unit, left, canvas.width - 12, 40)
    top = draw_key(canvas, _key(swims), 7.5) + (5 if small else 8)
    bottom = top + row * len(swims) + (LINE + 4 if labelled else SMALL_GAP) * len(heads)
    draw_grid(canvas, across, top, bottom)
    y = top
    for name, members in groups:
        if name and not labelled:
            y += SMALL_GAP
            canvas.small(left - 8, y + SMALL * 0.7, fit(name, left - 8, SMALL), INK, "end")
        elif name:
            canvas.text(0, y + LINE - 0.5, fit(name, canvas.width, SMALL, SEMIBOLD), INK, SMALL, SEMIBOLD)
            y += LINE + 4
        for swim in members:
            if labelled:
                canvas.small(left - 8, y + row / 2 + 2.5, fit(swim.label, left - 8, SMALL), INK, "end")
            _draw_bar(canvas, swim, across, y + row / 2, row, DAYS_PER[unit])
            y += row
    baseline = draw_time(canvas, across, bottom + 2, unit)
    if cutoff_note:
        baseline += LINE + 1
        canvas.small(canvas.width, baseline, fit(cutoff_note, canvas.width, SMALL), SECOND, "end")
    return canvas.svg(baseline + 4)


def _draw_bar(canvas: Canvas, swim: Swim, across: Axis, middle: float, row: float, days: float):
    height = 0.6 * row
    end = float(across(swim.end / days))
    canvas.rect(across.start, middle - height / 2, max(end - across.start, 0.6), height, OFF)
    for phase in swim.phases:
        start, stop = (across.clip(min(t, swim.end) / days) for t in (phase.start, phase.stop))
        colour = PHASES[phase.kind][0]
        canvas.rect(start, middle - height / 2, max(stop - start, 0.6), height, colour)
    order = list(MARKS)
    others = [mark for mark in swim.events if mark.kind != "death"]
    close = 6.0 * days * (across.high - across.low) / (across.stop - across.start)
    clear = 4.0 if any(abs(swim.end - m.time) < close for m in others if m.kind in CAUSES) else 0.0
    if swim.ongoing:
        canvas.line(((end, middle), (end + clear + 3, middle)), INK, 0.8)
        canvas.marker(end + clear + 4.6, middle, "arrow", 2.1, INK)
    for mark in sorted(swim.events, key=lambda mark: order.index(mark.kind)):
        if mark.kind == "stop" and any(
            abs(mark.time - m.time) < close / 2 for m in others if m.kind in CAUSES
        ):
            continue  # the change of colour says it, and two signs at one place say nothing
        kind, share, colour, _words = MARKS[mark.kind]
        x, size = across.clip(mark.time / days), max(share * row, LEAST_MARK)
        if mark.kind == "death":  # behind the bar, clear of what happened shortly before
            x += size + 2.0 + clear
        _draw_mark(canvas, x, middle, kind, size, colour)


def _draw_mark(canvas: Canvas, x: float, y: float, kind: str, size: float, colour: str):
    if kind == "bar":
        canvas.line(((x, y - size), (x, y + size)), WHITE, 2.6)
        canvas.line(((x, y - size), (x, y + size)), colour, 1.2)
    elif colour == WHITE:
        canvas.marker(x, y, "ring", size * 0.82, INK)
    else:
        canvas.marker(x, y, kind, size, colour, halo=True)


def _key(swims: Sequence[Swim]) -> list[tuple[Sign, float, str]]:
    """What occurs, in a fixed order."""
    phases = {phase.kind for swim in swims for phase in swim.phases}
    marks = {mark.kind for swim in swims for mark in swim.events}
    items = [(swatch(colour), 7.0, _(words)) for kind, (colour, words) in PHASES.items() if kind in phases]
    for kind, (shape, _share, colour, words) in MARKS.items():
        if kind in marks:
            items.append((_mark_sign(shape, colour), 7.0, _(words)))
    if any(swim.ongoing for swim in swims):
        items.append((key_sign("arrow", 2.1, INK), 7.0, _(ONGOING)))
    return items


def _mark_sign(shape: str, colour: str) -> Sign:
    return lambda canvas, x, y: _draw_mark(canvas, x + 3.5, y, shape, 3.4, colour)
