"""The flow of patients: who was there, who left and why, who was analysed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.drawing import Drawing
from reportgen.figures.canvas import Canvas
from reportgen.figures.style import (
    FULL,
    HAIRLINE,
    INK,
    LINE,
    SECOND,
    SEMIBOLD,
    SIZE,
    SMALL,
    WASH,
    width_of,
    wrap,
)
from reportgen.writing.numbers import whole

PAD, STEP = 6.0, 15.0


@dataclass(frozen=True)
class FlowBox:
    """A box of the flow: what its patients are, and how many."""

    label: str
    n: int


@dataclass(frozen=True)
class FlowOut:
    """Those who leave between two boxes: why, and how many."""

    reason: str
    n: int


def flow(
    figure_id: str,
    boxes: Sequence[FlowBox],
    outs: Sequence[Sequence[FlowOut]] = (),
    *,
    width_mm: float = FULL,
) -> Drawing:
    """Boxes from top to bottom; outs[i]: those who leave between box i and box i + 1, with reasons."""
    canvas = Canvas(figure_id, width_mm)
    leaving = [tuple(out for out in outs[i] if out.n) if i < len(outs) else () for i in range(len(boxes) - 1)]
    wide = 0.46 * canvas.width if any(leaving) else 0.7 * canvas.width
    y, middle = 0.5, wide / 2
    for i, box in enumerate(boxes):
        foot = _draw_box(canvas, box, y, wide)
        if i + 1 == len(boxes):
            break
        gap = STEP
        if leaving[i]:
            gap = _draw_outs(canvas, leaving[i], foot, middle, wide)
        canvas.line(((middle, foot), (middle, foot + gap - 2.5)), SECOND, 0.7)
        canvas.area(
            ((middle - 2, foot + gap - 4), (middle + 2, foot + gap - 4), (middle, foot + gap)), SECOND
        )
        y = foot + gap
    return canvas.drawing(foot + 1)


def _draw_box(canvas: Canvas, box: FlowBox, y: float, wide: float) -> float:
    rows = wrap(box.label, wide - 3 * PAD - width_of(whole(box.n), SIZE, SEMIBOLD), 3)
    height = LINE * len(rows) + 2 * PAD - 1
    canvas.rect(0.5, y, wide - 1, height, WASH, HAIRLINE)
    for k, words in enumerate(rows):
        canvas.text(PAD, y + PAD + 6.6 + k * LINE, words)
    canvas.text(wide - PAD, y + PAD + 6.6, whole(box.n), INK, SIZE, SEMIBOLD, "end")
    return y + height


def _draw_outs(canvas: Canvas, outs: Sequence[FlowOut], y: float, middle: float, wide: float) -> float:
    """The reasons, right of the way down; returns how long the way is."""
    left, widest = wide + 14.0, max(width_of(whole(out.n), SMALL, SEMIBOLD) for out in outs)
    x = left + widest + 5
    rows = [
        (k == 0, out, words)
        for out in outs
        for k, words in enumerate(wrap(out.reason, canvas.width - x, 2, SMALL))
    ]
    top = y + STEP * 0.55
    height = len(rows) * LINE
    turn = top + height / 2
    canvas.line(((middle, turn), (left - 8, turn)), SECOND, 0.7)
    canvas.line(((left - 4.5, top), (left - 4.5, top + height)), SECOND, 0.7)
    canvas.line(((left - 8, turn), (left - 4.5, turn)), SECOND, 0.7)
    for k, (first, out, words) in enumerate(rows):
        baseline = top + (k + 0.5) * LINE + 2.6
        if first:
            canvas.text(left + widest, baseline, whole(out.n), INK, SMALL, SEMIBOLD, "end")
        canvas.small(x, baseline, words, SECOND)
    return height + 2 * STEP * 0.55 + 3
