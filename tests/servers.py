"""A PostgreSQL server of the tests' own: on this machine alone, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "s3cr3t-Wörd@/:%"
# Seconds. To make and start a server took half a minute where ten processes shared two cores.
PATIENCE = 300


def programs() -> Path | None:
    """Where initdb and pg_ctl are: in the search path, or where Debian puts them; None where they are not."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


@contextmanager
def postgresql() -> Iterator[int]:
    """Start a server with the user `reader` and PASSWORD, give its port, and stop it at the end.

    It refuses to run as root, and then runs as the user nobody.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp" if os.name == "posix" else None))
    data, secret = folder / "data", folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    user = {}
    if as_root:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        for path in (folder, secret):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)

    def run(*arguments: str) -> None:
        subprocess.run(
            [str(programs() / arguments[0]), *arguments[1:]], check=True, cwd=folder, capture_output=True,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(folder)}, timeout=2 * PATIENCE, **user,
        )  # fmt: skip

    try:
        run(
            "initdb",
            "-D",
            str(data),
            "-U",
            "reader",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
        )
        port = _started(run, folder, data)
        try:
            yield port
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(run: Callable[..., None], folder: Path, data: Path) -> int:
    """Start the server at a free port, and give it. Until the server has it another process may take it: then a
    second and a third one is tried.
    """
    for last in (False, False, True):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
        )
        log = ("-l", str(folder / "log"), "-o", options)
        try:
            run("pg_ctl", "-D", str(data), "-w", "-t", str(PATIENCE), *log, "start")
            return port
        except subprocess.CalledProcessError:
            if last:
                raise
    raise AssertionError("no port was tried")
