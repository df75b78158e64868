"""The states of all patients over time, stacked to the whole, and under the axis how many were seen in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reportgen.base.drawing import Drawing
from reportgen.figures.axes import Axis, draw_left, draw_time, round_ticks, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.step_functions import Plot
from reportgen.figures.style import (
    FULL,
    INK,
    LINE,
    OFF,
    OWN_STATES,
    RESPONDED,
    RESPONDED_OFF,
    RESPONSES,
    SECOND,
    SIZE,
    SMALL,
    TREATMENT,
    WHITE,
    fit,
    width_of,
)
from reportgen.stats.results import Curve
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER, whole

RELAPSE = "relapse_date"  # among the states that the settings name
SWATCH, GAP, HEIGHT = 8.0, 4.0, 130.0
# Colours as everywhere in a document: in response, treatment, progression; the dead are ink.
FILLS = {
    "response_on_treatment": RESPONDED,
    "on_treatment": TREATMENT,
    "response_off_treatment": RESPONDED_OFF,
    "off_treatment": OFF,
    "relapsed": RESPONSES["PD"],
    "dead": INK,
}


def _fills(curves: Sequence[Curve]) -> dict[str, str]:
    """State → colour. States that the settings name grow darker; relapse and death are coloured as ever."""
    states = [curve.state for curve in curves]
    if set(states) <= set(FILLS):
        return FILLS
    own = [state for state in states[1:-1] if state != RELAPSE]
    return {
        states[0]: OFF,
        **dict(zip(own, OWN_STATES, strict=False)),
        RELAPSE: FILLS["relapsed"],
        states[-1]: INK,
    }


def state_stack(
    figure_id: str,
    curves: Sequence[Curve],
    names: Sequence[str],
    *,
    unit: str,
    last: float,
    width_mm: float = FULL,
) -> Drawing:
    """One band per curve, from the bottom, in order; they add up to 1 at every time. last: the day it is drawn to.

    Under the axis, for each state, how many were under observation in it just before the tick; at zero, at it.
    """
    canvas = Canvas(figure_id, width_mm)
    room = 0.4 * canvas.width
    shown = [fit(name, room, SMALL) for name in names]
    widest = width_of(whole(curves[0].n), SMALL)
    left = SWATCH + GAP + max(width_of(name, SMALL) for name in shown) + 5 + widest / 2
    across = time_axis(last, unit, left, canvas.width - 6.0, max(widest, 14) + 8)
    canvas.text(0, SIZE - 1, fit(_("Share of patients"), canvas.width), SECOND)
    top = SIZE + 8
    bottom = top + HEIGHT
    up = Axis(0.0, 1.0, bottom, top, round_ticks(0.0, 1.0, 4))
    plot = Plot(across, up, DAYS_PER[unit])
    fills = _fills(curves)
    _draw_bands(canvas, curves, plot, last, fills)
    draw_left(canvas, up, left)
    baseline = draw_time(canvas, across, bottom, unit)
    y = baseline + LINE + 2
    for curve, name in reversed(list(zip(curves, shown, strict=True))):
        fill = fills[curve.state]
        canvas.rect(0, y - 6.2, SWATCH, 6.2, fill, INK if fill == OFF else None)
        canvas.small(SWATCH + GAP, y, name, SECOND)
        for tick, count in zip(across.ticks, _seen(curve, plot.days), strict=True):
            canvas.small(float(across(tick)), y, whole(int(count)), INK, "middle")
        y += LINE
    return canvas.drawing(y - LINE + 4)


def _seen(curve: Curve, days: Sequence[float]) -> np.ndarray:
    """How many were in the state just before each day: those of the first time of the curve from it on."""
    at = np.searchsorted(curve.steps.time, np.asarray(days, float), side="left")
    return np.r_[curve.steps.at_risk, 0][at]


def _draw_bands(canvas: Canvas, curves: Sequence[Curve], plot: Plot, last: float, fills: Mapping[str, str]):
    time = curves[0].steps.time
    kept = time <= last
    days = np.append(time[kept], last)
    below = np.zeros(kept.sum())
    for curve in curves:
        above = below + curve.steps.estimate[kept]
        upper = [(day, value) for k, value in enumerate(above) for day in (days[k], days[k + 1])]
        lower = [(day, value) for k, value in enumerate(below) for day in (days[k], days[k + 1])]
        points = [(float(plot.x(day)), float(plot.up(min(value, 1.0)))) for day, value in
                  (*upper, *lower[::-1])]  # fmt: skip
        canvas.area(points, fills[curve.state], WHITE, 0.4)
        below = above
