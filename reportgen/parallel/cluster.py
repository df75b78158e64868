"""Work on a Dask cluster, for what is too much for one machine: many documents, or one very large cohort.

The workers are other machines: they need this program, and for documents the same folders under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from reportgen.base.errors import MachineFailed, UsageError
from reportgen.base.required import required
from reportgen.parallel.pool import Made, attempt

WAIT = 20.0
# Seconds after which whoever waits looks whether there is still somebody to wait for.
PATIENCE = 10.0
# Parts under way for each thread of the workers: while one is counted, the next is on its way.
AHEAD = 3
# What a task is given is data, and meant to be.
NO_WARNING = {"distributed.admin.large-graph-warning-threshold": "1GB"}
GONE = "the scheduler of the cluster is gone."
Part = TypeVar("Part")
Sum = TypeVar("Sum")


def make_all_on(
    scheduler: str,
    make: Callable[[int], dict[str, bytes]],
    positions: Sequence[int],
    done: Callable[[Made], None],
) -> None:
    """Call make for every position on the workers of a cluster, and done with what came of each, in this process.

    scheduler: its address, such as "tls://10.0.0.1:8786". make: is sent to the cluster once. What a worker has
    given back stays here, so that its death costs only what it had begun, which another one does again; if all
    die, what was not made is said to have failed. Raises
    UsageError for an address that is none, MachineFailed when no scheduler or worker is there, or Dask is not.
    """
    with _client(scheduler) as client:
        # A task and no scattered data: the scheduler can give it again to those who lost it with a worker.
        sent = client.submit(_given, make, pure=False)
        left = dict.fromkeys(positions)
        try:
            for position, made, error in _ended(client, (attempt, sent), positions):
                del left[position]
                done(made if error is None else Made(position, {}, _why(error), MachineFailed.status))
        except MachineFailed as gone:
            for position in left:
                done(Made(position, {}, str(gone), MachineFailed.status))


def sum_on(scheduler: str, count: Callable[[Part], Sum], parts: Iterable[Part]) -> Sum:
    """The sum of what count gives for each part, counted by the workers of a cluster; the order must not matter.

    parts: one or more; few are under way at once, and one whose worker dies is counted by another. Raises
    as make_all_on does, and MachineFailed for a part that nobody could count.
    """
    total: Sum | None = None
    with _client(scheduler) as client:
        for _, counts, error in _ended(client, (count,), parts):
            if error is not None:
                raise MachineFailed(f"a part of the cohort was not counted: {_why(error)}.")
            total = counts if total is None else total + counts
    return required(total)


def _ended(client, work: tuple, given: Iterable) -> Iterator[tuple]:
    """(one of what is given, what was made of it or None, the error or None), as they end.

    work: a function and what it is given first. Few are under way at once, so that nothing is piled up here.
    Raises MachineFailed when the scheduler or all workers are gone: else nobody would ever end the waiting.
    """
    from distributed import CancelledError, wait

    left, futures = iter(given), {}
    while True:
        room = max(1, AHEAD * _threads(client)) - len(futures)
        for one in islice(left, max(0, room)):
            futures[client.submit(*work, one, pure=False, retries=0)] = one
        if not futures:
            return
        try:
            ended: Any = wait(list(futures), timeout=PATIENCE, return_when="FIRST_COMPLETED")
            future = next(future for future in ended.done if future.status in ("finished", "error"))
            error = future.exception(timeout=PATIENCE) if future.status == "error" else None
            made = future.result(timeout=PATIENCE) if error is None else None
        except (TimeoutError, StopIteration):
            # Whoever had it has died before it was asked for: it is on its way again, if anybody is left.
            if not _threads(client):
                raise MachineFailed("no worker of the cluster is left.") from None
            continue
        except (CancelledError, OSError) as error:
            raise MachineFailed(GONE) from error
        yield futures.pop(future), made, error
        future.release()


def _threads(client) -> int:
    """Of all workers together."""
    try:
        return sum(client.nthreads().values())
    except OSError as error:
        raise MachineFailed(GONE) from error


def _given(make: Callable[[int], dict[str, bytes]]) -> Callable[[int], dict[str, bytes]]:
    return make


def _why(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "the processes that had it died, one after the other: too little memory?"
    return f"the cluster failed: {type(error).__name__}"


@contextmanager
def _client(address: str) -> Iterator:
    if "://" not in address:
        raise UsageError(f"--scheduler must be an address such as tls://host:8786, but was {address!r}.")
    try:
        from dask.config import set as configured
        from distributed import Client
        from distributed.security import Security
    except ImportError as error:
        raise MachineFailed("--scheduler needs Dask: pip install 'clinical-reportgen[cluster]'.") from error
    if address.startswith("tls://") and Security().get_connection_args("client").get("ssl_context") is None:
        raise UsageError(
            f"--scheduler {address} needs the certificates of this machine: name them in Dask's settings under "
            "distributed.comm.tls, or as DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY "
            "(docs/cluster.md)."
        )
    with configured({"distributed.comm.timeouts.connect": f"{WAIT}s", **NO_WARNING}):
        try:
            client = Client(address, timeout=WAIT)
            client.wait_for_workers(1, timeout=WAIT)
        except (OSError, TimeoutError, ValueError) as error:
            raise MachineFailed(
                f"no scheduler with a worker answers at {address}: {type(error).__name__}."
            ) from error
        with client:
            yield client
