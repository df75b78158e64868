"""SAS data sets: transport files (.xpt, version 5) and .sas7bdat, by pandas."""

from __future__ import annotations

import io
import struct
from contextlib import redirect_stdout
from datetime import date, timedelta
from pathlib import PurePath

import pandas as pd

from reportgen.base.errors import Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet, from_records
from reportgen.cohort.readers.gate import MAX_CELLS, MAX_COLUMNS, refuse
from reportgen.cohort.readers.text import decode
from reportgen.settings.model import Settings

XPT = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
XPT_8 = b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!"
SAS7BDAT = b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"
XPT_RECORD = 80
# What pandas makes of a 0: the smallest number that the format can hold, 16 to the power of -65.
XPT_ZERO = 16.0**-65
EPOCH = date(1960, 1, 1)
AGAIN = message("Export the data set again, as a transport file of version 5 or as Dataset-JSON")
DAYS = (b"DATE", b"YYMMDD", b"DDMMYY", b"MMDDYY", b"E8601DA", b"B8601DA", b"YYMMDDD", b"YYMMDDN")
FAULTS = (ValueError, LookupError, EOFError, OSError, ArithmeticError, TypeError, AttributeError, AssertionError,
          struct.error)  # fmt: skip


def recognises(name: str, data: bytes) -> bool:
    """By the first bytes, whatever the file is called."""
    return data.startswith((XPT, XPT_8, SAS7BDAT))


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """One sheet, named after the file. Numbers with a SAS format of days, or named …DT as CDISC does, are dates.

    Raises DataRefused for what is damaged, too large or of a version that can't be read, and where the
    encoding of the text can't be told.
    """
    if data.startswith(XPT_8):
        raise refuse("BAD_SAS", message("{a} is a transport file of version 8", a=name), AGAIN)
    frame, dated, labels = _frame(name, data)
    _check_encoding(name, frame, settings.source.encoding)
    for column in frame:
        if frame[column].dtype == object:
            codec = settings.source.encoding or "utf-8"
            frame[column] = [_text(cell, codec) for cell in frame[column]]
        elif frame[column].dtype.kind == "f" and (column in dated or column.upper().endswith("DT")):
            frame[column] = pd.Series([_day(cell) for cell in frame[column]], index=frame.index, dtype=object)
    return (from_records(PurePath(name).stem, list(frame), frame.astype(object), labels),), ()


def _frame(name: str, data: bytes) -> tuple[pd.DataFrame, set[str], list[str]]:
    """The table as pandas reads it, its columns with a format of days that pandas leaves as numbers, and all labels."""
    kind = "xport" if data.startswith(XPT) else "sas7bdat"
    if kind == "xport" and len(data) % XPT_RECORD:
        raise refuse("BAD_SAS", message("{a} is damaged: a part at its end is missing", a=name), AGAIN)
    try:
        # pandas prints what it doubts in a damaged file; that it is damaged is said below.
        with (
            redirect_stdout(io.StringIO()),
            pd.read_sas(io.BytesIO(data), format=kind, iterator=True) as reader,
        ):
            rows, columns = (reader.nobs, len(reader.columns)) if kind == "xport" else (
                reader.row_count, reader.column_count)  # fmt: skip
            if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
                raise refuse(
                    "TOO_LARGE", message("{a} is far larger than a table of patients is", a=name), AGAIN
                )
            fields = reader.fields if kind == "xport" else [vars(column) for column in reader.columns]
            dated = {_plain(field["name"]) for field in fields if field.get("nform", b"").strip() in DAYS}
            labels = [_plain(field["label"]) for field in fields]
            names = [_plain(field["name"]) for field in fields]
            frame = reader.read() if rows else pd.DataFrame(columns=names)
            if kind == "xport":
                numbers = frame.select_dtypes("number")
                frame[numbers.columns] = numbers.mask(numbers.abs() <= XPT_ZERO, 0.0)
    except FAULTS as error:
        raise refuse(
            "BAD_SAS", message("{a} is damaged, or no SAS data set that can be read", a=name), AGAIN
        ) from error
    if len(frame) != rows:
        raise refuse(
            "BAD_SAS",
            message("{a} is damaged: it holds {n} rows, not {k} as it says", a=name, n=len(frame), k=rows),
            AGAIN,
        )
    return frame.set_axis([str(column).strip() for column in frame], axis=1), dated, labels


def _check_encoding(name: str, frame, encoding: str) -> None:
    """All text must decode; without a told encoding only UTF-8, of which ASCII is a part."""
    cells = {cell for column in frame for cell in frame[column] if isinstance(cell, bytes)}
    sample = b"\n".join(sorted(cell for cell in cells if not cell.isascii()))
    if sample:
        text, found = decode(name, sample, encoding)
        if found not in ("", "UTF-8"):
            raise refuse("BAD_ENCODING", message("{a} is not written in UTF-8; it may be {b}", a=name, b=found),
                         message('Name its encoding in report.toml: [source] encoding = "cp1252"'))  # fmt: skip


def _plain(text: str | bytes) -> str:
    return (text.decode("utf-8", "replace") if isinstance(text, bytes) else text).strip()


def _text(cell: object, codec: str) -> object:
    if isinstance(cell, bytes):
        return cell.decode(codec).rstrip() or None
    return None if cell is None or cell != cell else cell


def _day(cell: float) -> object:
    if cell != cell:
        return None
    try:
        return EPOCH + timedelta(days=cell) if float(cell).is_integer() else cell
    except OverflowError:
        return cell
