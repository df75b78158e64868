"""The oncoprint: findings by patients, the most frequent first, patients who share them side by side.

Dark: found. Light: tested, and not found. A stroke on white: not tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from reportgen.base.drawing import Drawing
from reportgen.base.message import N_
from reportgen.figures.canvas import Canvas
from reportgen.figures.legend import Sign, draw_key, swatch
from reportgen.figures.style import (
    FAINT,
    HAIRLINE,
    INK,
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

ROW, GAP, WIDEST = 10.4, 1.6, 15.0  # of a row and the white below it; of the widest column
MOST_LABEL, MOST_SAID, BETWEEN, STEP, MOST_STEPS, HEAD = 76.0, 60.0, 7.0, 8.6, 4, 11.0
FOUND, NOT_FOUND, NOT_TESTED = "found", "not found", "not tested"
EVENTS = {"relapse": ("diamond", N_("Relapse")), "death": ("cross", N_("Death"))}
SIGN_SIZE = 2.4


@dataclass(frozen=True)
class Person:
    """A column. group: the head that it stands under; of: its group of patients; events: keys of EVENTS."""

    label: str
    group: str = ""
    of: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A row. has: per person whether it was found, None where nobody looked. said: the share of those tested."""

    label: str
    has: tuple[bool | None, ...]
    said: str = ""


def oncoprint(
    figure_id: str, people: Sequence[Person], findings: Sequence[Finding], *, width_mm: float = WIDE
) -> Drawing:
    """Findings and people in the order given; people of one group stand under its name."""
    canvas = Canvas(figure_id, width_mm)
    widest = max(width_of(clean(one.label), SMALL) for one in findings)
    left = min(MOST_LABEL, widest) + BETWEEN
    right = min(MOST_SAID, max(width_of(clean(one.said), SMALL) for one in findings)) + BETWEEN
    pitch = min(WIDEST, (canvas.width - left - right) / len(people))
    top = _draw_heads(canvas, people, left, pitch)
    y = top
    for finding in findings:
        canvas.small(0, y + ROW - 2.6, fit(finding.label, left - BETWEEN, SMALL), INK)
        _draw_row(canvas, finding, people, left, pitch, y)
        canvas.small(
            left + pitch * len(people) + BETWEEN - 2, y + ROW - 2.6, fit(finding.said, right, SMALL), SECOND
        )
        y += ROW
    canvas.lines(
        (((left + k * pitch, top), (left + k * pitch, y)) for k in range(1, len(people))), WHITE, min(1.0, pitch / 5)
    )  # fmt: skip
    y = _draw_events(canvas, people, left, pitch, y)
    y = _draw_labels(canvas, people, left, pitch, y)
    return canvas.drawing(draw_key(canvas, _key(findings), y + 11) + 4)


def _draw_heads(canvas: Canvas, people: Sequence[Person], left: float, pitch: float) -> float:
    if not any(one.group for one in people):
        return 1.0
    place = 0
    for name, members in groupby(people, lambda one: one.group):
        many = len(list(members))
        x = left + place * pitch
        canvas.text(
            x + (2.5 if place else 0),
            HEAD - 3.6,
            fit(name, many * pitch - 4, SMALL, SEMIBOLD),
            INK,
            SMALL,
            SEMIBOLD,
        )
        if place:
            canvas.line(((x, 0), (x, HEAD - 1)), SECOND, 0.6)
        place += many
    return HEAD


def _draw_row(
    canvas: Canvas, finding: Finding, people: Sequence[Person], left: float, pitch: float, y: float
):
    """Neighbours of one kind as one bar, which white lines then part: few marks, however many people."""
    place, strokes = 0, []
    kinds = [(has, one.of) for has, one in zip(finding.has, people, strict=True)]
    for (has, group), members in groupby(kinds):
        many = len(list(members))
        x = left + place * pitch
        with canvas.of(group):
            if has is not None:
                canvas.rect(x, y, many * pitch, ROW - GAP, SECOND if has else HAIRLINE)
        if has is None:
            middle = y + (ROW - GAP) / 2
            strokes += [
                ((x + (k + 0.25) * pitch, middle), (x + (k + 0.75) * pitch, middle)) for k in range(many)
            ]
        place += many
    canvas.lines(strokes, SECOND, 0.8)


def _draw_events(canvas: Canvas, people: Sequence[Person], left: float, pitch: float, y: float) -> float:
    """A row of signs below the findings for each kind of event that occurred."""
    for kind, (shape, words) in EVENTS.items():
        if not any(kind in one.events for one in people):
            continue
        canvas.small(0, y + ROW - 2.6, fit(_(words), left - BETWEEN, SMALL), INK)
        for k, one in enumerate(people):
            if kind in one.events:
                size = min(SIGN_SIZE, 0.42 * pitch)
                canvas.marker(left + (k + 0.5) * pitch, y + ROW / 2 - 0.5, shape, size, INK)
        y += ROW
    return y


def _draw_labels(canvas: Canvas, people: Sequence[Person], left: float, pitch: float, y: float) -> float:
    """The people's names in steps below their columns, where they find room; each column lights up for its own."""
    for k, one in enumerate(people):
        canvas.patient_box(left + k * pitch, 0, pitch, y, one.label)
    widest = max(width_of(clean(one.label), SMALL) for one in people)
    steps = ceil((widest + 3) / pitch)
    if steps > MOST_STEPS:
        return y
    for k, one in enumerate(people):
        x, foot = left + (k + 0.5) * pitch, y + 7.5 + (k % steps) * STEP
        if k % steps:
            canvas.line(((x, y + 0.5), (x, foot - 6)), FAINT, 0.4)
        canvas.small(x, foot, one.label, SECOND, "middle")
    return y + STEP * steps


def _key(findings: Sequence[Finding]) -> list[tuple[Sign, float, str]]:
    """What occurs, in a fixed order."""
    kinds = {has for one in findings for has in one.has}
    items: list[tuple[Sign, float, str]] = [(swatch(SECOND), 7.0, _("Found"))]
    if False in kinds:
        items.append((swatch(HAIRLINE), 7.0, _("Tested, not found")))
    if None in kinds:
        items.append((_stroke, 7.0, _("Not tested")))
    return items


def _stroke(canvas: Canvas, x: float, y: float):
    canvas.line(((x + 1.5, y), (x + 5.5, y)), SECOND, 0.8)
