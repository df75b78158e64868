"""Many patients on one page: a thin bar each along one axis of time, by group, the longest observed first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reportgen.base.drawing import Drawing
from reportgen.base.message import N_
from reportgen.figures.axes import UNIT_ROOM, Axis, draw_grid, draw_time, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import Sign, draw_key, swatch
from reportgen.figures.style import (
    INK,
    LINE,
    MM,
    NEXT_LINE,
    OFF,
    SECOND,
    SMALL,
    TREATMENT,
    WHITE,
    WIDE,
    clean,
    fit,
    width_of,
    wrap,
)
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER

ROW, TALLEST = 1.0 * MM, 100.0 * MM  # of a row; of all rows together, where they are more than MOST
CLOSE = 0.5 * MM  # of a row; lower ones have no gap between them
MOST = 130  # rows of their own height, which leave half a page for what follows
GAP, NAME_ROOM, NAME_LINES = 5.0, 78.0, 4
PHASES = {
    "treatment": (TREATMENT, N_("On treatment")),
    "next_line": (NEXT_LINE, N_("Next treatment")),
    "off": (OFF, N_("Off")),
}
MARKS = {"relapse": N_("Relapse"), "death": N_("Death")}
# Of events of one's own, as in the matrix; their size, where rows are high enough, and the room of a name.
OWN_SHAPES, OWN_SIZE, MOST_OWN = ("box", "ring", "lozenge"), 1.7, 90.0
ONGOING = N_("Still followed")


@dataclass(frozen=True)
class Phase:
    """A stretch of time in days; kind: "treatment", "off" or "next_line"."""

    start: float
    stop: float
    kind: str


@dataclass(frozen=True)
class Mark:
    """An event in days; kind: "relapse", "death", or a key of the names of further ones ("own 0")."""

    time: float
    kind: str


@dataclass(frozen=True)
class Swim:
    """A patient: all times in days from time zero; end: last seen; ongoing: still under observation then.

    group: the head that it stands under; of: the group of patients that it is of, "" where none are compared.
    """

    end: float
    phases: tuple[Phase, ...] = ()
    events: tuple[Mark, ...] = ()
    ongoing: bool = False
    group: str = ""
    of: str = ""


def swimmer(
    figure_id: str, swims: Sequence[Swim], *, unit: str, cutoff_note: str = "", width_mm: float = WIDE,
    own: Mapping[str, str] | None = None,
) -> Drawing:  # fmt: skip
    """The bars in the order given, under one another, each group named at its side; lower than a page at any number.

    own: names of further events by their kinds ("own 0"), drawn in OWN_SHAPES as in the matrix of patients.
    """
    canvas = Canvas(figure_id, width_mm)
    groups = [(name, list(members)) for name, members in groupby(swims, lambda swim: swim.group)]
    names = [name for name, _members in groups if name]
    row = ROW if len(swims) <= MOST else TALLEST / len(swims)
    left = max(min(NAME_ROOM, max((width_of(clean(n), SMALL) for n in names), default=0.0)) + 8, UNIT_ROOM)
    across = time_axis(max(swim.end for swim in swims), unit, left, canvas.width - 10, 40)
    top = draw_key(canvas, _key(swims, own or {}), 7.5) + 8
    heights = [_height(name, len(members), row) for name, members in groups]
    bottom = top + sum(heights) + GAP * (len(groups) - 1) + 2
    draw_grid(canvas, across, top, bottom)
    y = top
    for (name, members), height in zip(groups, heights, strict=True):
        with canvas.of(members[0].of):
            for k, line in enumerate(wrap(name, NAME_ROOM, NAME_LINES, SMALL) if name else ()):
                canvas.small(0, y + SMALL * 0.75 + k * LINE, line, INK)
            for k, swim in enumerate(members):
                _draw_bar(canvas, swim, across, y + (k + 0.5) * row, row, DAYS_PER[unit])
        y += height + GAP
    baseline = draw_time(canvas, across, bottom, unit)
    if cutoff_note:
        canvas.small(canvas.width, baseline + LINE, fit(cutoff_note, canvas.width, SMALL), SECOND, "end")
        baseline += LINE
    return canvas.drawing(baseline + 4)


def _height(name: str, count: int, row: float) -> float:
    """As high as its bars, and at least as its name."""
    lines = len(wrap(name, NAME_ROOM, NAME_LINES, SMALL)) if name else 0
    return max(count * row, lines * LINE)


def _draw_bar(canvas: Canvas, swim: Swim, across: Axis, middle: float, row: float, days: float):
    # Gaps finer than a hair would flicker on every screen: rows so low stand close.
    height, end = 0.74 * row if row > CLOSE else row, across.clip(swim.end / days)
    canvas.rect(across.start, middle - height / 2, max(end - across.start, 0.6), height, OFF)
    for phase in swim.phases:
        start, stop = (across.clip(min(t, swim.end) / days) for t in (phase.start, phase.stop))
        if phase.kind != "off":
            canvas.rect(start, middle - height / 2, max(stop - start, 0.6), height, PHASES[phase.kind][0])
    for mark in swim.events:
        _draw_mark(canvas, mark.kind, across.clip(mark.time / days), middle, row)
    if swim.ongoing:
        canvas.marker(end + 1.8, middle, "arrow", min(1.2, 0.45 * row), SECOND)


def _draw_mark(canvas: Canvas, kind: str, x: float, middle: float, row: float):
    half = row / 2
    if kind.startswith("own"):
        shape = OWN_SHAPES[int(kind.rpartition(" ")[2]) % len(OWN_SHAPES)]
        canvas.marker(x, middle, shape, min(OWN_SIZE, 0.55 * row), INK, halo=True)
    elif kind == "relapse":
        canvas.rect(x - 1.4, middle - half, 2.8, row, WHITE)
        canvas.rect(x - 0.7, middle - half, 1.4, row, INK)
    else:
        canvas.marker(x + 0.45 * row, middle, "circle", 0.45 * row, INK)


def _key(swims: Sequence[Swim], own: Mapping[str, str]) -> list[tuple[Sign, float, str]]:
    """What occurs, in a fixed order."""
    phases = {phase.kind for swim in swims for phase in swim.phases}
    marks = {mark.kind for swim in swims for mark in swim.events}
    items: list[tuple[Sign, float, str]] = [
        (swatch(colour), 7.0, _(words)) for kind, (colour, words) in PHASES.items() if kind in phases
    ]
    items += [(_mark_sign(kind), 6.0, _(words)) for kind, words in MARKS.items() if kind in marks]
    items += [
        (_mark_sign(kind), 6.0, fit(clean(name), MOST_OWN, SMALL))
        for kind, name in own.items()
        if kind in marks
    ]
    if any(swim.ongoing for swim in swims):
        items.append((lambda canvas, x, y: canvas.marker(x + 3, y, "arrow", 1.6, SECOND), 6.0, _(ONGOING)))
    return items


def _mark_sign(kind: str) -> Sign:
    return lambda canvas, x, y: _draw_mark(canvas, kind, x + 2, y, ROW if kind == "death" else 2 * ROW)
