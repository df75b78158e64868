"""The process that tests/commands.py starts once: it loads the program, and forks for every command that is asked for.

A request is a line of JSON on a connection of its own, with the three streams of the command. The answers are the
id of its process, and its exit status (minus the signal that ended it) once it is over.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
import warnings

# What the program loads inside its functions. Optional libraries are loaded by the commands that use them.
LIBRARIES = ("docx", "lifelines", "matplotlib.figure", "openpyxl", "pikepdf", "python_calamine", "scipy.optimize",
             "scipy.stats", "tomlkit", "weasyprint")  # fmt: skip


def load(more: list[str]) -> None:
    from reportgen.base.startup import spare

    spare()
    import reportgen

    for module in pkgutil.walk_packages(reportgen.__path__, "reportgen."):
        if module.name != "reportgen.__main__":
            importlib.import_module(module.name)
    for name in (*LIBRARIES, *more):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def become(asked: dict, streams: list[int]) -> int:
    """What a new process would be: its streams, folder, environment and arguments; its exit status."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.default_int_handler)
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.chdir(asked["folder"])
    tempfile.tempdir = None
    sys.argv = ["reportgen", *asked["arguments"]]
    if not asked["strict"]:
        sys.warnoptions.clear()
        warnings.resetwarnings()
    try:
        if asked["program"] is None:
            from reportgen.cli.main import main

            main()
        exec(compile(asked["program"], "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    else:
        status = 0
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def serve(connection: socket.socket) -> None:
    """One command, from a process of its own that waits for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    text, streams, _, _ = socket.recv_fds(connection, 1_000_000, 3)
    while not text.endswith(b"\n"):
        text += connection.recv(1_000_000)
    command = os.fork()
    if not command:
        connection.close()
        os._exit(become(json.loads(text), streams))
    for stream in streams:
        os.close(stream)
    connection.sendall(f"{command}\n".encode())
    _, ended = os.waitpid(command, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(ended)}\n".encode())


def main() -> None:
    """Until whoever started this process closes its standard input."""
    sys.path[0] = ""  # as for a command; the files of the tests are no modules of their own
    load(sys.argv[2:])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen()
        print("ready", flush=True)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if not os.fork():
                listener.close()
                serve(connection)
                os._exit(0)
            connection.close()


if __name__ == "__main__":
    main()
