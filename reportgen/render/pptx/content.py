"""What goes on which slide: the headline with the key table, each figure with its finding, tables in parts that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportgen.render.html.cross_references import spoken_of
from reportgen.render.html.tables import in_words
from reportgen.report import (
    Block,
    Bullets,
    Figure,
    Heading,
    Headline,
    Note,
    Notice,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    plain,
)
from reportgen.writing.language import _

ROWS = 13  # of a table on a slide, without its head
MOST_ROWS = 4 * ROWS  # what is longer is for the report, not for a screen
LINES = 9  # paragraphs of a case on a slide
TITLE = 140  # characters
MARKS = 160  # of notes that still stand below a table; the speaker has the others
SENTENCE = re.compile(r".*?(?:\w{3}|[)%\d])[.!?](?=\s+[A-ZÄÖÜ\d(]|$)", re.DOTALL)


@dataclass(frozen=True)
class Slide:
    """One slide. kicker: the chapter, over the title; notes: what the speaker has before him.

    Of figure, table, lines and panels, which share the slide, at most one is there. caption: below them.
    """

    title: str
    kicker: str = ""
    figure: Figure | None = None
    table: Table | None = None
    lines: tuple[str, ...] = ()
    caption: str = ""
    notes: tuple[str, ...] = ()
    panels: tuple[Slide, ...] = ()


def slides(report: Report) -> Iterator[Slide]:
    """The slides of the findings, in the order of the page; of a case review also its words."""
    for section in report.printed[0].sections:
        yield from _chapter(section, words=report.kind == "case")


def _chapter(section: Section, words: bool) -> Iterator[Slide]:
    finding = _findings(section)
    headline = next((plain(b.text) for b in section.blocks if isinstance(b, Headline)), "")
    said = tuple(plain(b.text) for b in section.blocks if isinstance(b, Paragraph) and not b.label)
    terms: list[str] = []
    heading, lines = "", []
    for block in section.blocks:
        kicker = " · ".join(filter(None, (section.title, heading)))
        match block:
            case Heading():
                heading = block.text
            case Note():
                terms.append(f"{block.term}: {block.text}")
            case Table() if block.figures:
                yield from (_figure(figure, section, kicker, finding, terms) for figure in block.figures)
            case Table():
                notes = (*((*said,) if headline else ()), *terms, *map(plain, block.notes))
                yield from _tables(in_words(block), headline, kicker, notes)
                headline = ""
            case Figure():
                yield _figure(block, section, kicker, finding, terms)
            case Paragraph() | Bullets() | Notice() if words:
                lines += _lines(block)
    if headline:
        yield Slide(headline, section.title, lines=said, notes=said)
    for begin in range(0, len(lines), LINES):
        yield Slide(section.title, "", lines=tuple(lines[begin : begin + LINES]))


def _figure(
    figure: Figure, section: Section, kicker: str, finding: dict[str, str], terms: list[str]
) -> Slide:
    told, caption = finding.get(figure.id, ""), plain(figure.caption)
    title = _first(caption) or _first(told) or section.title
    notes = (*filter(None, (told,)), *terms, *map(plain, figure.notes))
    return Slide(title, kicker, figure=figure, caption=_without(caption, title), notes=notes)


def _lines(block: Block) -> list[str]:
    if isinstance(block, Bullets):
        return [plain(item) for item in block.items]
    label = getattr(block, "label", "")
    return [f"{label}: {plain(block.text)}" if label else plain(block.text)]  # type: ignore[union-attr]


def _findings(section: Section) -> dict[str, str]:
    """Figure → the paragraph that speaks of it; on page one, whose paragraph speaks of all, none does."""
    if any(isinstance(block, Headline) for block in section.blocks):
        return {}
    return {
        block.id: plain(paragraph.text)
        for place, blocks in spoken_of(section).items()
        for block in blocks
        if isinstance(paragraph := section.blocks[place], Paragraph)
    }


def _first(text: str) -> str:
    """The first sentence, without its full stop, or the part of it before a semicolon; "" where both are too long.

    >>> _first("Death was observed in 66 of 120 patients. Overall survival was 0.78 (95% CI 0.69–0.84).")
    'Death was observed in 66 of 120 patients'
    >>> _first("Gray’s p = 0.007; vs. 3.5 before.")
    'Gray’s p = 0.007; vs. 3.5 before'
    >>> _first(f"Stage differs most (IV against I: ratio 6.44; {'x' * TITLE}).")
    'Stage differs most'
    """
    found = SENTENCE.match(text)
    sentence = (found[0] if found else text).strip().rstrip(".")
    part = sentence.partition("; ")[0]
    while part.count("(") > part.count(")"):  # the semicolon stands within them
        part = part[: part.rindex("(")].rstrip()
    return next((said for said in (sentence, part) if len(said) <= TITLE), "")


def _without(caption: str, title: str) -> str:
    """What a caption says besides the title."""
    return caption.removeprefix(title).lstrip(".; ")


def _tables(table: Table, title: str, kicker: str, notes: tuple[str, ...]) -> Iterator[Slide]:
    """A table on as many slides as it takes, the head of a group again on each."""
    if len(table.rows) > MOST_ROWS:
        return
    caption, marks = plain(table.caption), " ".join(map(plain, table.notes))
    marks = marks if len(marks) <= MARKS else ""
    parts = list(_parts(table.rows))
    for place, rows in enumerate(parts, start=1):
        said = title if place == 1 and title else _first(caption) or kicker
        if len(parts) > 1:
            said = f"{said} ({_('Part {place} of {all}.', place=place, all=len(parts)).rstrip('.')})"
        below = " ".join(filter(None, (caption if title and place == 1 else "", marks)))
        yield Slide(said, kicker, table=replace(table, rows=rows), caption=below, notes=notes)


def _parts(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    begin, head = 0, None
    while begin < len(rows):
        again = (head,) if head and not rows[begin].head else ()
        end = min(begin + ROWS - len(again), len(rows))
        if end < len(rows) and rows[end - 1].head and end - 1 > begin:
            end -= 1
        part = rows[begin:end]
        yield (*again, *part)
        head = next((row for row in reversed(part) if row.head), head)
        begin = end
