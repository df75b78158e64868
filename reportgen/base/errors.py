"""The kinds of trouble: wrong data, wrong settings, a machine that fails.

A statistic that does not exist is no trouble at all: it is an Estimate with a note (see stats.results).
A bug is none of these and propagates as what it is.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field

from reportgen.base.message import N_, Message, message

ERROR, WARNING, NOTE = "error", "warning", "note"
# Of a question about many cells.
FIRST_CELLS = 5
SHOWN = ("severity", "code", "sheet", "cell", "patient", "problem", "hint")


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong or doubtful in the data.

    severity: ERROR (no report is made), WARNING (the report says it) or NOTE (listed, nothing to do).
    code: a fixed word in capitals, such as DUPLICATE_ID. sheet and cell say where ("patients", "C7");
    patient is the id as written in the workbook, or None. problem says what was found, hint what to do.
    about tells apart questions that say the same of one patient, by what the row and column are, never by
    where they stand; it is no part of what is shown. count: of how many cells it is said; where these are many
    cells names all of them, patients all whose they are, and cell the first.
    """

    severity: str
    code: str
    sheet: str | None
    cell: str | None
    patient: str | None
    problem: Message
    hint: Message
    about: str = field(default="", repr=False)
    count: int = 1
    cells: tuple[str, ...] = field(default=(), repr=False)
    patients: tuple[str, ...] = field(default=(), repr=False)

    def places(self, most: int) -> str:
        """The first cells, as many as are said, and how many there are besides: "C7, C8 and 40 more"."""
        rest = self.count - most
        more = f" and {rest:,} more" if rest > 0 else ""
        return f"{', '.join(self.cells[:most] or (self.cell or '',))}{more}"

    def __str__(self) -> str:
        cell = self.places(FIRST_CELLS) if self.cells else self.cell
        place = "!".join(part for part in (self.sheet, cell) if part)
        who = f"(patient {self.patient})" if self.patient else ""
        where = " ".join(filter(None, (self.severity, self.code, place, who)))
        return f"{where}: {self.problem}. {self.hint}"


def issue_row(issue: Issue) -> dict[str, object]:
    """An Issue as machines read it; of one about many cells also how many, and the first."""
    row: dict[str, object] = {name: getattr(issue, name) for name in SHOWN}
    return row | {"count": issue.count, "cells": issue.cells[:FIRST_CELLS]} if issue.cells else row


class ReportError(Exception):
    """What a user can mend. `status` is the exit status of the command line.

    summary: a sentence that names no patient and quotes no cell, for status.json; default: the first line of
    the message, which may be a Message. answered: whether the command has already said in JSON what there is to say.
    named: whether the message may name sheets, cells and patients, so that a log keeps the summary alone.
    """

    status = 1
    answered = False
    named = True

    def __init__(self, message: str, summary: str = ""):
        super().__init__(message)
        self.message = message
        self.summary = summary or (message.partition("\n")[0] if "\n" in message else message)


# What is said of a setting where its value must not be: it may have come with the data.
UNSAID = "A setting is not understood; run the command by hand: it says which."


class UsageError(ReportError):
    """The command, or a setting, is not understood."""

    status = 2


class DataRefused(ReportError):
    """The data hold errors; nothing was published."""

    status = 3

    def __init__(self, issues: tuple[Issue, ...], profile: str = ""):
        """profile: who was to read the report; empty where the data were not read so far.

        open_at: the cells of what `reportgen map` has asked and nobody has answered.
        """
        self.issues, self.profile = tuple(issues), profile
        self.open_at: tuple[str, ...] = ()
        errors = [issue for issue in self.issues if issue.severity == ERROR]
        doubtful = [issue for issue in self.issues if issue.severity == WARNING]
        count = f"{len(errors)} error{'s' if len(errors) != 1 else ''} in the data"
        said = message("{n} errors in the data; nothing was published.", n=len(errors))
        if len(errors) == 1:
            said = message("1 error in the data; nothing was published.")
        codes = ", ".join(sorted({issue.code for issue in errors or doubtful}))
        found = count if errors else f"{len(doubtful)} warning{'s' if len(doubtful) != 1 else ''} in the data"
        super().__init__(said, f"{found} ({codes}); nothing was published.")

    def __reduce__(self) -> tuple:
        """As it was raised: the desk reads in a process of its own, from which it must come back whole."""
        return DataRefused, (self.issues, self.profile), {"open_at": self.open_at}


class MachineFailed(ReportError):
    """Disk, permission or a missing library."""

    status = 4


REASONS = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EFBIG: N_("the file is larger than is allowed here"),
    errno.EACCES: N_("there is no permission"),
    errno.EPERM: N_("there is no permission"),
    errno.EROFS: N_("the file system can only be read"),
    errno.ENOTDIR: N_("part of the path is a file, not a folder"),
    errno.EEXIST: N_("part of the path is a file, not a folder"),
    errno.EMFILE: N_("too many files are open"),
    errno.EPIPE: N_("what read the output has gone"),
    getattr(errno, "EDQUOT", None): N_("the disk quota is used up"),
}


def reason(failure: OSError) -> str:
    """Why the machine failed, in words and without any path."""
    known = REASONS.get(failure.errno)
    return Message(known) if known else failure.strerror or type(failure).__name__
