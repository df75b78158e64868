"""Every way a run can end: its exit status, and what is said of it. No value of the data is ever said."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import cast

from reportgen.base.errors import (
    ERROR,
    FIRST_CELLS,
    NOTE,
    DataRefused,
    Issue,
    MachineFailed,
    ReportError,
    UsageError,
    issue_row,
    reason,
)
from reportgen.base.repeated import asked_once
from reportgen.base.signals import Stopped, listen
from reportgen.base.terminal import printable_lines

STATUSES = {
    0: "done",
    1: "a bug",
    2: "usage",
    3: "the data were refused",
    4: "the machine failed: disk, permission, memory or a missing library",
    5: "verify, or diff --exit-code, found a difference",
    129: "stopped: the terminal was closed (SIGHUP)",
    130: "stopped by Ctrl-C (SIGINT)",
    143: "stopped by SIGTERM",
}


# Errors that end where somebody says what the tables and columns of a source are.
ALIKE = 3  # cells with one fault of a column that are told one by one
ESSENTIALS = ("MISSING_COLUMN", "MISSING_SHEET", "HEADER_NOT_FOUND", "GIVEN_TIMES", "AMBIGUOUS_COLUMN")


BY_HAND = "(Run by hand and without --catch-up, it says more: a log is to name no sheet, cell or patient.)"


def run(program: Callable[[], object]) -> int:
    """Run the program; the exit status, after every error was said in words that tell what to do."""
    _hush()
    listen()
    try:
        program()
    except SystemExit as ended:
        if ended.code == UsageError.status:
            _answer(UsageError("The command line is not understood; standard error says why."))
        # The library of the command line has no 1 but for an answer that nobody reads any more.
        return MachineFailed.status if ended.code == 1 else _flushed(int(ended.code or 0))
    except BaseException as error:
        _answer(error)
        if isinstance(error, Stopped):
            say(f"stopped by {error.name}. Nothing half-written is left; an earlier report is untouched.")
        elif isinstance(error, ReportError):
            say(told_of(error) if somebody_watches() else _unnamed(error))
        else:
            _say_other(error)
        return status_of(error)
    return _flushed(0)


def somebody_watches() -> bool:
    """Whether what is said of errors may name sheets and patients: sheets may be called as patients are.

    A log keeps what a scheduled run says, which catches up; whoever runs another one by a script is told what is wrong.
    """
    return bool(sys.stderr and sys.stderr.isatty()) or "--catch-up" not in sys.argv


def status_of(error: BaseException) -> int:
    """The exit status that an error ends the program with."""
    if isinstance(error, (Stopped, ReportError)):
        return error.status
    return MachineFailed.status if _is_machines(error) else 1


def summary_of(error: BaseException) -> str:
    """A sentence on an error that names no patient and quotes no cell."""
    if isinstance(error, Stopped):
        return f"The run was stopped by {error.name}."
    if isinstance(error, ReportError):
        return error.summary
    return _machine_words(error) if _is_machines(error) else _bug_words(error)


@dataclass
class Leaving:
    """The end of a process, without taking the millions of objects of a report apart one by one: a twentieth of it.

    Its `at_last` is registered before any library is loaded, so that it is called after all that they have registered.
    status: to end with; None leaves the end to the interpreter.
    """

    status: int | None = None

    def at_last(self) -> None:
        """End here, after both streams are flushed."""
        status = self.status
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        if status is not None:
            os._exit(status)


def traceback_wanted() -> bool:
    """Whether the user asked for everything that Python has to say, data included."""
    return bool(os.environ.get("REPORTGEN_TRACEBACK"))


def _hush() -> None:
    """Keep what libraries say by themselves (warnings, ignored errors) to a word without data."""
    sys.unraisablehook = _say_ignored
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that a caller put there may not have it
            cast(TextIOWrapper, stream).reconfigure(errors="backslashreplace")
    if traceback_wanted():
        return
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def silence_logs() -> None:
    """Whoever wants the log lines of libraries, which quote the data, sets up a handler, or a traceback."""
    import logging

    if not traceback_wanted():
        logging.lastResort = logging.NullHandler()


def say(text: str) -> None:
    """A line to standard error under the program's name; lost where standard error is closed or full."""
    with contextlib.suppress(OSError, ValueError):  # standard error may be closed or full, too
        print(f"reportgen: {printable_lines(text)}", file=sys.stderr, flush=True)


def _flushed(status: int) -> int:
    """The status, unless the answer could not be written: then the machine failed."""
    try:
        sys.stdout.flush()
    except OSError as error:
        say(f"the answer could not be written: {reason(error)}.")
        return status or MachineFailed.status
    return status


def _answer(error: BaseException) -> None:
    """Where a machine reads the answer, a failure is one, too."""
    if "--json" not in sys.argv or getattr(error, "answered", False):
        return
    import json

    answer: dict[str, object] = {
        "status": "failed",
        "exit": status_of(error),
        "what_failed": summary_of(error),
    }
    if isinstance(error, DataRefused):
        answer |= {"status": "refused", "issues": [issue_row(issue) for issue in error.issues]}
    with contextlib.suppress(OSError, ValueError):
        print(json.dumps(answer))


def told_of(error: ReportError) -> str:
    """What an operator is told of it: of refused data each fault of a column once, with its cells."""
    if not isinstance(error, DataRefused):
        return str(error)
    of_note = [issue for issue in error.issues if issue.severity != NOTE]
    notes, told = len(error.issues) - len(of_note), sorted(asked_once(of_note, ALIKE), key=_order)
    more = [f"({notes} note{'s' if notes > 1 else ''} besides: reportgen check says what.)"] if notes else []
    if error.open_at:
        cells = ", ".join(error.open_at[:FIRST_CELLS])
        rest = f" and {len(error.open_at) - FIRST_CELLS} more" if len(error.open_at) > FIRST_CELLS else ""
        more.append(f"(reportgen map SOURCE has asked about {cells}{rest}; answer there, or in report.toml.)")
    elif any(issue.severity == ERROR and issue.code in ESSENTIALS for issue in told):
        more.append("(reportgen map SOURCE proposes what every column is, and writes report.toml.)")
    return "\n  ".join([str(error), *(str(issue).replace("\n", "\n    ") for issue in told), *more])


def _unnamed(error: ReportError) -> str:
    """What a log may keep of it."""
    if not error.named or str(error) == error.summary:
        return str(error)
    return f"{error.summary}\n  {BY_HAND}"


def _order(issue: Issue) -> tuple:
    return (issue.severity != ERROR, issue.sheet or "", issue.patient or "", issue.cell or "")


def _is_machines(error: BaseException) -> bool:
    """Whether it is the machine that failed. What lacks in this program itself is a bug."""
    if isinstance(error, ImportError):
        return not (error.name or "").startswith("reportgen")
    return isinstance(error, (MemoryError, OSError))


def _say_other(error: BaseException) -> None:
    if traceback_wanted():
        _print_all(error)
    if _is_machines(error):
        say(_machine_words(error))
    elif not traceback_wanted():
        say(f"{_bug_words(error)} Set REPORTGEN_TRACEBACK=1 to see all of it (it may show data).")


def _machine_words(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "this machine has too little memory for that."
    if isinstance(error, ImportError):
        return (f"the Python package {error.name or 'that is needed'} can't be loaded. "
                "Run `reportgen doctor`, which says how to mend it.")  # fmt: skip
    return (f"the machine failed ({_place(error)}): {reason(cast(OSError, error))}. "
            "Run `reportgen doctor`, which looks for the cause.")  # fmt: skip


def _bug_words(error: BaseException) -> str:
    """Where it happened, but no values: messages and variables may hold patient data."""
    notes = [note for note in getattr(error, "__notes__", ()) if note.startswith("while building section ")]
    where = f" ({'; '.join(notes)})" if notes else ""
    return f"this is a bug: {type(error).__name__} at {_place(error)}{where}."


def _print_all(error: BaseException) -> None:
    import traceback

    traceback.print_exception(error)


def _place(error: BaseException) -> str:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"


def _say_ignored(ignored) -> None:
    say(f"ignored a {ignored.exc_type.__name__}")
