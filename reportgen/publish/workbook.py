"""Plain workbooks out: the same sheets always give the same bytes, and no text becomes a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import quote
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from reportgen.base.required import required

EPOCH = datetime(2000, 1, 1)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WIDEST = 60
LINE, HIGHEST = 15.0, 409.0  # points, of a line and of the highest row there can be
LOST = 4  # characters of a line, where words end


@dataclass(frozen=True)
class Link:
    """Text that leads to a place in another workbook, which lies in the same folder."""

    text: str
    file: str
    sheet: str
    cell: str


Cell = str | int | float | date | Link | None


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: a head row and rows of the same width.

    widths: column → width in characters; the others are as wide as their longest cell, up to 60. worked_on: rows that
    somebody filters, and prints on sheets as wide as they are, under their head.
    """

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    widths: dict[str, float] | None = None
    worked_on: bool = False


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The sheets, in order, as an xlsx file.

    Text stays text: what starts with = + - @ is stored as a string and marked so that a spreadsheet
    program does not take it for a formula when the cell is edited. Control characters, which XML can't
    hold, become U+FFFD. Dates show as yyyy-mm-dd.
    """
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(required(workbook.active))
    for sheet in sheets:
        _fill(workbook.create_sheet(sheet.name), sheet)
    return saved(workbook)


def saved(workbook) -> bytes:
    """An openpyxl workbook as bytes that depend on its content alone.

    Times are fixed, and parts are stored rather than deflated, because compressors differ between machines.
    """
    workbook.properties.created = workbook.properties.modified = EPOCH
    workbook.properties.creator = "reportgen"
    raw = BytesIO()
    # Workbook.save would stamp the present time.
    _writer()(workbook, ZipFile(raw, "w")).save()
    return _without_times(raw)


@cache
def _writer() -> type:
    """The library's writer, but in memory: by itself it writes every sheet to the temporary folder first,
    in plain text, and a run that is killed meanwhile would leave it there."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class InMemory(ExcelWriter):
        def write_worksheet(self, ws: Any):
            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
            content = BytesIO()
            writer: Any = WorksheetWriter(ws, out=content)
            writer.write()
            ws._rels = writer._rels
            archive: ZipFile = vars(self)["_archive"]  # which the library's types leave out
            archive.writestr(ws.path[1:], content.getvalue())
            self.manifest.append(ws)

    return InMemory


def _fill(worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    plain, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    bold = Font(bold=True)
    rows, wrapping = [sheet.head, *sheet.rows], []
    for number, row in enumerate(rows, start=1):
        if len(row) != len(sheet.head):
            raise ValueError(
                f"row {number} of sheet {sheet.name!r} has {len(row)} cells, not {len(sheet.head)}"
            )
        long = [len(_shown(value)) > WIDEST for value in row]
        higher = any(
            long
        )  # a row of one line looks the same whatever its alignment, which takes a third of the time
        wrapping += [number] if higher else []
        for index, value in enumerate(row, start=1):
            cell = worksheet.cell(number, index)
            _write(cell, value)
            if higher:
                cell.alignment = wrapped if long[index - 1] else plain
            if number == 1:
                cell.font = bold
    worksheet.freeze_panes = "A2"
    widths = []
    for index, name in enumerate(sheet.head, start=1):
        longest = max(len(_shown(row[index - 1])) for row in rows)
        widths.append((sheet.widths or {}).get(name, min(longest, WIDEST) + 2))
        worksheet.column_dimensions[get_column_letter(index)].width = widths[-1]
    for number in wrapping:  # not every program makes room for their lines by itself
        worksheet.row_dimensions[number].height = min(LINE * _lines(rows[number - 1], widths), HIGHEST)
    if sheet.worked_on:
        worksheet.auto_filter.ref = f"A1:{get_column_letter(len(sheet.head))}{len(rows)}"
        worksheet.print_title_rows = "1:1"
        worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", 9  # A4
        worksheet.sheet_properties.pageSetUpPr.fitToPage = True
        worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, 0


def _lines(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """How many lines the highest cell that is wrapped takes."""
    return max(
        (
            sum(-(-max(len(part), 1) // max(width - LOST, 1)) for part in _shown(value).split("\n"))
            for value, width in zip(row, widths, strict=True)
            if len(_shown(value)) > WIDEST
        ),
        default=1,
    )


def _shown(value: Cell) -> str:
    if isinstance(value, Link):
        return value.text
    return "" if value is None else str(value)


def _write(cell, value: Cell) -> None:
    if isinstance(value, Link):
        from openpyxl.styles import Font
        from openpyxl.worksheet.hyperlink import Hyperlink

        _write(cell, value.text)
        sheet = UNWRITABLE.sub("\ufffd", value.sheet).replace("'", "''")
        place = f"'{sheet}'!{value.cell}" if value.cell else f"'{sheet}'!A1"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, target=quote(value.file), location=place)
        cell.font = Font(color="0563C1", underline="single")
    elif isinstance(value, str):
        cell.value = UNWRITABLE.sub("\ufffd", value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def _without_times(raw: BytesIO) -> bytes:
    fixed = BytesIO()
    with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_STORED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name, EPOCH.timetuple()[:6]), source.read(name))
    return fixed.getvalue()
