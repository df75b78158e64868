"""Old Excel workbooks (.xls, BIFF): by xlrd, which alone of the readers keeps error cells apart from empty ones."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from reportgen.base.errors import WARNING, DataRefused, Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet, from_grid, letter
from reportgen.cohort.readers.archive import MAX_BYTES, SAVE_AGAIN, SHRINK, TOO_LARGE, refuse
from reportgen.cohort.readers.gate import (
    MAX_CELLS,
    MAX_SHEETS,
    OLD_XLS,
    OLE2,
    SAVE_AS,
    SheetFacts,
    check_extent,
    remarks,
)
from reportgen.cohort.readers.xml_parts import MAX_MERGED, Scan, Unreadable
from reportgen.settings.model import Settings

PACKAGE, MACROS = "EncryptedPackage".encode("utf-16-le"), "_VBA_PROJECT".encode("utf-16-le")
# Day 0 of a spreadsheet: of the 1900 system before the 29th of February that 1900 did not have, after it, and of 1904.
EPOCHS = {"before": datetime(1899, 12, 31), 1900: datetime(1899, 12, 30), 1904: datetime(1904, 1, 1)}
LEAP_DAY, LAST_DAY, DAY = 60, 3_000_000, 86_400_000
FORMULA, NO_TEXT = 6, 3  # a kind of record, and of the value that it holds
# What xlrd raises on a file that is not what it says: it checks little, and reads on.
DAMAGED = (
    ValueError,
    LookupError,
    AssertionError,
    TypeError,
    AttributeError,
    struct.error,
    OverflowError,
    ArithmeticError,
)


def recognises(name: str, data: bytes) -> bool:
    """Whether it is an old workbook; what is protected by a password looks like one, and is a newer one inside."""
    return data.startswith((OLE2, *OLD_XLS)) and PACKAGE not in data


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """The sheets of an old workbook as they are; error cells are kept as faults.

    A formula that was never calculated can't be told from one whose value is an empty text: both are empty, and a
    warning says how many there are. Raises DataRefused for what is no readable workbook, or has a password.
    """
    book = _opened(data)
    if book.nsheets > MAX_SHEETS:
        raise refuse("TOO_LARGE", message("The workbook has hundreds of sheets"), SHRINK)
    if len({name.casefold() for name in book.sheet_names()}) < book.nsheets:
        raise refuse(
            "AMBIGUOUS_SHEET", message("Two sheets have the same name"), message("Rename one of them")
        )
    if sum(sheet.nrows * sheet.ncols for sheet in book.sheets()) > MAX_CELLS:
        raise refuse("TOO_LARGE", TOO_LARGE, SHRINK)
    grids, facts = {}, []
    for sheet in book.sheets():
        grids[sheet.name], scan = _cells(sheet, book.datemode)
        try:
            check_extent(scan)
        except Unreadable as fault:
            raise refuse(fault.code, fault.problem, fault.hint or SAVE_AGAIN) from fault
        facts.append(SheetFacts(sheet.name, sheet.visibility != 0, scan))
    rows = settings.source.header_rows
    sheets = tuple(
        replace(from_grid(fact.name, grids[fact.name], fact.scan.faults, rows), merged=fact.scan.merged)
        for fact in facts
    )
    parts = {"vbaproject.bin": None} if MACROS in data else {}
    return sheets, (*remarks(parts, tuple(facts)), *_formulas_without_value(data))


def _opened(data: bytes):
    import xlrd
    from xlrd.biffh import XLRDError
    from xlrd.compdoc import CompDocError

    if len(data) > MAX_BYTES:
        raise refuse("TOO_LARGE", TOO_LARGE, SHRINK)
    try:
        return xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except (XLRDError, CompDocError, *DAMAGED) as error:
        if "encrypted" in str(error):
            raise refuse("ENCRYPTED", message("The workbook is protected by a password"),
                         message("Save a copy without password and use that")) from error  # fmt: skip
        raise _damaged() from error


def _formulas_without_value(data: bytes) -> Iterator[Issue]:
    """FORMULA_EMPTY: how many formulas have no value. They are records of the stream of cells, by their number."""
    stream, place, count = _stream(data), 0, 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        body = stream[place + 4 : place + 4 + length]
        count += kind == FORMULA and len(body) > 14 and body[6] == NO_TEXT and body[12:14] == b"\xff\xff"
        place += 4 + length
    if count:
        problem = message(
            "Formulas have an empty text as their value, or were never calculated: {n}", n=count
        )
        hint = message(
            "They count as empty. If no spreadsheet program has saved the file, let one save it as .xlsx"
        )
        yield Issue(WARNING, "FORMULA_EMPTY", None, None, None, problem, hint)


def _stream(data: bytes) -> bytes:
    """The records of the cells, out of the file system that the file may be."""
    from xlrd import compdoc

    if not data.startswith(OLE2):
        return data
    try:
        found = compdoc.CompDoc(data, logfile=io.StringIO())
        return found.get_named_stream("Workbook") or found.get_named_stream("Book") or b""
    except (compdoc.CompDocError, *DAMAGED) as error:
        raise _damaged() from error


def _damaged() -> DataRefused:
    return refuse("UNSUPPORTED_XLS", message("The old Excel workbook (.xls) is damaged, or is none"), SAVE_AS)


def _cells(sheet, datemode: int) -> tuple[list[list], Scan]:
    """The rows of a sheet, of equal length, and what the gate asks of it."""
    import xlrd

    grid: list[list] = []
    faults: dict[tuple[int, int], str] = {}
    values, width, last = 0, 0, 0
    for row in range(sheet.nrows):
        cells: list = []
        for position, (kind, value) in enumerate(
            zip(sheet.row_types(row), sheet.row_values(row), strict=True)
        ):
            if kind == xlrd.XL_CELL_ERROR:
                faults[row + 1, position] = xlrd.error_text_from_code.get(value, "#ERROR")
                value = ""
            elif kind == xlrd.XL_CELL_DATE:
                value = _moment(value, datemode)
            elif kind == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            cells.append(value)
            if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                values, width, last = values + 1, max(width, position + 1), row + 1
        grid.append(cells)
    grid = [[*row[:width], *[""] * (width - len(row))] for row in grid[:last]]
    hidden = tuple(
        row + 1
        for row, info in sorted(sheet.rowinfo_map.items())
        if info.hidden and row < last and any(grid[row])
    )
    merged = tuple(
        f"{letter(left)}{top + 1}:{letter(right - 1)}{bottom}"
        for top, bottom, left, right in sheet.merged_cells[:MAX_MERGED]
    )
    return grid, Scan(last, width, values, faults, merged, hidden=hidden)


def _moment(number: float, datemode: int) -> datetime | date | time | float:
    """The day and time that a number formatted as a date is; the number itself where it is none.

    A time less than a millisecond before midnight belongs to its own day. As in newer workbooks a day without a time is
    a date, and a time without a day a time.

    >>> _moment(42114.0, 0), _moment(40652.0, 1), _moment(0.5, 0), _moment(-3.0, 0)
    (datetime.date(2015, 4, 20), datetime.date(2015, 4, 20), datetime.time(12, 0), -3.0)
    """
    if not 0 <= number <= LAST_DAY:  # nor is what is no number
        return number
    whole = int(number)
    passed = timedelta(milliseconds=min(round((number - whole) * DAY), DAY - 1))
    epoch = EPOCHS[1904] if datemode else EPOCHS["before" if whole < LEAP_DAY else 1900]
    try:
        found = epoch + timedelta(days=whole) + passed
    except OverflowError:
        return number
    if whole == 0 and passed:
        return found.time()
    return found if passed else found.date()
