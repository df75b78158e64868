"""The run before: how it ended, what is to be done where it died, and who hears of it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from reportgen.base.errors import ReportError, UsageError
from reportgen.base.exits import say
from reportgen.cohort.mapping.source_settings import settings_files
from reportgen.run.pipeline import Request, root_of
from reportgen.settings.sources import load_notify
from reportgen.unattended.notices import tell
from reportgen.unattended.notices.event import Ended, Event
from reportgen.unattended.status import DIED, FAILED, NAME, published, read_status, write_status

WITHOUT_A_WORD = "The run ended without a word: it was killed, or the machine went down."


def settle(request: Request) -> bool:
    """If the last run died, write down that it failed and tell so; whether it had."""
    root = root_of(request)
    status = read_status(root)
    if status is None or status["state"] != DIED:
        return False
    report = Ended(str(status.get("period") or ""), FAILED, None, WITHOUT_A_WORD)
    status |= {"state": FAILED, "exit": None, "ended": now(), "what_failed": WITHOUT_A_WORD}
    say(
        f"the run that was started {status.get('started')} ended without a word: killed, or the machine went down."
    )
    event = Event(
        str(status.get("command")), FAILED, None, (report,), str(status.get("started")), str(status["ended"]),
        platform.node(), root.resolve(), last_good=status.get("last_good"),
    )  # fmt: skip
    status["notices"] = tell_those_who_asked(request, event)
    with suppress(OSError):
        write_status(root, status)
    return True


def last_run(request: Request) -> dict:
    """How the last run ended, with the last good report that is there now. UsageError where there was no run."""
    root = root_of(request)
    status = read_status(root)
    if status is None:
        raise UsageError(f"No run has left a {NAME} in {root}; check SOURCE and --output.")
    good = next(published(root), None)
    return status | {"last_good": without_outputs(good)}


def tell_those_who_asked(request: Request, event: Event) -> list[dict[str, object]]:
    """Send the notices that [notify] names; what became of each, for status.json."""
    try:
        notify = load_notify(
            settings_files(request.source, request.config, request.found).own, request.overrides
        )
    except ReportError as error:
        if error.summary not in {report.what_failed for report in event.reports}:
            say(f"[notify] could not be read, so that nobody was told: {error.summary}")
        return []
    named = {report.profile for report in event.reports} == {"internal"}
    name = notify.name or (event.root.name if named else "")
    told = tell(notify, replace(event, name=name, named=named))
    for one in told:
        if not one["sent"]:
            say(f"nobody was told by {one['by']}: {one['why']}.")
    return told


def without_outputs(report: Mapping | None) -> dict | None:
    """A report as status.json tells of it: without the hashes of its files."""
    return {name: value for name, value in report.items() if name != "outputs"} if report else None


def now() -> str:
    """This moment in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
