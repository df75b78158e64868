"""One process that has everything loaded: what it is asked takes a moment, and what kills it does not kill the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context
from typing import ParamSpec, TypeVar

from reportgen.base.errors import MachineFailed
from reportgen.base.message import message
from reportgen.base.parent import end_with_parent
from reportgen.base.startup import spare

P = ParamSpec("P")
T = TypeVar("T")


class Warm:
    """The process; it is started anew where it died."""

    def __init__(self) -> None:
        self._pool = self._new()

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)

    async def do(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the task gives. MachineFailed where the process died of it."""
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(task, *args, **kwargs))
        except BrokenProcessPool as broken:
            if self._pool is pool:
                self._pool = self._new()
            raise MachineFailed(
                message("The program that read the file ended unexpectedly; try again.")
            ) from broken

    def begin(self) -> None:
        """Load what the first task will need."""
        self._pool.submit(_load)

    def end(self) -> None:
        """Whatever it is at; nothing is written there that a stop could break."""
        for process in active_children():
            process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    import signal

    spare()
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _load() -> None:
    import reportgen.desk.source_cells
    import reportgen.desk.tasks  # noqa: F401
