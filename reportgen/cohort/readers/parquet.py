"""Parquet files: one table each, by pyarrow."""

from __future__ import annotations

import io
from pathlib import PurePath

from reportgen.cohort.raw import RawSheet, from_records
from reportgen.cohort.readers.gate import MAX_BYTES, MAX_CELLS, MAX_COLUMNS, refuse
from reportgen.errors import WARNING, Issue, MachineFailed
from reportgen.settings import Settings

MAGIC = b"PAR1"
ENDINGS = (".parquet", ".pq")
AGAIN = "Write the file again"


def recognises(name: str, data: bytes) -> bool:
    """Whether it is a Parquet file, or is called one."""
    return data.startswith(MAGIC) or name.casefold().endswith(ENDINGS)


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """One sheet, named after the file without its ending; a cell's place is its column and the row from 1.

    Columns that hold lists or records are left out with an issue. Raises DataRefused for what is damaged or
    too large, and MachineFailed where pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MachineFailed("Parquet files need pyarrow: pip install 'reportgen[parquet]'.") from error
    stem = PurePath(name).stem
    try:
        source = pyarrow.parquet.ParquetFile(io.BytesIO(data))
        _check_extent(name, source.metadata)
        table = source.read()
        table.validate(full=True)
        flat = [place for place, field in enumerate(table.schema) if not pyarrow.types.is_nested(field.type)]
        sheet = _sheet(stem, table.select(flat))
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        raise refuse("BAD_PARQUET", f"{name} is damaged, or no Parquet file", AGAIN) from error
    nested = [field.name for place, field in enumerate(table.schema) if place not in flat]
    issues = (
        Issue(WARNING, "COLUMN_NOT_USED", stem, column, None, "The column holds lists or records and was not read",
              "Write its parts as columns")
        for column in nested
    )  # fmt: skip
    return (sheet,), tuple(issues)


def _check_extent(name: str, facts) -> None:
    size = sum(facts.row_group(place).total_byte_size for place in range(facts.num_row_groups))
    cells = facts.num_rows * facts.num_columns
    if size > MAX_BYTES or facts.num_columns > MAX_COLUMNS or cells > MAX_CELLS:
        raise refuse("TOO_LARGE", f"Unpacked, {name} would be far larger than a table of patients is",
                     "Remove what is not data")  # fmt: skip


def _sheet(name: str, table) -> RawSheet:
    import pandas as pd

    columns = {place: _cells(column) for place, column in enumerate(table.columns)}
    return from_records(name, table.column_names, pd.DataFrame(columns, dtype=object))


def _cells(column) -> list:
    """The cells as Python has them: days as dates, decimals as numbers, bytes as text."""
    from pyarrow import types

    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    cells = column.to_pylist()
    if types.is_decimal(kind):
        return [None if cell is None else float(cell) for cell in cells]
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return [None if cell is None else cell.decode("utf-8", "replace") for cell in cells]
    return cells
