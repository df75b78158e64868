"""CSV and TSV files: one table each; what separates their columns is found out and said."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath

from reportgen.base.errors import ERROR, NOTE, UNSAID, WARNING, DataRefused, Issue, UsageError
from reportgen.base.message import Message, message
from reportgen.cohort.header_rows import header_row_told
from reportgen.cohort.raw import RawSheet, from_columns, from_frame, letter
from reportgen.cohort.readers.archive import refuse
from reportgen.cohort.readers.comments import USUAL, without_comments
from reportgen.cohort.readers.regular import is_large, read_regular
from reportgen.cohort.readers.text import decode, looks_like_text
from reportgen.cohort.readers.titles import lines_above, said_above
from reportgen.settings.model import Settings

DELIMITERS = {
    ",": message("commas"),
    ";": message("semicolons"),
    "\t": message("tabs"),
    "|": message("vertical bars"),
}
NAMED = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "bar": "|"}
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
ENDINGS = (".csv", ".tsv", ".tab")
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SAMPLE_ROWS = 500
BEGINNING = 1 << 20
COMPLETE = ("\n", "\r", '"')  # the end of a line, or of a cell that could not be shorter
MAX_COLUMNS = 5_000
MOST_SAID = 20


def recognises(name: str, data: bytes) -> bool:
    """Whether it is called a table, or is text in which every row has as many fields as the header."""
    if name.casefold().endswith(ENDINGS):
        return True
    sample = data[: 1 << 16]
    if not looks_like_text(data):
        return False
    text = without_comments(sample[: sample.rfind(b"\n") + 1].decode("latin-1"), "", "")[0]
    return bool(_even(text))


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """One sheet, named after the file without its ending; every cell is text, and its address as in a spreadsheet.

    Raises DataRefused with BAD_ENCODING where the encoding can't be told, and with BAD_CSV where the
    delimiter can't, where rows differ in length, or where a quotation mark is never closed.
    """
    stem = PurePath(name).stem
    if not data or data.isspace():
        raise refuse("BAD_CSV", message("{a} is empty", a=name), message("Export the table again"))
    by_columns = _undecoded(name, stem, data, settings)
    if by_columns:
        return by_columns
    text, encoding = decode(name, data, settings.source.encoding)
    if "\0" in text:
        raise refuse(
            "BAD_CSV",
            message("{a} holds zero bytes, which no table does", a=name),
            message("Export the table again"),
        )
    told = _told(settings.source.delimiter)
    body, declared = _without_declaration(text)
    body, skipped, said = without_comments(body, stem, settings.source.comment)
    above = max(header_row_told(stem, settings.source.header_rows) - 1 - skipped - bool(declared), 0)
    if not above and not header_row_told(stem, settings.source.header_rows):
        above = lines_above(_lines(body), [told or declared] if told or declared else DELIMITERS)
        said += [said_above(stem, above + skipped + bool(declared))] if above else []
    if above:
        body, skipped = "".join(islice(_lines(body), above, None)), skipped + above
    delimiter = told or declared or _found(name, body)
    skipped += 1 if declared else 0
    sheet = _regular_sheet(name, stem, body, delimiter) or _sheet(name, stem, body, delimiter, skipped)
    sheet.frame.index += 2 + skipped
    said.extend(_said(stem, encoding, "" if told or declared else delimiter))
    said.extend(_last_line(sheet, text[-1:]))
    return (replace(sheet, typed=False, header_row=1 + skipped),), tuple(said)


def _undecoded(
    name: str, stem: str, data: bytes, settings: Settings
) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]] | None:
    """The same of a large and regular file in UTF-8, of which no more than the beginning becomes one text."""
    if not is_large(data) or settings.source.encoding or data.startswith(BYTE_ORDER_MARKS) or b"\0" in data:
        return None
    if settings.source.comment or settings.source.header_rows or data.startswith(USUAL.encode()):
        return None
    beginning = data[: data.rfind(b"\n", 0, BEGINNING) + 1] if len(data) > BEGINNING else data
    try:
        text = beginning.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if _without_declaration(text)[1] or (len(data) > BEGINNING and text.count("\n") <= SAMPLE_ROWS):
        return None
    told = _told(settings.source.delimiter)
    delimiter = told or _found(name, text)
    sheet = _from_columns(name, stem, read_regular(data, delimiter))
    if sheet is None:
        return None
    sheet.frame.index += 2
    encoding = "" if data.isascii() else "UTF-8"
    said = [*_said(stem, encoding, "" if told else delimiter), *_last_line(sheet, chr(data[-1]))]
    return (replace(sheet, typed=False),), tuple(said)


def _regular_sheet(name: str, stem: str, text: str, delimiter: str) -> RawSheet | None:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return _from_columns(name, stem, read_regular(data, delimiter)) if is_large(data) else None


def _from_columns(name: str, stem: str, found) -> RawSheet | None:
    if found is None:
        return None
    header, frame = found
    _check_width(name, header)
    return from_columns(stem, header, frame)


def _sheet(name: str, stem: str, text: str, delimiter: str, skipped: int) -> RawSheet:
    import pandas as pd

    rows = _rows(name, text, delimiter)
    _check_width(name, rows[0])
    _check_lengths(stem, rows, skipped)
    width = len(rows[0])
    frame = pd.DataFrame((row or [None] * width for row in rows[1:]), dtype=object, columns=range(width))
    return from_frame(stem, rows[0], frame)


def _check_width(name: str, header: Sequence[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise refuse(
            "DIMENSIONS",
            message("{a} has more than {n} columns", a=name, n=MAX_COLUMNS),
            message("Export the table again"),
        )


def _said(sheet: str, encoding: str, delimiter: str) -> Iterator[Issue]:
    """What was found out and not told."""
    between = DELIMITERS[delimiter] if delimiter else ""
    problem = ""
    if encoding and between:
        problem = message("The file was read as {a} and with columns separated by {b}", a=encoding, b=between)
    elif encoding:
        problem = message("The file was read as {a}", a=encoding)
    elif between:
        problem = message("The file was read with columns separated by {a}", a=between)
    if problem:
        hint = message("Nothing to do; if wrong, name it under [source] in report.toml")
        yield Issue(NOTE, "CSV_FORMAT", sheet, None, None, problem, hint)


def _last_line(sheet: RawSheet, last: str) -> Iterator[Issue]:
    """A question where the last line has no end: a copy that was cut off within its last cell looks the same."""
    if last not in COMPLETE and len(sheet.frame):
        problem = message("The last line of the file has no end, so that it may be cut off")
        hint = message("Compare this cell with the source; if it is whole, nothing to do")
        where = sheet.cell(int(sheet.frame.index[-1]), int(sheet.frame.columns[-1]))
        yield Issue(WARNING, "LAST_LINE", *where, None, problem, hint)


def _told(delimiter: str) -> str:
    found = NAMED.get(delimiter.casefold(), delimiter)
    if found and found not in DELIMITERS:
        raise UsageError(
            message(
                "In the settings: source.delimiter is {found}, expected comma, semicolon, tab or pipe.",
                found=repr(delimiter),
            ),
            UNSAID,
        )
    return found


def _without_declaration(text: str) -> tuple[str, str]:
    """The text without the line `sep=;` by which spreadsheet programs name the delimiter, and what it names."""
    named = _first_line(text).strip("\r")
    if named.casefold().startswith("sep=") and named[4:] in DELIMITERS:
        return text.partition("\n")[2], named[4:]
    return text, ""


def _first_line(text: str) -> str:
    """Without making a copy of the rest."""
    end = text.find("\n")
    return text if end < 0 else text[:end]


def _found(name: str, text: str) -> str:
    candidates = _candidates(text)
    if len(candidates) == 1:
        return candidates[0]
    hint = message('Name it in report.toml: [source] delimiter = "semicolon"')
    if not candidates:
        raise refuse(
            "BAD_CSV",
            message("{a} has no columns that commas, semicolons, tabs or bars separate", a=name),
            hint,
        )
    said = DELIMITERS[candidates[0]]
    for candidate in candidates[1:]:
        said = message("{a} or {b}", a=said, b=DELIMITERS[candidate])
    raise refuse("BAD_CSV", message("The columns of {a} may be separated by {b}", a=name, b=said), hint)


def _candidates(text: str) -> list[str]:
    """The delimiters that split every row into as many fields as the header; else those that split the header."""
    header = _first_line(_without_declaration(text)[0])
    return _even(text) or [delimiter for delimiter in DELIMITERS if delimiter in header]


def _even(text: str) -> list[str]:
    even = []
    for delimiter in DELIMITERS:
        try:
            lengths = [len(row) for row in islice(_parsed(text, delimiter), SAMPLE_ROWS) if row]
        except csv.Error:
            continue
        if len(lengths) > 1 and lengths[0] > 1 and len(set(lengths)) == 1:
            even.append(delimiter)
    return even


def _rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    reader = _parsed(text, delimiter)
    rows = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise refuse("BAD_CSV", *_fault(name, len(rows) + 1, error)) from error
    while rows and not rows[-1]:
        rows.pop()
    if not rows or not rows[0]:
        raise refuse(
            "BAD_CSV",
            message("{a} does not begin with the names of its columns", a=name),
            message("Export the table again"),
        )
    return rows


def _fault(name: str, row: int, error: csv.Error) -> tuple[Message, Message]:
    """What the csv module found, which tells its faults apart by their words alone; and what to do."""
    said = str(error)
    if "expected after" in said or "end of data" in said:
        problem = message(
            "{a}: a quotation mark in row {n} is in the wrong place, or never closed", a=name, n=row
        )
        return problem, message("Correct it, or export the table again")
    if "field limit" in said:
        problem = message(
            "{a}: a cell of row {n} is longer than {k:,} characters", a=name, n=row, k=csv.field_size_limit()
        )
        return problem, message("Shorten it; or close a quotation mark before it that is never closed")
    return message("{a}: row {n} can't be read as a row of a table", a=name, n=row), message(
        "Export the table again"
    )


def _parsed(text: str, delimiter: str):
    return csv.reader(_lines(text), delimiter=delimiter, strict=True)


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, one by one: io.StringIO would hold all of a large file once more, fourfold."""
    return (line[0] for line in LINE.finditer(text))


def _check_lengths(sheet: str, rows: Sequence[list[str]], skipped: int) -> None:
    width = len(rows[0])
    wrong = [(number, len(row)) for number, row in enumerate(rows, 1 + skipped) if row and len(row) != width]
    if wrong:
        raise DataRefused(
            tuple(
                Issue(ERROR, "BAD_CSV", sheet, f"{letter(min(width, length) - 1)}{number}", None,
                      message("The row has {n} fields, but the header has {k}", n=length, k=width),
                      message("A delimiter is missing or too many, or a text that holds one lacks its quotation marks"))
                for number, length in wrong[:MOST_SAID]
            )
        )  # fmt: skip
