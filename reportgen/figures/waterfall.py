"""Best change of tumour size, one bar per patient, largest growth first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.drawing import Drawing
from reportgen.base.message import N_
from reportgen.figures.axes import Axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import draw_key
from reportgen.figures.responses import bar_sign, draw_bar, response_key
from reportgen.figures.style import FAINT, FULL, INK, LINE, SECOND, SIZE, SMALL, clean, fit, width_of
from reportgen.writing.language import _
from reportgen.writing.numbers import MINUS, percent

RECIST, CEILING = (-0.3, 0.2), 1.0  # where response and progression begin; the greatest growth drawn
LEVELS, APART = (-1.0, -0.75, -0.5, 0.0, 0.5, 0.75, 1.0), 0.12
HEIGHT = 120.0
TITLE, OTHER_TITLE = N_("Best change of the sum of diameters"), N_("Best change of tumour size")


@dataclass(frozen=True)
class Bar:
    """change: as a fraction of the first measurement (−0.3 is 30% smaller); response: CR, PR, SD, PD, NE."""

    label: str
    change: float
    response: str = "NE"


def waterfall(
    figure_id: str, bars: Sequence[Bar], *, width_mm: float = FULL, lines: tuple[float, float] = RECIST
) -> Drawing:
    """Bars by change, with lines where response and progression begin; growth beyond 100% is cut and its value written.

    lines: as fractions of the baseline, in RECIST −30% and +20%. Values and names are written where all of them fit; of
    few patients a long name is cut.
    """
    canvas = Canvas(figure_id, width_mm)
    bars = sorted(bars, key=lambda bar: (-bar.change, bar.label))
    canvas.text(0, SIZE - 1, _(TITLE if lines == RECIST else OTHER_TITLE), SECOND)
    top = draw_key(canvas, response_key((bar.response for bar in bars), bar_sign), SIZE + 11) + 14
    up = change_axis([bar.change for bar in bars], top, HEIGHT, lines)
    left = 30.0
    pitch = min((canvas.width - left - 2) / len(bars), 40.0)
    right = left + 4 + pitch * len(bars)
    draw_change_axis(canvas, up, left, right, lines)
    inner = pitch * (0.62 if pitch > 16 else 0.78 if pitch > 3 else 1)
    zero = float(up(0))
    words = [signed(bar.change) for bar in bars]
    valued = max(width_of(word, SMALL) for word in words) <= pitch
    named = pitch >= 30 or max(width_of(clean(bar.label), SMALL) for bar in bars) <= pitch - 3
    for i, bar in enumerate(bars):
        x = left + 2 + i * pitch + (pitch - inner) / 2
        y = up.clip(bar.change)
        draw_bar(canvas, x, min(y, zero), inner, max(abs(y - zero), 0.8), bar.response)
        middle = x + inner / 2
        if valued or bar.change > up.high:
            canvas.small(middle, y - 3 if bar.change >= 0 else y + 8.2, words[i], INK, "middle")
    canvas.line(((left, zero), (right, zero)), INK)
    foot = max(up.start, up.clip(bars[-1].change) + 10)
    if named:
        foot += LINE
        for i, bar in enumerate(bars):
            canvas.small(
                left + 2 + (i + 0.5) * pitch, foot, fit(bar.label, pitch - 3, SMALL), SECOND, "middle"
            )
    return canvas.drawing(foot + 4)


def change_axis(
    changes: Sequence[float], top: float, height: float, lines: tuple[float, float] = RECIST
) -> Axis:
    """From the greatest shrinkage shown (at least 50%) to the greatest growth (20% to 100%), both lines within."""
    high = min(max(*changes, lines[1] + 0.05), max(CEILING, lines[1] + 0.05)) if changes else lines[1] + 0.05
    low = -1.0 if min((*changes, lines[0])) < -0.5 else -0.5
    ticks = {*lines, *(t for t in LEVELS if t == 0 or min(abs(t - line) for line in lines) >= APART)}
    return Axis(low, high, top + height, top, tuple(t for t in sorted(ticks) if low <= t <= high))


def draw_change_axis(
    canvas: Canvas, up: Axis, left: float, right: float, lines: tuple[float, float] = RECIST
):
    """The upright axis, and faint lines where response and progression begin."""
    for level in lines:
        canvas.line(((left, up(level)), (right, up(level))), FAINT, 0.6, (2.5, 2))
    canvas.line(((left, up.start), (left, up.stop)), INK)
    canvas.lines((((left - 3, up(t)), (left, up(t))) for t in up.ticks), INK)
    for tick in up.ticks:
        canvas.small(left - 5, float(up(tick)) + 2.6, signed(tick), SECOND, "end")


def signed(change: float) -> str:
    """
    >>> signed(-0.3), signed(0.2), signed(0)
    ('−30%', '+20%', '0%')
    """
    if round(change, 3) == 0:
        return percent(0)
    return (MINUS if change < 0 else "+") + percent(abs(change))
