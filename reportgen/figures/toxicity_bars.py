"""Adverse events: patients by worst grade, whatever the cause beside what the treatment was held to cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.base.drawing import Drawing
from reportgen.base.message import N_
from reportgen.figures.axes import Axis, draw_below, draw_grid, share_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import draw_key, swatch
from reportgen.figures.style import (
    FULL,
    GRADES,
    INK,
    LINE,
    SECOND,
    SEMIBOLD,
    SIZE,
    SMALL,
    clean,
    fit,
    ink_on,
    width_of,
)
from reportgen.writing.language import _
from reportgen.writing.numbers import percent, whole

FEW, GAP = 40, 16.0
BESIDE, UNDER = (
    0.36,
    22.0,
)  # of the width: what terms may take beside their bars; height of a row where they lie above
FAINT_EDGE = "#CDB968"
PANELS = (N_("Any cause"), N_("Related to treatment"))


@dataclass(frozen=True)
class ToxicityBar:
    """Of n patients assessed, how many had the term with worst grade 1, 2, 3, 4, 5."""

    term: str
    any_counts: tuple[int, ...]
    related_counts: tuple[int, ...]
    n: int


def toxicity_figure(figure_id: str, bars: Sequence[ToxicityBar], *, width_mm: float = FULL) -> Drawing:
    """Stacked bars in the order given, on one scale of per cent; counts are written for up to 40 patients.

    Narrower than a page's text, bars lie under their terms where these have no room beside them.
    """
    canvas = Canvas(figure_id, width_mm)
    widest = max(width_of(clean(bar.term)) for bar in bars)
    above = width_mm < FULL and widest > BESIDE * canvas.width
    row, middle, thick = (UNDER, 16.0, 8.6) if above else _beside(len(bars))
    grades = [g for g in range(5) if any(bar.any_counts[g] or bar.related_counts[g] for bar in bars)]
    y = (
        draw_key(
            canvas,
            [(swatch(GRADES[g], None if g else FAINT_EDGE), 7.0, _("Grade {n}", n=g + 1)) for g in grades],
            7.5,
        )
        + LINE
        + 5
    )
    share = max(0.2, *(sum(c) / bar.n for bar in bars for c in (bar.any_counts, bar.related_counts)))
    high = next(step for step in (0.2, 0.25, 0.4, 0.5, 0.6, 0.8, 1.0) if share <= step + 1e-9)
    left = 8.0 if above else min(BESIDE * canvas.width, widest) + 8
    total = max(width_of(_total(bar, c), SMALL) for bar in bars for c in (bar.any_counts, bar.related_counts))
    panel = (canvas.width - left - GAP) / 2
    bottom = y + 4 + row * len(bars)
    for name, start, which in (
        (_(PANELS[0]), left, "any_counts"),
        (_(PANELS[1]), left + panel + GAP, "related_counts"),
    ):
        across = share_axis(high, start, start + panel - total - 4, 26)
        canvas.text(start, y - 3, fit(name, panel, SIZE, SEMIBOLD), INK, SIZE, SEMIBOLD)
        draw_grid(canvas, across, y + 3, bottom)
        for i, bar in enumerate(bars):
            _draw_stack(canvas, bar, getattr(bar, which), across, y + 4 + i * row + middle, thick)
        canvas.line(((start, y + 3), (start, bottom)), INK)
        draw_below(canvas, across, bottom, [percent(t) for t in across.ticks])
    for i, bar in enumerate(bars):
        if above:
            canvas.text(left + 4, y + 4 + i * row + SIZE, fit(bar.term, canvas.width - left - 4), INK)
        else:
            canvas.text(left - 8, y + 4 + i * row + middle + 2.7, fit(bar.term, left - 8), INK, anchor="end")
    return canvas.drawing(bottom + 15)


def _beside(count: int) -> tuple[float, float, float]:
    """Of bars beside their terms: the height of a row, where in it the middle of the bar lies, and how thick it is."""
    row = 13.0 if count <= 25 else 10.6
    return row, 0.5 * row, 0.66 * row


def _total(bar: ToxicityBar, counts: Sequence[int]) -> str:
    return whole(sum(counts)) if bar.n <= FEW else percent(sum(counts) / bar.n, bar.n)


def _draw_stack(
    canvas: Canvas, bar: ToxicityBar, counts: Sequence[int], across: Axis, y: float, height: float
):
    before = 0
    for colour, count in zip(GRADES, counts, strict=True):
        if count:
            x, end = (float(across(k / bar.n)) for k in (before, before + count))
            canvas.rect(
                x, y - height / 2, end - x, height, colour, FAINT_EDGE if colour == GRADES[0] else None
            )
            word = whole(count)
            if bar.n <= FEW and end - x >= width_of(word, SMALL) + 3 and count < sum(counts):
                canvas.small((x + end) / 2, y + 2.5, word, ink_on(colour), "middle")
            before += count
    words = _total(bar, counts)
    canvas.small(float(across(before / bar.n)) + 3, y + 2.5, words, INK if before else SECOND)
