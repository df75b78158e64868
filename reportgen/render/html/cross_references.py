"""Which tables and figures a paragraph speaks of, so that it can refer to them by their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.report import Figure, Heading, Paragraph, Part, Report, Section, Table


def numbers(report: Report) -> dict[str, str]:
    """The number of every table and figure, by its id: counted by kind within each part, in the order of print."""
    return numbers_in(report.printed)


def numbers_in(parts: Sequence[Part]) -> dict[str, str]:
    """The same of the parts of a report."""
    found = {}
    for part in parts:
        counts = {Table: 0, Figure: 0}
        for block in (block for section in part.sections for block in section.blocks):
            if isinstance(block, (Table, Figure)):
                counts[type(block)] += 1
                found[block.id] = f"{part.letter}{counts[type(block)]}"
    return found


def spoken_of(section: Section) -> dict[int, list[Table | Figure]]:
    """By the place of a paragraph in its chapter, the tables and figures it speaks of.

    These are those that follow it, up to the next paragraph or heading; and, for the first paragraph below a
    heading, those that stand before it. A labelled paragraph belongs to an abstract, which refers to nothing.
    """
    found: dict[int, list[Table | Figure]] = {}
    waiting: list[Table | Figure] = []
    last: int | None = None
    for place, block in enumerate(section.blocks):
        if isinstance(block, Heading):
            waiting, last = [], None
        elif isinstance(block, Paragraph):
            last = None if block.label else place
            if last is not None:
                found[last], waiting = waiting, []
        elif isinstance(block, (Table, Figure)):
            (waiting if last is None else found[last]).append(block)
    return {place: blocks for place, blocks in found.items() if blocks}
