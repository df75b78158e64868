"""Work on a Dask cluster, for what is too much for one machine: many documents, or one very large cohort.

The workers are other machines: they need this program, and for documents the same folders under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TypeVar

from reportgen.errors import MachineFailed, UsageError
from reportgen.pool import Made, attempt

WAIT = 20.0
# Parts under way for each thread of the workers: while one is counted, the next is on its way.
AHEAD = 3
# What a task is given is data, and meant to be.
NO_WARNING = {"distributed.admin.large-graph-warning-threshold": "1GB"}
Part, Sum = TypeVar("Part"), TypeVar("Sum")


def make_all_on(
    scheduler: str,
    make: Callable[[int], dict[str, bytes]],
    positions: Sequence[int],
    done: Callable[[Made], None],
) -> None:
    """Call make for every position on the workers of a cluster, and done with what came of each, in this process.

    scheduler: its address, such as "tcp://10.0.0.1:8786". make: is sent to the cluster once. What a worker has
    given back stays here, so that its death costs only what it had begun, which another one does again. Raises
    UsageError for an address that is none, MachineFailed when no scheduler or worker is there, or Dask is not.
    """
    with _client(scheduler) as client:
        # A task and no scattered data: the scheduler can give it again to those who lost it with a worker.
        sent = client.submit(_given, make, pure=False)
        task = partial(client.submit, attempt, sent, pure=False, retries=0)
        for position, future in _ended(task, positions, len(positions)):
            error = None if future.status == "finished" else future.exception()
            done(future.result() if error is None else Made(position, {}, _why(error), MachineFailed.status))


def sum_on(scheduler: str, count: Callable[[Part], Sum], parts: Iterable[Part]) -> Sum:
    """The sum of what count gives for each part, counted by the workers of a cluster; the order must not matter.

    parts: one or more; few are under way at once, and one whose worker dies is counted by another. Raises
    as make_all_on does, and MachineFailed for a part that nobody could count.
    """
    with _client(scheduler) as client:
        task = partial(client.submit, count, pure=False, retries=0)
        total = None
        for _, future in _ended(task, parts, AHEAD * sum(client.nthreads().values())):
            if future.status != "finished":
                raise MachineFailed(f"a part of the cohort was not counted: {_why(future.exception())}.")
            total = future.result() if total is None else total + future.result()
    return total


def _ended(task: Callable, given: Iterable, at_once: int) -> Iterator[tuple]:
    """Each of what is given to the tasks with its future that has ended, so many of them under way at once."""
    from distributed import as_completed

    left, futures, finished = iter(given), {}, as_completed(raise_errors=False)

    def begin() -> None:
        for one in islice(left, at_once - len(futures)):
            futures[future := task(one)] = one
            finished.add(future)

    begin()
    for future in finished:
        if future.status in ("pending", "lost"):  # its worker died before it was asked: on its way again
            finished.add(future)
            continue
        yield futures.pop(future), future
        future.release()
        begin()


def _given(make: Callable[[int], dict[str, bytes]]) -> Callable[[int], dict[str, bytes]]:
    return make


def _why(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "the processes that had it died, one after the other: too little memory?"
    return f"the cluster failed: {type(error).__name__}"


@contextmanager
def _client(address: str) -> Iterator:
    if "://" not in address:
        raise UsageError(f"--scheduler must be an address such as tcp://host:8786, but was {address!r}.")
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise MachineFailed("--scheduler needs Dask: pip install 'reportgen[cluster]'.") from error
    with dask.config.set({"distributed.comm.timeouts.connect": f"{WAIT}s", **NO_WARNING}):
        try:
            client = Client(address, timeout=WAIT)
            client.wait_for_workers(1, timeout=WAIT)
        except (OSError, TimeoutError, ValueError) as error:
            raise MachineFailed(
                f"no scheduler with a worker answers at {address}: {type(error).__name__}."
            ) from error
        with client:
            yield client
