"""`build --watch`: a report that follows its source, and a page that follows the report."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

from reportgen.base.errors import MachineFailed, ReportError, UsageError
from reportgen.base.exits import told_of
from reportgen.base.signals import Stopped
from reportgen.cohort.source import is_url
from reportgen.desk.following import again_when_saved, library, watched
from reportgen.desk.watch_state import Shown


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
    library()  # before a page is opened
    shown = Shown()
    if opened is not None:
        opened(_served(shown))

    def again() -> None:
        try:
            shown.page, shown.wrong = make(), ""
        except ReportError as error:
            shown.wrong = told_of(error)
            say(shown.wrong)
        shown.version += 1

    with suppress(KeyboardInterrupt, Stopped):  # Ctrl-C is how it is ended
        again_when_saved(again, watched(Path(source), config))


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
