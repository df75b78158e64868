"""Parquet: a table in one file, or in a folder of part files, by pyarrow."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from reportgen.base import aside
from reportgen.base.errors import WARNING, Issue, MachineFailed
from reportgen.base.memory import available
from reportgen.base.message import message
from reportgen.cohort.mapping.matching import is_read
from reportgen.cohort.raw import RawSheet, from_cells, from_records
from reportgen.cohort.readers.gate import MAX_COLUMNS, refuse
from reportgen.cohort.readers.parquet_columns import column_of
from reportgen.settings.model import Settings

MAGIC = b"PAR1"
ENDINGS = (".parquet", ".pq")
AGAIN = message("Write the file again")
# Of a registry: ten million patients, or fifty million toxicities, in some 25 columns.
MAX_BYTES, MAX_CELLS = 4_000_000_000, 1_250_000_000
# What a cell of a registry takes of memory at most with no column put aside, and from how many on that is asked.
BYTES_PER_CELL, MANY_CELLS = 40, 20_000_000
# What is larger is no table if it was packed by more than this.
MAX_DENSE_BYTES, MAX_RATIO = 500_000_000, 64


def recognises(name: str, data: bytes) -> bool:
    """Whether it is a Parquet file, or is called one."""
    return data.startswith(MAGIC) or name.casefold().endswith(ENDINGS)


def read(name: str, data: bytes, settings: Settings) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """One sheet, named after the file without its ending; a cell's place is its column and the row from 1.

    Columns that hold lists or records are left out with an issue. Raises DataRefused for what is damaged or
    too large, and MachineFailed where pyarrow is not installed, or the memory that is free is too little.
    """
    return read_parts(name, {name: data}, settings)


def read_parts(
    name: str,
    parts: Mapping[str, bytes],
    settings: Settings,
    described: bool = True,
    texts: list | None = None,
) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """One sheet of all parts, one below the other, as one file with the same rows would give it.

    A cell's place names the part, and the row within it. described: the source has, or may have, a
    dictionary, which can make any column one of ours; otherwise columns that nothing is read from are
    empty. Parts that differ in their columns are refused, for it would not be known what one of them lacks.
    texts: of the source's other tables the columns of many different texts, as ids are; those of this one are added.
    """
    texts = [] if texts is None else texts
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MachineFailed(
            message("Parquet files need pyarrow: pip install 'clinical-reportgen[parquet]'.")
        ) from error
    stem = PurePath(name).stem
    # Its own allocator keeps what it has read, for as long as the program runs.
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    try:
        files = {part: _opened(data) for part, data in parts.items()}
        _check_extent(name, [file.metadata for file in files.values()], sum(map(len, parts.values())))
        header = _header(name, {part: file.schema_arrow for part, file in files.items()})
        used = [title for title in header if described or is_read(stem, title, settings)]
        nested = [t for t in used if any(_is_nested(file, t) for file in files.values())]
        columns = {
            t: column_of([_read(file, t) for file in files.values()], texts) for t in used if t not in nested
        }
        rows = [file.metadata.num_rows for file in files.values()]
    except MemoryError as error:
        raise MachineFailed(message("there is not enough memory to read {name}.", name=name)) from error
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        raise refuse("BAD_PARQUET", message("{a} is damaged, or no Parquet file", a=name), AGAIN) from error
    sheet = _sheet(stem, [title for title in header if title not in nested], columns, sum(rows))
    if len(parts) > 1:
        sheet = _placed(sheet, list(parts), rows)
    issues = (
        Issue(
            WARNING,
            "COLUMN_NOT_USED",
            stem,
            column,
            None,
            message("The column holds lists or records and was not read"),
            message("Write its parts as columns"),
        )
        for column in nested
    )
    return (sheet,), tuple(issues)


def _opened(data: bytes):
    """The file, whose texts will be read as positions in a list of those that differ: they may be millions."""
    from pyarrow import types
    from pyarrow.parquet import ParquetFile

    texts = (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    fields = ParquetFile(io.BytesIO(data)).schema_arrow
    coded = [field.name for field in fields if any(is_text(field.type) for is_text in texts)]
    return ParquetFile(io.BytesIO(data), read_dictionary=coded)


def _check_extent(name: str, parts: list, packed: int) -> None:
    size = sum(
        facts.row_group(place).total_byte_size for facts in parts for place in range(facts.num_row_groups)
    )
    columns = max(facts.num_columns for facts in parts)
    cells = columns * sum(facts.num_rows for facts in parts)
    dense = size > MAX_DENSE_BYTES and size > MAX_RATIO * packed
    if size > MAX_BYTES or columns > MAX_COLUMNS or cells > MAX_CELLS or dense:
        raise refuse("TOO_LARGE", message("Unpacked, {a} would be far larger than a table of patients is", a=name),
                     message("Remove what is not data"))  # fmt: skip
    aside.expect(cells)
    free, needed = available(), aside.needed(cells, BYTES_PER_CELL)
    if cells > MANY_CELLS and free is not None and needed > free:
        raise MachineFailed(
            message(
                "{name} holds {cells:,} cells, for which about {needed} GB of memory are needed; {free} "
                "GB are free here. Take a machine with more, or a part of the registry.",
                name=name,
                cells=cells,
                needed=f"{needed / 1e9:.1f}",
                free=f"{free / 1e9:.1f}",
            )
        )


def _header(name: str, schemas: Mapping) -> list[str]:
    """The names of the columns, which every part must have."""
    first, *others = schemas
    header = schemas[first].names
    for part in others:
        differing = set(header) ^ set(schemas[part].names)
        if differing:
            raise refuse(
                "BAD_PARQUET",
                message("{a}: {b} and {c} do not have the same columns", a=name, b=first, c=part),
                message("Write all parts with {a}, or none", a=sorted(differing)[0]),
            )
    return header


def _is_nested(file, title: str) -> bool:
    from pyarrow import types

    return types.is_nested(file.schema_arrow.field(title).type)


def _read(file, title: str):
    """One column: a registry's would take as much memory together as all that is made of them."""
    table = file.read(columns=[title])
    table.validate(full=True)
    return table[title]


def _sheet(name: str, header: list[str], columns: Mapping, rows: int) -> RawSheet:
    import numpy as np
    import pandas as pd

    nothing = np.full(rows, None, dtype=object)
    found = [columns.get(title, nothing) for title in header]
    cells = {place: pd.Series(column, dtype=column.dtype, copy=False) for place, column in enumerate(found)}
    frame = pd.DataFrame(cells, index=range(rows), copy=False)
    # Ids, which are many, last: as a rule another column is full, too.
    full = all(header) and rows and any(map(_full, sorted(columns.values(), key=_different)))
    return replace((from_cells if full else from_records)(name, header, frame), nul_shown=True)


def _different(column) -> int:
    """How many different cells it has, or rows, where that is not known."""
    return len(getattr(column, "distinct", column))


def _full(column) -> bool:
    """Whether every cell of a column is filled, and not with blanks."""
    import pandas as pd

    from reportgen.cohort.coded import is_coded

    if pd.isna(column).any():
        return False
    distinct = column.distinct if is_coded(column) else pd.unique(column)
    return not any(isinstance(cell, str) and not cell.strip() for cell in distinct)


def _placed(sheet: RawSheet, parts: list[str], rows: list[int]) -> RawSheet:
    """The sheet with the places that its cells have in the parts."""
    import numpy as np

    ends = np.cumsum(rows)

    def place(row: int, position: int) -> tuple[str, str]:
        title = sheet.header[position]
        if not row:
            return sheet.name, title
        part = int(np.searchsorted(ends, row))
        return sheet.name, f"{title}, row {row - ends[part] + rows[part]} of {PurePath(parts[part]).name}"

    return replace(sheet, place=place)
