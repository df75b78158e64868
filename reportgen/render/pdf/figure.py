"""One figure as a PDF of its own size, to be placed into a manuscript."""

from __future__ import annotations

import hashlib
import zlib
from io import BytesIO

import pydyf

from reportgen.base.drawing import Drawing, Mark, Path, Words
from reportgen.render.outlines import strokes
from reportgen.render.pdf.drawn import MITER, MITER_LIMIT, operators
from reportgen.render.svg import number

PAINTED = {(True, True): b"B", (True, False): b"f", (False, True): b"S", (False, False): b"n"}  # fill, rim


def figure_pdf(drawing: Drawing) -> bytes:
    """The drawing on a page of its size, letters as lines: no font is in it, and none is needed."""
    drawn = b"\n".join(
        (
            f"1 0 0 -1 0 {number(drawing.height)} cm {MITER} j {MITER_LIMIT} M".encode(),  # y downwards
            *map(_operators, drawing.marks),
        )
    )
    document = pydyf.PDF()
    page = pydyf.Stream([zlib.compress(drawn)], {"Filter": "/FlateDecode"})
    document.add_object(page)
    size = pydyf.Array([0, 0, float(number(drawing.width)), float(number(drawing.height))])
    of_page = {"Type": "/Page", "Parent": document.pages.reference, "MediaBox": size}
    document.add_page(
        pydyf.Dictionary({**of_page, "Resources": pydyf.Dictionary(), "Contents": page.reference})
    )
    written = BytesIO()
    document.write(written, identifier=hashlib.sha256(drawn).digest()[:16])
    return written.getvalue()


def _operators(mark: Mark) -> bytes:
    """A mark in PDF's words."""
    if isinstance(mark, Words):
        return b"%s rg %s f" % (_rgb(mark.colour), _lettered(mark))
    pens = [b"%s rg" % _rgb(mark.fill)] if mark.fill else []
    if mark.edge:
        dash = " ".join(map(number, mark.dash if isinstance(mark, Path) else ()))
        pens.append(b"%s RG %s w [%s] 0 d" % (_rgb(mark.edge), number(mark.width).encode(), dash.encode()))
    return b" ".join((*pens, operators(mark), PAINTED[bool(mark.fill), bool(mark.edge)]))


def _lettered(words: Words) -> bytes:
    """A line of text in PDF's words, which has no quadratic curves: the cubic one that is the same."""
    said, at = [], (0.0, 0.0)
    for kind, points in strokes(words):
        if kind == "Q":
            handle, end = points
            points = (
                *(tuple((a + 2 * b) / 3 for a, b in zip(p, handle, strict=True)) for p in (at, end)),
                end,
            )
        said += [f"{number(x)} {number(y)}" for x, y in points]
        said.append({"M": "m", "L": "l", "Q": "c", "C": "c", "Z": "h"}[kind])
        at = points[-1] if points else at
    return " ".join(said).encode()


def _rgb(colour: str) -> bytes:
    """The parts of #rrggbb.

    >>> _rgb("#ff0080")
    b'1 0 0.502'
    """
    return " ".join(f"{int(colour[i : i + 2], 16) / 255:.3g}" for i in (1, 3, 5)).encode()
