"""Curves of three groups and more: a panel for each, where it stands out against the others in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reportgen.base.drawing import Drawing
from reportgen.figures.at_risk import ROW, counts
from reportgen.figures.axes import Axis, draw_below, draw_left, round_ticks, tick_word, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.step_functions import Line, Plot, bands, runs, stair_corners
from reportgen.figures.style import (
    FAINT,
    FULL,
    GROUPS,
    INK,
    LINE,
    SECOND,
    SEMIBOLD,
    SIZE,
    SMALL,
    WIDE,
    clean,
    fit,
    group_style,
    tint,
    width_of,
)
from reportgen.stats.results import Curve
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER, unit_name, whole

FEWEST = 3  # groups: of two, one plot holds both
GUTTER, HEIGHT, TITLE, BETWEEN = 15.0, 92.0, 12.0, 14.0


@dataclass(frozen=True)
class _Frame:
    """What all panels share: their number beside one another, the room at the left, how wide one is, the rows."""

    across: int
    left: float
    panel: float
    rows: tuple[str, ...]

    @property
    def height(self) -> float:
        """Of a panel with its title, axis and rows."""
        return TITLE + HEIGHT + 14 + ROW * len(self.rows) + BETWEEN


def beside(groups: int) -> int:
    """How many panels stand beside one another."""
    return 2 if groups == 4 else 3


def width_for(groups: int) -> float:
    """How wide the figure is, in mm: three panels beside each other take the page, two the text."""
    return FULL if beside(groups) == 2 else WIDE


def small_multiples(
    figure_id: str,
    curves: Sequence[Curve],
    labels: Sequence[str],
    *,
    unit: str,
    ylabel: str,
    few_at_risk: int = 5,
    ymax: float = 1.0,
    width_mm: float = 0,
) -> Drawing:
    """Curves as survival_figure draws them, one panel per group, all on the same axes.

    In each the group's own curve is bold and coloured, with its interval; the others are grey. Under each stand the
    numbers of its group at risk, censored and with the event. Each is a plot area of the drawing.

    width_mm: of a narrow screen, where two panels stand beside one another; 0: as the panels need.
    """
    canvas = Canvas(figure_id, width_mm or width_for(len(curves)))
    frame = _frame(canvas, curves, 2 if width_mm else beside(len(curves)))
    longest = max((float(c.steps.time[-1]) for c in curves if len(c.steps.time)), default=0.0)
    up = Axis(0.0, ymax, HEIGHT, 0.0, round_ticks(0.0, ymax, 4))
    canvas.text(0, SIZE - 1, fit(ylabel, canvas.width), SECOND)
    top = SIZE + 7.0
    for i in range(len(curves)):
        x = frame.left + (i % frame.across) * (frame.panel + GUTTER)
        y = top + (i // frame.across) * frame.height + TITLE
        room = max(width_of(whole(curves[i].n), SMALL), 14) + 8
        plot = Plot(
            time_axis(longest, unit, x, x + frame.panel, room),
            Axis(up.low, up.high, y + HEIGHT, y, up.ticks),
            DAYS_PER[unit],
        )
        canvas.plot_area(x, x + frame.panel, y, y + HEIGHT, plot.across.high)
        with canvas.of(curves[i].group):
            _draw_panel(canvas, curves, i, plot, few_at_risk)
        _draw_around(canvas, curves[i], clean(labels[i]), i, plot, frame, unit)
    return canvas.drawing(top + ceil(len(curves) / frame.across) * frame.height - BETWEEN + 6)


def _frame(canvas: Canvas, curves: Sequence[Curve], most: int) -> _Frame:
    rows = tuple(dict.fromkeys(name for curve in curves for name in counts(curve, ())))
    widest = max(width_of(whole(curve.n), SMALL) for curve in curves)
    left = max(width_of(_(name), SMALL) for name in rows) + 6 + widest / 2
    across = min(most, len(curves))
    panel = (canvas.width - left - widest / 2 - 2 - GUTTER * (across - 1)) / across
    return _Frame(across, left, panel, rows)


def _draw_panel(canvas: Canvas, curves: Sequence[Curve], own: int, plot: Plot, few: int):
    lines = [Line.of(curve, plot) for curve in curves]
    colour, _ink, dash, _marker = group_style(own)
    line = lines[own]
    for outline in bands(line.x, line.low, line.high):
        canvas.area(outline, tint(colour, 0.13))
    for i, other in enumerate(lines):
        if i != own:
            canvas.line(other.stairs(), FAINT, 0.7)
    for a, b in runs(line.at_risk < few):
        start = (line.x[a - 1], line.y[a - 1]) if a else line.start
        shade = tint(colour, 0.5) if line.at_risk[a] < few else colour
        canvas.line(
            stair_corners(line.x[a:b], line.y[a:b], start), shade, 1.5, dash if own >= len(GROUPS) else ()
        )
    canvas.lines([((x, y - 2.2), (x, y + 2.2)) for x, y in line.censored], colour, 0.6)


def _draw_around(canvas: Canvas, curve: Curve, label: str, own: int, plot: Plot, frame: _Frame, unit: str):
    """The title, the axes, and under them the numbers; what all panels of a row share stands at its left."""
    ink, left = group_style(own)[1], plot.across.start
    first = own % frame.across == 0
    with canvas.of(curve.group):
        canvas.text(left, plot.up.stop - 4.5, fit(label, frame.panel, SMALL, SEMIBOLD), ink, SMALL, SEMIBOLD)
    if first:
        draw_left(canvas, plot.up, left)
    else:
        canvas.line(((left, plot.up.start), (left, plot.up.stop)), INK)
    y = draw_below(canvas, plot.across, plot.up.start, [tick_word(t) for t in plot.across.ticks])
    if first:
        canvas.small(0, y, unit_name(unit).capitalize(), SECOND)
    numbers = counts(curve, plot.days)
    y += LINE + 1
    for name in frame.rows:
        if first:
            canvas.small(0, y, _(name), SECOND)
        with canvas.of(curve.group):
            for tick, count in zip(plot.across.ticks, numbers.get(name, [0] * len(plot.days)), strict=True):
                canvas.small(float(plot.across(tick)), y, whole(count), ink, "middle")
        y += ROW
