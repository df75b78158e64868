"""The patient matrix: a row per patient with what he brought, what happened, and how he is now.

Colour means the state of response; a thick bar is treatment, a thin one none. All signs are ink.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from reportgen.base.drawing import Drawing
from reportgen.figures.axes import UNIT_ROOM, Axis, draw_grid, draw_time, time_axis
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import Sign, draw_key, swatch
from reportgen.figures.legend import hatch as hatched_swatch
from reportgen.figures.matrix_rows import (
    MIDDLE,
    MOST_OWN,
    OWN_SHAPES,
    OWN_SIZE,
    SIGNS,
    STATES,
    THICK,
    THIN,
    Part,
    Patient,
)
from reportgen.figures.style import (
    FAINT,
    FULL,
    GRADES,
    HAIRLINE,
    INK,
    MM,
    RESPONSES,
    SECOND,
    SEMIBOLD,
    SMALL,
    WHITE,
    WIDE,
    clean,
    fit,
    width_of,
)
from reportgen.writing.language import _
from reportgen.writing.numbers import DAYS_PER

ROW, HEAD, STEP = 4.5 * MM, 12.5, 9.4
CELL, PITCH, GAP = 7.6, 12.4, 11.0
SIZES = (0.6, 4.2)  # the top and foot of the line of tumour size, below the top of its row
TICK, TICK_TOP = 2.4, 10.0
MOST_LABEL, MOST_STATUS = 78.0, 104.0  # a pair of words, the spoken name of a patient, is never cut
UNDER = 13.0
LONGEST = 1.5  # times the baseline: what has grown beyond is drawn there


@dataclass(frozen=True)
class _Place:
    """Where the columns stand: x of the first cell, the axis of time, x of the status, days in a unit.

    under: how far below its words the course of a patient lies, on a narrow screen; 0 where it stands beside them.
    """

    cells: float
    across: Axis
    status: float
    days: float
    under: float = 0.0

    @property
    def row(self) -> float:
        return ROW + self.under


def patient_matrix(
    figure_id: str, patients: Sequence[Patient], features: Sequence[str], *, unit: str, width_mm: float = WIDE,
    own: Mapping[str, str] | None = None,
) -> Drawing:  # fmt: skip
    """The rows in the order given, under their group where it changes. features: names of the cells, from the left.

    own: names of further signs by their keys ("own 0"), drawn in OWN_SHAPES.
    Narrower than a page's text, each course lies under the words of its patient and takes the whole width.
    """
    canvas = Canvas(figure_id, width_mm)
    groups = [(name, list(members)) for name, members in groupby(patients, lambda one: one.group)]
    place = _places(canvas, patients, features, unit)
    top = _draw_heads(canvas, features, place)
    bottom = top + place.row * len(patients) + HEAD * sum(bool(name) for name, _members in groups) + 2
    draw_grid(canvas, place.across, top, bottom)
    y = top
    for name, members in groups:
        with canvas.of(members[0].of):
            if name:
                canvas.text(0, y + HEAD - 3.4, fit(name, canvas.width, SMALL, SEMIBOLD), INK, SMALL, SEMIBOLD)
                y += HEAD
            for patient in members:
                _draw_row(canvas, patient, place, y)
                y += place.row
    baseline = draw_time(canvas, place.across, bottom, unit)
    return canvas.drawing(draw_key(canvas, _key(patients, own or {}), baseline + 13) + 4)


def _places(canvas: Canvas, patients: Sequence[Patient], features: Sequence[str], unit: str) -> _Place:
    label = min(MOST_LABEL, max(width_of(clean(one.label), SMALL) for one in patients))
    cells = max(label + 7, UNIT_ROOM if not features else 0.0)
    start = max(cells + PITCH * len(features) + (GAP - 4 if features else 0.0), UNIT_ROOM)
    wide = max((width_of(clean(one.status), SMALL) for one in patients), default=0.0)
    status = canvas.width - min(MOST_STATUS, wide)
    longest = max(one.end for one in patients)
    if canvas.width < FULL * MM:
        across = time_axis(longest, unit, UNIT_ROOM, canvas.width - 14, 30)
        return _Place(cells, across, status, DAYS_PER[unit], UNDER)
    across = time_axis(longest, unit, start, status - 16, 30)
    return _Place(cells, across, status, DAYS_PER[unit])


def _draw_heads(canvas: Canvas, features: Sequence[str], place: _Place) -> float:
    """The names of the features in steps, each over its column, with a line down to it; returns their foot."""
    foot = STEP * len(features) + 4 if features else 4.0
    for k, name in enumerate(features):
        x, y = place.cells + k * PITCH, (k + 1) * STEP - 2.0
        canvas.line(((x + CELL / 2, y + 2.4), (x + CELL / 2, foot - 1)), FAINT, 0.5)
        canvas.small(x + 1.0, y, fit(name, canvas.width - x, SMALL), SECOND)
    return foot


def _draw_row(canvas: Canvas, patient: Patient, place: _Place, top: float):
    base = top + MIDDLE + 2.6
    canvas.patient_box(-2, top, canvas.width + 4, place.row, patient.label)
    canvas.small(0, base, fit(patient.label, place.cells - 5, SMALL), INK)
    for k, has in enumerate(patient.cells):
        _draw_cell(canvas, place.cells + k * PITCH, top + MIDDLE - CELL / 2, has)
    _draw_course(canvas, patient, place, top + place.under)
    canvas.small(place.status, base, fit(patient.status, canvas.width - place.status, SMALL), INK)


def _draw_cell(canvas: Canvas, x: float, y: float, has: bool | None):
    if has is None:
        canvas.line(((x + 2, y + CELL / 2), (x + CELL - 2, y + CELL / 2)), SECOND, 0.8)
    else:
        canvas.rect(x, y, CELL, CELL, SECOND if has else WHITE, SECOND if has else HAIRLINE)


def _draw_course(canvas: Canvas, patient: Patient, place: _Place, top: float):
    middle, at = top + MIDDLE, place.across.clip
    for part in patient.parts:
        _draw_part(canvas, at(part.start / place.days), at(part.stop / place.days), middle, part)
    _draw_sizes(canvas, patient, place, top)
    taken = 0.0
    for part in patient.parts:
        x = at(part.start / place.days) + 1
        if part.line and x > taken:
            canvas.text(x, top + 4.3, str(part.line), INK, 7.0)
            taken = x + width_of(str(part.line), 7.0) + 1
    for day, grade in patient.severe:
        canvas.rect(at(day / place.days) - 0.7, top + TICK_TOP, 1.4, TICK, GRADES[grade - 1])
    _draw_signs(canvas, patient, place, middle)


def _draw_part(canvas: Canvas, start: float, stop: float, middle: float, part: Part):
    height, wide = part.height, max(stop - start, 0.6)
    colour = RESPONSES.get(part.state)
    where = (start, middle - height / 2, wide, height)
    if colour:
        canvas.rect(*where, colour)
    elif part.state:
        canvas.hatched(*where, SECOND)
    else:
        canvas.rect(
            start + 0.25, middle - height / 2 + 0.25, max(wide - 0.5, 0.1), height - 0.5, WHITE, SECOND
        )


def _draw_sizes(canvas: Canvas, patient: Patient, place: _Place, top: float):
    if len(patient.sizes) > 1:
        high, foot = top + SIZES[0], top + SIZES[1]
        most = max(1.0, min(LONGEST, max(size for _day, size in patient.sizes)))
        points = [
            (place.across.clip(day / place.days), foot - (foot - high) * min(size, most) / most)
            for day, size in patient.sizes
        ]
        canvas.line(points, SECOND, 0.5)


def _draw_signs(canvas: Canvas, patient: Patient, place: _Place, middle: float):
    at = place.across.clip
    for day, kind in patient.signs:
        if kind not in SIGNS:
            canvas.marker(at(day / place.days), middle, _shape(kind), OWN_SIZE, INK)
    signs = {kind: at(day / place.days) for day, kind in patient.signs}
    end = at(patient.end / place.days)
    relapse = signs.get("relapse")
    other = [x for x in (relapse, end if "death" in signs else None) if x is not None]
    if "stop" in signs and all(abs(signs["stop"] - x) > 3 for x in other):
        _draw_stop(canvas, signs["stop"], middle)
    if relapse is not None:
        canvas.marker(relapse, middle, "diamond", 2.9, INK, halo=True)
    behind = end + (5.5 if relapse is not None and end - relapse < 6 else 1.5)
    if "death" in signs:
        canvas.marker(behind + 3, middle, "cross", 2.4, INK)
    elif patient.ongoing:
        canvas.line(((end, middle), (behind + 3, middle)), INK, 0.7)
        canvas.marker(behind + 4.4, middle, "arrow", 1.9, INK)


def _draw_stop(canvas: Canvas, x: float, middle: float):
    canvas.line(((x, middle - 3.6), (x, middle + 3.6)), INK, 1.1)


def _key(patients: Sequence[Patient], own: Mapping[str, str]) -> list[tuple[Sign, float, str]]:
    """What occurs, in a fixed order."""
    parts = [part for one in patients for part in one.parts]
    states = {part.state for part in parts}
    items: list[tuple[Sign, float, str]] = []
    for state, words in STATES.items():
        if state in states:
            colour = RESPONSES.get(state)
            empty = swatch(WHITE, SECOND) if not state else hatched_swatch(SECOND)
            said = _(words) if any(states) else _("Observed")
            items.append((swatch(colour) if colour else empty, 7.0, said))
    if any(part.treated for part in parts):
        items.append((_bars, 15.0, _("On and off treatment")))
    if any(part.treated and part.dose != 1 for part in parts):
        items.append((_doses, 15.0, _("Dose changed")))
    if any(part.line for part in parts):
        items.append((lambda canvas, x, y: canvas.text(x, y + 2.5, "2", INK, 7.0), 4.0, _("Further line")))
    kinds = {kind for one in patients for _day, kind in one.signs}
    items += [(_sign(kind), 7.0, _(words)) for kind, words in SIGNS.items() if kind in kinds]
    items += [
        (_own_sign(kind), 7.0, fit(clean(name), MOST_OWN, SMALL))
        for kind, name in own.items()
        if kind in kinds
    ]
    if any(one.ongoing for one in patients):
        items.append((_sign("ongoing"), 7.0, _("Still followed")))
    grades = sorted({grade for one in patients for _day, grade in one.severe})
    items += [(_tick(grade), 3.0, _("Grade {grade}", grade=grade)) for grade in grades]
    if any(len(one.sizes) > 1 for one in patients):
        items.append((_size_sign, 9.0, _("Tumour size")))
    return items


def _bars(canvas: Canvas, x: float, y: float):
    canvas.rect(x, y - THICK / 2, 7, THICK, SECOND)
    canvas.rect(x + 8, y - THIN / 2, 7, THIN, SECOND)


def _doses(canvas: Canvas, x: float, y: float):
    canvas.rect(x, y - THICK / 2, 7, THICK, SECOND)
    lower = Part(0, 1, "", True, dose=0.5).height
    canvas.rect(x + 7, y - lower / 2, 8, lower, SECOND)


def _sign(kind: str) -> Sign:
    if kind == "stop":
        return lambda canvas, x, y: _draw_stop(canvas, x + 3.5, y)
    shape, size = {"relapse": ("diamond", 2.9), "death": ("cross", 2.4), "ongoing": ("arrow", 1.9)}[kind]
    return lambda canvas, x, y: canvas.marker(x + 3.5, y, shape, size, INK)


def _own_sign(kind: str) -> Sign:
    return lambda canvas, x, y: canvas.marker(x + 3.5, y, _shape(kind), OWN_SIZE, INK)


def _shape(kind: str) -> str:
    """Of "own 1" the second of the shapes."""
    return OWN_SHAPES[int(kind.rpartition(" ")[2]) % len(OWN_SHAPES)]


def _tick(grade: int) -> Sign:
    return lambda canvas, x, y: canvas.rect(x + 0.8, y - 2.4, 1.4, 4.8, GRADES[grade - 1])


def _size_sign(canvas: Canvas, x: float, y: float):
    canvas.line(((x, y - 2.5), (x + 3, y + 2), (x + 6, y + 1), (x + 9, y + 2)), SECOND, 0.5)
