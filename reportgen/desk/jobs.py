"""Work that takes long, each in a process of its own: it tells how far it is, and can be stopped at any moment.

A process that is stopped or dies has published nothing: the last good report stays as it was.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.desk.job_process import (
    AGAIN,
    DONE,
    FAILED,
    PROGRESS,
    RUNNING,
    STOPPED,
    Made,
    Work,
    Worker,
    begun,
)

AT_ONCE, KEPT = 2, 50
FOLLOWING = 3  # sources that reports follow at once: each has a process that waits


@dataclass
class Job:
    """A piece of work. what: build, case, verify, diff or schedule; source: its id. said, share: how far, 0 … 1.

    follows: whether it will be done again when something is saved; version: how often it ended so far; again: whether
    it is done again now. What was made stays when that fails: fault is then how it ended and why the reason.
    """

    id: str
    what: str
    source: str
    work: Work
    state: str = RUNNING
    said: str = ""
    share: float = 0.0
    made: Made = field(default_factory=Made)
    why: str = ""
    follows: bool = False
    version: int = 0
    again: bool = False
    fault: str = ""
    stop: Callable[[], None] = lambda: None

    @property
    def at_work(self) -> bool:
        """Whether its process is at it now."""
        return self.state == RUNNING or self.again


class Jobs:
    """All pieces of work of one desk."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()
        self._ready: Worker | None = None

    def begin(self) -> None:
        """Have a process ready: somebody will soon ask for a piece of work."""
        with self._lock:
            if self._ready is None or not self._ready.process.is_alive():
                self._ready = begun(ready=True)

    def start(self, what: str, source: str, work: Work, paths: Sequence[Path] = ()) -> Job:
        """Begin a piece of work. paths: when one of them is saved, it is done again, in place of what followed this
        source before. UsageError where too much is at work already."""
        with self._lock:
            if sum(job.at_work for job in self._jobs.values()) >= AT_ONCE:
                raise UsageError(
                    message("Two pieces of work are running already; wait for one of them, or stop it.")
                )
            if paths:
                self._make_room(source)
            while len(self._jobs) >= KEPT:
                self._jobs.pop(
                    next(key for key, job in self._jobs.items() if not (job.at_work or job.follows))
                )
            job = Job(secrets.token_hex(12), what, source, work, follows=bool(paths))
            self._jobs[job.id] = job
            worker, self._ready = self._ready, None
        if worker is None or not worker.process.is_alive():
            worker = begun(ready=False)
        worker.take(work, paths)

        def stop() -> None:
            if job.state == RUNNING:
                job.state = STOPPED
            job.follows = job.again = False
            worker.end()

        job.stop = stop
        Thread(target=_follow, args=(job, worker), daemon=True).start()
        return job

    def _make_room(self, source: str) -> None:
        """No two reports follow one source, and only so many sources are followed: the longest one is let go."""
        following = [job for job in self._jobs.values() if job.follows]
        others = [job for job in following if job.source != source]
        for job in following:
            if job.source == source or (job is others[0] and len(others) >= FOLLOWING):
                Thread(target=job.stop, daemon=True).start()

    def get(self, name: str) -> Job | None:
        """The piece of work of an id; None where it is unknown or forgotten."""
        return self._jobs.get(name)

    def stop_all(self) -> None:
        """End every process, as the desk does when it closes."""
        if self._ready:
            self._ready.end()
        for job in list(self._jobs.values()):
            job.stop()


def _follow(job: Job, worker: Worker) -> None:
    with suppress(EOFError, OSError):
        while True:
            _take(job, *worker.told.recv())
    worker.process.join()
    if job.at_work:
        _take(job, FAILED, Made(), message("The program ended unexpectedly."))
    if job.follows:
        job.follows = False
        job.version += 1
    worker.told.close()


def _take(job: Job, kind: str, *what) -> None:
    """What the process tells: of a piece of work that was stopped, nothing any more."""
    if kind == PROGRESS:
        job.said, job.share = what
    elif kind == AGAIN:
        job.again, job.said, job.share = job.version > 0 and job.follows, "", 0.0
    elif job.state == RUNNING or job.again:
        made, why = what
        if job.state == DONE and kind != DONE:
            job.fault, job.why = kind, why
        else:
            job.made, job.why, job.fault, job.state = made, why, "", kind
        job.again = False
        job.version += 1
