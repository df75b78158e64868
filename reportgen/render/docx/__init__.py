"""The report as a file of Word, for those who must edit it: styles, real tables, captions, fields, alternatives."""

from __future__ import annotations

from collections.abc import Iterator

from docx.document import Document

from reportgen.render.docx.blocks import Writer
from reportgen.render.docx.figures import logo
from reportgen.render.docx.package import blank, packed
from reportgen.render.docx.wordml import Element, element, field, field_ends, paragraph, run, tab, written
from reportgen.render.html.cross_references import numbers
from reportgen.render.html.own_chapters import with_own_chapters
from reportgen.render.html.page import PRINT, Page, foot_of, shortened
from reportgen.report import Report
from reportgen.writing.language import speaking


def render_docx(report: Report) -> bytes:
    """The report as .docx: what the page says, in the same order, without what a page answers when it is asked.

    Numbers of captions, references and pages are fields of Word. Every date in it is the report's date, so equal
    reports give equal bytes. ValueError if a figure holds what no figure may hold, or has no text alternative.
    """
    with speaking(report.language):
        return packed(_document(report))


def _document(report: Report) -> Document:
    document, page = blank(report), Page(PRINT)
    writer = Writer(document, page, numbers(report))
    end = document.element.body[-1]
    for made in _content(with_own_chapters(report), writer):
        end.addprevious(made)
    _head_and_foot(document, report, page)
    return document


def _content(report: Report, writer: Writer) -> Iterator[Element]:
    yield from _front(report, writer)
    for part in report.printed:
        if part.title:
            yield writer.chapter_head(part.title, part.title)
        for place, section in enumerate(part.sections):
            yield writer.chapter_head(section.key, section.title)
            yield from writer.blocks(section)
            if part is report.printed[0] and place == 0:
                yield from _contents(report, writer)


def _front(report: Report, writer: Writer) -> Iterator[Element]:
    if report.notice:
        yield paragraph("Warning", *written(report.notice))
    house = [*logo(report.brand, writer.document, writer.page), *written(report.brand.institution)]
    if house:
        yield paragraph("House", *house)
    yield paragraph("Title", *written(report.title))
    if report.subtitle:
        yield paragraph("Subtitle", *written(report.subtitle))
    facts: list[Element] = []
    for name, value in report.facts:
        facts += [*([run(" · ", "Quiet")] if facts else []), *written(f"{name} ", "Quiet"), *written(value)]
    if facts:
        yield paragraph("Facts", *facts)


def _contents(report: Report, writer: Writer) -> Iterator[Element]:
    """The table of contents: links without page numbers, which Word alone knows, and only once it is asked."""
    begin, end = field_ends(r'TOC \o "1-1" \n \h \z \u')
    lines = []
    heads = [
        (key, title)
        for part in report.printed
        for key, title in (
            *([(part.title, part.title)] if part.title else []),
            *((section.key, section.title) for section in part.sections),
        )
    ]
    for key, title in heads[1:]:
        place = writer.bookmarks.name(f"chapter {key}")
        link = element("hyperlink", *written(title), anchor=place, history=1)
        lines.append(paragraph("TOC1", *([] if lines else begin), link))
    if lines:
        lines[-1].append(end)
        kind = element(
            "docPartObj", element("docPartGallery", val="Table of Contents"), element("docPartUnique")
        )
        head = paragraph("TOCHeading", *written(writer.page.words["contents"]))
        yield element("sdt", element("sdtPr", kind), element("sdtContent", head, *lines))


def _head_and_foot(document: Document, report: Report, page: Page) -> None:
    """The short title above, but not on the first page; below on every page cut-off, profile, version and page."""
    section = document.sections[0]
    foot = foot_of(report, page.words)
    places = (
        (section.header, [paragraph("Header", *written(shortened(report.title)))]),
        (section.first_page_header, [paragraph("Normal")]),
        (section.footer, [_foot(foot)]),
        (section.first_page_footer, [_foot(foot)]),
    )
    for place, content in places:
        place.is_linked_to_previous = False
        holder = place._element
        for child in list(holder):
            holder.remove(child)
        holder.extend(content)


def _foot(words: str) -> Element:
    pages = [field("PAGE", "1"), run(" / "), field("NUMPAGES", "1")]
    return paragraph("Footer", *written(words), tab(), *pages)
