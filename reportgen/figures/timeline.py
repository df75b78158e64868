"""The course of one patient: tumour size, lines of treatment, events and severe toxicities, on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from reportgen.base.drawing import Drawing
from reportgen.base.message import N_
from reportgen.figures.axes import TIME_STEPS, Axis, draw_grid, round_ticks, tick_word
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import Sign, draw_key, sign, swatch
from reportgen.figures.style import (
    ACCENT,
    FAINT,
    FULL,
    GRADES,
    HAIRLINE,
    INK,
    LINE,
    NEXT_LINE,
    OFF,
    SECOND,
    SMALL,
    TREATMENT,
    WHITE,
    clean,
    fit,
    ink_on,
    width_of,
)
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER, MINUS, significant, unit_name

MARKS = {
    "response": ("ring", 2.6, INK, N_("First response")),
    "stop": ("bar", 4.0, INK, N_("Index treatment stopped")),
    "relapse": ("diamond", 2.9, INK, N_("Relapse or progression")),
    "death": ("cross", 2.7, INK, N_("Death")),
}
OWN_SHAPES = ("box", "lozenge", "delta")
SEVERE = (3, 4, 5)
TALL = {3: 5.5, 4: 8.0, 5: 10.5}
FEW_TICKS, ROOM_OF_TICKS = 14, 20.0
FURTHER = N_("further lines")
SIZES = N_("Sum of diameters, mm")
PANEL = 46.0
EDGE = 16.0
ASIDE, LEVEL = 6.5, 8.5  # of two marks: the least distance on a level, and that of levels


@dataclass(frozen=True)
class Bar:
    """A line of treatment, in days from the start of the index treatment.

    label: "" for a line that shares a row with its like. index: whether it is the index treatment. continues:
    not known to have stopped. response: written in it.
    """

    label: str
    start: float
    stop: float
    index: bool = False
    continues: bool = False
    response: str = ""


@dataclass(frozen=True)
class Course:
    """All times in days from the start of the index treatment.

    marks: (day, "response", "stop", "relapse" or "death"). toxicities: (day, grade) of grade 3 or more.
    sizes: (day, sum of diameters in mm), by day. end: last seen; ongoing: alive then. cutoff: the day of the
    data cut-off, or None. own: (day, name) of further events, drawn in OWN_SHAPES.
    """

    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, str], ...]
    toxicities: tuple[tuple[float, int], ...]
    sizes: tuple[tuple[float, float], ...]
    end: float
    ongoing: bool
    cutoff: float | None = None
    own: tuple[tuple[float, str], ...] = ()


def timeline(figure_id: str, course: Course, *, unit: str, width_mm: float = FULL) -> Drawing:
    """From top to bottom: key, tumour size (when measured), a row per line of treatment, events, toxicities."""
    canvas = Canvas(figure_id, width_mm)
    rows = _rows(course.bars)
    names = [name for name, _bars in rows] + [_("Grade ≥ 3"), _("Events")]
    left = min(0.25 * canvas.width, max(width_of(clean(name), SMALL) for name in names) + 8.5)
    left = max(left, width_of(_(SIZES), SMALL) + 16) if course.sizes else left
    across = _axis(course, unit, left, canvas.width - EDGE)
    days = DAYS_PER[unit]
    y = draw_key(canvas, _key(course), 7.5) + 9
    top = y
    row = 12.5 if len(rows) <= 6 else 10.2
    panel = PANEL + 10 if course.sizes else 0.0
    stacked = LEVEL * max((level for _kind, _x, level in _placed(course, across, days)), default=0)
    bottom = y + panel + row * (len(rows) + 1) + stacked + (ROOM_OF_TICKS if course.toxicities else 0.0) + 5
    draw_grid(canvas, across, top, bottom)
    zero = float(across(0.0))
    canvas.line(((zero, top), (zero, bottom)), HAIRLINE, 0.7)
    if course.cutoff is not None:
        struck = float(across(course.cutoff / days))
        canvas.line(((struck, top), (struck, bottom)), ACCENT, 0.7, (1.6, 1.6))
    if course.sizes:
        _draw_sizes(canvas, course, across, days, (y, y + PANEL))
        y += panel
    for name, bars in rows:
        for bar in bars:
            _draw_bar(canvas, bar, across, days, (y + row / 2, row))
        canvas.small(left - 8, y + row / 2 + 2.5, fit(name, left - 8, SMALL), INK, "end")
        y += row
    _draw_events(canvas, course, across, days, y + row / 2)
    canvas.small(left - 8, y + row / 2 + 2.5, _("Events"), SECOND, "end")
    y += row + stacked + 1
    if course.toxicities:
        _draw_toxicities(canvas, course, across, days, y + ROOM_OF_TICKS - 2)
        canvas.small(left - 8, y + ROOM_OF_TICKS - 3, _("Grade ≥ 3"), SECOND, "end")
    return canvas.drawing(_draw_time(canvas, across, bottom, unit) + 4)


def _rows(bars: Sequence[Bar]) -> list[tuple[str, list[Bar]]]:
    """A row for each bar; those without a name that follow one another share one."""
    rows: list[tuple[str, list[Bar]]] = []
    for bar in bars:
        if bar.label or not rows or rows[-1][0] != _(FURTHER):
            rows.append((bar.label or _(FURTHER), []))
        rows[-1][1].append(replace(bar, response="") if not bar.label else bar)
    return rows


def _axis(course: Course, unit: str, start: float, stop: float) -> Axis:
    """From the earliest line (or measurement) to the last contact; ticks are whole steps from time zero."""
    days = DAYS_PER[unit]
    times = [
        course.end,
        course.cutoff or 0.0,
        *(bar.start for bar in course.bars),
        *(bar.stop for bar in course.bars),
    ]
    times += [day for day, _what in (*course.marks, *course.own, *course.toxicities, *course.sizes)]
    low, high = min(0.0, *times) / days, max(1e-9, *times) / days
    high = max(high, TIME_STEPS[unit][0] / 2 if unit != "days" else 1.0)
    least = (high - low) * max(24.0 / (stop - start), 1 / 9)
    steps = TIME_STEPS[unit]
    step = next((step for step in steps if step >= least), steps[-1] * ceil(least / steps[-1]))
    ticks = tuple(step * k for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1))
    return Axis(low, high, start, stop, ticks)


def _draw_sizes(canvas: Canvas, course: Course, across: Axis, days: float, room: tuple[float, float]):
    top, foot = room
    highest = max(size for _day, size in course.sizes) or 1.0
    up = Axis(0.0, highest, foot, top + 8, round_ticks(0.0, highest, 2))
    x = np.array([float(across(day / days)) for day, _size in course.sizes])
    y = np.array([float(up(size)) for _day, size in course.sizes])
    canvas.line(((across.start, foot), (across.stop, foot)), FAINT, 0.5)
    for tick in up.ticks:
        canvas.small(across.start - 8, float(up(tick)) + 2.6, tick_word(tick), SECOND, "end")
    canvas.small(0, top + 4, _(SIZES), SECOND)
    if len(x) > 1:
        canvas.line(np.column_stack([x, y]), INK, 1.0)
    taken, smallest = -1e9, int(np.argmax(y))
    struck = None if course.cutoff is None else float(across(course.cutoff / days))
    for i, place in enumerate(zip(x, y, strict=True)):
        canvas.marker(*place, "circle", 1.7, INK)
        size = course.sizes[i][1]
        words = tick_word(size) if size == round(size) else significant(size, 3)
        wide = width_of(words, SMALL)
        end = i in (0, smallest, len(x) - 1)
        if (
            (end or len(x) <= 12)
            and place[0] - wide / 2 > taken + 2
            and (i == len(x) - 1 or x[-1] - place[0] > wide + 3)
        ):
            at = _beside(place[0], wide, struck)
            canvas.small(at, place[1] - 4.5, words, INK, "middle")
            taken = at + wide / 2


def _beside(x: float, wide: float, line: float | None) -> float:
    """Where words of a width stand over a point, left of an upright line that would strike them."""
    if line is None or abs(x - line) > wide / 2 + 2:
        return x
    return line - wide / 2 - 2


def _draw_bar(canvas: Canvas, bar: Bar, across: Axis, days: float, place: tuple[float, float]):
    middle, row = place
    height, colour = 0.62 * row, TREATMENT if bar.index else NEXT_LINE
    start, stop = (across.clip(day / days) for day in (bar.start, bar.stop))
    wide = max(stop - start, 1.6)
    canvas.rect(start, middle - height / 2, wide, height, colour)
    if bar.continues:
        canvas.marker(start + wide + 4.2, middle, "arrow", 2.1, INK)
    said = width_of(bar.response, SMALL)
    if bar.response and wide > said + 6:
        canvas.small(start + 3, middle + 2.6, bar.response, ink_on(colour))
    elif bar.response:
        gap = 9.0 if bar.continues else 3.0
        canvas.small(start + wide + gap, middle + 2.6, bar.response, INK)


def _draw_events(canvas: Canvas, course: Course, across: Axis, days: float, middle: float):
    """The time under observation, and the marks on it; each at its day: those at one place stand below one another."""
    end = across.clip(course.end / days)
    begin = across.clip(0.0)
    canvas.rect(begin, middle - 1.2, max(end - begin, 0.6), 2.4, OFF)
    if course.ongoing:
        canvas.line(((end, middle), (end + 5, middle)), INK, 0.8)
        canvas.marker(end + 6.6, middle, "arrow", 2.1, INK)
    signs = {**MARKS, **_own(course)}
    for kind, x, level in _placed(course, across, days):
        shape, size, colour, _said = signs[kind]
        _draw_mark(canvas, x, middle + LEVEL * level, shape, size, colour)


def _placed(course: Course, across: Axis, days: float) -> list[tuple[str, float, int]]:
    """(kind, x, level) of every mark, by its day: on the first level where it covers no other."""
    order = [*MARKS, *_own(course)]
    free: list[float] = []
    placed: list[tuple[str, float, int]] = []
    for day, kind in sorted((*course.marks, *course.own), key=lambda mark: (mark[0], order.index(mark[1]))):
        x = float(across.clip(day / days))
        level = next((level for level, begins in enumerate(free) if x >= begins), len(free))
        free[level : level + 1] = [x + ASIDE]
        placed.append((kind, x, level))
    return placed


def _own(course: Course) -> dict[str, tuple[str, float, str, str]]:
    """Name → sign, of the further events that occur."""
    names = dict.fromkeys(name for _day, name in course.own)
    return {name: (OWN_SHAPES[k % len(OWN_SHAPES)], 2.4, INK, name) for k, name in enumerate(names)}


def _draw_mark(canvas: Canvas, x: float, y: float, shape: str, size: float, colour: str):
    if shape == "bar":
        canvas.line(((x, y - size), (x, y + size)), WHITE, 2.6)
        canvas.line(((x, y - size), (x, y + size)), colour, 1.3)
    else:
        canvas.marker(x, y, shape, size, colour, halo=True)


def _draw_toxicities(canvas: Canvas, course: Course, across: Axis, days: float, foot: float):
    """The graver before the milder and taller; a few also bear their grade, where it covers no other tick."""
    canvas.line(((across.start, foot), (across.stop, foot)), FAINT, 0.5)
    taken: list[float] = []
    for day, grade in sorted(course.toxicities, key=lambda tick: (tick[1], tick[0])):
        x = across.clip(day / days)
        canvas.rect(x - 1.4, foot - TALL[grade], 2.8, TALL[grade], GRADES[grade - 1])
        if len(course.toxicities) <= FEW_TICKS and all(abs(x - other) > 5 for other in taken):
            canvas.small(x, foot - TALL[5] - 1.5, str(grade), INK, "middle")
        taken.append(x)


def _draw_time(canvas: Canvas, axis: Axis, y: float, unit: str) -> float:
    canvas.line(((axis.start, y), (axis.stop, y)))
    baseline = y + 10.4
    canvas.lines((((axis(t), y), (axis(t), y + 3)) for t in axis.ticks), INK)
    for tick in axis.ticks:
        word = tick_word(abs(tick))
        canvas.small(float(axis(tick)), baseline, f"{MINUS}{word}" if tick < 0 else word, SECOND, "middle")
    canvas.small(0, baseline, unit_name(unit).capitalize(), SECOND)
    return baseline + (LINE - 8)


def _key(course: Course) -> list[tuple[Sign, float, str]]:
    """What occurs, in a fixed order."""
    items: list[tuple[Sign, float, str]] = []
    if any(bar.index for bar in course.bars):
        items.append((swatch(TREATMENT), 7.0, _("Index treatment")))
    if any(not bar.index for bar in course.bars):
        items.append((swatch(NEXT_LINE), 7.0, _("Other line")))
    kinds = {kind for _day, kind in course.marks}
    items += [(_mark_sign(*MARKS[kind][:3]), 7.0, _(MARKS[kind][3])) for kind in MARKS if kind in kinds]
    items += [(_mark_sign(*parts[:3]), 7.0, clean(parts[3])) for parts in _own(course).values()]
    if course.ongoing or any(bar.continues for bar in course.bars):
        items.append((sign("arrow", 2.1, INK), 7.0, _("Continues")))
    grades = {grade for _day, grade in course.toxicities}
    items += [
        (_grade_sign(grade), 4.0, _("Grade {grade}", grade=grade)) for grade in SEVERE if grade in grades
    ]
    return items


def _mark_sign(shape: str, size: float, colour: str) -> Sign:
    return lambda canvas, x, y: _draw_mark(canvas, x + 3.5, y, shape, size, colour)


def _grade_sign(grade: int) -> Sign:
    return lambda canvas, x, y: canvas.rect(x + 0.6, y + 4 - TALL[grade] * 0.85, 2.8, TALL[grade] * 0.85,
                                            GRADES[grade - 1])  # fmt: skip
