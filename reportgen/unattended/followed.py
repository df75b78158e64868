"""A run that nobody watches: status.json tells how it ended, and notices go out to those who are to hear of it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from reportgen.base.errors import (
    ERROR,
    WARNING,
    DataRefused,
    Issue,
    MachineFailed,
    UsageError,
    reason,
)
from reportgen.base.exits import say, status_of, summary_of
from reportgen.base.signals import Stopped
from reportgen.publish.report_folders import places, within
from reportgen.run.pipeline import Request, root_of
from reportgen.unattended.last_run import now, settle, tell_those_who_asked
from reportgen.unattended.made_reports import last_good, published, report_in
from reportgen.unattended.notices.event import Ended, Event
from reportgen.unattended.process import this_process
from reportgen.unattended.status import (
    DONE,
    FAILED,
    NAME,
    REFUSED,
    RUNNING,
    ReportEnd,
    Status,
    read_status,
    write_status,
)

WITH_SOMEBODY = ("SIGINT", "SIGHUP")


class Outcome(Protocol):
    """What a report that was made tells: as run.pipeline's outcome does."""

    @property
    def issues(self) -> Sequence[Issue]:
        """What the checks found in the data."""
        ...

    @property
    def folder(self) -> Path:
        """Where the report lies."""
        ...

    @property
    def profile(self) -> str:
        """For whom it was made: internal, board, partner or external."""
        ...


T = TypeVar("T", bound=Outcome)


def worst(reports: tuple[Ended, ...]) -> Ended:
    """What the exit status tells of many: a machine that failed before all, a bug before data that were refused."""
    order = (MachineFailed.status, 1, UsageError.status, DataRefused.status)
    failed = [report for report in reports if report.state != DONE]
    return min(failed, key=lambda r: order.index(r.exit) if r.exit in order else -1, default=reports[-1])


@contextmanager
def followed(request: Request, command: str) -> Iterator[Run]:
    """Keep status.json while a run is made, and tell those who are to hear how it ended, however it does."""
    run = Run(root_of(request), request, command)
    try:
        run.begin()
        yield run
    except BaseException as error:
        run.end(error)
        raise
    run.end()


@dataclass
class Run:
    """A run from its beginning to its end. reports: how each report ended that it tried to make. fresh: the
    folders that were not there before it. profile: whose reports are being caught up on.
    """

    root: Path
    request: Request
    command: str
    started: str = field(default_factory=now)
    reports: list[Ended] = field(default_factory=list)
    fresh: tuple[Path, ...] = ()
    profile: str = ""
    _writes: bool = True

    def begin(self) -> None:
        """Say that it runs; first, if the run before died, tell so. MachineFailed where nothing can be written."""
        settle(self.request)
        self.fresh = tuple(folder for folder in (self.root, *self.root.parents) if not folder.exists())
        try:
            write_status(self.root, self._status(RUNNING, None))
        except OSError as failure:
            self._writes = False
            raise MachineFailed(
                f"{NAME} could not be written to {self.root}: {reason(failure)}. The last good report is "
                "untouched; mend this, or choose another folder with --output."
            ) from failure

    def attempt(self, request: Request, make: Callable[[Request], T], inner: str = "") -> T:
        """Make a report and note how it ended. inner: the folder within that of the report where it lands."""
        before = {folder / inner: _outputs(folder / inner, self.root) for folder in places(self.root)}
        try:
            outcome = make(request)
        except BaseException as error:
            self.reports.append(_failed(request.period, error))
            raise
        counts: dict[str, Any] = {
            "errors": _count(outcome.issues, ERROR),
            "warnings": _count(outcome.issues, WARNING),
        }
        folder = outcome.folder
        changed = before.get(folder) is None or before[folder] != _outputs(folder, self.root)
        self.reports.append(
            Ended(
                request.period,
                DONE,
                0,
                changed=changed,
                profile=outcome.profile,
                folder=folder,
                doubts=tuple(getattr(outcome, "doubts", ())),
                **counts,
            )  # fmt: skip
        )
        return outcome

    def end(self, error: BaseException | None = None) -> None:
        """Write how it ended, and tell. Nothing that goes wrong here changes the run's exit status."""
        if error is not None and not any(report.state != DONE for report in self.reports):
            self.reports.append(_failed(self.request.period, error))
        last = (
            worst(tuple(self.reports)) if self.reports else Ended(self.request.period, DONE, 0, changed=False)
        )
        status = self._status(last.state, last)
        if self.fresh and isinstance(error, UsageError):
            self._forget()
        self._write(status)
        if isinstance(error, Stopped) and error.name in WITH_SOMEBODY:
            return
        told = tell_those_who_asked(self.request, self._event(last, status))
        if told:
            self._write(replace(status, notices=told))

    def _status(self, state: str, last: Ended | None) -> Status:
        begun = Status(
            state,
            self.command,
            started=self.started,
            period=self.request.period,
            changed=any(report.changed for report in self.reports) if state == DONE else None,
            doubts=tuple(doubt for report in self.reports for doubt in report.doubts),
            reports=tuple(ReportEnd(r.period, r.state, r.exit, r.what_failed) for r in self.reports),
            missing=self._still_missing(),
            process=this_process(),
            last_good=last_good(self.root),
        )
        if last is None:
            return begun
        return replace(
            begun,
            exit=last.exit,
            ended=now(),
            period=last.period,
            what_failed=last.what_failed,
            errors=last.errors,
            warnings=last.warnings,
        )

    def _event(self, last: Ended, status: Status) -> Event:
        return Event(
            self.command, last.state, last.exit, tuple(self.reports), status.started, status.ended or "",
            platform.node(), self.root.resolve(), last_good=status.last_good,
        )  # fmt: skip

    def _still_missing(self) -> tuple[str, ...]:
        """The months that are to be made up for: those that failed, now or before, and have no report.

        Of another profile than internal with its name before them, as their folders have it.
        """
        before = read_status(self.root)
        still = set(before.missing if before else ())
        asked = self.profile or str(self.request.overrides.get("privacy.profile") or "")
        if self.command == "build":
            failed = [r for r in self.reports if r.state != DONE and r.period]
            still |= {within(r.profile or asked, r.period) for r in failed}
        made = {report.folder for report in published(self.root) if report.in_time}
        done = {within(r.profile, r.period) for r in self.reports if r.state == DONE}
        return tuple(sorted(still - made - done))

    def _write(self, status: Status) -> None:
        try:
            if self._writes:
                write_status(self.root, status)
        except OSError as failure:
            say(f"{NAME} could not be written to {self.root}: {reason(failure)}.")

    def _forget(self) -> None:
        """A run that was never understood leaves nothing where no run had left anything before."""
        self._writes = False
        with suppress(OSError):
            (self.root / NAME).unlink(missing_ok=True)
            for folder in self.fresh:
                folder.rmdir()


def _failed(period: str, error: BaseException) -> Ended:
    profile = getattr(error, "profile", "") or getattr(getattr(error, "outcome", None), "profile", "")
    report = Ended(period, FAILED, status_of(error), summary_of(error), profile=profile)
    if not isinstance(error, DataRefused):
        return report
    counts = {"errors": _count(error.issues, ERROR), "warnings": _count(error.issues, WARNING)}
    return replace(report, state=REFUSED, **counts)


def _outputs(folder: Path, root: Path) -> object:
    report = report_in(folder, root)
    return report.outputs if report else None


def _count(issues, severity: str) -> int:
    return sum(issue.severity == severity for issue in issues)
