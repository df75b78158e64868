"""Step curves with intervals and landmarks, and under them the numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.drawing import Anchor, Drawing
from reportgen.figures.at_risk import counts, counts_height, draw_counts, named, size_of
from reportgen.figures.axes import Axis, draw_left, draw_time, round_ticks, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.line_ends import Box, Names, is_free
from reportgen.figures.small_multiples import FEWEST, small_multiples
from reportgen.figures.step_functions import INCIDENCE, Line, Plot, bands, runs, shared, stair_corners
from reportgen.figures.style import (
    FAINT,
    FULL,
    HALF,
    LINE,
    SECOND,
    SEMIBOLD,
    SIZE,
    SMALL,
    clean,
    curve_style,
    fit,
    tint,
    width_of,
)
from reportgen.stats.results import Curve
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER, percent, whole

OVERLAP, WIDE = "#D9DADF", 240.0
# A figure that does not fit leaves its height empty on the page: plot and rows together take a third at most.
LEAST, MOST, THIRD = 100.0, 116.0, 170.0
Corner = tuple[float, float, Anchor]  # the upper corner of words, and which end of them stands there


def survival_figure(
    figure_id: str,
    curves: Sequence[Curve],
    labels: Sequence[str],
    *,
    unit: str,
    ylabel: str,
    landmarks: Sequence[float] = (),
    few_at_risk: int = 5,
    width_mm: float = FULL,
    ymax: float = 1.0,
    plot_height: float = 0,
    inside: Sequence[str] = (),
) -> Drawing:
    """Kaplan–Meier, reverse Kaplan–Meier or cumulative incidence curves, one per group.

    Of three groups and more they are small multiples, wherever a column's width allows.

    plot_height: of the plot without its rows, in points; 0: as its width and the page allow.
    landmarks: days at which the value is written (for up to two groups). Where fewer than few_at_risk
    are at risk the line is lighter. Intervals are tinted for up to two groups. Under the axis, at every
    tick and for every group: at risk (just before the tick), censored and events (both strictly before
    it), and those with a competing event where there are any; they add up to n. The drawing says where
    its plot lies (PlotArea).
    inside: lines that stand in the corner of the plot where no curve runs, or under the rows where each is taken.
    """
    if len(curves) >= FEWEST and width_mm > HALF:
        narrow = width_mm if width_mm < FULL else 0
        return small_multiples(
            figure_id, curves, labels, unit=unit, ylabel=ylabel, few_at_risk=few_at_risk, ymax=ymax, width_mm=narrow
        )  # fmt: skip
    canvas = Canvas(figure_id, width_mm)
    labels = [clean(label) for label in labels]
    beside = _fits_beside(labels, canvas.width)
    widest = width_of(_widest(curves), SMALL)
    left = max(width_of(_(name), SMALL) for curve in curves for name in counts(curve, ())) + 5 + widest / 2
    right = canvas.width - (max(width_of(label) for label in labels) + 8 if beside else 6.0)
    longest = max((float(c.steps.time[-1]) for c in curves if len(c.steps.time)), default=0.0)
    across = time_axis(longest, unit, left, right, max(widest, 14) + 8)

    canvas.text(0, SIZE - 1, fit(ylabel, canvas.width), SECOND)
    top = SIZE + 8
    rows = counts_height(curves, labels)
    bottom = top + (plot_height or min(MOST, max(92.0, 0.58 * (right - left)), max(LEAST, THIRD - rows)))
    up = Axis(0.0, ymax, bottom, top, round_ticks(0.0, ymax, 4))
    plot = Plot(across, up, DAYS_PER[unit])
    canvas.plot_area(left, right, top, bottom, across.high)
    lines = [Line.of(curve, plot) for curve in curves]

    _draw_lines(canvas, curves, lines, few_at_risk)
    taken: list[Box] = [(0.0, 0.0, width_of(clean(ylabel), SIZE), SIZE + 0.5)]
    if beside:
        taken += _names(curves, labels, plot).draw(canvas, [line.stairs() for line in lines])
    for day in landmarks:
        taken += _draw_landmark(canvas, day, list(zip(curves, lines, strict=True)), plot, taken)
    told = _draw_inside(canvas, inside, lines, plot, taken, curves[0].kind == INCIDENCE)
    draw_left(canvas, plot.up, left)
    baseline = draw_time(canvas, across, bottom, unit)
    height = draw_counts(canvas, curves, labels, plot, baseline + LINE + 2)
    return canvas.drawing(height if told else _below(canvas, inside, height))


def _draw_lines(canvas: Canvas, curves: Sequence[Curve], lines: Sequence[Line], few_at_risk: int):
    """Intervals first, so that every line runs over them."""
    styles = [curve_style(i, curve.group, len(curves)) for i, curve in enumerate(curves)]
    _draw_tints(canvas, lines, styles, [curve.group for curve in curves])
    for curve, line, style in zip(curves, lines, styles, strict=True):
        with canvas.of(curve.group):
            _draw_line(canvas, line, style, few_at_risk, marked=len(lines) > 1)


def _names(curves: Sequence[Curve], labels: Sequence[str], plot: Plot) -> Names:
    """The names of the groups, to be written at the ends of their lines."""
    inks = [curve_style(i, curve.group, len(curves))[1] for i, curve in enumerate(curves)]
    named_so, groups = list(zip(labels, inks, strict=True)), [curve.group for curve in curves]
    return Names(named_so, SIZE, plot.across.stop + 7, plot.up.start, groups)


def _draw_inside(
    canvas: Canvas,
    words: Sequence[str],
    lines: Sequence[Line],
    plot: Plot,
    taken: Sequence[Box],
    rising: bool,
) -> bool:
    """Words in a corner that no line runs through, sooner one that is free of intervals too; False: none is free."""
    if not words:
        return True
    wide, high = max(width_of(clean(one), SMALL) for one in words), LINE * len(words)
    left, right = plot.across.start + 4, plot.across.stop - 2
    top, foot = plot.up.stop, plot.up.start - 3
    upper_right: Corner = (right, top, "end")
    lower_left: Corner = (left, foot - high, "start")
    upper_left: Corner = (left, top, "start")
    lower_right: Corner = (right, foot - high, "end")
    corners = [upper_left, lower_right] if rising else [upper_right, lower_left]
    stairs = [line.stairs() for line in lines]
    edges = [np.asarray(outline) for line in lines for outline in bands(line.x, line.low, line.high)]
    for ways in ([*stairs, *edges], stairs):
        for x, y, anchor in [*corners, upper_right, lower_right, lower_left]:
            start = x if anchor == "start" else x - wide
            if is_free((start - 2, y - 1, start + wide + 2, y + high + 1), ways, taken):
                for k, one in enumerate(words, start=1):
                    canvas.text(x, y + k * LINE - 2, one, SECOND, SMALL, anchor=anchor)
                return True
    return False


def _below(canvas: Canvas, words: Sequence[str], height: float) -> float:
    """Words under all that is drawn; returns how high that is now."""
    for k, one in enumerate(words, start=1):
        canvas.text(0, height + k * LINE, fit(one, canvas.width, SMALL), SECOND, SMALL)
    return height + LINE * len(words) + 3


def _widest(curves: Sequence[Curve]) -> str:
    """The widest entry under a tick."""
    return whole(max(size_of(curve) for curve in curves))


def _fits_beside(labels: Sequence[str], width: float) -> bool:
    """Whether the names can stand at the line ends and leave the plot wide enough."""
    widest = max(width_of(label) for label in labels)
    return named(labels) and len(labels) <= 4 and widest <= 0.2 * width and width >= WIDE


def _draw_tints(canvas: Canvas, lines: Sequence[Line], styles: Sequence[tuple], groups: Sequence[str]):
    if len(lines) > 2:
        return
    for line, style, group in zip(lines, styles, groups, strict=True):
        with canvas.of(group):
            for outline in bands(line.x, line.low, line.high):
                canvas.area(outline, tint(style[0], 0.13))
    if len(lines) == 2 and all(len(line.x) for line in lines):
        with canvas.of(*groups):
            for outline in bands(*shared(*lines)):
                canvas.area(outline, OVERLAP)


def _draw_line(canvas: Canvas, line: Line, style: tuple, few: int, marked: bool):
    colour, _ink, dash, marker = style
    light = tint(colour, 0.5)
    for a, b in runs(line.at_risk < few):
        start = (line.x[a - 1], line.y[a - 1]) if a else line.start
        shade = light if line.at_risk[a] < few else colour
        canvas.line(stair_corners(line.x[a:b], line.y[a:b], start), shade, 1.2, dash)
    canvas.lines([((x, y - 2.4), (x, y + 2.4)) for x, y in line.censored], colour, 0.7)
    if marked:
        canvas.marker(*line.end, marker, 2.1, colour)


def _value_at(curve: Curve, day: float) -> float | None:
    """The estimate at a time; None after the last time, where nothing is known."""
    time = curve.steps.time
    if not len(time) or day > time[-1]:
        return None
    at = int(np.searchsorted(time, day, side="right")) - 1
    return float(curve.steps.estimate[at]) if at >= 0 else 0.0 if curve.kind == INCIDENCE else 1.0


def _draw_landmark(
    canvas: Canvas, day: float, drawn: Sequence[tuple[Curve, Line]], plot: Plot, taken: Sequence[Box]
) -> list[Box]:
    """A faint upright, and for one or two curves their values where they cover no line and no other text."""
    stairs, boxes = [line.stairs() for _curve, line in drawn], list(taken)
    known = [(value, i) for i, (c, _line) in enumerate(drawn) if (value := _value_at(c, day)) is not None]
    x = float(plot.x(day))
    if known:
        canvas.line(((x, plot.up.start), (x, plot.up.clip(max(known)[0]))), FAINT, 0.5)
    for rank, (value, i) in enumerate(sorted(known, reverse=True)):
        with canvas.of(drawn[i][0].group):
            colour, ink, _dash, marker = curve_style(i, drawn[i][0].group, len(drawn))
            y = plot.up.clip(value)
            canvas.marker(x, y, "circle" if len(drawn) <= 2 else marker, 1.7, colour)
            if len(drawn) > 2:
                continue
            wide = width_of(percent(value), SMALL, SEMIBOLD)
            for left, base in _around(x, y, wide, above=rank == 0, falling=drawn[i][0].kind != INCIDENCE):
                box = (left - 1, base - 6, left + wide + 1, base + 1.5)
                inside = (
                    box[0] > plot.across.start and box[2] < plot.across.stop + 5 and box[3] < plot.up.start
                )
                if inside and is_free(box, stairs, boxes):
                    canvas.text(left, base, percent(value), ink, SMALL, SEMIBOLD)
                    boxes.append(box)
                    break
    return boxes[len(taken) :]


def _around(x: float, y: float, wide: float, above: bool, falling: bool) -> list[tuple[float, float]]:
    """Places for a value beside its point (left end, baseline), the side that its own line leaves free first."""
    right, left = x + 3, x - 3 - wide
    first, second = (right, left) if above == falling else (left, right)
    up, down = (-4.0, -7.0, -11.0), (8.2, 11.0, 15.0)
    here, there = (up, down) if above else (down, up)
    places = [(first, here[0]), (second, there[0]), (first, here[1]), (second, there[1]), (second, here[0])]
    return [(side, y + shift) for side, shift in [*places, (first, here[2]), (second, there[2])]]
