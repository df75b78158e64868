"""survival_figure on a Figure and Axes of matplotlib, for bench_figures.py to compare with the marks of reportgen."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patches import ConnectionPatch
from matplotlib.ticker import FixedLocator, FuncFormatter
from matplotlib.transforms import blended_transform_factory, offset_copy

from reportgen.figures.at_risk import GAP, ROW, counts, counts_height, named
from reportgen.figures.axes import round_ticks, tick_word, time_axis
from reportgen.figures.step_functions import INCIDENCE, runs
from reportgen.figures.style import (
    FACES,
    FAINT,
    FULL,
    LINE,
    MM,
    SECOND,
    SEMIBOLD,
    SIZE,
    SMALL,
    curve_style,
    fonts_folder,
    spread,
    tint,
    width_of,
)  # fmt: skip
from reportgen.figures.survival_curves import LEAST, MOST, OVERLAP, THIRD
from reportgen.stats.results import Curve
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER, percent, unit_name, whole

STYLE = Path(__file__).with_name("report.mplstyle")
FOOT = 13.4  # from the axis to the baseline of the words of its ticks, in points
MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "ring": "o"}


def ready() -> None:
    """The style sheet, and the two faces of figures: once in a process."""
    for file in FACES.values():
        fontManager.addfont(fonts_folder() / file)
    matplotlib.rcParams.update(matplotlib.rc_params_from_file(STYLE, use_default_template=False))


def survival_figure(
    curves: Sequence[Curve], labels: Sequence[str], *, unit: str, ylabel: str, landmarks: Sequence[float] = (),
    few_at_risk: int = 5, width_mm: float = FULL,
) -> Figure:  # fmt: skip
    """The same picture in the same size: curves on an Axes, and the rows of counts as its texts."""
    wide = width_mm * MM
    several = named(labels)
    left = max(width_of(_(name), SMALL) for curve in curves for name in counts(curve, ())) + 12
    right = wide - (max(map(width_of, labels)) + 8 if several else 6)
    rows = counts_height(curves, labels)
    high = min(MOST, max(92.0, 0.58 * (right - left)), max(LEAST, THIRD - rows))
    top, foot = SIZE + 8, FOOT + LINE + 2 + rows
    tall = top + high + foot - LINE + 4
    figure = Figure(figsize=(wide / 72, tall / 72))
    axes = figure.add_axes(
        (left / wide, 1 - (top + high) / tall, (right - left) / wide, high / tall), label="curves"
    )
    longest = max((float(c.steps.time[-1]) for c in curves if len(c.steps.time)), default=0.0)
    across = time_axis(longest, unit, left, right, 22)
    axes.set(xlim=(0, across.high), ylim=(0, 1))
    axes.xaxis.set_major_locator(FixedLocator(across.ticks))
    axes.yaxis.set_major_locator(FixedLocator(round_ticks(0, 1, 4)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: tick_word(value)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: percent(value)))
    figure.text(0, 1 - (SIZE - 1) / tall, ylabel, color=SECOND)
    figure.text(
        0, (tall - top - high - FOOT + 3) / tall, unit_name(unit).capitalize(), color=SECOND, size=SMALL
    )
    styles = [curve_style(i, curve.group, len(curves)) for i, curve in enumerate(curves)]
    for curve, style in zip(curves, styles, strict=True):
        draw_curve(axes, curve, style, DAYS_PER[unit], few_at_risk, tinted=len(curves) <= 2, marked=several)
    if len(curves) == 2:
        _draw_overlap(axes, curves, DAYS_PER[unit])
    for day in landmarks:
        _draw_landmark(axes, curves, styles, day, DAYS_PER[unit])
    if several:
        _name_ends(axes, curves, labels, styles, high)
    _write_counts(axes, curves, labels, styles, across.ticks, DAYS_PER[unit], left, several)
    return figure


def draw_curve(
    axes: Axes, curve: Curve, style: tuple, days: float, few: int, tinted: bool, marked: bool
) -> None:
    """Steps, interval, censoring ticks: the part that a notebook would call by itself."""
    colour, _ink, dash, marker = style
    steps, first = curve.steps, 0.0 if curve.kind == INCIDENCE else 1.0
    x, y = np.r_[0, steps.time] / days, np.r_[first, steps.estimate]
    if tinted:
        axes.fill_between(
            steps.time / days, steps.low, steps.high, step="post", color=tint(colour, 0.13), linewidth=0
        )
    for a, b in runs(np.r_[steps.at_risk[:1], steps.at_risk] < few):
        light = steps.at_risk[max(a - 1, 0)] < few
        part = slice(max(a - 1, 0), b)
        axes.plot(x[part], y[part], clip_on=False, drawstyle="steps-post", color=tint(colour, 0.5) if light else colour,
                  dashes=dash or (None, None))  # fmt: skip
    lost = steps.censored > 0
    axes.plot(steps.time[lost] / days, steps.estimate[lost], linestyle="", marker="|", markersize=4.8,
              markeredgewidth=0.7, color=colour)  # fmt: skip
    if marked:
        axes.plot(
            x[-1:],
            y[-1:],
            marker=MARKERS[marker],
            markersize=4.2,
            markeredgewidth=0,
            color=colour,
            clip_on=False,
        )


def _held(curve: Curve, column: np.ndarray, times: np.ndarray) -> np.ndarray:
    at = np.searchsorted(curve.steps.time, times, side="right") - 1
    inside = (at >= 0) & (times <= curve.steps.time[-1])
    return np.where(inside, column[np.maximum(at, 0)], np.nan)


def _draw_overlap(axes: Axes, curves: Sequence[Curve], days: float) -> None:
    one, other = curves
    times = np.union1d(one.steps.time, other.steps.time)
    low = np.maximum(_held(one, one.steps.low, times), _held(other, other.steps.low, times))
    high = np.minimum(_held(one, one.steps.high, times), _held(other, other.steps.high, times))
    axes.fill_between(
        times / days, low, high, where=low < high, step="post", color=OVERLAP, linewidth=0, zorder=1.5
    )


def _draw_landmark(
    axes: Axes, curves: Sequence[Curve], styles: Sequence[tuple], day: float, days: float
) -> None:
    known = [(v, s) for c, s in zip(curves, styles, strict=True)
             if np.isfinite(v := float(_held(c, c.steps.estimate, np.array([day]))[0]))]  # fmt: skip
    if known:
        axes.vlines(day / days, 0, max(v for v, _s in known), color=FAINT, linewidth=0.5, zorder=1)
    for rank, (value, style) in enumerate(sorted(known, key=lambda each: -each[0])):
        axes.plot(day / days, value, marker="o", markersize=3.4, markeredgewidth=0, color=style[0])
        place = (3, 4) if rank == 0 else (-3, -8.2)
        axes.annotate(percent(value), (day / days, value), place, textcoords="offset points", color=style[1],
                      size=SMALL, weight=SEMIBOLD, ha="left" if rank == 0 else "right")  # fmt: skip


def _name_ends(
    axes: Axes, curves: Sequence[Curve], labels: Sequence[str], styles: Sequence[tuple], high: float
):
    """Names behind the ends of lines, apart by a line of text; high: of the plot, in points."""
    ends = [float(curve.steps.estimate[-1]) for curve in curves]
    heights = spread([high * (1 - end) for end in ends], LINE, 0.0, max(high, LINE * len(ends)))
    for end, y, label, style in zip(ends, heights, labels, styles, strict=True):
        axes.annotate(label, (1, end), (7, high * (1 - end) - y), axes.transAxes, textcoords="offset points",
                      va="center_baseline", color=style[1], annotation_clip=False)  # fmt: skip


def _write_counts(axes: Axes, curves: Sequence[Curve], labels: Sequence[str], styles: Sequence[tuple],
                  ticks: Sequence[float], days: float, left: float, several: bool) -> None:  # fmt: skip
    """Rows under the axis: x in its values, y in points below it."""
    place = blended_transform_factory(axes.transData, axes.transAxes)

    def write(x: float, y: float, words: str, colour: str, how, shift: float, anchor: str, weight: int = 400):
        axes.annotate(words, (x, 0), (shift, -y), xycoords=how, textcoords="offset points", color=colour,
                      size=SMALL, ha=anchor, weight=weight, annotation_clip=False)  # fmt: skip

    y = FOOT - 3 + LINE + 2
    for curve, label, (colour, ink, dash, marker) in zip(curves, labels, styles, strict=True):
        if several:
            line = offset_copy(axes.transAxes, axes.figure, -left, 2.6 - y, "points")
            end = offset_copy(axes.transAxes, axes.figure, 18 - left, 2.6 - y, "points")
            how = (0, dash) if dash else "-"
            axes.add_artist(ConnectionPatch((0, 0), (0, 0), line, end, axesA=axes, axesB=axes, color=colour,
                                            linewidth=1.2, clip_on=False, linestyle=how))  # fmt: skip
            axes.plot(
                0,
                0,
                MARKERS[marker],
                markersize=4.2,
                markeredgewidth=0,
                color=colour,
                transform=end,
                clip_on=False,
            )
            write(0, y, label, ink, axes.transAxes, 24 - left, "left", SEMIBOLD)
            y += LINE
        for name, row in counts(curve, [tick * days for tick in ticks]).items():
            write(0, y, _(name), SECOND, axes.transAxes, -left, "left")
            for tick, count in zip(ticks, row, strict=True):
                write(tick, y, whole(count), ink, place, 0, "center")
            y += ROW
        y += GAP if several else 0


def as_svg(figure: Figure) -> str:
    """The picture as the text of an SVG."""
    sheet = io.StringIO()
    figure.savefig(sheet, format="svg", metadata={"Date": None})
    return sheet.getvalue()
