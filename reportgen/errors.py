"""The kinds of trouble: wrong data, wrong settings, a machine that fails.

A statistic that does not exist is no trouble at all: it is an Estimate with a note (see stats.results).
A bug is none of these and propagates as what it is.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass, field

ERROR, WARNING, NOTE = "error", "warning", "note"
SHOWN = ("severity", "code", "sheet", "cell", "patient", "problem", "hint")


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong or doubtful in the data.

    severity: ERROR (no report is made), WARNING (the report says it) or NOTE (listed, nothing to do).
    code: a fixed word in capitals, such as DUPLICATE_ID. sheet and cell say where ("patients", "C7");
    patient is the id as written in the workbook, or None. problem says what was found, hint what to do.
    about tells apart questions that say the same of one patient, by what the row and column are, never by
    where they stand; it is no part of what is shown.
    """

    severity: str
    code: str
    sheet: str | None
    cell: str | None
    patient: str | None
    problem: str
    hint: str
    about: str = field(default="", repr=False)

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        who = f" (patient {self.patient})" if self.patient else ""
        return f"{self.severity} {self.code} {place}{who}: {self.problem}. {self.hint}"


def issue_row(issue: Issue) -> dict[str, str | None]:
    """An Issue as machines read it."""
    return {name: getattr(issue, name) for name in SHOWN}


class ReportError(Exception):
    """What a user can mend. `status` is the exit status of the command line."""

    status = 1


class UsageError(ReportError):
    """The command, or a setting, is not understood."""

    status = 2


class DataRefused(ReportError):
    """The data hold errors; nothing was published."""

    status = 3

    def __init__(self, issues: tuple[Issue, ...]):
        self.issues = tuple(issues)
        count = sum(issue.severity == ERROR for issue in self.issues)
        super().__init__(f"{count} error{'s' if count != 1 else ''} in the data; nothing was published.")


class MachineFailed(ReportError):
    """Disk, permission or a missing library."""

    status = 4


REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EFBIG: "the file is larger than is allowed here",
    errno.EACCES: "there is no permission",
    errno.EPERM: "there is no permission",
    errno.EROFS: "the file system can only be read",
    errno.ENOTDIR: "part of the path is a file, not a folder",
    errno.EEXIST: "part of the path is a file, not a folder",
    errno.EMFILE: "too many files are open",
    errno.EPIPE: "what read the output has gone",
    getattr(errno, "EDQUOT", None): "the disk quota is used up",
}


def reason(failure: OSError) -> str:
    """Why the machine failed, in words and without any path."""
    return REASONS.get(failure.errno) or failure.strerror or type(failure).__name__
