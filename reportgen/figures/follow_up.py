"""How long each patient was observed, of the time that was possible until the cut-off."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.base.message import N_
from reportgen.figures.axes import UNIT_ROOM, draw_grid, draw_time, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import draw_key, swatch
from reportgen.figures.style import ACCENT, FAINT, FULL, INK, SECOND, SMALL, WHITE, clean, fit, width_of
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER

KEY = ((ACCENT, None, N_("Observed")), (WHITE, FAINT, N_("Possible until the cut-off")))


def followup_figure(
    figure_id: str,
    rows: Sequence[tuple[str, float, float, str]],
    *,
    unit: str = "years",
    width_mm: float = FULL,
) -> str:
    """rows: (label, observed days, possible days, status in words), at most about 40, in the order given."""
    canvas = Canvas(figure_id, width_mm)
    row = 11.0 if len(rows) <= 20 else 9.4
    left = min(0.24 * canvas.width, max(width_of(clean(label), SMALL) for label, *_rest in rows)) + 8
    left = max(left, UNIT_ROOM)
    right = min(0.24 * canvas.width, max(width_of(clean(_(status)), SMALL) for *_rest, status in rows))
    longest = max(max(observed, possible) for _label, observed, possible, _status in rows)
    across = time_axis(longest, unit, left, canvas.width - right - (8 if right else 4), 40)
    items = [(swatch(colour, edge), 7.0, _(words)) for colour, edge, words in KEY]
    top = draw_key(canvas, items, 7.5) + 7
    bottom = top + row * len(rows)
    draw_grid(canvas, across, top, bottom)
    for i, (label, observed, possible, status) in enumerate(rows):
        y = top + (i + 0.5) * row
        canvas.small(left - 8, y + 2.5, fit(label, left - 8, SMALL), INK, "end")
        canvas.small(canvas.width - right, y + 2.5, fit(_(status), right, SMALL), SECOND)
        ends = [float(across(days / DAYS_PER[unit])) - left for days in (possible, observed)]
        canvas.rect(left, y - 0.28 * row, max(ends[0], 0.6), 0.56 * row, WHITE, FAINT)
        canvas.rect(left, y - 0.28 * row, max(ends[1], 0.6), 0.56 * row, ACCENT)
    return canvas.svg(draw_time(canvas, across, bottom + 2, unit) + 4)
