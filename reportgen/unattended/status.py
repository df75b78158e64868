"""status.json: how the last run of a source, or of a batch, ended, for those who were not there.

It lies in OUTPUT/<source stem>/, beside the report and the folders of the periods, and is no part of any report:
publishing carries it from folder to folder, and no manifest names it. That of a batch lies in OUTPUT/.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from reportgen.publish.folder import beside, make_private, write_file
from reportgen.unattended.made_reports import LastGood
from reportgen.unattended.process import Process, lives

SCHEMA, NAME = "reportgen/status/1", "status.json"
RUNNING, DONE, REFUSED, FAILED, DIED = "running", "done", "refused", "failed", "died"
STATES = (RUNNING, DONE, REFUSED, FAILED)
T = TypeVar("T")


@dataclass(frozen=True)
class ReportEnd:
    """How one report of a run ended. cohort: its name, in a batch. See notices.event.Ended for the others."""

    period: str
    state: str
    exit: int | None
    what_failed: str
    cohort: str = ""


@dataclass(frozen=True)
class Told:
    """What became of a notice. by: command or mail; why: what kept it from being sent."""

    by: str
    sent: bool
    why: str = ""


@dataclass(frozen=True)
class Status:
    """How a run ended. state: one of STATES, or DIED of one that says that it is running but is no more.

    exit, ended: None while it runs; errors, warnings: in the data, None where they were not read; changed: whether
    any report differs from the one that was there, None where none was made; missing: the months without a report,
    PERIOD or PROFILE/PERIOD, in a batch COHORT/PERIOD; doubts: about sources as a whole.
    """

    state: str
    command: str = ""
    exit: int | None = None
    started: str = ""
    ended: str | None = None
    period: str = ""
    what_failed: str = ""
    errors: int | None = None
    warnings: int | None = None
    changed: bool | None = None
    doubts: tuple[str, ...] = ()
    reports: tuple[ReportEnd, ...] = ()
    missing: tuple[str, ...] = ()
    process: Process | None = None
    notices: tuple[Told, ...] = ()
    last_good: LastGood | None = None

    @property
    def died(self) -> bool:
        """Whether the run ended without a word."""
        return self.state == DIED


def as_json(status: Status) -> dict[str, Any]:
    """What status.json holds, in its order; only a batch names cohorts, and only a notice not sent says why."""
    said = asdict(status)
    return {
        "schema": SCHEMA,
        **said,
        "reports": [
            {name: value for name, value in one.items() if name != "cohort" or value}
            for one in said["reports"]
        ],
        "notices": [
            {name: value for name, value in one.items() if name != "why" or value} for one in said["notices"]
        ],
    }


def read_status(root: Path) -> Status | None:
    """The status of the last run; None where there is none that can be read.

    A run that says that it is running, but whose process is no more, is said to have died.
    """
    try:
        said = json.loads((root / NAME).read_bytes())
        json.dumps(said, ensure_ascii=False).encode()  # half of a surrogate pair could not be written again
        status = _read(said) if said["state"] in STATES else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
        return None  # something else lies there, or somebody wrote into it: it tells nothing
    if status is None or status.state != RUNNING or lives(status.process):
        return status
    return replace(status, state=DIED)


def _read(said: Mapping[str, Any]) -> Status:
    """TypeError or AttributeError for what is no status."""
    process, good = said.get("process"), said.get("last_good")
    return Status(
        said["state"],
        str(said.get("command", "")),
        _whole(said.get("exit")),
        str(said.get("started", "")),
        None if said.get("ended") is None else str(said["ended"]),
        str(said.get("period", "")),
        str(said.get("what_failed", "")),
        _whole(said.get("errors")),
        _whole(said.get("warnings")),
        None if said.get("changed") is None else bool(said["changed"]),
        _texts(said.get("doubts", [])),
        tuple(_typed(ReportEnd, one) for one in said.get("reports", [])),
        _texts(said.get("missing", [])),
        Process(int(process["pid"]), str(process["host"]), str(process["birth"])) if process else None,
        tuple(_typed(Told, one) for one in said.get("notices", [])),
        _typed(LastGood, good) if good else None,
    )


def _typed(kind: type[T], said: Mapping[str, Any]) -> T:
    """One of the types above, of fields of its own kinds alone: LookupError, TypeError or AttributeError else."""
    kinds = get_type_hints(kind)
    if not all(isinstance(value, kinds[name]) for name, value in said.items()):
        raise TypeError("a field of another kind")
    return kind(**said)


def _whole(said: object) -> int | None:
    return said if isinstance(said, int) else None


def _texts(said: list[str]) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise TypeError("not a list")
    return tuple(text for text in said if isinstance(text, str))


def is_odd(root: Path) -> bool:
    """Whether something lies in the place of the status that can't be read as one: half a file, or another's."""
    return (root / NAME).exists() and read_status(root) is None


def write_status(root: Path, status: Status) -> None:
    """Put status.json into the folder, whole or not at all, readable by the owner only. Raises OSError."""
    make_private(root)
    new = beside(root / NAME, f"{os.getpid()}.new")
    try:
        written = json.dumps(as_json(status), ensure_ascii=False, allow_nan=False, indent=1)
        write_file(new, (written + "\n").encode())
        new.replace(root / NAME)
    finally:
        new.unlink(missing_ok=True)
