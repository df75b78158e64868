"""A batch that nobody watches: the months that its cohorts lack, its status.json, and one message for the network."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from reportgen.base.errors import ReportError, UsageError, reason
from reportgen.base.exits import say, status_of, summary_of
from reportgen.batch.cohort_rows import CohortRow
from reportgen.batch.manifest import Entry, read_notify
from reportgen.run.pipeline import root_of
from reportgen.settings.choices import month_end
from reportgen.unattended.followed import worst
from reportgen.unattended.last_run import WITHOUT_A_WORD, now
from reportgen.unattended.made_reports import published
from reportgen.unattended.missed_months import missing, profile_of
from reportgen.unattended.notices import tell
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
    Told,
    is_odd,
    read_status,
    write_status,
)

COMMAND = "batch"


def rounds(entries: tuple[Entry, ...], today: date) -> list[tuple[Entry, ...]]:
    """For each month that some cohort lacks, the oldest first, those that lack it.

    UsageError where the manifest itself names a period or a cut-off.
    """
    if any(entry.request.period or entry.request.overrides.get("cutoff") for entry in entries):
        raise UsageError("--catch-up finds the months itself: leave period and cutoff out of the manifest.")
    lacking: dict[str, list[Entry]] = {}
    for entry in entries:
        for period in missing(root_of(entry.request), today, profile_of(entry.request)):
            lacking.setdefault(period, []).append(_of_month(entry, period))
    return [tuple(lacking[period]) for period in sorted(lacking)]


def _of_month(entry: Entry, period: str) -> Entry:
    overrides = {**entry.request.overrides, "cutoff": month_end(period)}
    return replace(entry, request=replace(entry.request, period=period, overrides=overrides))


def last_report(entry: Entry) -> tuple[Path, str] | None:
    """The folder and the month of the last report that a cohort has under its profile; None where it has none."""
    profile, root = profile_of(entry.request), root_of(entry.request)
    found = [r for r in published(root) if r.profile == profile and r.period and r.folder]
    last = max(found, key=lambda report: report.period, default=None)
    return (root / last.folder, last.period) if last else None


@contextmanager
def followed(manifest: Path, output: Path) -> Iterator[list]:
    """Keep OUTPUT/status.json while a batch is made, and tell those who are to hear of it, however it ends.

    What came of it is to be put into the list that is given.
    """
    started, outcome = now(), []
    _settle(manifest, output)
    _write(output, _status(RUNNING, started, (), None))
    try:
        yield outcome
    except BaseException as error:
        ended = Ended("", FAILED, status_of(error), summary_of(error))
        _end(manifest, output, started, (ended,))
        raise
    _end(manifest, output, started, tuple(_ended(row) for row in outcome[0].rows))


def _ended(row: CohortRow) -> Ended:
    state = DONE if not row.exit else REFUSED if row.exit == 3 else FAILED
    why = "" if state == DONE else str(row.what_failed or row.why).partition("\n")[0]
    ended = Ended(row.period, state, row.exit, why, errors=None, warnings=None, cohort=row.name)
    report = row.reported
    if report is None:
        return ended
    return replace(ended, warnings=report.warnings, profile=report.profile, doubts=report.doubts)


def _end(manifest: Path, output: Path, started: str, reports: tuple[Ended, ...]) -> None:
    last = worst(reports) if reports else Ended("", DONE, 0, changed=False)
    status = _status(last.state, started, reports, last)
    _write(output, status)
    told = _tell(manifest, _event(output, status, reports, last))
    if told:
        _write(output, replace(status, notices=told))


def _settle(manifest: Path, output: Path) -> None:
    """If the last batch died, tell so."""
    status = read_status(output)
    if status is None or not status.died:
        return
    last = Ended("", FAILED, None, WITHOUT_A_WORD)
    _tell(manifest, _event(output, _status(FAILED, status.started, (last,), last), (last,), last))


def settle(manifest: Path, output: Path) -> None:
    """What a scheduler calls when a batch has ended: if it was killed, write that down and tell so."""
    status = read_status(output)
    if status is not None and status.died:
        last = Ended("", FAILED, None, WITHOUT_A_WORD)
        _end(manifest, output, status.started, (last,))


def last_batch(output: Path) -> Status:
    """How the last batch ended. UsageError where there was none."""
    status = read_status(output)
    if is_odd(output):
        raise UsageError(f"{output / NAME} can't be understood; the next batch writes it anew.")
    if status is None:
        raise UsageError(f"No batch has left a {NAME} in {output}; check MANIFEST and --output.")
    return status


def _status(state: str, started: str, reports: tuple[Ended, ...], last: Ended | None) -> Status:
    return Status(
        state,
        COMMAND,
        exit=last.exit if last else None,
        started=started,
        ended=now() if last else None,
        what_failed=last.what_failed if last else "",
        changed=any(report.state == DONE for report in reports) if last else None,
        doubts=tuple(f"{report.cohort}: {doubt}" for report in reports for doubt in report.doubts),
        reports=tuple(ReportEnd(r.period, r.state, r.exit, r.what_failed, r.cohort) for r in reports),
        missing=tuple(sorted({f"{r.cohort}/{r.period}" for r in reports if r.state != DONE and r.period})),
        process=this_process(),
    )


def _event(output: Path, status: Status, reports: tuple[Ended, ...], last: Ended) -> Event:
    return Event(
        COMMAND, last.state, last.exit, reports, status.started, status.ended or "", platform.node(),
        output.resolve(), named=True,
    )  # fmt: skip


def _tell(manifest: Path, event: Event) -> tuple[Told, ...]:
    try:
        notify = read_notify(manifest)
    except ReportError as error:
        say(f"[notify] could not be read, so that nobody was told: {error.summary}")
        return ()
    told = tell(notify, replace(event, name=notify.name))
    for one in told:
        if not one.sent:
            say(f"nobody was told by {one.by}: {one.why}.")
    return told


def _write(output: Path, status: Status) -> None:
    try:
        write_status(output, status)
    except OSError as failure:
        say(f"{NAME} could not be written to {output}: {reason(failure)}.")
