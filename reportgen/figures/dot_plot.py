"""Points with intervals between two columns of a table: proportions, or ratios on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.figures.axes import Axis, draw_below, draw_grid, ratio_axis, ratio_words, share_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.style import (
    FULL,
    HAIRLINE,
    INK,
    LINE,
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
) -> str:
    """A row each: label, left words, point with interval, right words. An arrow: the interval goes on.

    reference: a dashed upright line; 1 on a logarithmic scale unless another is given. among: all rows of
    a plot drawn in parts, so that the axis and columns of its parts are the same.
    """
    canvas = Canvas(figure_id, width_mm)
    label_room, left_room, right_room = _column_widths(among or rows, columns, canvas.width)
    start = label_room + GAP + (left_room + GAP if left_room else 0) + 3
    stop = canvas.width - (right_room + GAP if right_room else 3) - 3
    across = _axis(among or rows, start, stop, log)
    top = LINE + 4 if any(columns) else 2.0
    bottom = top + ROW * len(rows) + 2
    for words, x, room in (
        (columns[0], label_room + GAP, left_room),
        (columns[1], stop + GAP + 3, right_room),
    ):
        canvas.small(x, SMALL - 0.5, fit(words, room, SMALL), SECOND)
    if any(columns):
        canvas.line(((0, LINE + 1.5), (canvas.width, LINE + 1.5)), HAIRLINE, 0.4)
    draw_grid(canvas, across, top, bottom)
    reference = 1.0 if log and reference is None else reference
    if reference is not None:
        x = across.clip(reference)
        canvas.line(((x, top), (x, bottom)), SECOND, 0.6, (2.5, 2))
    for i, row in enumerate(rows):
        y = top + (i + 0.5) * ROW + 2.7
        weight = SEMIBOLD if row.head else REGULAR
        indent = INDENT * row.indent
        room = canvas.width if row.head else label_room - indent
        canvas.text(indent, y, fit(row.label, room, weight=weight), weight=weight)
        if not row.head:
            canvas.text(label_room + GAP, y, fit(row.left, left_room), INK)
            canvas.text(stop + GAP + 3, y, fit(row.right, right_room), INK)
            _draw_point(canvas, row, across, y - 2.7)
    words = ratio_words(across) if log else [percent(t) for t in across.ticks]
    baseline = draw_below(canvas, across, bottom, words)
    foot = baseline + LINE + 0.5
    _draw_xlabel(canvas, _("{label} (log scale)", label=xlabel) if log else xlabel, (start + stop) / 2, foot)
    return canvas.svg(foot + 4)


def _column_widths(
    rows: Sequence[DotRow], columns: tuple[str, str], width: float
) -> tuple[float, float, float]:
    """As wide as their words, but at most 36, 18 and 26 hundredths of the figure."""
    body = [row for row in rows if not row.head]
    labels = max((width_of(clean(row.label)) + INDENT * row.indent for row in body), default=0.0)
    left = max((width_of(clean(row.left)) for row in body), default=0.0)
    right = max((width_of(clean(row.right)) for row in body), default=0.0)
    left, right = (
        max(room, width_of(clean(head), SMALL)) for room, head in zip((left, right), columns, strict=True)
    )
    return min(labels, 0.36 * width), min(left, 0.18 * width), min(right, 0.26 * width)


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
