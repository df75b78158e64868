"""SAS files for tests: transport files by pyreadstat, .sas7bdat by the ReadStat library that it carries."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

EPOCH = date(1960, 1, 1)
STRING, DOUBLE = 0, 5
WRITE = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)


def write_xpt(path: Path, rows: Iterable[Mapping]) -> Path:
    """Rows → a transport file of version 5; dates become SAS dates with the format DATE9."""
    frame = pd.DataFrame(list(rows))
    pyreadstat.write_xport(frame, path, table_name=path.stem.upper()[:8], file_format_version=5)
    return path


def write_sas7bdat(path: Path, rows: Iterable[Mapping], count: int | None = None) -> Path:
    """Rows, or the first of them, → a .sas7bdat file.

    Skips the test where the library in pyreadstat does not export its writer.
    """
    rows = list(rows)
    names = list(dict.fromkeys(key for row in rows for key in row))
    library = _library()
    content = bytearray()

    @WRITE
    def write(data, length, _):
        content.extend(ctypes.string_at(data, length))
        return length

    writer = library.readstat_writer_init()
    library.readstat_set_data_writer(writer, write)
    variables = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        text = any(isinstance(cell, str) for cell in cells)
        width = max([len(cell.encode()) for cell in cells if isinstance(cell, str)], default=8)
        variable = library.readstat_add_variable(
            writer, name.encode(), STRING if text else DOUBLE, ctypes.c_size_t(width if text else 0)
        )
        if any(isinstance(cell, date) for cell in cells):
            library.readstat_variable_set_format(variable, b"DATE9")
        variables[name] = variable, text
    rows = rows[:count]
    _done(library.readstat_begin_writing_sas7bdat(writer, None, ctypes.c_long(len(rows))))
    for row in rows:
        _done(library.readstat_begin_row(writer))
        for name, (variable, text) in variables.items():
            _done(_insert(library, writer, variable, text, row.get(name)))
        _done(library.readstat_end_row(writer))
    _done(library.readstat_end_writing(writer))
    library.readstat_writer_free(writer)
    path.write_bytes(bytes(content))
    return path


def _insert(library, writer, variable, text: bool, cell: object) -> int:
    if text:
        return library.readstat_insert_string_value(writer, variable, (cell or "").encode())
    if cell is None:
        return library.readstat_insert_missing_value(writer, variable)
    number = float((cell - EPOCH).days) if isinstance(cell, date) else float(cell)
    return library.readstat_insert_double_value(writer, variable, ctypes.c_double(number))


def _library():
    library = ctypes.CDLL(pyreadstat._readstat_writer.__file__)
    if not hasattr(library, "readstat_begin_writing_sas7bdat"):
        pytest.skip("this build of pyreadstat does not export ReadStat's writer of .sas7bdat files")
    pointer = ctypes.c_void_p
    for name, result, arguments in (
        ("readstat_writer_init", pointer, []),
        ("readstat_set_data_writer", ctypes.c_int, [pointer, WRITE]),
        ("readstat_add_variable", pointer, [pointer, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t]),
        ("readstat_variable_set_format", None, [pointer, ctypes.c_char_p]),
        ("readstat_begin_writing_sas7bdat", ctypes.c_int, [pointer, pointer, ctypes.c_long]),
        ("readstat_begin_row", ctypes.c_int, [pointer]),
        ("readstat_end_row", ctypes.c_int, [pointer]),
        ("readstat_insert_string_value", ctypes.c_int, [pointer, pointer, ctypes.c_char_p]),
        ("readstat_insert_double_value", ctypes.c_int, [pointer, pointer, ctypes.c_double]),
        ("readstat_insert_missing_value", ctypes.c_int, [pointer, pointer]),
        ("readstat_end_writing", ctypes.c_int, [pointer]),
        ("readstat_writer_free", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _done(error: int) -> None:
    assert error == 0, f"ReadStat refused to write: error {error}"
