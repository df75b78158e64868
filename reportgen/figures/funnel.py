"""A funnel plot: each centre's proportion against its size, within the limits of chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.base.drawing import Drawing
from reportgen.figures.axes import Axis, draw_below, draw_left, round_ticks
from reportgen.figures.canvas import Canvas
from reportgen.figures.style import (
    ACCENT,
    FAINT,
    FULL,
    GROUPS,
    INK,
    SECOND,
    SIZE,
    SMALL,
    clean,
    spread,
    width_of,
)
from reportgen.writing.numbers import whole

HEIGHT = 150.0
LEFT, FOOT = 34.0, 26.0
GAP = 8.6


@dataclass(frozen=True)
class Centre:
    """outside: 0 within the 95% limits, 1 beyond these, 2 beyond the 99.8% limits too. named: its name is drawn."""

    name: str
    n: int
    share: float
    outside: int = 0
    named: bool = False


def funnel(
    figure_id: str,
    centres: Sequence[Centre],
    target: float,
    sizes: Sequence[int],
    limits: Mapping[float, tuple[Sequence[float], Sequence[float]]],
    *,
    title: str,
    below: str,
    width_mm: float = FULL,
) -> Drawing:
    """Points of centres, the target as a line, and limits by level; those that are to be named bear their names.

    sizes, limits: numbers of patients, and the lower and upper limit at each.
    """
    canvas = Canvas(figure_id, width_mm)
    canvas.text(0, SIZE - 1, title, SECOND)
    named = [centre for centre in centres if centre.named]
    room = max((width_of(clean(c.name), SMALL) for c in named), default=0.0)
    right = canvas.width - (min(room, 0.22 * canvas.width) + 12 if named else 6)
    top, bottom = SIZE + 12, SIZE + 12 + HEIGHT
    most = max(sizes)
    across = Axis(0, most, LEFT, right, tuple(t for t in round_ticks(0, most, 6) if t == round(t)))
    up = Axis(0.0, 1.0, bottom, top, (0.0, 0.25, 0.5, 0.75, 1.0))
    for level, (low, high) in sorted(limits.items()):
        dash = () if level < 0.99 else (3, 1.6)
        for edge in (low, high):
            canvas.line(np.column_stack([across(np.array(sizes)), up(np.array(edge))]), FAINT, 0.9, dash)
    canvas.line(((LEFT, float(up(target))), (right, float(up(target)))), ACCENT, 0.7)
    draw_left(canvas, up, LEFT)
    baseline = draw_below(canvas, across, bottom, [whole(t) for t in across.ticks])
    canvas.small((LEFT + right) / 2, baseline + 11, below, SECOND, "middle")
    for c in centres:
        kind, colour = (("circle", ACCENT), ("square", GROUPS[1]), ("diamond", GROUPS[1]))[c.outside]
        canvas.marker(float(across(c.n)), float(up(c.share)), kind, 2.2 + 0.4 * c.outside, colour, halo=True)
    places = spread([float(up(c.share)) for c in named], GAP, top, bottom)
    for c, y in zip(named, places, strict=True):
        x = float(across(c.n))
        canvas.line(((x + 3.5, float(up(c.share))), (right + 2, y)), FAINT, 0.4)
        canvas.small(right + 5, y + 2.5, c.name, INK)
    return canvas.drawing(baseline + FOOT - 10)
