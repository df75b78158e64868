"""A report that is made again whenever its source or its settings are saved, and a page that follows it.

The process stays warm: what costs most of a first report, loading the libraries, is done once.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Thread

from reportgen.base.errors import MachineFailed, ReportError, UsageError
from reportgen.base.exits import told_of
from reportgen.base.signals import Stopped
from reportgen.cohort.source import SETTINGS, is_url, own_settings
from reportgen.desk.watch_state import Shown

DEBOUNCE = 200  # ms without a further change before a saved file is read
SELDOM = 1000  # ms after which it is looked at in any case


def watch(
    make: Callable[[], Path],
    source: Path | str,
    config: Path | None,
    say: Callable[[str], None],
    opened: Callable[[str], None] | None,
) -> None:
    """Make the report now and after each change of the paths, until it is told to stop (Ctrl-C).

    make: gives report.html; a ReportError is said and waited out. source: a file or folder; config: its settings,
    None for those beside it, whether they are there or not. opened: opens an address in the browser; None where no
    page is wanted.
    Raises UsageError for a database, and MachineFailed where a library is not to be had.
    """
    if is_url(source):
        raise UsageError("--watch waits for a file to be saved; a database is none.")
    try:
        from watchfiles import watch as changes
    except ImportError as absent:
        raise MachineFailed(
            "--watch needs watchfiles, which is not installed here: install reportgen with its extra desk."
        ) from absent
    place = Path(source).resolve()
    watched = (place, *((config.resolve(),) if config else (own_settings(place), place.parent / SETTINGS)))
    shown = Shown()
    if opened is not None:
        opened(_served(shown))

    seen: tuple = ()

    def again() -> None:
        nonlocal seen
        seen = _saved(watched)  # before it is read: what is saved meanwhile is another
        try:
            shown.page, shown.wrong = make(), ""
        except ReportError as error:
            shown.wrong = told_of(error)
            say(shown.wrong)
        shown.version += 1
        gc.collect()
        if shown.version == 1:
            gc.freeze()  # the libraries stay: to look through them after each report takes a tenth of its time

    folders = {path if path.is_dir() else path.parent for path in watched}
    try:
        again()
        # The library says when to look at once; that something was saved is seen by looking, now and then unasked.
        for _changed in changes(
            *folders, debounce=DEBOUNCE, step=50, rust_timeout=SELDOM, yield_on_timeout=True, raise_interrupt=False,
            recursive=False,
        ):  # fmt: skip
            if _saved(watched) != seen:
                again()
    except (KeyboardInterrupt, Stopped):
        pass  # Ctrl-C is how it is ended


def _saved(watched: Iterable[Path]) -> tuple:
    """Other when one of these files, or a file in one of these folders, was saved, made or taken away."""
    found = []
    for path in watched:
        with suppress(OSError):  # it is replaced just now, or not there
            for file in sorted(path.iterdir()) if path.is_dir() else (path,):
                stat = file.stat()
                found.append((file.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def _served(shown: Shown) -> str:
    """The address of the page, which a thread of this process serves to this machine."""
    try:
        import uvicorn

        from reportgen.desk.guard import TOKEN, Guard, new_token
        from reportgen.desk.watch_page import application
    except ImportError as absent:
        raise MachineFailed(
            "--watch with --open needs Starlette and uvicorn: install reportgen with its extra desk."
        ) from absent
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen(16)
    port, token = listening.getsockname()[1], new_token()
    config = uvicorn.Config(
        Guard(application(shown), port, token),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
    )
    Thread(target=uvicorn.Server(config).run, args=([listening],), daemon=True).start()
    return f"http://127.0.0.1:{port}/?{TOKEN}={token}"
