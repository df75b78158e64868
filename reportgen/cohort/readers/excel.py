"""Excel workbooks (.xlsx): through the gate, then by calamine."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet, from_grid
from reportgen.cohort.readers.gate import OLD_XLS, OLE2, SAVE_AGAIN, inspect, refuse
from reportgen.cohort.readers.text import looks_like_text
from reportgen.settings.model import Settings

ZIP = b"PK\x03\x04"
ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls")


def recognises(name: str, data: bytes) -> bool:
    """Whether it is a workbook, or at least something that claims to be one; tabs in text are none."""
    if data.startswith((ZIP, OLE2, *OLD_XLS)):
        return True
    named = name.casefold()
    tabs = named.endswith(".xls") and b"\t" in data.partition(b"\n")[0] and looks_like_text(data)
    return named.endswith(ENDINGS) and not tabs


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """The sheets of a workbook as they are.

    Error cells and formulas without a stored value, which calamine gives as empty, are kept as faults.
    Raises DataRefused for what is no readable workbook.
    """
    facts, issues = inspect(data)
    grids = grids_of(data, [sheet.name for sheet in facts])
    for sheet in facts:
        _keep_the_day(grids[sheet.name], sheet.scan.before_midnight)
    rows = settings.source.header_rows
    sheets = tuple(
        replace(from_grid(sheet.name, grids[sheet.name], sheet.scan.faults, rows), merged=sheet.scan.merged)
        for sheet in facts
    )
    return sheets, issues


def _keep_the_day(grid: list[list], cells: Iterable[tuple[int, int]]) -> None:
    """A time less than a millisecond before midnight, which calamine rounds up, belongs to the day before."""
    for row, position in cells:
        found = grid[row - 1][position]
        if isinstance(found, date) and (not isinstance(found, datetime) or found.time() == time()):
            grid[row - 1][position] = datetime.combine(found, time()) - timedelta(milliseconds=1)


def grids_of(data: bytes, names: Collection[str] | None = None) -> dict[str, list[list]]:
    """Sheet → its cells, row by row from A1, of a workbook that has passed its gate.

    names: the sheets that the gate has seen; no other is read. Raises DataRefused where one of them is missing.
    """
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = {
            meta.name: book.get_sheet_by_index(index).to_python(skip_empty_area=False)
            for index, meta in enumerate(book.sheets_metadata)
            if (meta.typ == python_calamine.SheetTypeEnum.WorkSheet if names is None else meta.name in names)
        }
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"
        if not panic and not isinstance(error, (python_calamine.CalamineError, LookupError, ValueError)):
            raise
        raise refuse(
            "BAD_XML", message("The file is damaged: its cells can't be read"), SAVE_AGAIN
        ) from error
    if names is not None and set(grids) != set(names):
        raise refuse(
            "BAD_XML", message("The file is damaged: a sheet that it lists can't be read"), SAVE_AGAIN
        )
    return grids
