"""A column of the parts of a Parquet table: each distinct cell once, and of ten million ids no text too many."""

from __future__ import annotations

from reportgen.base import aside
from reportgen.cohort.distinct import chosen
from reportgen.cohort.mapping.keys import NUL_SHOWN


def column_of(parts: list, texts: list):
    """The cells of all parts: each distinct one once and its place in each row where there are many, else objects.

    Parts whose types differ keep theirs: 1 and 1.0 are equal, but are not shown alike.
    """
    import numpy as np
    import pandas as pd
    import pyarrow

    from reportgen.cohort import coded

    many = sum(map(len, parts)) >= coded.MANY_ROWS and len({str(part.type) for part in parts}) == 1
    if many and pyarrow.types.is_dictionary(parts[0].type):
        chunks = [chunk for part in parts for chunk in part.chunks]
        parts.clear()
        if (known := _of_plain_texts(chunks, texts)) is not None:
            return coded.Coded(*aside.put([known.codes, known.distinct]))
        parts = [pyarrow.chunked_array(chunks).unify_dictionaries()]
        del chunks
    found = [_coded(parts.pop(0), texts) for _ in range(len(parts))]
    if many:
        together = (
            found[0] if len(found) == 1 else pd.concat(list(map(pd.Series, found)), ignore_index=True).array
        )
        return coded.Coded(*aside.put([together.codes, together.distinct]))
    return np.concatenate([np.asarray(part) for part in found])


def _of_plain_texts(chunks: list, texts: list):
    """The cells of all chunks where no text stands in two of their dictionaries, or all stand in another column: they
    may be ten million ids, of which no more is made than needed. Else None. The chunks are gone then."""
    import numpy as np
    import pyarrow

    from reportgen.cohort import coded

    found = _plain_texts(pyarrow.concat_arrays([chunk.dictionary for chunk in chunks]), texts)
    if found is None:
        return None
    places, cells = found
    codes, row, start = np.empty(sum(map(len, chunks)), np.int32), 0, 0
    for _ in range(len(chunks)):
        chunk = chunks.pop(0)
        own = chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        own[own >= 0] += start
        codes[row : row + len(own)] = own if places is None else places[own]
        row, start = row + len(own), start + len(chunk.dictionary)
    return coded.Coded(codes, cells)


def _coded(column, texts: list):
    """The cells of a part, each distinct one once: days as dates, decimals as numbers, bytes as text."""
    import numpy as np
    from pyarrow import types

    from reportgen.cohort import coded

    encoded = (column if types.is_dictionary(column.type) else column.dictionary_encode()).combine_chunks()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    if (plain := _plain_texts(encoded.dictionary, texts)) is not None:
        places, cells = plain
        return coded.Coded(codes if places is None else chosen(places, codes), cells)
    kind, distinct = encoded.dictionary.type, encoded.dictionary.to_pylist()
    if types.is_decimal(kind):
        distinct = [None if cell is None else float(cell) for cell in distinct]
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        distinct = [cell.decode("utf-8", "replace") if isinstance(cell, bytes) else None for cell in distinct]
    cells = np.empty(len(distinct), dtype=object)
    cells[:] = [_shown(cell) for cell in distinct]
    return coded.coded(codes, cells)


def _plain_texts(distinct, texts: list):
    """Texts that are taken over as they are, as an array of objects, and the place of each in it, None where they stand
    there in order; None where one is empty, there twice, or holds U+0000, or they are no texts. They may be ten million
    ids: those that stand in another table, too, are the same objects."""
    import numpy as np
    from pyarrow import compute, types

    from reportgen.cohort import coded

    if not (types.is_string(distinct.type) or types.is_large_string(distinct.type)):
        return None
    if distinct.null_count or not _filled(distinct):
        return None
    for known, cells in texts if len(distinct) >= coded.MANY_ROWS else ():
        places = compute.index_in(distinct, value_set=known) if known.type == distinct.type else None
        if places is not None and not places.null_count:
            return np.append(places.to_numpy(), np.int32(-1)), cells
    if compute.count_distinct(distinct, mode="all").as_py() < len(distinct):
        return None
    if len(distinct) < coded.MANY_ROWS:
        return None, distinct.to_numpy(zero_copy_only=False)
    cells = distinct.to_numpy(zero_copy_only=False)
    texts.append((distinct, cells))
    return None, cells


def _filled(distinct) -> bool:
    """Whether no text is empty or holds U+0000."""
    from pyarrow import compute

    shortest = compute.min(compute.binary_length(distinct)).as_py()
    return shortest != 0 and not compute.any(compute.match_substring(distinct, "\0")).as_py()


def _shown(cell: object) -> object:
    """A cell as it is taken over: what is empty or not a number is none, and U+0000 is shown."""
    if isinstance(cell, str):
        return cell.replace("\0", NUL_SHOWN) or None
    return cell if cell == cell else None
