"""Change of tumour size over time, one line per patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.base.drawing import Drawing
from reportgen.base.message import N_
from reportgen.figures.axes import UNIT_ROOM, draw_time, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import draw_key
from reportgen.figures.line_ends import Names
from reportgen.figures.responses import line_sign, line_style, response_key
from reportgen.figures.style import FAINT, FULL, INK, LINE, SECOND, SIZE, SMALL, clean, width_of
from reportgen.figures.waterfall import RECIST, change_axis, draw_change_axis
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER

HEIGHT = 160.0
TITLE, OTHER_TITLE = N_("Change of the sum of diameters"), N_("Change of tumour size")
FEW = 12


@dataclass(frozen=True)
class Track:
    """times: days since the first measurement; changes: as fractions of it; response: CR, PR, SD, PD, NE."""

    label: str
    times: tuple[float, ...]
    changes: tuple[float, ...]
    response: str = "NE"


def spider(
    figure_id: str, tracks: Sequence[Track], *, unit: str, width_mm: float = FULL,
    limits: tuple[float, float] = RECIST,
) -> Drawing:  # fmt: skip
    """Lines from no change at time zero; up to a dozen bear their names if there is room; above +100% they are cut."""
    canvas = Canvas(figure_id, width_mm)
    named = len(tracks) <= FEW and max(width_of(clean(t.label), SMALL) for t in tracks) <= 0.2 * canvas.width
    margin = max(width_of(clean(t.label), SMALL) for t in tracks) + 12 if named else 6
    canvas.text(0, SIZE - 1, _(TITLE if limits == RECIST else OTHER_TITLE), SECOND)
    key = response_key((track.response for track in tracks), line_sign, 14.0)
    top = draw_key(canvas, key, SIZE + 11) + 10
    up = change_axis([change for track in tracks for change in track.changes], top, HEIGHT, limits)
    left = UNIT_ROOM
    longest = max((t for track in tracks for t in track.times), default=0.0)
    across = time_axis(longest, unit, left, canvas.width - margin, 40)
    draw_change_axis(canvas, up, left, across.stop, limits)
    unchanged = float(up(0))
    canvas.line(((left, unchanged), (across.stop, unchanged)), FAINT, 0.6)
    lines = []
    for track in tracks:
        x = across(np.r_[0.0, track.times] / DAYS_PER[unit])
        y = up(np.clip(np.r_[0.0, track.changes], up.low, up.high))
        if len(track.times) and track.times[0] == 0:
            x, y = x[1:], y[1:]
        colour, dash = line_style(track.response)
        canvas.line(np.column_stack([x, y]), colour, 1.0 if len(tracks) <= 3 * FEW else 0.5, dash)
        if len(tracks) <= 3 * FEW:
            for place in zip(x[1:], y[1:], strict=True):
                canvas.marker(*place, "circle", 1.5, colour)
        lines.append(np.column_stack([x, y]))
    if named:
        names = Names([(clean(t.label), INK) for t in tracks], SMALL, across.stop + 6, up.start)
        outside = names.places(lines)[1]
        if all(abs(y - lines[i][-1, 1]) < LINE for i, y in outside.items()):
            names.draw(canvas, lines)
    baseline = draw_time(canvas, across, up.start + 5, unit)
    return canvas.drawing(baseline + 4)
