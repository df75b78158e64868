"""Chapters of the house's own as blocks, for what is no page: their HTML in headings, paragraphs, lists and tables."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from reportgen.render.html.document import PRINT, render_page
from reportgen.report import (
    Block,
    Bullets,
    Column,
    Heading,
    Notice,
    Paragraph,
    Part,
    Report,
    Row,
    Section,
    Table,
)
from reportgen.writing.language import _, speaking

HEADS = ("h1", "h2", "h3", "h4", "h5", "h6")
DRAWN = ("svg", "img", "math", "canvas", "video", "audio", "picture")
UNSAID = ("style", "script", "template", "title", "head")
ENDS = ("p", "div", "section", "article", "blockquote", "pre", "dt", "dd", "dl", "figcaption", "figure", "br", "hr",
        "address", "aside", "header", "footer", "details", "summary", "ul", "ol", "li", "table", *HEADS)  # fmt: skip
VOID = ("br", "hr", "img", "col", "input", "wbr", "meta", "link", "source", "track", "area")


def with_own_chapters(report: Report) -> Report:
    """The report whose chapters by templates of the house hold what these say, as blocks.

    Each is taken from the page for print, so that a template sees what it sees there. Emphasis and links become plain
    words; of a drawing stands where it is. The report itself where it has no such chapter.
    """
    own = [s.key for part in report.printed for s in part.sections if _is_own(s, report)]
    if not own:
        return report
    html = render_page(report, PRINT)[0]
    with speaking(report.language):
        found = {key: _Chapter(key).read(html) for key in own}
    parts = (
        replace(part, sections=tuple(_with(section, found, report) for section in part.sections))
        for part in report.printed
    )
    return replace(report, parts=tuple[Part, ...](parts))


def _is_own(section: Section, report: Report) -> bool:
    return not section.blocks and f"chapters/{section.key}.html" in report.brand.templates


def _with(section: Section, found: dict[str, tuple[Block, ...]], report: Report) -> Section:
    return replace(section, blocks=found[section.key]) if _is_own(section, report) else section


class _Chapter(HTMLParser):
    """Reads one chapter of a page: what stands in its <section>, but its own title."""

    def __init__(self, key: str):
        super().__init__(convert_charrefs=True)
        self.key, self.depth, self.unsaid = key, 0, 0
        self.blocks: list[Block] = []
        self.words: list[str] = []
        self.items: list[str] | None = None
        self.rows: list[list[str]] | None = None
        self.head, self.caption, self.kind = False, "", ""
        self.title, self.cell = True, False

    def read(self, html: str) -> tuple[Block, ...]:
        self.feed(html)
        self.close()
        return tuple(self.blocks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.depth:
            self.depth = int(tag == "section" and ("id", self.key) in attrs)
            return
        self.depth += tag == "section"
        if self.unsaid or tag in UNSAID or tag in DRAWN:
            self._draw(tag)
            return
        if tag in ENDS and self.rows is None:
            self._end(self.kind)
            self.kind = "heading" if tag in HEADS else ""
        if tag in ("ul", "ol") and self.rows is None and self.items is None:
            self.items = []
        elif tag == "table" and self.rows is None:
            self.rows, self.head, self.caption = [], False, ""
        elif tag in ("tr", "td", "th", "tbody") and self.rows is not None:
            self._in_table(tag, self.rows)
        elif tag in ENDS:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if not self.depth:
            return
        if self.unsaid:
            self.unsaid -= 1
        elif tag in ("td", "th", "tr") and self.rows is not None:
            self._cell(self.rows)
        elif tag == "caption" and self.rows is not None:
            self.caption = self._said()
        elif tag == "table" and self.rows is not None:
            self._cell(self.rows)
            self._table(self.rows)
            self.rows = None
        elif tag in ENDS and self.rows is None:
            self._end(self.kind)
            self.kind = ""
            if tag in ("ul", "ol") and self.items is not None:
                self.blocks += [Bullets(tuple((item,) for item in self.items))] if self.items else []
                self.items = None
        self.depth -= tag == "section"

    def handle_data(self, data: str) -> None:
        if self.depth and not self.unsaid:
            self.words.append(data)

    def _draw(self, tag: str) -> None:
        """A drawing is named where it stands; what is in it is no text."""
        if not self.unsaid and tag in DRAWN:
            self._end(self.kind)
            self.blocks.append(Notice((_("A drawing of this chapter is in the page and the PDF alone."),)))
        self.unsaid += tag not in VOID

    def _said(self) -> str:
        said = " ".join("".join(self.words).split())
        self.words = []
        return said

    def _end(self, kind: str) -> None:
        said = self._said()
        if not said:
            return
        if self.title:
            self.title = False
        elif kind == "heading":
            self.blocks.append(Heading(said))
        elif self.items is not None:
            self.items.append(said)
        else:
            self.blocks.append(Paragraph((said,)))

    def _in_table(self, tag: str, rows: list[list[str]]) -> None:
        """A row or cell begins, and with it the cell before it ends: HTML asks for no end of either."""
        self._cell(rows)
        if tag == "tr":
            rows.append([])
        self.cell = tag in ("td", "th") and bool(rows)
        self.head |= tag == "th" and len(rows) == 1

    def _cell(self, rows: list[list[str]]) -> None:
        if self.cell:
            rows[-1].append(self._said())
            self.cell = False

    def _table(self, rows: list[list[str]]) -> None:
        width = max(map(len, rows), default=0)
        if not width:
            return
        full = [[*row, *[""] * (width - len(row))] for row in rows]
        heads, below = (full[0], full[1:]) if self.head else ([""] * width, full)
        columns = tuple(Column(head, align="left", width=1 / width) for head in heads)
        cells = tuple(Row(tuple((cell,) for cell in row)) for row in below)
        name = f"{self.key}-own-{len(self.blocks)}"
        self.blocks.append(Table(name, (self.caption,) if self.caption else (), columns, cells))
