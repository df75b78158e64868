"""The same as pool, on a Dask cluster: for cohorts that one machine is too small for.

The workers are other machines: they need this program, and the same folders under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from reportgen.errors import MachineFailed, UsageError
from reportgen.pool import Made, attempt

WAIT = 20.0


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
    from distributed import as_completed

    with _client(scheduler) as client:
        # A task and no scattered data: the scheduler can give it again to those who lost it with a worker.
        sent = client.submit(_given, make, pure=False)
        futures = {
            client.submit(attempt, sent, position, pure=False, retries=0): position for position in positions
        }
        finished = as_completed(futures, raise_errors=False)
        for future in finished:
            if future.status in ("pending", "lost"):  # its worker died before it was asked: on its way again
                finished.add(future)
                continue
            position = futures.pop(future)
            error = None if future.status == "finished" else future.exception()
            done(future.result() if error is None else Made(position, {}, _why(error), MachineFailed.status))
            future.release()


def _given(make: Callable[[int], dict[str, bytes]]) -> Callable[[int], dict[str, bytes]]:
    return make


def _why(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "the processes that made it died, one after the other: too little memory?"
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
    with dask.config.set({"distributed.comm.timeouts.connect": f"{WAIT}s"}):
        try:
            client = Client(address, timeout=WAIT)
            client.wait_for_workers(1, timeout=WAIT)
        except (OSError, TimeoutError, ValueError) as error:
            raise MachineFailed(
                f"no scheduler with a worker answers at {address}: {type(error).__name__}."
            ) from error
        with client:
            yield client
