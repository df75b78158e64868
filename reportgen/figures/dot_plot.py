"""Points with intervals between two columns of a table: proportions, or ratios on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.drawing import Drawing
from reportgen.figures.axes import Axis, draw_below, draw_grid, ratio_axis, ratio_words, share_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.style import (
    FULL,
    HAIRLINE,
    INK,
    LINE,
    MM,
    REGULAR,
    SECOND,
    SEMIBOLD,
    SMALL,
    clean,
    fit,
    width_of,
)
from reportgen.writing.language import _
from reportgen.writing.numbers import percent

ROW, INDENT, GAP = 13.0, 7.0, 9.0
UNDER = 8.5


@dataclass(frozen=True)
class DotRow:
    """value, low, high: a proportion or a ratio, None where it does not exist; left and right: as printed.

    head: names the rows that follow and has no point.
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    left: str = ""
    right: str = ""
    head: bool = False
    indent: int = 0


def dot_plot(
    figure_id: str,
    rows: Sequence[DotRow],
    *,
    xlabel: str,
    columns: tuple[str, str] = ("", ""),
    reference: float | None = None,
    log: bool = False,
    width_mm: float = FULL,
    among: Sequence[DotRow] = (),
) -> Drawing:
    """A row each: label, left words, point with interval, right words. An arrow: the interval goes on.

    reference: a dashed upright line; 1 on a logarithmic scale unless another is given. Narrower than a page's text,
    each point lies under its words. among: all rows of
    a plot drawn in parts, so that the axis and columns of its parts are the same.
    """
    canvas = Canvas(figure_id, width_mm)
    place = _Place.of(among or rows, columns, canvas.width)
    across = _axis(among or rows, place.start, place.stop, log)
    top = LINE + 4 if any(columns) else 2.0
    bottom = top + sum(map(place.height, rows)) + 2
    canvas.small(place.left, SMALL - 0.5, fit(columns[0], place.rooms[1], SMALL), SECOND)
    canvas.small(place.right, SMALL - 0.5, fit(columns[1], place.rooms[2], SMALL), SECOND)
    if any(columns):
        canvas.line(((0, LINE + 1.5), (canvas.width, LINE + 1.5)), HAIRLINE, 0.4)
    draw_grid(canvas, across, top, bottom)
    reference = 1.0 if log and reference is None else reference
    if reference is not None:
        x = across.clip(reference)
        for begin, end in _beside_heads(rows, place, top, bottom):
            canvas.line(((x, begin), (x, end)), SECOND, 0.6, (2.5, 2))
    y = top - 0.5 * ROW + 2.7
    for row in rows:
        y += ROW
        weight = SEMIBOLD if row.head else REGULAR
        indent = INDENT * row.indent
        room = canvas.width if row.head else place.rooms[0] - indent
        canvas.text(indent, y, fit(row.label, room, weight=weight), weight=weight)
        if not row.head:
            canvas.text(place.left, y, fit(row.left, place.rooms[1]), INK)
            canvas.text(place.right, y, fit(row.right, place.rooms[2]), INK)
            y += place.height(row) - ROW
            _draw_point(canvas, row, across, y - 2.7)
    words = ratio_words(across) if log else [percent(t) for t in across.ticks]
    baseline = draw_below(canvas, across, bottom, words)
    foot = baseline + LINE + 0.5
    _draw_xlabel(
        canvas,
        _("{label} (log scale)", label=xlabel) if log else xlabel,
        (place.start + place.stop) / 2,
        foot,
    )
    return canvas.drawing(foot + 4)


@dataclass(frozen=True)
class _Place:
    """Where a row stands: x of its left and right words, the ends of the axis, the rooms of label, left and right.

    under: how far below the words the point lies; 0 where it stands between them.
    """

    left: float
    right: float
    start: float
    stop: float
    rooms: tuple[float, float, float]
    under: float = 0.0

    @classmethod
    def of(cls, rows: Sequence[DotRow], columns: tuple[str, str], width: float) -> _Place:
        if width < FULL * MM:
            rooms = _column_widths(rows, columns, width, (0.4, 0.25, 0.4))
            right = width - rooms[2]
            return cls(right - GAP - rooms[1], right, 10.0, width - 10.0, rooms, UNDER)
        rooms = label, left, right = _column_widths(rows, columns, width, (0.36, 0.18, 0.26))
        start = label + GAP + (left + GAP if left else 0) + 3
        stop = width - (right + GAP if right else 3) - 3
        return cls(label + GAP, stop + GAP + 3, start, stop, rooms)

    def height(self, row: DotRow) -> float:
        """A row without a point has none under its words."""
        return ROW if row.head or row.value is None else ROW + self.under


def _beside_heads(
    rows: Sequence[DotRow], place: _Place, top: float, bottom: float
) -> list[tuple[float, float]]:
    """From where to where an upright line runs, so that it strikes no head, whose words may reach across the axis."""
    spans, y = [(top, top)], top
    for row in rows:
        below = y + place.height(row)
        if not row.head:
            spans[-1] = (spans[-1][0], below)
        else:
            spans.append((below, below))
        y = below
    begin, _end = spans.pop()
    return [(a, b) for a, b in (*spans, (begin, bottom)) if b > a]


def _column_widths(
    rows: Sequence[DotRow], columns: tuple[str, str], width: float, most: tuple[float, float, float]
) -> tuple[float, float, float]:
    """As wide as their words, but at most such parts of the figure."""
    body = [row for row in rows if not row.head]
    labels = max((width_of(clean(row.label)) + INDENT * row.indent for row in body), default=0.0)
    left = max((width_of(clean(row.left)) for row in body), default=0.0)
    right = max((width_of(clean(row.right)) for row in body), default=0.0)
    left, right = (
        max(room, width_of(clean(head), SMALL)) for room, head in zip((left, right), columns, strict=True)
    )
    return min(labels, most[0] * width), min(left, most[1] * width), min(right, most[2] * width)


def _axis(rows: Sequence[DotRow], start: float, stop: float, log: bool) -> Axis:
    if not log:
        return share_axis(1.0, start, stop, 28)
    shown = [v for row in rows for v in (row.value, row.low, row.high) if v is not None and v > 0]
    return ratio_axis(min(shown, default=0.5), max(shown, default=2.0), start, stop)


def _draw_point(canvas: Canvas, row: DotRow, across: Axis, y: float):
    if row.low is not None and row.high is not None:
        low, high = across.clip(row.low), across.clip(row.high)
        canvas.line(((low, y), (high, y)), INK, 1.2)
        if row.low < across.low:
            canvas.marker(low, y, "left arrow", 2.2, INK)
        if row.high > across.high:
            canvas.marker(high, y, "arrow", 2.2, INK)
    if row.value is not None and across.low <= row.value <= across.high:
        canvas.marker(float(across(row.value)), y, "circle", 2.7, INK)


def _draw_xlabel(canvas: Canvas, words: str, middle: float, y: float):
    """Centred under the axis, but kept on the sheet."""
    words = fit(words, canvas.width, SMALL)
    half = width_of(words, SMALL) / 2
    canvas.small(min(max(middle, half), canvas.width - half), y, words, SECOND, "middle")
