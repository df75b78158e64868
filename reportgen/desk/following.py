"""What is made again whenever its source or its settings are saved: `build --watch` and a report that the desk keeps
up to date do so in the same way.

The process stays warm meanwhile: what costs most of a first report, loading the libraries, is done once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from time import sleep

from reportgen.base.errors import MachineFailed
from reportgen.base.message import message
from reportgen.cohort.source import SETTINGS, own_settings

DEBOUNCE = 200  # ms without a further change before a saved file is read
QUIET = 0.2  # s without a change of its files, after which a save is taken to be over
LONGEST = 25  # so many times it is waited for that; what is written without end is read as it is
SELDOM = 1000  # ms after which it is looked at in any case


def watched(source: Path, config: Path | None) -> tuple[Path, ...]:
    """What is looked at: a source, file or folder, and its settings; None for those beside it, there or not."""
    place = source.resolve()
    return (place, *((config.resolve(),) if config else (own_settings(place), place.parent / SETTINGS)))


def library() -> Callable:
    """What tells that something was saved. Raises MachineFailed where it is not to be had."""
    try:
        from watchfiles import watch
    except ImportError as absent:
        raise MachineFailed(
            message(
                "To wait for a file to be saved needs watchfiles, which is not installed here: install reportgen with "
                "its extra desk."
            )
        ) from absent
    return watch


def again_when_saved(
    make: Callable[[], None], paths: Sequence[Path], wanted: Callable[[], bool] = lambda: True
) -> None:
    """Call make now, and whenever one of the files, or a file in one of the folders, is saved; as long as it is wanted.

    What make raises ends it, and so does a signal, by KeyboardInterrupt or as it is handled.
    Raises MachineFailed where the library is not to be had.
    """
    changes = library()
    seen = _made(make, paths)
    gc.freeze()  # the libraries stay: to look through them after each report takes a tenth of its time
    folders = {path if path.is_dir() else path.parent for path in paths}
    # The library says when to look at once; that something was saved is seen by looking, now and then unasked.
    for _changed in changes(
        *folders, debounce=DEBOUNCE, step=50, rust_timeout=SELDOM, yield_on_timeout=True, recursive=False
    ):  # fmt: skip
        if not wanted():
            return
        if _saved(paths) != seen:
            _settled(paths)
            seen = _made(make, paths)


def _settled(paths: Iterable[Path]) -> None:
    """Wait until nothing is written any more, five seconds at most: half of a workbook is a damaged one."""
    last = None
    for _waited in range(LONGEST):
        if (now := _saved(paths)) == last:
            return
        last = now
        sleep(QUIET)


def _made(make: Callable[[], None], paths: Iterable[Path]) -> tuple:
    """What was there before it was read: what is saved meanwhile is another."""
    seen = _saved(paths)
    make()
    gc.collect()
    return seen


def _saved(paths: Iterable[Path]) -> tuple:
    """Other when one of these files, or a file in one of these folders, was saved, made or taken away."""
    found = []
    for path in paths:
        with suppress(OSError):  # it is replaced just now, or not there
            for file in sorted(path.iterdir()) if path.is_dir() else (path,):
                stat = file.stat()
                found.append((file.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)
