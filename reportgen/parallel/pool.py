"""Many things made by several processes: each has what they share once, and a fault in one is nobody else's."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context

from reportgen.base.errors import MachineFailed, ReportError, UsageError
from reportgen.base.exits import status_of, summary_of
from reportgen.base.message import message
from reportgen.base.parent import end_with_parent
from reportgen.base.required import required
from reportgen.base.startup import spare

# A process is replaced after so many documents, for the PDF library keeps a little of each.
RECYCLE = 250
FEW = 6
# What is left of documents is looked for when so many objects of them have gathered: of three case reviews, or one
# report. Looking for it costs as much as making an eighth of a review, so never while one is made.
GATHERED = 100_000
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Made:
    """What came of one position: the files by name, or why there are none, without any value of the data."""

    position: int
    files: dict[str, bytes]
    failure: str = ""
    status: int = 0


def processors() -> int:
    """How many processes may work at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def make_all(
    make: Callable[[int], dict[str, bytes]],
    positions: Sequence[int],
    jobs: int,
    done: Callable[[Made], None],
    few: int = FEW,
) -> None:
    """Call make for every position, in any order, and done with what came of each, in this process.

    make: is sent to every process once, so that what it holds (the cohort) is too. Up to `few` positions, or
    one job, are done in this process: starting others costs more; with few = 0, none is. A process that dies
    takes nobody with it: those it had begun are done again one by one, and then the others.
    """
    if few and (jobs <= 1 or len(positions) <= few):
        with sweeping() as sweep:
            for position in positions:
                done(attempt(make, position))
                sweep()
        return
    with _one_thread_each():
        left, step = list(positions), RECYCLE * jobs
        while left:
            begun, unbegun = _batch(make, left[:step], jobs, done)
            left = [*unbegun, *left[step:]]
            for position in begun:
                if any(_batch(make, [position], 1, done)):
                    failure = message("the process that made it died: too little memory?")
                    done(Made(position, {}, failure, MachineFailed.status))


def attempt(make: Callable[[int], dict[str, bytes]], position: int) -> Made:
    """What is made of one position, or what kind of failure it was."""
    try:
        return Made(position, make(position))
    except ReportError as error:
        # What is said of settings may quote what came with the data.
        said = error.summary if isinstance(error, UsageError) else error.message
        return Made(position, {}, said, error.status)
    except Exception as error:
        return Made(position, {}, summary_of(error), status_of(error))


def _batch(
    make: Callable[[int], dict[str, bytes]], positions: Sequence[int], jobs: int, done: Callable[[Made], None]
) -> tuple[list[int], list[int]]:
    """The positions lost because a process died: begun, and not begun. Few are under way, so that memory is flat."""
    left, pending, before = list(reversed(positions)), {}, set(active_children())
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (make,))
    try:
        while left or pending:
            while left and len(pending) < 3 * jobs:
                pending[pool.submit(_work, left[-1])] = left[-1]
                left.pop()
            for finished in wait(pending, return_when=FIRST_COMPLETED).done:
                made = finished.result()
                del pending[finished]
                done(made)
    except BrokenProcessPool:
        pool.shutdown()
        for future in [
            one for one in pending if one.done() and not one.cancelled() and one.exception() is None
        ]:
            del pending[future]
            done(future.result())
        return [*pending.values()], left[::-1]
    except BaseException:
        # A run that is stopped while the pool starts would wait for ever for processes that nobody ends.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(active_children()) - before:
            child.kill()
        raise
    pool.shutdown()
    return [], []


@contextmanager
def sweeping() -> Iterator[Callable[[], None]]:
    """Gives what to call after each document, in place of Python's own search for garbage.

    What the first leaves behind are the program and the cohort, which stay and are never looked through again.
    """
    enabled, begun = gc.isenabled(), False
    gc.disable()

    def sweep() -> None:
        nonlocal begun
        if not begun or gc.get_count()[0] > GATHERED:
            gc.collect()
        if not begun:
            gc.freeze()
            begun = True

    try:
        yield sweep
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()


_make: Callable[[int], dict[str, bytes]] | None = None
_tidy = ExitStack()  # for as long as the process lives
_sweep: Callable[[], object] = gc.collect


def _begin(make: Callable[[int], dict[str, bytes]]) -> None:
    """Ctrl-C reaches every process of a terminal; the one that leads ends the others, and none outlives it."""
    global _make, _sweep
    spare()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    _make, _sweep = make, _tidy.enter_context(sweeping())


def _work(position: int) -> Made:
    made = attempt(required(_make), position)
    _sweep()
    return made


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that share the processors must not each start as many threads as there are."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
