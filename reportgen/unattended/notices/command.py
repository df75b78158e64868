"""A program of the user's choice that hears how a run ended."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress

from reportgen.base.errors import reason
from reportgen.unattended.notices.event import Event
from reportgen.unattended.notices.notice_words import body, subject

SECONDS = 45
# What a program needs to run at all: whatever else is set may be a secret.
KEPT = {
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "SSL_CERT_FILE",
    "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC",
    "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES",
}  # fmt: skip


def run(command: str, event: Event) -> str:
    """Run the program, the message on its standard input; why it failed, or nothing.

    No shell reads the command, and what the program prints goes nowhere: standard output is for the answer of
    the run. Of the environment only what a program needs to run is handed on. After 45 seconds it is
    ended, with all it has started.
    """
    words = command if os.name == "nt" else shlex.split(command)
    try:
        started = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=_environment(event), start_new_session=True,
        )  # fmt: skip
    except OSError as failure:
        return f"the command of [notify] can't be run: {reason(failure)}"
    text = f"{subject(event)}\n\n{body(event)}"
    try:
        started.communicate(text.encode(), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        _end(started)
        return f"the command of [notify] had not ended after {SECONDS} s"
    except BrokenPipeError:  # it does not care for the message
        started.wait()
    return f"the command of [notify] ended with {started.returncode}" if started.returncode else ""


def _environment(event: Event) -> dict[str, str]:
    said = {
        "STATE": event.state,
        "EXIT": "" if event.exit is None else str(event.exit),
        "COMMAND": event.command,
        "PERIOD": " ".join(report.period for report in event.reports if report.period),
        "ERRORS": _sum(report.errors for report in event.reports),
        "WARNINGS": _sum(report.warnings for report in event.reports),
        "LAST_GOOD": event.last_good.ended if event.last_good else "",
        "NAME": event.name,
    }
    kept = {
        name: value for name, value in os.environ.items() if name.upper() in KEPT or name.startswith("LC_")
    }
    return kept | {f"REPORTGEN_{name}": value for name, value in said.items()}


def _sum(counts: Iterable[int | None]) -> str:
    """Of what was counted; nothing where nothing was."""
    known = [count for count in counts if count is not None]
    return str(sum(known)) if known else ""


def _end(started: subprocess.Popen) -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
    else:
        started.kill()
    started.wait()
