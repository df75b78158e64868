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

FROM_CHARACTERS = 5_000_000  # smaller ones cost little, and pyarrow takes a while to load
QUOTE, LF, CR = b'"\n\r'


def read_regular(text: str, delimiter: str) -> tuple[list[str], pd.DataFrame] | None:
    """The header, and the rows below it as columns of texts, None where empty; None for what is not regular."""
    if len(text) < FROM_CHARACTERS:
        return None
    try:
        import pyarrow
        import pyarrow.csv
    except ImportError:
        return None
    try:
        data = text.rstrip("\r\n").encode("utf-8")
    except UnicodeEncodeError:
        return None
    if not _regular(data, ord(delimiter)):
        return None
    header = next(csv.reader([text.partition("\n")[0]], delimiter=delimiter, strict=True))
    names = [str(place) for place in range(len(header))]
    coded = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    try:
        table = pyarrow.csv.read_csv(
            pyarrow.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(skip_rows=1, column_names=names),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, coded)),
        )
    except pyarrow.ArrowException:  # rows of other lengths
        return None
    import pandas as pd

    columns = {place: _cells(table[name]) for place, name in enumerate(names)}
    return header, pd.DataFrame(columns, dtype=object, copy=False)


def _regular(data: bytes, delimiter: int) -> bool:
    import numpy as np

    content = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(content == LF)
    if not len(breaks) or data.startswith((b"\n", b"\r")) or data.count(b"\r") != data.count(b"\r\n"):
        return False
    empty = b"\n\n" in data or b"\n\r" in data
    longest = max(int(np.diff(breaks).max(initial=0)), int(breaks[0]), len(data) - int(breaks[-1]))
    return not empty and longest <= csv.field_size_limit() and _quoted_whole(content, breaks, delimiter)


def _quoted_whole(content: np.ndarray, breaks: np.ndarray, delimiter: int) -> bool:
    """Whether quotation marks come in pairs around whole fields, none of which holds a line break."""
    import numpy as np

    quotes = np.flatnonzero(content == QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before = content[opening[opening > 0] - 1]
    after = content[closing[closing < len(content) - 1] + 1]
    begins = ((before == delimiter) | (before == LF)).all()
    ends = ((after == delimiter) | (after == LF) | (after == CR)).all()
    within = np.searchsorted(breaks, opening) != np.searchsorted(breaks, closing)
    return bool(begins and ends and not within.any())


def _cells(column) -> np.ndarray:
    import numpy as np

    encoded = column.unify_dictionaries().combine_chunks()
    distinct = encoded.dictionary.to_pylist()
    cells = np.empty(len(distinct), dtype=object)
    cells[:] = [cell or None for cell in distinct]
    return cells[encoded.indices.to_numpy()]
