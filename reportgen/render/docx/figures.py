"""A figure as a drawing of Word: as lines (SVG) for those that can show them, as a picture (PNG) for the others."""

from __future__ import annotations

from io import BytesIO

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image

from reportgen.base.errors import UsageError
from reportgen.render.docx.wordml import MM, TWIPS, Element, element, run
from reportgen.render.html.page import Page
from reportgen.render.html.page_brand import drawn_logo, flat, is_png
from reportgen.render.lines import EXTENSION, Lines, logo_in_lines, raster
from reportgen.report import Brand

LOGO = 8 * MM / TWIPS  # points


def picture(document: Document, lines: Lines, name: str, alt: str, size: tuple[float, float]) -> Element:
    """<w:r> with a drawing of a size in points, which looks the same where its font is not at hand."""
    shown = _inline(document, raster(lines, size[0] / lines.size[0]), name, alt, size)
    number = next(shown.iter(qn("wp:docPr"))).get("id")
    uri = PackURI(f"/word/media/drawing{number}.svg")
    drawing = Part(uri, "image/svg+xml", lines.svg.encode(), document.part.package)
    key = document.part.relate_to(drawing, RELATIONSHIP_TYPE.IMAGE)
    for blip in shown.iter(qn("a:blip")):
        blip.append(parse_xml(EXTENSION.format(key)))
    return shown


def logo(brand: Brand, document: Document, page: Page) -> list[Element]:
    """The house's logo, 8 mm high, and a space; nothing without one. UsageError if it can't be shown."""
    if not brand.logo:
        return []
    name = page.writable(brand.institution or "Logo")
    if is_png(brand.logo):
        content = flat(brand.logo)
        with Image.open(BytesIO(content)) as shown:
            size = (LOGO * shown.width / shown.height, LOGO)
        return [_inline(document, content, "Logo", name, size), run("  ")]
    try:
        lines = logo_in_lines(drawn_logo(brand.logo, page))
    except ValueError as error:
        raise UsageError(
            "branding.logo holds text that Word can't be given; save its letters as outlines."
        ) from error
    return [picture(document, lines, "Logo", name, lines.fitted(10 * LOGO, LOGO)), run("  ")]


def _inline(document: Document, png: bytes, name: str, alt: str, size: tuple[float, float]) -> Element:
    shown = document.part.new_pic_inline(BytesIO(png), *map(Pt, size))
    shown.docPr.set(
        "id", str(len(document.part.rels))
    )  # each drawing adds its own parts, so no two are alike
    for side in ("distL", "distR"):
        shown.set(side, "0")
    shown.docPr.set("name", name)
    shown.docPr.set("descr", alt)
    for inner in shown.iter(qn("pic:cNvPr")):
        inner.set("name", name)
    return element("r", element("drawing", shown))
