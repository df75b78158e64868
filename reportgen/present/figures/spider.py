"""Change of tumour size over time, one line per patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.present.figures.axes import draw_time, time_axis
from reportgen.present.figures.canvas import Canvas
from reportgen.present.figures.key import draw_key
from reportgen.present.figures.responses import colour_of, known, response_key
from reportgen.present.figures.style import (
    FAINT,
    FULL,
    INK,
    LINE,
    SECOND,
    SIZE,
    SMALL,
    clean,
    spread,
    width_of,
)
from reportgen.present.figures.waterfall import change_axis, draw_change_axis
from reportgen.present.numbers import DAYS_PER

HEIGHT = 160.0
TITLE = "Change of the sum of diameters"
FEW = 12


@dataclass(frozen=True)
class Track:
    """times: days since the first measurement; changes: as fractions of it; response: CR, PR, SD, PD, NE."""

    label: str
    times: tuple[float, ...]
    changes: tuple[float, ...]
    response: str = "NE"


def spider(figure_id: str, tracks: Sequence[Track], *, unit: str, width_mm: float = FULL) -> str:
    """Lines from no change at time zero; up to a dozen bear their names; above +100% they are cut."""
    canvas = Canvas(figure_id, width_mm)
    named = len(tracks) <= FEW and max(width_of(clean(t.label), SMALL) for t in tracks) <= 0.2 * canvas.width
    margin = max(width_of(clean(t.label), SMALL) for t in tracks) + 12 if named else 6
    canvas.text(0, SIZE - 1, TITLE, SECOND)
    top = draw_key(canvas, response_key(track.response for track in tracks), SIZE + 11) + 10
    up = change_axis([change for track in tracks for change in track.changes], top, HEIGHT)
    left = 30.0
    longest = max((t for track in tracks for t in track.times), default=0.0)
    across = time_axis(longest, unit, left, canvas.width - margin, 40)
    draw_change_axis(canvas, up, left)
    canvas.line(((left, up(0)), (across.stop, up(0))), FAINT, 0.6)
    ends = []
    for track in tracks:
        x = across(np.r_[0.0, track.times] / DAYS_PER[unit])
        y = up(np.clip(np.r_[0.0, track.changes], up.low, up.high))
        if len(track.times) and track.times[0] == 0:
            x, y = x[1:], y[1:]
        dash = () if known(track.response) != "NE" else (2, 1.4)
        canvas.line(np.column_stack([x, y]), colour_of(track.response), 1.0, dash)
        if len(tracks) <= 3 * FEW:
            for place in zip(x[1:], y[1:], strict=True):
                canvas.marker(*place, "circle", 1.5, colour_of(track.response))
        ends.append((float(x[-1]), float(y[-1])))
    if named:
        places = spread([y for _, y in ends], LINE - 1, up.stop, up.start)
        for track, (x, y), place in zip(tracks, ends, places, strict=True):
            start = across.stop + 6
            canvas.line(((x + 2.5, y), (max(start - 5, x + 2.5), place), (start - 1.5, place)), FAINT, 0.4)
            canvas.small(start, place + 2.5, track.label, INK)
    baseline = draw_time(canvas, across, up.start, unit)
    return canvas.svg(baseline + 4)
