"""The process of one piece of work. It may be begun before there is any, and makes itself ready meanwhile, so that what
is asked then takes half as long. With its work it ends, so that no data outlive it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from reportgen.base.errors import DataRefused, ReportError
from reportgen.base.exits import summary_of
from reportgen.base.message import message
from reportgen.base.progress import Progress
from reportgen.base.signals import Stopped, listen
from reportgen.base.startup import spare
from reportgen.cohort.checks.exclusion import leaves_some
from reportgen.desk.following import again_when_saved
from reportgen.desk.sample import sample

RUNNING, DONE, REFUSED, FAILED, STOPPED = "running", "done", "refused", "failed", "stopped"
PROGRESS, AGAIN = "progress", "again"  # what else is told, besides how it ended
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


@dataclass(frozen=True)
class Worker:
    """A process that waits for its piece of work. told: what it says of it."""

    process: BaseProcess
    told: Connection

    def take(self, work: Work, paths: Sequence[Path]) -> None:
        """Give it its work; paths: when one of them is saved, it is to be done again, until the process is ended."""
        self.told.send((work, tuple(paths)))

    def end(self) -> None:
        """Stop it, whatever it is at."""
        self.process.terminate()
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()


def begun(ready: bool) -> Worker:
    """A new process. ready: whether it makes itself ready while it waits; else it is to be given work at once."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_live, args=(theirs, ready), daemon=False)
    process.start()
    theirs.close()
    return Worker(process, ours)


def _live(told: Connection, ready: bool) -> None:
    spare()
    listen()
    with suppress(EOFError, ConnectionError):  # the desk is gone
        try:
            if ready:
                _make_ready(told.poll)
            work, paths = told.recv()
        except Stopped:
            return
        _work(told, work, paths)


def _make_ready(asked: Callable[[], bool]) -> None:
    """Load the libraries, then make the report of the sample: so templates, words and fonts are read, and whatever else
    is done once. asked: whether there is work by now."""
    import reportgen.history.diff.folders
    import reportgen.render.pdf.document  # noqa: F401
    from reportgen.run.pipeline import Request, build

    source = sample()
    if asked() or not source:
        return
    # What is wrong with this machine is said when a report is asked for.
    with suppress(ReportError, OSError), TemporaryDirectory() as folder:
        build(Request(source, output=Path(folder), formats=("html",)))
    gc.collect()
    gc.freeze()  # what is loaded stays, and need not be looked through again


def _work(told: Connection, work: Work, paths: Sequence[Path]) -> None:
    def progress(said: str, share: float) -> None:
        told.send((PROGRESS, said, share))

    def once() -> None:
        told.send((AGAIN,))
        told.send(_ended(work, progress))

    try:
        if paths:
            again_when_saved(
                once, paths, lambda: not told.poll()
            )  # nothing more is sent: it would be the end
        else:
            once()
    except (Stopped, KeyboardInterrupt):
        told.send((STOPPED, Made(), ""))
    except ReportError as error:
        told.send((FAILED, Made(), error.message))


def _ended(work: Work, progress: Progress) -> tuple[str, Made, str]:
    """How a piece of work ended, what it made, and why it made nothing."""
    try:
        return DONE, work(progress), ""
    except DataRefused as refused:
        return REFUSED, Made(rest=leaves_some(refused.issues)), refused.message
    except ReportError as error:
        return FAILED, Made(), error.message
    except Exception as bug:
        # The last room of this process: whatever went wrong is said, as the command line says it, without data.
        return FAILED, Made(), message("The program failed: {what}", what=summary_of(bug))
