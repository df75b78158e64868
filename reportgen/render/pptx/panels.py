"""The slides of a case review for a tumour board: few and full, what belongs together beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from reportgen.base.required import required
from reportgen.render.pptx.content import Slide
from reportgen.render.pptx.fitting import fitted, lines
from reportgen.report import Row

FACTS, BESIDE = 2, 4  # columns of a table of facts, and of one that may stand beside another
COURSE, FEW = "course", 4  # the figure of the whole course; facts that need no table of their own
TITLE = 50  # characters, which stand on one line
MOST_ROWS, LEAST_SIZE = 16, 12  # rows, without the head, and points of a table that shares a slide
GAP, TITLE_SIZE, NOTE_SIZE = 22.0, 12, 10
WHOLE = (0.0, 0.0, 864.0, 400.0)  # points that panels have on a slide
Room = tuple[float, float, float, float]


def joined(slides: Iterable[Slide]) -> list[Slide]:
    """The same slides, those that are half empty put together where each can still be read: the course under the line
    that says it all, small tables of facts in one, tables beside or above each other, two figures of a chapter; words
    stand below what they belong to."""
    found: list[Slide] = []
    for slide in _with_words(_glance(list(slides))):
        last = found[-1] if found else None
        if last and _same_facts(last, slide):
            found[-1] = _one_table(last, slide)
            continue
        found.append(slide)
    waiting, made = found, []
    while waiting:
        panels = [waiting.pop(0)]
        if made and _only_words(panels[0]) and panels[0].title in (made[-1].kicker, made[-1].title):
            made[-1] = replace(made[-1], caption=" ".join((made[-1].caption, *panels[0].lines)).strip())
            continue
        if waiting and _fits([panels[0], waiting[0]]):
            panels.append(waiting.pop(0))
        made.append(panels[0] if len(panels) == 1 else _together(panels))
    return made


def places(panels: Sequence[Slide], room: Room) -> list[Room]:
    """Where each panel stands: wide tables above one another, by what they need; else beside each other."""
    left, top, width, height = room
    n = len(panels)
    if not all(one.table and len(one.table.columns) > BESIDE for one in panels):
        wide = (width - GAP * (n - 1)) / n
        return [(left + k * (wide + GAP), top, wide, height) for k in range(n)]
    needed = [_needed(one, width) for one in panels]
    spare = max(0.0, height - GAP * (n - 1) - sum(needed)) / n
    shrunk = min(1.0, (height - GAP * (n - 1)) / sum(needed))
    found, y = [], top
    for need in needed:
        high = need * shrunk + spare
        found.append((left, y, width, high))
        y += high + GAP
    return found


def title_room(one: Slide, wide: float) -> float:
    """The height of a panel's title."""
    return 8 + 1.2 * TITLE_SIZE * lines(one.title, wide, TITLE_SIZE, bold=True)


def caption_room(one: Slide, wide: float) -> float:
    """The height of what stands below a panel."""
    return 4 + 1.2 * NOTE_SIZE * lines(one.caption, wide, NOTE_SIZE) if one.caption else 0.0


def _needed(one: Slide, wide: float) -> float:
    table = required(one.table)
    around = title_room(one, wide) + caption_room(one, wide) + 2
    return fitted(table, (wide, WHOLE[3] / 2 - around)).height + around


def _glance(waiting: list[Slide]) -> list[Slide]:
    """The line that says it all, the question below it, and the course of the patient below both."""
    if not waiting or not _bare(waiting[0]):
        return waiting
    first, rest = waiting[0], waiting[1:]
    if rest and _only_words(rest[0]):
        said = rest.pop(0)
        first = replace(first, lines=(f"{said.title}: {said.lines[0]}", *said.lines[1:]))
    course = next((one for one in rest if one.figure and one.figure.id == COURSE), None)
    if course is not None:
        rest.remove(course)
        words = f"{course.title}. {course.caption}".strip()
        first = replace(first, figure=course.figure, caption=words, notes=(*first.notes, *course.notes))
    return [first, *rest]


def _with_words(waiting: list[Slide]) -> list[Slide]:
    """Words below the table of their chapter; those after figures wait until these share a slide."""
    found: list[Slide] = []
    for slide in waiting:
        last = found[-1] if found else None
        if last and last.table and _only_words(slide) and slide.title in (last.kicker, last.title):
            found[-1] = replace(last, caption=" ".join(filter(None, (last.caption, *slide.lines))))
        else:
            found.append(slide)
    return found


def _bare(slide: Slide) -> bool:
    return not (slide.lines or slide.table or slide.figure)


def _only_words(slide: Slide) -> bool:
    return bool(slide.lines) and not slide.table and not slide.figure


def _same_facts(last: Slide, slide: Slide) -> bool:
    """Whether a few facts may follow others in one table: both have the same heads."""
    return (
        last.table is not None
        and slide.table is not None
        and len(slide.table.columns) == FACTS
        and last.table.columns == slide.table.columns
        and len(slide.table.rows) <= FEW
        and len(last.table.rows) + len(slide.table.rows) < MOST_ROWS
    )


def _one_table(last: Slide, slide: Slide) -> Slide:
    table, further = required(last.table), required(slide.table)
    rows = (*table.rows, Row(((slide.title,),), head=True), *further.rows)
    notes = tuple(dict.fromkeys((*last.notes, *slide.notes)))
    caption = " ".join(filter(None, (last.caption, slide.caption)))
    return replace(last, table=replace(table, rows=rows), caption=caption, notes=notes)


def _fits(panels: list[Slide]) -> bool:
    """Whether these may share a slide: figures of a chapter, or tables that can still be read in their half."""
    if any(one.lines for one in panels):
        return False
    if all(one.figure for one in panels):
        return panels[0].kicker == panels[1].kicker
    if not all(one.table and len(one.table.rows) <= MOST_ROWS for one in panels):
        return False
    facts = [len(required(one.table).columns) for one in panels]
    if min(facts) <= BESIDE < max(facts):  # one of them is wide
        return False
    for one, (_x, _y, wide, high) in zip(panels, places(panels, WHOLE), strict=True):
        inner = high - title_room(one, wide) - caption_room(one, wide) - 2
        found = fitted(required(one.table), (wide, inner))
        if not found.fits or found.size < LEAST_SIZE:
            return False
    return True


def _together(panels: list[Slide]) -> Slide:
    """One slide of several, titled by what they are about; captions of panels stay with them."""
    kickers = list(dict.fromkeys(one.kicker or one.title for one in panels))
    notes = tuple(dict.fromkeys(note for one in panels for note in one.notes))
    title = " · ".join(kickers)
    return Slide(title if len(title) <= TITLE else kickers[0], notes=notes, panels=tuple(panels))
