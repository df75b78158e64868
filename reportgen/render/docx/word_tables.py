"""A report's table as a table of Word: it can be edited, its head repeats, and no row is split."""

from __future__ import annotations

from docx.oxml.ns import qn

from reportgen.base.required import required
from reportgen.render.docx.wordml import TWIPS, Element, element, line_break, paragraph, written
from reportgen.render.html import fonts
from reportgen.render.html.heads import spanning
from reportgen.render.html.number_alignment import GUTTER
from reportgen.render.html.tables import SMALL, TYPE, Measures
from reportgen.report import Column, Row, Table

GAP = round(GUTTER * TYPE * TWIPS)  # before each column but the first
# How much wider than ours figures and blanks may be where ours are not installed, in "−14 to 23": DejaVu Sans.
OTHER_FONTS = 1.34
STEP = 8 * TWIPS  # of a row's indent
SIDES = {"left": "left", "number": "right", "centre": "center"}


def drawn(table: Table, measures: Measures, caption: str, small: bool = False) -> Element:
    """<w:tbl> of one part of a table. caption: its text alternative; small: in the smaller type."""
    width = measures.room * TYPE * TWIPS
    widths = [int(share * width) for share in measures.shares]  # rounded, they could be wider than the page
    made = element("tbl")
    made.append(
        element(
            "tblPr",
            element("tblStyle", val="ReportTable"),
            element("tblW", w=sum(widths), type="dxa"),
            element("tblLayout", type="fixed"),
            element("tblLook", val="00A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noHBand=1, noVBand=1),
            element("tblCaption", val=caption[:255]),
        )
    )  # fmt: skip
    made.append(element("tblGrid", *(element("gridCol", w=width) for width in widths)))
    made.extend(_spanning(table, widths))
    made.append(_head(table, widths, "TableSmallHead" if small else "TableHead"))
    last = len(table.rows) - 1
    for n, row in enumerate(table.rows):
        # A short table stays whole; in a long one a row stays with what is indented below it, and no row is alone.
        above = n < last and table.rows[n + 1].indent > row.indent
        kept = not measures.long or row.head or above or n in (0, last - 1)
        together = kept and (n < last or bool(table.notes))
        rooms = [room[n] for room in measures.rooms]
        rooms = list(map(_held, rooms, measures.texts[n], widths, [SMALL if small else TYPE] * len(widths)))
        made.append(_row(row, measures.cells[n], measures.texts[n], rooms, table, widths, together, small))
    return made


def _held(room: float | None, text: str, width: int, size: float) -> int:
    """The room behind a number in twips: less than it is short of the longest where other fonts would break it."""
    letters = OTHER_FONTS * fonts.width(text)
    return round(max(0.0, min((room or 0) * size * TWIPS, width - GAP - letters * size * TWIPS)))


def _spanning(table: Table, widths: list[int]) -> list[Element]:
    """The row of heads that stand over several columns each, if there are any; it repeats, too."""
    cells, at = [], 0
    for head, count in spanning(table):
        words = paragraph("TableHead", *written(head), ind=_indent(at), jc=element("jc", val="center"))
        cell = _cell(sum(widths[at : at + count]), words, count, low=True)
        if head:
            line = element("bottom", val="single", sz=4, space=0, color="1B1F24")
            required(cell.find(qn("w:tcPr"))).insert(1 + (count > 1), element("tcBorders", line))
        cells.append(cell)
        at += count
    return (
        [element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *cells)] if cells else []
    )


def _head(table: Table, widths: list[int], kind: str) -> Element:
    cells = []
    for i, (column, width) in enumerate(zip(table.columns, widths, strict=True)):
        words = written(column.head)
        if column.unit:
            words += [*([line_break()] if column.head else []), *written(column.unit, "Unit")]
        cells.append(_cell(width, paragraph(kind, *words, ind=_indent(i), jc=_side(column.align)), low=True))
    return element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *cells)


def _row(
    row: Row,
    cells: list,
    texts: list[str],
    rooms: list,
    table: Table,
    widths: list[int],
    together: bool,
    small: bool,
) -> Element:
    """A row. A head without further cells spans the table. rooms: behind each cell, in twips."""
    kind = "TableSmall" if small else "TableText"
    keep = element("keepNext") if together else None
    spans = row.head and not any(text.strip() for text in texts[1:])
    style = "Strong" if row.head else ""
    made = element("tr", element("trPr", element("cantSplit")))
    first = _paragraph(kind, cells[0], style, table.columns[0], rooms[0], STEP * min(row.indent, 3), keep)
    made.append(_cell(sum(widths) if spans else widths[0], first, len(widths) if spans else 1))
    if not spans:
        for cell, room, column, width in list(zip(cells, rooms, table.columns, widths, strict=True))[1:]:
            again = element("keepNext") if together else None
            made.append(_cell(width, _paragraph(kind, cell, "", column, room, GAP, again)))
    return made


def _paragraph(
    kind: str, text, style: str, column: Column, right: int, left: int, keep: Element | None
) -> Element:
    """A cell's words. Numbers are set flush right, with as much room behind them as their tail is short."""
    return paragraph(
        kind, *written(text, style), keep=keep,
        ind=element("ind", left=left, right=right) if left or right else None, jc=_side(column.align),
    )  # fmt: skip


def _cell(width: int, content: Element, span: int = 1, low: bool = False) -> Element:
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if low:
        properties.append(element("vAlign", val="bottom"))
    return element("tc", properties, content)


def _indent(column: int) -> Element | None:
    return element("ind", left=GAP) if column else None


def _side(align: str) -> Element | None:
    return None if align == "left" else element("jc", val=SIDES[align])
