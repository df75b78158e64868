"""Names at the ends of lines, in place of a legend; and whether a place is free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.figures.canvas import Canvas
from reportgen.figures.style import FAINT, LINE, spread, width_of

OFFSET = 5.5
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Names:
    """Words and colour per line; the margin begins at x = margin, the plot's foot is at y = foot.

    groups: of patients, that the lines are of, where they are.
    """

    names: Sequence[tuple[str, str]]
    size: float
    margin: float
    foot: float
    groups: Sequence[str] = ()

    def places(self, lines: Sequence[np.ndarray]) -> tuple[dict[int, float], dict[int, float]]:
        """By line, the height of a name just behind its last point, and the height of a name in the margin.

        A name stands in the margin where something is in the way before it: another line, another name or
        the foot of the plot. There the names are spread so that none touches another.
        """
        extended = [np.vstack([line, (self.margin, line[-1, 1])]) for line in lines]
        behind: dict[int, float] = {}
        boxes: list[Box] = []
        for i, line in enumerate(lines):
            y = float(line[-1, 1])
            box = self._box(i, line, y)
            others = [other for k, other in enumerate(extended) if k != i]
            if box[2] < self.margin - 4 and box[3] < self.foot and is_free(box, others, boxes):
                boxes.append(box)
                behind[i] = y
        outside = [i for i in range(len(lines)) if i not in behind]
        wanted = [float(lines[i][-1, 1]) for i in outside]
        heights = spread(wanted, LINE, 0.0, max(self.foot, LINE * len(wanted)))
        return behind, dict(zip(outside, heights, strict=True))

    def draw(self, canvas: Canvas, lines: Sequence[np.ndarray]) -> list[Box]:
        """All names, and a dotted lead to those in the margin; returns what the others cover of the plot."""
        behind, outside = self.places(lines)
        for i, y in behind.items():
            with canvas.of(self.groups[i] if self.groups else ""):
                canvas.text(float(lines[i][-1, 0]) + OFFSET, y + 0.34 * self.size, *self.names[i], self.size)
        for i, y in outside.items():
            end = lines[i][-1]
            if self.margin - end[0] > 12 or abs(y - end[1]) > 2:
                bends = (
                    (max(self.margin - 13, end[0] + 3.5), end[1]),
                    (max(self.margin - 5, end[0] + 3.5), y),
                )
                canvas.line((end + (3.5, 0), *bends, (self.margin - 2, y)), FAINT, 0.7, (0.7, 1.6))
            with canvas.of(self.groups[i] if self.groups else ""):
                canvas.text(self.margin, y + 0.34 * self.size, *self.names[i], self.size)
        return [self._box(i, lines[i], y) for i, y in behind.items()]

    def _box(self, i: int, line: np.ndarray, y: float) -> Box:
        """What a name behind its line covers."""
        x = float(line[-1, 0]) + OFFSET
        return (x - 1, y - LINE / 2, x + width_of(self.names[i][0], self.size) + 2, y + LINE / 2)


def is_free(box: Box, lines: Iterable[np.ndarray], boxes: Iterable[Box]) -> bool:
    """Whether no line may run through a place (judged by the frames of its segments) and no box meets it."""
    left, top, right, bottom = box
    for line in lines:
        low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
        meets = (high[:, 0] >= left) & (low[:, 0] <= right) & (high[:, 1] >= top) & (low[:, 1] <= bottom)
        if meets.any():
            return False
    return not any(a <= right and c >= left and b <= bottom and d >= top for a, b, c, d in boxes)
