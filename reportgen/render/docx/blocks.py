"""The blocks of a chapter as paragraphs, tables and drawings of Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from docx.document import Document

from reportgen.render.docx.figures import picture
from reportgen.render.docx.word_tables import OTHER_FONTS, drawn
from reportgen.render.docx.wordml import Bookmarks, Element, element, field, paragraph, run, written
from reportgen.render.html.cross_references import spoken_of
from reportgen.render.html.page import Page
from reportgen.render.html.tables import (
    FULL_MEASURE,
    SMALL,
    TEXT_COLUMN,
    TYPE,
    in_words,
    least_room,
    measure,
    parts,
)
from reportgen.render.lines import in_lines
from reportgen.report import (
    Block,
    Bullets,
    Figure,
    Heading,
    Headline,
    Note,
    Notice,
    Paragraph,
    Section,
    Table,
    plain,
)

TEXT_WIDTH, FULL_WIDTH = TEXT_COLUMN * TYPE, FULL_MEASURE * TYPE  # points
ENDS = ".!?"


class Writer:
    """Turns blocks into WordprocessingML; knows the numbers that captions bear, and who is referred to."""

    def __init__(self, document: Document, page: Page, numbers: dict[str, str]):
        self.document, self.page, self.numbers = document, page, numbers
        self.bookmarks = Bookmarks()

    def chapter_head(self, key: str, title: str) -> Element:
        """The heading of a chapter, bookmarked so that others can refer to it."""
        return paragraph("Heading1", *self.bookmarks.around(f"chapter {key}", *written(title)))

    def blocks(self, section: Section) -> Iterator[Element]:
        """All blocks of a chapter in order. Two halves that follow one another stand beside each other."""
        spoken, halves = self._spoken_of(section), []
        for place, block in enumerate(section.blocks):
            half = isinstance(block, Figure) and block.width == "half"
            if halves and not (half and len(halves) < 2):
                yield from self._figures(halves)
                halves = []
            if half:
                halves.append(block)
            else:
                yield from self._block(block, spoken.get(place, []))
        yield from self._figures(halves)

    def _spoken_of(self, section: Section) -> dict[int, list[Table | Figure]]:
        numbered = {place: [one for one in blocks if one.id in self.numbers]
                    for place, blocks in spoken_of(section).items()}  # fmt: skip
        return {place: blocks for place, blocks in numbered.items() if blocks}

    def _block(self, block: Block, spoken: Sequence[Table | Figure]) -> Iterator[Element]:
        match block:
            case Headline():
                yield paragraph("Headline", *written(block.text))
            case Heading():
                yield paragraph("Heading2", *written(block.text))
            case Paragraph():
                label = [*written(block.label, "Label"), run(" ")] if block.label else []
                yield paragraph("BodyText", *label, *self._referring(block, spoken))
            case Note():
                yield paragraph("SideNote", *written(block.term, "Term"), run(" "), *written(block.text))
            case Bullets():
                yield from (paragraph("ListBullet", *written(item)) for item in block.items)
            case Notice():
                yield paragraph("Notice", *written(block.text))
            case Table():
                yield from self._table(block)
            case Figure():
                yield from self._figures([block])

    def _referring(self, block: Paragraph, spoken: Sequence[Table | Figure]) -> list[Element]:
        """The paragraph, with the tables and figures it speaks of named before its full stop."""
        if not spoken:
            return written(block.text)
        *before, last = block.text
        words = str(last).rstrip()
        end = words[-1:] if words[-1:] in ENDS else ""
        if isinstance(last, str):
            before.append(words.removesuffix(end))
        else:
            before, end = [*block.text], ""
        named: list[Element] = []
        for kind, blocks in groupby(sorted(spoken, key=lambda one: type(one) is Table), type):
            named += [run("; ")] if named else [run(" (")]
            named += self._named("table" if kind is Table else "figure", [*blocks])
        return [*written(tuple(before)), *named, run(f"){end}")]

    def _named(self, kind: str, blocks: Sequence[Table | Figure]) -> list[Element]:
        """ "Table 3", "Tables 3, 4", "Figures 5–9": each number a field that leads to its caption."""
        word = self.page.words[kind if len(blocks) == 1 else f"{kind}s"]
        first, *others = [self._number(kind, block) for block in blocks]
        if not others:
            return [run(f"{word}\u00a0"), first]
        return [run(f"{word}\u00a0"), first, run(", " if len(blocks) == 2 else "–"), others[-1]]

    def _number(self, kind: str, block: Table | Figure) -> Element:
        place = self.bookmarks.name(f"{kind} {block.id}")
        return field(rf"REF {place} \h", self.numbers[block.id])

    def _label(self, kind: str, block: Table | Figure, again: bool = False) -> list[Element]:
        """ "Table 3", "Table S3" as the start of a caption; again: of a further part of the same table.

        Nothing of a table that the house wrote itself, for in the page it is not counted either.
        """
        if block.id not in self.numbers:
            return []
        word, shown = self.page.words[kind], self.numbers[block.id]
        letter = shown.rstrip("0123456789")
        counting = r"\c" if again else r"\* ARABIC"
        number = field(f"SEQ {word}{letter} {counting}", shown.removeprefix(letter), "Label")
        number = [run(letter, "Label"), number] if letter else [number]
        marked = number if again else self.bookmarks.around(f"{kind} {block.id}", *number)
        return [run(f"{word}\u00a0", "Label"), *marked, run(" ")]

    def _table(self, table: Table) -> Iterator[Element]:
        for place, part in enumerate(parts(in_words(table), self.page, OTHER_FONTS * SMALL / TYPE)):
            measures, small = measure(part, self.page, OTHER_FONTS), False
            if least_room(measures.sizes) > measures.room:  # in other fonts numbers would be broken
                measures, small = measure(part, self.page, OTHER_FONTS * SMALL / TYPE), True
            said = [*written(part.caption), *(_remark(part.how) if part.how else ())]
            caption = [*self._label("table", table, place > 0), *said]
            if caption:
                yield paragraph(
                    "Caption", *caption, keep=element("keepNext"),
                    spacing=element("spacing", before=220, after=80), ind=self._indent(measures.wide),
                )  # fmt: skip
            yield drawn(part, measures, self.page.writable(plain(part.caption)), small)
            for n, note in enumerate(part.notes, 1):
                keep = element("keepNext") if n < len(part.notes) else None
                yield paragraph("TableNote", *written(note), keep=keep, ind=self._indent(measures.wide))
            yield paragraph("AfterTable")

    def _indent(self, wide: bool) -> Element | None:
        """What stands with a wide table is as wide as it; all else keeps to the style's own measure."""
        return element("ind", right=0) if wide else None

    def _figures(self, figures: Sequence[Figure]) -> Iterator[Element]:
        """Figures beside each other, and their captions below them."""
        if not figures:
            return
        drawings: list[Element] = []
        for figure in figures:
            if not figure.alt.strip():
                raise ValueError(f"figure {figure.id!r} has no text alternative")
            name = self.page.unique(f"figure-{figure.id.removeprefix('figure-')}")
            drawing = figure.drawing.reworded(self.page.writable)
            lines = in_lines(drawing, f"{name}-{drawing.id}-svg")
            drawings += [run("   ")] if drawings else []
            alt = self.page.writable(figure.alt)
            title = f"{self.page.words['figure']} {self.numbers[figure.id]}"
            room = FULL_WIDTH if figure.width == "wide" else TEXT_WIDTH
            drawings.append(picture(self.document, lines, title, alt, lines.fitted(room)))
        yield paragraph("Figure", *drawings, ind=self._indent(any(one.width == "wide" for one in figures)))
        for place, figure in enumerate(figures, 1):
            keep = element("keepNext") if place < len(figures) else None
            close = element("spacing", before=60, after=40) if place < len(figures) else None
            words = [*written(figure.caption), *(piece for note in figure.notes for piece in _remark(note))]
            yield paragraph("Caption", *self._label("figure", figure), *words, keep=keep, spacing=close)


def _remark(note) -> list[Element]:
    return [run(" "), *written(note, "Quiet")]
