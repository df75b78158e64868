"""`reportgen …` as a process of its own: forked from one that has loaded the program, where the system can fork.

To load the program takes longer than most of what tests ask of it. A command that is started so has its own memory,
folder, environment, streams and signals all the same; what a fresh interpreter does is tested in
tests/test_promises.py, test_determinism.py, test_wheel.py, base/test_exits.py and privacy/test_canaries.py.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Command:
    """A command that was started."""

    arguments: tuple[str, ...]
    process: int
    connection: socket.socket
    streams: tuple

    def kill(self) -> None:
        if self.lives:
            os.kill(self.process, signal.SIGKILL)

    @property
    def lives(self) -> bool:
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return False
        return True

    def ended(self, timeout: float = 300) -> subprocess.CompletedProcess:
        self.connection.settimeout(timeout)
        with self.connection, self.streams[0], self.streams[1]:
            status = int(_line(self.connection))
            said = []
            for stream in self.streams:
                stream.seek(0)
                said.append(stream.read().decode())
        return subprocess.CompletedProcess(self.arguments, status, *said)


def command(*arguments, timeout: float = 300, **options) -> subprocess.CompletedProcess:
    """Run `reportgen` with the arguments to its end; the options are those of start()."""
    if not hasattr(os, "fork"):
        return _fresh(*arguments, timeout=timeout, **options)
    return start(*arguments, **options).ended(timeout)


def start(
    *arguments,
    cwd,
    program: str | None = None,
    env: Mapping[str, str] | None = None,
    strict: bool = False,
    libraries: tuple[str, ...] = (),
) -> Command:
    """Start it in the folder. program: code in place of the command; strict: warnings are errors.

    libraries: what is loaded besides the program and its own.
    """
    asked = {
        "arguments": [str(argument) for argument in arguments],
        "folder": str(cwd),
        "environment": dict(os.environ if env is None else env),
        "program": program,
        "strict": strict,
    }
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(_loaded(libraries))
    streams = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
    with Path(os.devnull).open() as nothing:
        text = json.dumps(asked).encode() + b"\n"
        files = [nothing.fileno(), *(stream.fileno() for stream in streams)]
        sent = socket.send_fds(connection, [text], files)
        connection.sendall(text[sent:])
    return Command(tuple(asked["arguments"]), int(_line(connection)), connection, streams)


def _line(connection: socket.socket) -> bytes:
    found = b""
    while not found.endswith(b"\n"):
        piece = connection.recv(1)
        assert piece, "the process that has loaded the program is gone"
        found += piece
    return found


def _fresh(
    *arguments, cwd, timeout, program=None, env=None, strict=False, libraries=()
) -> subprocess.CompletedProcess:
    begin = ["-m", "reportgen"] if program is None else ["-c", program]
    warned = ["-W", "error"] if strict else []
    return subprocess.run(
        [sys.executable, *warned, *begin, *map(str, arguments)],
        cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip


@cache
def _loaded(libraries: tuple[str, ...]) -> str:
    """The address of the process that has loaded the program; it ends with this one."""
    folder = tempfile.TemporaryDirectory(prefix="loaded-", ignore_cleanup_errors=True)
    address = str(Path(folder.name) / "socket")
    process = subprocess.Popen(
        [sys.executable, "-W", "error", Path(__file__).with_name("loaded_program.py"), address, *libraries],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    def end() -> None:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
        folder.cleanup()

    atexit.register(end)
    assert process.stdout.readline() == "ready\n"
    return address
