"""A figure as a drawing of Word: as lines (SVG) for those that can show them, as a picture (PNG) for the others."""

from __future__ import annotations

import re
from io import BytesIO
from math import inf
from xml.etree.ElementTree import Element as Drawing

import resvg_py
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from PIL import Image

from reportgen.base.errors import UsageError
from reportgen.base.required import required
from reportgen.render.docx.outlines import outlined
from reportgen.render.docx.words import MM, TWIPS, Element, element, run
from reportgen.render.html import svg
from reportgen.render.html.brand import drawn_logo, flat, is_png
from reportgen.render.html.page import Page
from reportgen.report import Brand

DPI = 300
LOGO = 8 * MM / TWIPS  # points
EXTENSION = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{}"/>'
    "</a:ext></a:extLst>"
)
BOX = re.compile(r"(M-?[\d.]+ -?[\d.]+([HV]-?[\d.]+)+z?)+")


def fitted(tree: Drawing, width: float = inf, height: float = inf) -> tuple[float, float]:
    """The size of a drawing in points: its own, or what fits into the given one."""
    _, _, across, down = map(float, required(tree.get("viewBox")).replace(",", " ").split())
    scale = min(width / across, height / down, 1 if inf in (width, height) else inf)
    return across * scale, down * scale


def picture(document: Document, tree: Drawing, name: str, alt: str, size: tuple[float, float]) -> Element:
    """<w:r> with a drawing of a size in points. tree: as svg.checked gives it.

    Its letters are drawn as lines, so that it looks the same where its font is not at hand.
    """
    tree.attrib.pop("data-plot", None)
    svg.without_places(tree)
    outlined(tree)
    width, height = fitted(tree)
    tree.set("width", f"{width:g}pt")
    tree.set("height", f"{height:g}pt")
    lines = svg.markup(tree, xmlns="http://www.w3.org/2000/svg").encode()
    shown = _inline(document, _raster(tree, size[0] / width), name, alt, size)
    number = next(shown.iter(qn("wp:docPr"))).get("id")
    uri = PackURI(f"/word/media/drawing{number}.svg")
    drawing = Part(uri, "image/svg+xml", lines, document.part.package)
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
    tree = drawn_logo(brand.logo, page)
    try:
        return [picture(document, tree, "Logo", name, fitted(tree, 10 * LOGO, LOGO)), run("  ")]
    except ValueError as error:
        raise UsageError(
            "branding.logo holds text that Word can't be given; save its letters as outlines."
        ) from error


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


def _raster(tree: Drawing, scale: float) -> bytes:
    """The drawing as PNG on white. Upright boxes are drawn sharp, so that no seam shows where two of them meet."""
    for path in tree.iter("path"):
        if BOX.fullmatch(path.get("d", "")):
            path.set("shape-rendering", "crispEdges")
    text = svg.markup(tree, xmlns="http://www.w3.org/2000/svg")
    dots = resvg_py.svg_to_bytes(
        svg_string=text, dpi=DPI * scale, background="#ffffff", skip_system_fonts=True
    )
    return bytes(dots)
