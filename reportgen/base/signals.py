"""Ctrl-C and kill: a run that is told to stop stops at once, cleans up, and never between two halves.

Exit status 128 + the signal's number, as shells have it: 130 for Ctrl-C (SIGINT), 143 for SIGTERM, 129 for
a terminal that closed (SIGHUP).
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # fmt: skip
_held: list[int] = []
_depth = 0


class Stopped(BaseException):
    """The run was told to stop. No Exception, so that nothing takes it for a failure that it can handle."""

    def __init__(self, number: int):
        self.name, self.status = signal.Signals(number).name, 128 + number
        super().__init__(self.name)


def listen() -> None:
    """From now on the stopping signals raise Stopped in the main thread; those being ignored stay so."""
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A few renames that belong together: a signal that comes meanwhile stops the run after them.

    The signal is held back in Python and not with a signal mask, because a library's threads, which have
    masks of their own, would receive it for us.
    """
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
    if _held and not _depth:
        raise Stopped(_held.pop())


def _stop(number: int, frame: object) -> None:
    if _depth:
        _held.append(number)
    else:
        raise Stopped(number)
