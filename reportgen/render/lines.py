"""A figure as lines, for whatever shows it: an SVG that needs no font, and a picture of it."""

from __future__ import annotations

import re
import struct
import zlib
from math import inf
from xml.etree.ElementTree import Element

import resvg_py

from reportgen.base.required import required
from reportgen.render.html import svg
from reportgen.render.outlines import outlined

DPI = 300
BOX = re.compile(r"(M-?[\d.]+ -?[\d.]+([HV]-?[\d.]+)+z?)+")
NAMESPACE = "http://www.w3.org/2000/svg"
# Beside a picture in a file of Office: the same as lines, for the programs that can show them. {}: their relationship.
EXTENSION = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{}"/>'
    "</a:ext></a:extLst>"
)


def fitted(tree: Element, width: float = inf, height: float = inf) -> tuple[float, float]:
    """The size of a drawing in points: its own, or what fits into the given one."""
    _, _, across, down = map(float, required(tree.get("viewBox")).replace(",", " ").split())
    scale = min(width / across, height / down, 1 if inf in (width, height) else inf)
    return across * scale, down * scale


def in_lines(tree: Element) -> bytes:
    """The drawing as a file of its own size, its letters drawn as lines. tree: as svg.checked gives it; is changed."""
    tree.attrib.pop("data-plot", None)
    svg.without_places(tree)
    outlined(tree)
    width, height = fitted(tree)
    tree.set("width", f"{width:g}pt")
    tree.set("height", f"{height:g}pt")
    return svg.markup(tree, xmlns=NAMESPACE).encode()


def raster(tree: Element, scale: float = 1) -> bytes:
    """What `in_lines` has made, as PNG of 300 dpi on white; upright boxes are sharp, so that no seam shows where
    two of them meet. scale: of the size in which it is shown.
    """
    for path in tree.iter("path"):
        if BOX.fullmatch(path.get("d", "")):
            path.set("shape-rendering", "crispEdges")
    text = svg.markup(tree, xmlns=NAMESPACE)
    dots = resvg_py.svg_to_bytes(
        svg_string=text, dpi=DPI * scale, background="#ffffff", skip_system_fonts=True
    )
    return bytes(dots)


def with_resolution(png: bytes, dpi: int) -> bytes:
    """The picture, saying how many dots it has to the inch, so that it is placed in its own size."""
    end = 8 + 25  # the signature, and the first chunk: IHDR
    dots = round(dpi / 0.0254)  # to the metre
    chunk = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    return png[:end] + struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]
