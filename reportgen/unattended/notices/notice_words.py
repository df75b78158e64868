"""The message: what happened, to which report, what to do, and where the last good one lies."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.unattended.notices.event import Ended, Event
from reportgen.unattended.status import DONE, REFUSED

WHAT = {"build": "report", "case": "case reviews", "batch": "batch"}
HEAD = {DONE: "made", REFUSED: "refused data", "failed": "failed"}
TO_DO = {
    1: "This is a fault of the program. Standard error of the run names the place in it; tell its maintainers.",
    2: "A setting, the command or the path of the source is not understood. Run the command by hand: it says which.",
    3: "Run `reportgen check` with the source: it names every cell and what to do, and writes queries.xlsx. Mend "
    "the data, then run the same command again.",
    4: "The machine failed: disk, permission, memory, network drive, database or a missing library. Run "
    "`reportgen doctor`, which looks for the cause, then the same command again.",
}  # fmt: skip
STOPPED = "The run was stopped from outside. Run the same command again."
DIED = (
    "The run ended without a word: it was killed, as where memory runs out, or the machine went down. Nothing "
    "half-written is left. Run the same command again."
)


def subject(event: Event) -> str:
    """One line without control characters."""
    periods = ", ".join(dict.fromkeys(report.period for report in event.reports if report.period))
    about = " ".join(filter(None, (WHAT[event.command], periods)))
    return f"reportgen: {about}: {HEAD[event.state]}" + (f" ({plain(event.name)})" if event.name else "")


def plain(name: str) -> str:
    """A name without what could begin a line or steer a terminal: files may be called anything."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def body(event: Event, attached: str = "") -> str:
    """The whole message. attached: what is to be said of the attachment."""
    parts = [
        _first(event),
        "\n".join(_facts(event)),
        *_doubts(event),
        *_to_do(event),
        *_last_good(event),
        attached,
        _where(event),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _first(event: Event) -> str:
    if event.state == DONE:
        new = {"build": "There is a new report.", "batch": "There are new reports."}
        return new.get(event.command, "There are new case reviews.")
    return "Nothing new was published for what is named below as failed or refused."


def _facts(event: Event) -> Iterator[str]:
    if event.name:
        yield f"Report:   {plain(event.name)}"
    yield f"Machine:  {event.host}"
    yield f"Started:  {event.started}"
    yield f"Ended:    {event.ended}"
    for report in event.reports:
        about = " ".join(filter(None, (plain(report.cohort), report.period))) or "Result"
        yield f"{about}:{' ' * max(1, 9 - len(about))}{_result(report)}"


def _doubts(event: Event) -> Iterator[str]:
    for report in event.reports:
        about = " ".join(filter(None, (plain(report.cohort), report.period)))
        yield from (f"Doubtful{f' ({about})' if about else ''}: {doubt}" for doubt in report.doubts)


def _result(report: Ended) -> str:
    exit = "no exit status" if report.exit is None else f"exit status {report.exit}"
    if report.errors is None or report.warnings is None:
        why = f": {report.what_failed}" if report.cohort and report.what_failed else ""
        return f"{HEAD[report.state]}, {exit}{why}"
    errors = _count(report.errors, "error")
    return f"{HEAD[report.state]}, {exit}, {errors} and {_count(report.warnings, 'warning')} in the data"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _to_do(event: Event) -> Iterator[str]:
    said = []
    for report in event.reports:
        if report.state != DONE:
            advice = DIED if report.exit is None else TO_DO.get(report.exit, STOPPED)
            said += [advice] if advice not in said else []
    yield from (f"What to do: {advice}" for advice in said)


def _last_good(event: Event) -> Iterator[str]:
    good = event.last_good
    if event.state == DONE or event.command == "batch":
        return
    if not good:
        yield "There is no earlier report."
        return
    of = f"that of {good.period}, " if good.period else ""
    data = f"with data up to {good.cutoff}, " if good.cutoff else ""
    yield f"The last good report is untouched: {of}{data}made {good.ended}."


def _where(event: Event) -> str:
    where = f" in {plain(str(event.root))}" if event.named else " with the reports on that machine"
    return f"No patient is named here, and no value. status.json{where} says more."
