"""Which process made a run, and whether it is still there: its number alone does not tell."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process, told from all others now and after it has ended. birth: when it was started, "" where unknown."""

    pid: int
    host: str
    birth: str


def this_process() -> Process:
    """The process that asks."""
    return Process(os.getpid(), platform.node(), _birth(os.getpid()))


def lives(process: Process | None) -> bool:
    """Whether a process is still there; taken to be where that can't be known: on another machine."""
    if process is None or process.host != platform.node() or process.pid <= 0:
        return True
    if os.name == "nt":
        return _lives_on_windows(process.pid)
    try:
        os.kill(process.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # another user's
        return True
    return _birth(process.pid) in ("", process.birth)


def _lives_on_windows(number: int) -> bool:
    import ctypes

    kernel, left = getattr(ctypes, "WinDLL")("kernel32"), ctypes.c_ulong()  # noqa: B009  there only on Windows
    handle = kernel.OpenProcess(0x1000, False, number)  # to ask for its state, no more
    if not handle:
        return False
    try:
        return bool(kernel.GetExitCodeProcess(handle, ctypes.byref(left))) and left.value == 259
    finally:
        kernel.CloseHandle(handle)


def _birth(number: int) -> str:
    """When a process was started, on Linux: numbers are given anew, to other processes."""
    with suppress(OSError, IndexError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        words = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        return f"{boot} {words[19]}"
    return ""
