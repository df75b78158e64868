"""Work that takes long, each in a process of its own: it tells how far it is, and can be stopped at any moment.

A process that is stopped or dies has published nothing: the last good report stays as it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Lock, Thread

from reportgen.base.errors import DataRefused, ReportError, UsageError
from reportgen.base.exits import summary_of
from reportgen.base.message import message
from reportgen.base.progress import Progress
from reportgen.base.signals import Stopped, listen
from reportgen.base.startup import spare
from reportgen.cohort.checks.exclusion import leaves_some

RUNNING, DONE, REFUSED, FAILED, STOPPED = "running", "done", "refused", "failed", "stopped"
AT_ONCE, KEPT = 2, 50
PATIENCE = 5.0  # seconds that a process is given to end by itself


@dataclass(frozen=True)
class Made:
    """What a piece of work made. folder: where the files lie; lines: what there is to say; changed: what differs from
    the report that it replaced, in lines; rest: of refused data, whether some are left without the patients at fault.
    """

    folder: str = ""
    files: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    rest: bool = False


Work = Callable[[Progress], Made]


@dataclass
class Job:
    """A piece of work. what: build, case, verify, diff or schedule; source: its id. said, share: how far, 0 … 1."""

    id: str
    what: str
    source: str
    state: str = RUNNING
    said: str = ""
    share: float = 0.0
    made: Made = field(default_factory=Made)
    why: str = ""
    stop: Callable[[], None] = lambda: None


class Jobs:
    """All pieces of work of one desk."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()

    def start(self, what: str, source: str, work: Work) -> Job:
        """Begin a piece of work. UsageError where too much is at work already."""
        with self._lock:
            if sum(job.state == RUNNING for job in self._jobs.values()) >= AT_ONCE:
                raise UsageError(
                    message("Two pieces of work are running already; wait for one of them, or stop it.")
                )
            while len(self._jobs) >= KEPT:
                self._jobs.pop(next(key for key, job in self._jobs.items() if job.state != RUNNING))
            job = Job(secrets.token_hex(12), what, source)
            self._jobs[job.id] = job
        ours, theirs = get_context("spawn").Pipe()
        process = get_context("spawn").Process(target=_work, args=(theirs, work), daemon=False)
        process.start()
        theirs.close()

        def stop() -> None:
            if job.state == RUNNING:
                job.state = STOPPED
            process.terminate()
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()

        job.stop = stop
        Thread(target=_follow, args=(job, ours, process), daemon=True).start()
        return job

    def get(self, name: str) -> Job | None:
        """The piece of work of an id; None where it is unknown or forgotten."""
        return self._jobs.get(name)

    def last(self, what: str, source: str) -> Job | None:
        """The latest piece of work of this kind on a source."""
        found = [job for job in self._jobs.values() if (job.what, job.source) == (what, source)]
        return found[-1] if found else None

    def stop_all(self) -> None:
        """End every process, as the desk does when it closes."""
        for job in list(self._jobs.values()):
            job.stop()


def _follow(job: Job, told: Connection, process) -> None:
    with suppress(EOFError, OSError):
        while True:
            kind, *what = told.recv()
            if kind == "progress":
                job.said, job.share = what
            elif job.state == RUNNING:
                job.made, job.why = what
                job.state = kind
    process.join()
    if job.state == RUNNING:
        job.state, job.why = FAILED, message("The program ended unexpectedly.")
    told.close()


def _work(told: Connection, work: Work) -> None:
    """What the process does."""
    spare()
    listen()

    def progress(said: str, share: float) -> None:
        told.send(("progress", said, share))

    try:
        end = (DONE, work(progress), "")
    except Stopped:
        end = (STOPPED, Made(), "")
    except DataRefused as refused:
        end = (REFUSED, Made(rest=leaves_some(refused.issues)), refused.message)
    except Exception as error:
        # The last room of this process: whatever went wrong is said, as the command line says it, without data.
        end = (
            FAILED,
            Made(),
            error.message
            if isinstance(error, ReportError)
            else message("The program failed: {what}", what=summary_of(error)),
        )
    told.send(end)
    told.close()
