"""Names at the ends of lines, in place of a legend."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.present.figures.canvas import Canvas
from reportgen.present.figures.style import FAINT, LINE, spread, width_of

OFFSET = 5.5


def draw_names(
    canvas: Canvas, lines: Sequence[np.ndarray], names: Sequence[tuple[str, str]], margin: float, size: float
):
    """Each name (words, colour) just behind its line's last point, where nothing is in the way before the margin.

    The others stand in the margin, from x = margin on, spread so that none touches another, with a dotted
    lead from the line's end.
    """
    extended = [np.vstack([line, (margin, line[-1, 1])]) for line in lines]
    boxes: list[tuple[float, float, float, float]] = []
    outside = []
    for i, (line, (words, colour)) in enumerate(zip(lines, names, strict=True)):
        x, y = (float(v) for v in line[-1] + (OFFSET, 0))
        box = (x - 1, y - LINE / 2, x + width_of(words, size) + 2, y + LINE / 2)
        others = (other for k, other in enumerate(extended) if k != i)
        if box[2] > margin - 4 or any(_crosses(other, box) for other in others) or _meets(boxes, box):
            outside.append(i)
        else:
            boxes.append(box)
            canvas.text(x, y + 0.34 * size, words, colour, size)
    lowest = max(float(line[:, 1].max()) for line in lines)
    wanted = [float(lines[i][-1, 1]) for i in outside]
    for i, y in zip(outside, spread(wanted, LINE, 0.0, max(lowest, LINE * len(wanted))), strict=True):
        end = lines[i][-1]
        if margin - end[0] > 12 or abs(y - end[1]) > 2:
            bend = (max(margin - 6, end[0] + 3.5), y)
            canvas.line((end + (3.5, 0), bend, (margin - 2, y)), FAINT, 0.7, (0.7, 1.6))
        canvas.text(margin, y + 0.34 * size, *names[i], size)


def _crosses(line: np.ndarray, box: tuple[float, float, float, float]) -> bool:
    """Whether a line may run through a box (judged by the frames of its segments)."""
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    meets = (high[:, 0] >= box[0]) & (low[:, 0] <= box[2]) & (high[:, 1] >= box[1]) & (low[:, 1] <= box[3])
    return bool(meets.any())


def _meets(boxes: Sequence[tuple], box: tuple[float, float, float, float]) -> bool:
    return any(a <= box[2] and c >= box[0] and b <= box[3] and d >= box[1] for a, b, c, d in boxes)
