"""The desk's life: a free port, the browser, requests until it is closed, and nothing left behind."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

from reportgen.base.errors import MachineFailed, UsageError, reason
from reportgen.base.signals import Stopped

HOST = "127.0.0.1"
CLOSING = 2  # seconds that a request is given to end when the desk closes: it may read a large file, or never be sent


def serve(
    folder: Path, output: Path, language: str, say: Callable[[str], None], browser: bool, port: int = 0
) -> None:
    """Show a folder's sources at an address of this machine until somebody quits.

    say: is told the address. port: 0 for a free one. Raises UsageError where the folder is none, and MachineFailed
    where the library or the port is not to be had.
    """
    try:
        import uvicorn
    except ImportError as absent:
        raise MachineFailed(
            "The desk needs Starlette and uvicorn, which are not installed here: install reportgen with its extra "
            "desk."
        ) from absent
    from reportgen.desk.allowed_files import Places, Source, private_folder
    from reportgen.desk.guard import TOKEN, Guard, new_token
    from reportgen.desk.jobs import Jobs
    from reportgen.desk.routes import application
    from reportgen.desk.sample import sample
    from reportgen.desk.state import Desk
    from reportgen.desk.warm_process import Warm

    folder, output = folder.resolve(), output.resolve()
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder.name!r} to show.")
    listening = _listening(port)
    port = listening.getsockname()[1]
    uploads = private_folder(output, port)
    places, token = Places(folder, output, uploads, secrets.token_bytes(32)), new_token()
    tried = sample()
    shown = Source(places.id_of(tried), tried, folder / "sample.toml", dropped=True) if tried else None
    server: uvicorn.Server | None = None

    def close() -> None:
        if server is not None:
            server.should_exit = True

    desk = Desk(places, Jobs(), Warm(), language, close, shown)
    guard = Guard(application(desk), port, token)
    config = uvicorn.Config(
        guard, log_config=None, log_level="critical", access_log=False, server_header=False, lifespan="off",
        timeout_graceful_shutdown=CLOSING,
    )  # fmt: skip
    server = uvicorn.Server(config)
    address = f"http://{HOST}:{port}/?{TOKEN}={token}"
    say(address)
    desk.begin()
    if browser:
        webbrowser.open(address)
    try:
        asyncio.run(server.serve(sockets=[listening]))
    except (KeyboardInterrupt, Stopped):
        pass  # Ctrl-C is how a desk is closed at a terminal
    finally:
        desk.jobs.stop_all()
        desk.warm.end()
        listening.close()
        shutil.rmtree(uploads, ignore_errors=True)


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((HOST, port))
        listening.listen(64)  # who opens the address before all is loaded waits, and is not turned away
    except OSError as failure:
        listening.close()
        raise MachineFailed(f"Port {port} can't be used: {reason(failure)}.") from failure
    return listening
