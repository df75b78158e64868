"""Pages of ours that are read as XML are what the PDF library reads."""

from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
import weasyprint

from reportgen.render.html.document import PRINT, render_page
from reportgen.render.pdf import document as module
from reportgen.render.pdf import quick
from reportgen.render.pdf.quick import Page
from reportgen.report import Paragraph
from tests.render.example import example


def content(element: Element) -> tuple:
    """The tree as it is printed; only white space around the body and its main part is of no account."""
    outer = element.tag in ("html", "body", "main")
    text, tail = ((part or "").strip() if outer else part or "" for part in (element.text, element.tail))
    return element.tag, dict(element.attrib), text, tail, [content(child) for child in element]


@pytest.mark.parametrize("name", ["sample", "two_groups", "example"])
def test_it_reads_what_the_library_reads(name, request):
    report = example(4) if name == "example" else request.getfixturevalue(name).report
    hostile = Paragraph(("a & b < c > d \" ' \u00a0 <col> &nbsp; ]]> <!-- \x07 \U0001f600",))
    last = report.sections[-1]
    report = replace(report, sections=(*report.sections[:-1], replace(last, blocks=(*last.blocks, hostile))))
    html, _ = render_page(report, PRINT)
    theirs = weasyprint.HTML(string=html, base_url="asset:")
    ours = Page(html, "asset:", None)
    assert content(ours.etree_element) == content(theirs.etree_element)
    lost = vars(theirs).keys() - vars(ours).keys()
    assert not lost


def test_a_page_of_a_houses_own_templates_is_read_by_the_library(monkeypatch):
    """They need not be XML."""
    report = example(2)
    brand = replace(report.brand, templates={"chapters/none.html": ""})
    html, assets = render_page(report, PRINT)
    loose = html.replace("</body>", "<p>not closed<br></body>")
    monkeypatch.setattr(module, "render_page", lambda *_: (loose, assets))
    assert module.render_pdf(replace(report, brand=brand)).startswith(b"%PDF-")


def test_what_the_librarys_sheet_says_of_notes_changes_no_byte(monkeypatch):
    without = module.render_pdf(example(3))
    whole = weasyprint.HTML(string="")._ua_stylesheets()[0].matcher.other_selectors
    shorter = Page("<p/>", "asset:", None)._ua_stylesheets()[0].matcher.other_selectors
    assert len(shorter) == len(whole) - len(quick.NOTES)
    monkeypatch.setattr(quick, "_without_notes", lambda sheet: sheet)
    assert module.render_pdf(example(3)) == without
