"""Programs of the system that a schedule is given to."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from reportgen.base.errors import MachineFailed, reason
from reportgen.base.message import message

SECONDS = 60


def started(command: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess:
    """Run a program of the system, its words in English. MachineFailed where it is not there or does not end."""
    try:
        return subprocess.run(
            command, input=given, capture_output=True, timeout=SECONDS, check=False,
            env=os.environ | {"LC_ALL": "C"},
        )  # fmt: skip
    except OSError as failure:
        raise MachineFailed(
            message("{a} can't be run: {why}.", a=command[0], why=reason(failure))
        ) from failure
    except subprocess.TimeoutExpired as failure:
        raise MachineFailed(
            message("{a} did not end within {seconds} s.", a=command[0], seconds=SECONDS)
        ) from failure


def must(command: Sequence[str], given: bytes = b"") -> None:
    """Run it; MachineFailed with the last line of what it said where it fails."""
    done = started(command, given)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it did not say why"]
        raise MachineFailed(message("{a} failed: {b}", a=" ".join(command), b=said[-1]))
