"""Excel workbooks (.xlsx): through the gate, then by calamine."""

from __future__ import annotations

import hashlib
import io
import stat
from pathlib import Path

from reportgen.cohort.raw import RawWorkbook, from_grid
from reportgen.cohort.readers.gate import SAVE_AGAIN, inspect, refuse
from reportgen.errors import MachineFailed, UsageError

MAX_FILE = 200_000_000


def read_excel(path: Path) -> RawWorkbook:
    """The sheets of a workbook as they are.

    Error cells and formulas without a stored value, which calamine gives as empty, are kept as faults.
    Raises DataRefused for what is no readable workbook, UsageError where there is no such file, and
    MachineFailed where it may not be read.
    """
    data = _bytes_of(Path(path))
    facts, issues = inspect(data)
    grids = _grids(data)
    sheets = tuple(
        from_grid(sheet.name, grids[sheet.name], sheet.scan.faults)
        for sheet in facts
        if sheet.name in grids
    )  # fmt: skip
    return RawWorkbook(Path(path).name, hashlib.sha256(data).hexdigest(), sheets, issues)


def _bytes_of(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refuse("NOT_A_FILE", "The source is not a regular file", "Give the path of a workbook")
        if status.st_size > MAX_FILE:
            raise refuse("TOO_LARGE", f"The file is larger than {MAX_FILE // 10**6} MB",
                         "Remove what is not data, or export the sheets as CSV")  # fmt: skip
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path.name!r}; check the path.") from error
    except OSError as error:
        raise MachineFailed(f"{path.name!r} can't be read: {error.strerror}.") from error


def _grids(data: bytes) -> dict[str, list[list]]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            meta.name: book.get_sheet_by_index(index).to_python(skip_empty_area=False)
            for index, meta in enumerate(book.sheets_metadata)
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        }
    except BaseException as error:
        panic = type(error).__name__ == "PanicException"
        if not panic and not isinstance(error, (python_calamine.CalamineError, LookupError, ValueError)):
            raise
        raise refuse("BAD_XML", "The file is damaged: its cells can't be read", SAVE_AGAIN) from error
