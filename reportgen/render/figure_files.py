"""Every figure of a report as files to take away: lines for a manuscript, a picture for a slide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from reportgen.base.drawing import Drawing
from reportgen.render.html.page import PRINT, Page
from reportgen.render.lines import DPI, Lines, in_lines, raster, with_resolution
from reportgen.render.pdf.figure import figure_pdf
from reportgen.report import Figure, Report, Table, plain
from reportgen.writing.language import speaking

FOLDER = "figures"


@dataclass(frozen=True)
class Picture:
    """A figure of the report as it is taken away. Letters are drawn as lines, so that no font is needed.

    name: that of its files, without the ending. caption: as printed below it. alt: what it shows, in words.
    """

    name: str
    caption: str
    alt: str
    drawing: Drawing = field(repr=False)

    @cached_property
    def svg(self) -> str:
        """As SVG, in its own size."""
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{self._lines.svg}'

    @cached_property
    def pdf(self) -> bytes:
        """As a page of its own size; it needs no Pango."""
        return figure_pdf(self.drawing)

    @cached_property
    def png(self) -> bytes:
        """As a picture of 300 dots per inch, on white."""
        return with_resolution(raster(self._lines), DPI)

    @cached_property
    def _lines(self) -> Lines:
        return in_lines(self.drawing, f"{self.drawing.id}-svg")

    def _repr_svg_(self) -> str:
        """What a notebook shows."""
        return self._lines.svg


def pictures(report: Report) -> tuple[Picture, ...]:
    """Every printed figure, in the order of the report."""
    with speaking(report.language):
        page = Page(PRINT)
        return tuple(
            Picture(
                page.unique(stem(figure)),
                plain(figure.caption),
                figure.alt,
                figure.drawing.reworded(page.writable),
            )
            for figure in printed_figures(report)
        )


def figure_files(report: Report) -> dict[str, bytes]:
    """figures/<id>.svg, .pdf and .png (300 dpi) of every printed figure. Equal reports give equal bytes."""
    files: dict[str, bytes] = {}
    for picture in pictures(report):
        name = f"{FOLDER}/{picture.name}"
        files |= {f"{name}.svg": picture.svg.encode(), f"{name}.pdf": picture.pdf, f"{name}.png": picture.png}
    return files


def printed_figures(report: Report) -> Iterator[Figure]:
    """Every figure of the printed report, in its order, and those that are printed as a table with dots."""
    for block in (block for part in report.printed for section in part.sections for block in section.blocks):
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, Table):
            yield from block.figures


def stem(figure: Figure) -> str:
    """The id of a figure as the name of a file: words of the data in it become plain.

    >>> from reportgen.base.drawing import Drawing
    >>> stem(Figure("figure-survival-os", Drawing("", 1, 1), (), ""))
    'survival-os'
    """
    return re.sub(r"[^a-z0-9_]+", "-", figure.id.removeprefix("figure-").lower()).strip("-") or "figure"
