"""The run before: how it ended, what is to be done where it died, and who hears of it."""

from __future__ import annotations

import platform
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from reportgen.base.errors import ReportError, UsageError
from reportgen.base.exits import say
from reportgen.cohort.mapping.source_settings import settings_files
from reportgen.run.pipeline import Request, root_of
from reportgen.settings.sources import load_notify
from reportgen.unattended.made_reports import last_good
from reportgen.unattended.notices import tell
from reportgen.unattended.notices.event import Ended, Event
from reportgen.unattended.status import (
    FAILED,
    NAME,
    Status,
    Told,
    is_odd,
    read_status,
    write_status,
)

WITHOUT_A_WORD = "The run ended without a word: it was killed, or the machine went down."


def settle(request: Request) -> bool:
    """If the last run died, write down that it failed and tell so; whether it had."""
    root = root_of(request)
    status = read_status(root)
    if is_odd(root):
        say(
            f"{root / NAME} could not be understood and is written anew: which months failed before is not known; "
            "make one that is missing with --period."
        )
    if status is None or not status.died:
        return False
    report = Ended(status.period, FAILED, None, WITHOUT_A_WORD)
    ended = now()
    status = replace(status, state=FAILED, exit=None, ended=ended, what_failed=WITHOUT_A_WORD)
    say(f"the run that was started {status.started} ended without a word: killed, or the machine went down.")
    event = Event(
        status.command, FAILED, None, (report,), status.started, ended,
        platform.node(), root.resolve(), last_good=status.last_good,
    )  # fmt: skip
    with suppress(OSError):
        write_status(root, replace(status, notices=tell_those_who_asked(request, event)))
    return True


def last_run(request: Request) -> Status:
    """How the last run ended, with the last good report that is there now. UsageError where there was no run."""
    root = root_of(request)
    status = read_status(root)
    if is_odd(root):
        raise UsageError(f"{root / NAME} can't be understood; the next run writes it anew.")
    if status is None:
        raise UsageError(f"No run has left a {NAME} in {root}; check SOURCE and --output.")
    return replace(status, last_good=last_good(root))


def tell_those_who_asked(request: Request, event: Event) -> tuple[Told, ...]:
    """Send the notices that [notify] names; what became of each, for status.json."""
    try:
        notify = load_notify(
            settings_files(request.source, request.config, request.found).own, request.overrides
        )
    except ReportError as error:
        if error.summary not in {report.what_failed for report in event.reports}:
            say(f"[notify] could not be read, so that nobody was told: {error.summary}")
        return ()
    named = {report.profile for report in event.reports} == {"internal"}
    name = notify.name or (event.root.name if named else "")
    # The folder is named after the source: whoever gave another name wants that one nowhere.
    told = tell(notify, replace(event, name=name, named=named and not notify.name))
    for one in told:
        if not one.sent:
            say(f"nobody was told by {one.by}: {one.why}.")
    return told


def now() -> str:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
