"""The curve of the other patients, with the time of one patient marked across it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.base.drawing import Drawing
from reportgen.figures.at_risk import counts, draw_counts, size_of
from reportgen.figures.axes import Axis, draw_left, draw_time, round_ticks, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.step_functions import Line, Plot, bands, runs, stair_corners
from reportgen.figures.style import ALL, FULL, LINE, SECOND, SEMIBOLD, SIZE, SMALL, fit, tint, width_of
from reportgen.stats.results import Curve
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER, whole

PATIENT = "#8A3B00"
HEIGHT = 84.0


@dataclass(frozen=True)
class Own:
    """The patient's own time in days; event: whether it ended with the event. words: said beside the mark."""

    time: float
    event: bool
    words: str


def against_figure(
    figure_id: str,
    curve: Curve,
    own: Own | None,
    *,
    unit: str,
    ylabel: str,
    few_at_risk: int = 5,
    width_mm: float = FULL,
) -> Drawing:
    """A Kaplan–Meier curve with its counts; an upright line at the patient's own time, with its words.

    A diamond at the foot of the line: the event; a ring: not until then. The axis holds both times.
    """
    canvas = Canvas(figure_id, width_mm)
    widest = width_of(whole(size_of(curve)), SMALL)
    left = max(width_of(_(name), SMALL) for name in counts(curve, ())) + 5 + widest / 2
    longest = max(float(curve.steps.time[-1]), own.time if own else 0.0)
    across = time_axis(longest, unit, left, canvas.width - 6, max(widest, 14) + 8)
    canvas.text(0, SIZE - 1, fit(ylabel, canvas.width), SECOND)
    top = SIZE + 13.0
    up = Axis(0.0, 1.0, top + HEIGHT, top, round_ticks(0.0, 1.0, 4))
    plot = Plot(across, up, DAYS_PER[unit])
    line = Line.of(curve, plot)
    for outline in bands(line.x, line.low, line.high):
        canvas.area(outline, tint(ALL[0], 0.13))
    light = tint(ALL[0], 0.5)
    for a, b in runs(line.at_risk < few_at_risk):
        start = (line.x[a - 1], line.y[a - 1]) if a else line.start
        shade = light if line.at_risk[a] < few_at_risk else ALL[0]
        canvas.line(stair_corners(line.x[a:b], line.y[a:b], start), shade, 1.2)
    canvas.lines([((x, y - 2.4), (x, y + 2.4)) for x, y in line.censored], ALL[0], 0.7)
    draw_left(canvas, up, left)
    baseline = draw_time(canvas, across, up.start, unit)
    if own:
        _draw_own(canvas, own, plot)
    return canvas.drawing(
        draw_counts(canvas, [replace(curve, group="all")], ["all"], plot, baseline + LINE + 2)
    )


def _draw_own(canvas: Canvas, own: Own, plot: Plot):
    """The words stand over the plot, as near to their line as the sheet's edges let them."""
    x, foot, top = float(plot.x(np.float64(own.time))), plot.up.start, plot.up.stop
    words = fit(own.words, canvas.width, SMALL, SEMIBOLD)
    wide = width_of(words, SMALL, SEMIBOLD)
    begin = min(max(x - wide / 2, plot.across.start + 2), canvas.width - wide)
    canvas.line(((x, top - 2), (x, foot)), PATIENT, 0.9, (2.4, 1.6))
    canvas.text(begin, top - 4.6, words, PATIENT, SMALL, SEMIBOLD)
    canvas.marker(x, foot, "diamond" if own.event else "ring", 2.4, PATIENT, halo=own.event)
