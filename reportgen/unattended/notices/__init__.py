"""Who hears how a run ended: a program of the user's choice, or somebody by mail. No patient is in a message."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from reportgen.settings.model import Notify
from reportgen.unattended.notices.event import Event
from reportgen.unattended.status import FAILED, REFUSED, Told

MOST_SECONDS = 60


def wanted(notify: Notify, event: Event) -> bool:
    """Whether anybody is to hear of it: a failure, or a doubt. A report that is the same as before is no news."""
    if event.state in (REFUSED, FAILED) or any(report.doubts for report in event.reports):
        return True
    return notify.when == "always" and any(report.changed for report in event.reports)


def tell(notify: Notify, event: Event) -> tuple[Told, ...]:
    """Tell by every way that [notify] names; what became of each.

    Never raises: a message that can't be sent changes nothing about the run, and is said beside it.
    """
    if not wanted(notify, event):
        return ()
    told = []
    if notify.command:
        from reportgen.unattended.notices.command import run

        told.append(_tried("command", lambda: run(notify.command, event)))
    if notify.smtp:
        from reportgen.unattended.notices.mail import send

        told.append(_tried("mail", lambda: send(notify, event)))
    return tuple(told)


def _tried(by: str, way: Callable[[], str]) -> Told:
    """Go a way in a thread of its own: a server that answers a word a minute must not keep the run for ever."""
    why: list[str] = []

    def go() -> None:
        try:
            why.append(way())
        except Exception as error:
            why.append(f"a bug: {type(error).__name__}")

    thread = Thread(target=go, daemon=True)
    thread.start()
    thread.join(MOST_SECONDS)
    problem = why[0] if why else f"there was no end of it within {MOST_SECONDS} s"
    return Told(by, not problem, problem)
