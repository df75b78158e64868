"""The slides of a case review for a tumour board: few and full, what belongs together beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reportgen.render.pptx.content import Slide

FACTS, NARROW = 2, 4  # columns of a table that stands in a third, or in a half, of a slide
TITLE = 50  # characters, which stand on one line
MOST_ROWS, STACKED = 12, 6  # rows, without the head, beside another table; above one another


def joined(slides: Iterable[Slide]) -> list[Slide]:
    """The same slides, those that are half empty as panels of one: tables beside or above each other, a small table
    beside the next figure that is not the course, two figures of a chapter, and its words below them."""
    waiting, found = list(slides), []
    while waiting:
        slide = waiting.pop(0)
        if found and _only_words(slide) and slide.title in (found[-1].kicker, found[-1].title):
            found[-1] = replace(found[-1], caption=" ".join(filter(None, (found[-1].caption, *slide.lines))))
            continue
        if _bare(slide) and waiting and _only_words(waiting[0]):
            said = waiting.pop(0)
            found.append(replace(slide, lines=(f"{said.title}: {said.lines[0]}", *said.lines[1:])))
            continue
        panels = [slide]
        while waiting and len(panels) < 3 and _fits([*panels, waiting[0]]):
            panels.append(waiting.pop(0))
        if len(panels) == 1 and _small(slide):
            later = next(
                (one for one in waiting if one.figure and one.kicker != slide.kicker and not one.caption),
                None,
            )
            if later is not None:
                waiting.remove(later)
                panels.append(later)
        found.append(panels[0] if len(panels) == 1 else _together(panels))
    return found


def _bare(slide: Slide) -> bool:
    return not (slide.lines or slide.table or slide.figure)


def _only_words(slide: Slide) -> bool:
    return bool(slide.lines) and not slide.table and not slide.figure


def _small(slide: Slide) -> bool:
    table = slide.table
    return table is not None and len(table.columns) <= NARROW and len(table.rows) <= MOST_ROWS


def _fits(panels: list[Slide]) -> bool:
    """Whether these may share a slide."""
    tables = [one.table for one in panels if one.table]
    if len(tables) == len(panels):
        short = all(len(table.rows) <= MOST_ROWS for table in tables)
        if len(panels) == 3:
            return short and all(len(table.columns) <= FACTS for table in tables)
        wide = all(len(table.columns) > NARROW for table in tables)
        if wide:
            return sum(len(table.rows) for table in tables) <= STACKED + 2
        return (
            short
            and all(len(table.columns) <= FACTS for table in tables)
            or (short and panels[0].kicker == panels[1].kicker)
        )
    figures = all(one.figure for one in panels)
    return len(panels) == 2 and figures and panels[0].kicker == panels[1].kicker


def _together(panels: list[Slide]) -> Slide:
    """One slide of several, titled by what they are about; captions of panels stay with them."""
    kickers = list(dict.fromkeys(one.kicker or one.title for one in panels))
    notes = tuple(dict.fromkeys(note for one in panels for note in one.notes))
    title = " · ".join(kickers)
    return Slide(title if len(title) <= TITLE else kickers[0], notes=notes, panels=tuple(panels))
