"""How much memory the machine, or the container in which the program runs, still has."""

from __future__ import annotations

import mmap
from contextlib import suppress
from pathlib import Path

MEMINFO = Path("/proc/meminfo")
PAGES = Path("/proc/self/statm")
CONTAINER = Path("/sys/fs/cgroup")


def available() -> int | None:
    """Bytes that may still be taken; None where the system does not tell, as it does on Linux."""
    found = [bytes_ for bytes_ in (_of_machine(), _of_container()) if bytes_ is not None]
    return min(found, default=None)


def _of_machine() -> int | None:
    free = _numbers(MEMINFO).get("MemAvailable:")
    return None if free is None else 1024 * free


def _of_container() -> int | None:
    """What a container may take, less what its processes hold; files that the system remembers are no loss."""
    limit = _text(CONTAINER / "memory.max").strip()
    return int(limit) - _numbers(CONTAINER / "memory.stat").get("anon", 0) if limit.isdecimal() else None


def held() -> int:
    """Bytes that this process has in memory; 0 where the system does not tell."""
    pages = _text(PAGES).split()[1:2]
    return int(pages[0]) * mmap.PAGESIZE if pages else 0


def _numbers(path: Path) -> dict[str, int]:
    rows = (line.split() for line in _text(path).splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdecimal()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def give_back() -> None:
    """Have the system's allocator give back what lies free between what is held; nothing where it is not glibc's."""
    import ctypes

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
