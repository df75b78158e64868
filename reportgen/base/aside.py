"""Columns of a large registry lie in a file until they are looked at, where memory is not to hold them all at once.

The file has no name, so that it is gone when the program is, however it ends. What is looked at comes back page by
page, and goes again at the next `rest`. An array that was put aside is the same array to whoever works with it.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import process_time
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.memory import available, give_back, held

if TYPE_CHECKING:
    import numpy as np

# What a cell of a registry takes, all told, while its report is made: with all of them in memory.
BYTES_PER_CELL = 30
# And with its columns aside.
LEAST_PER_CELL = 18
# Of what is free no more than this is taken unasked: columns of a larger registry are put aside, which costs no time.
UNASKED = 600_000_000
# So many bytes more than before, or so many seconds of work, are worth a look at what can go.
MUCH, SELDOM = 50_000_000, 0.5
UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?B?)", re.IGNORECASE)


@dataclass
class _Limit:
    """memory: bytes that the columns may take; None: half of what is free, and no more than UNASKED. aside: whether
    they are put aside; fits: memory would hold them. before: what the program held when it last gave back what it
    could, and at: after how many seconds of work that was."""

    memory: int | None
    aside: bool = False
    fits: bool = False
    before: int = 0
    at: float = -1.0
    files: WeakValueDictionary[int, Any] = field(default_factory=WeakValueDictionary)


_limit: ContextVar[_Limit | None] = ContextVar("limit", default=None)


def amount(text: str) -> int | None:
    """The bytes of "2GB" or "500 MB"; None of "". Raises UsageError for anything else."""
    if not text.strip():
        return None
    found = AMOUNT.fullmatch(text.strip())
    unit = found[2].upper() if found else ""
    bytes_ = round(float(found[1]) * UNITS[unit if unit in UNITS else f"{unit}B"]) if found else 0
    if not bytes_:
        raise UsageError(f"--memory must be an amount like 2GB or 500MB, but was {text!r}.")
    return bytes_


@contextmanager
def at_most(memory: int | None) -> Iterator[None]:
    """Within, a source that may need more bytes than these has its columns put aside. None: half of what is free, and
    no more than UNASKED."""
    token = _limit.set(_Limit(memory))
    try:
        yield
    finally:
        _limit.reset(token)


def expect(cells: int) -> None:
    """So many cells are about to be read, or were: from now on columns are put aside if they may be too many."""
    limit = _limit.get()
    if limit is None:
        return
    free = available()
    half = cells * BYTES_PER_CELL if free is None else free // 2
    most = limit.memory or min(half, UNASKED)
    limit.aside |= cells * BYTES_PER_CELL > most
    limit.fits = not limit.memory and cells * BYTES_PER_CELL <= half


def needed(cells: int, without: int) -> int:
    """Bytes for a report of so many cells; without: what each takes where no column may be put aside."""
    limit = _limit.get()
    return cells * (LEAST_PER_CELL if limit is not None and limit.aside else without)


def put(arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The same arrays, in a file where columns are put aside. Objects, and what is there already, stay where they are.

    Raises MachineFailed where the disk is full.
    """
    import tempfile

    import numpy as np

    limit = _limit.get()
    if limit is None or not limit.aside:
        return list(arrays)
    moved = [
        place
        for place, array in enumerate(arrays)
        if array.size and array.dtype.kind != "O" and not _aside(array)
    ]
    if not moved:
        return list(arrays)
    starts, end = [], 0
    try:
        with tempfile.TemporaryFile(prefix="reportgen-") as file:
            for place in moved:
                starts.append(end)
                end += file.write(np.ascontiguousarray(arrays[place]).view(np.uint8).data)
                end += file.write(bytes(-end % mmap.ALLOCATIONGRANULARITY))
            file.flush()
            content = mmap.mmap(file.fileno(), end)
    except OSError as error:
        if limit.fits:  # no memory was asked to be spared, and no room on a disk
            limit.aside = False
            return list(arrays)
        raise MachineFailed(
            f"the columns of the registry could not be put into {tempfile.gettempdir()}: {error.strerror}. "
            "Make room there, name another folder in TMPDIR, or allow more memory with --memory."
        ) from error
    limit.files[id(content)] = content
    found = list(arrays)
    for place, start in zip(moved, starts, strict=True):
        array = arrays[place]
        found[place] = np.frombuffer(content, array.dtype, array.size, start).reshape(array.shape)
    rest()
    return found


def rest() -> None:
    """What was looked at since goes from memory: nothing is lost, and it comes back when it is looked at again."""
    limit = _limit.get()
    if limit is None or not limit.aside:
        return
    if held() < limit.before + MUCH and process_time() < limit.at + SELDOM:
        return
    for content in list(limit.files.values()) if hasattr(mmap.mmap, "madvise") else ():
        content.madvise(mmap.MADV_DONTNEED)
    give_back()
    limit.before, limit.at = held(), process_time()


def _aside(array: Any) -> bool:
    while array is not None and not isinstance(array, (mmap.mmap, memoryview)):
        array = getattr(array, "base", None)
    return array is not None
