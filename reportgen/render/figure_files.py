"""Every figure of a report as files to take away: lines for a manuscript, a picture for a slide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.render.html.page import PRINT, Page
from reportgen.render.lines import DPI, in_lines, raster, with_resolution
from reportgen.render.pdf.figure import figure_pdf
from reportgen.report import Figure, Report, Table
from reportgen.writing.language import speaking

FOLDER = "figures"


def figure_files(report: Report) -> dict[str, bytes]:
    """figures/<id>.svg, .pdf and .png (300 dpi) of every printed figure; letters are drawn as lines, so that no font
    is needed. Equal reports give equal bytes.
    """
    files: dict[str, bytes] = {}
    with speaking(report.language):
        page = Page(PRINT)
        for figure in printed_figures(report):
            name = f"{FOLDER}/{page.unique(stem(figure))}"
            drawing = figure.drawing.reworded(page.writable)
            lines = in_lines(drawing, f"{drawing.id}-svg")
            files[f"{name}.svg"] = f'<?xml version="1.0" encoding="UTF-8"?>\n{lines.svg}'.encode()
            files[f"{name}.pdf"] = figure_pdf(drawing)
            files[f"{name}.png"] = with_resolution(raster(lines), DPI)
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
