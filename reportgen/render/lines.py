"""A figure as lines, for whatever shows it: an SVG that needs no font, and a picture of it."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from math import inf
from xml.etree.ElementTree import Element

import resvg_py

from reportgen.base.drawing import Drawing
from reportgen.base.required import required
from reportgen.render.html.logo_svg import markup
from reportgen.render.outlines import letters, outlined
from reportgen.render.svg import NAMESPACE, lettered_svg

DPI = 300
# Beside a picture in a file of Office: the same as lines, for the programs that can show them. {}: their relationship.
EXTENSION = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{}"/>'
    "</a:ext></a:extLst>"
)


@dataclass(frozen=True)
class Lines:
    """A drawing whose letters are paths, as SVG of its own size in points. sharp: the same for a picture of it."""

    svg: str
    sharp: str
    size: tuple[float, float]

    def fitted(self, width: float, height: float = inf) -> tuple[float, float]:
        """The size in points that fits into the given one: as large as it can be, but its own where a side is free."""
        scale = min(width / self.size[0], height / self.size[1], 1 if inf in (width, height) else inf)
        return self.size[0] * scale, self.size[1] * scale


def in_lines(drawing: Drawing, id: str) -> Lines:
    """A figure as lines, for whatever would set its letters in another font."""
    once = cache(letters)  # the picture has the same lines of text
    svg, sharp = (lettered_svg(drawing, id, once, sharp) for sharp in (False, True))
    return Lines(svg, sharp, (drawing.width, drawing.height))


def logo_in_lines(tree: Element) -> Lines:
    """A house's logo so. tree: as brand.drawn_logo gives it; is changed. ValueError: see outlined."""
    outlined(tree)
    _, _, width, height = map(float, required(tree.get("viewBox")).replace(",", " ").split())
    tree.set("width", f"{width:g}pt")
    tree.set("height", f"{height:g}pt")
    svg = markup(tree, xmlns=NAMESPACE)
    return Lines(svg, svg, (width, height))


def raster(lines: Lines, scale: float = 1) -> bytes:
    """The drawing as PNG of 300 dpi on white. scale: of the size in which it is shown."""
    dots = resvg_py.svg_to_bytes(
        svg_string=lines.sharp, dpi=DPI * scale, background="#ffffff", skip_system_fonts=True
    )
    return bytes(dots)


def with_resolution(png: bytes, dpi: int) -> bytes:
    """The picture, saying how many dots it has to the inch, so that it is placed in its own size."""
    end = 8 + 25  # the signature, and the first chunk: IHDR
    dots = round(dpi / 0.0254)  # to the metre
    chunk = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    return png[:end] + struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[end:]
