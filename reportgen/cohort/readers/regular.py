"""Large CSV files that are regular, by columns: equal cells become one object, and no row is ever laid out.

Regular is a file in which every grammar of CSV reads the same: quotation marks stand at both ends of a field
or nowhere, no field holds a line break, no line is empty, all rows have as many fields as the header. What is
not, and every file without pyarrow, is read by the csv module, which knows what to say of it.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FROM_BYTES = 5_000_000  # smaller ones cost little, and pyarrow takes a while to load
QUOTE, LF, CR = b'"\n\r'
PIECE = 1 << 24


def is_large(data: bytes) -> bool:
    """Whether reading by columns is worth its start: FROM_BYTES or more."""
    return len(data) >= FROM_BYTES


def read_regular(data: bytes, delimiter: str) -> tuple[list[str], pd.DataFrame] | None:
    """The header, and the rows below it as columns of texts, None where empty; None for what is not regular.

    data: in UTF-8, without a mark of its own.
    """
    try:
        import pyarrow
        import pyarrow.csv
    except ImportError:
        return None
    end = len(data)
    while end and data[end - 1] in (LF, CR):
        end -= 1
    body = memoryview(data)[:end]
    if not _regular(body, ord(delimiter)):
        return None
    coded = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    try:
        line = bytes(data[: bytes(data[: csv.field_size_limit() + 1]).index(b"\n")]).decode("utf-8")
        header = next(csv.reader([line], delimiter=delimiter, strict=True))
        names = [str(place) for place in range(len(header))]
        table = pyarrow.csv.read_csv(
            pyarrow.BufferReader(pyarrow.py_buffer(data)),
            read_options=pyarrow.csv.ReadOptions(skip_rows=1, column_names=names),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, coded)),
        )
    except (UnicodeDecodeError, pyarrow.ArrowException):  # no UTF-8, or rows of other lengths
        return None
    import pandas as pd

    columns = {place: _cells(table[name]) for place, name in enumerate(names)}
    return header, pd.DataFrame(columns, copy=False)


def _regular(data: memoryview, delimiter: int) -> bool:
    """Whether all grammars agree: looked at piece by piece, for the places of all quotation marks take more
    memory than the file."""
    import numpy as np

    content = np.frombuffer(data, np.uint8)
    quotes, last_break = 0, -1
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        breaks = np.flatnonzero(piece == LF) + start
        lengths = np.diff(breaks, prepend=last_break)
        if len(breaks) and (lengths.min() < 2 or lengths.max() > csv.field_size_limit()):
            return False
        if not _returns_before_breaks(content, np.flatnonzero(piece == CR) + start):
            return False
        marks = np.flatnonzero(piece == QUOTE) + start
        within = (np.searchsorted(marks, breaks) + quotes) % 2
        if within.any() or not _at_ends(content, marks, quotes % 2, delimiter):
            return False
        quotes += len(marks)
        last_break = int(breaks[-1]) if len(breaks) else last_break
    longest = len(content) - last_break - 1
    return last_break >= 0 and not quotes % 2 and longest <= csv.field_size_limit()


def _returns_before_breaks(content: np.ndarray, returns: np.ndarray) -> bool:
    """Whether a carriage return only ever stands before a line break, and never alone in its line."""
    if not len(returns):
        return True
    if not returns[0] or returns[-1] + 1 == len(content):
        return False
    return bool((content[returns + 1] == LF).all() and (content[returns - 1] != LF).all())


def _at_ends(content: np.ndarray, marks: np.ndarray, opened: int, delimiter: int) -> bool:
    """Whether quotation marks come in turns before and behind whole fields. opened: 1 where one is still open."""
    opening, closing = marks[opened::2], marks[1 - opened :: 2]
    before = content[opening[opening > 0] - 1]
    after = content[closing[closing < len(content) - 1] + 1]
    begins = ((before == delimiter) | (before == LF)).all()
    ends = ((after == delimiter) | (after == LF) | (after == CR)).all()
    return bool(begins and ends)


def _cells(column) -> pd.Series:
    import numpy as np
    import pandas as pd

    from reportgen.cohort import coded

    encoded = column.unify_dictionaries().combine_chunks()
    distinct = encoded.dictionary.to_pylist()
    cells = np.empty(len(distinct), dtype=object)
    cells[:] = [cell or None for cell in distinct]
    array = coded.coded(encoded.indices.to_numpy(), cells)
    return pd.Series(array if len(array) >= coded.MANY_ROWS else array.astype(object), copy=False)
