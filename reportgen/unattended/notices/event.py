"""What a message is made of: how a run ended. Nothing in here comes from a cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.unattended.made_reports import LastGood


@dataclass(frozen=True)
class Ended:
    """How one report ended. state: done, refused or failed; exit: the exit status that it alone would have.

    what_failed: a sentence without patients. errors, warnings: in the data; None where they were not read. changed:
    whether any file differs from the report that was there. profile: empty where it is not known. doubts: about the
    source as a whole. cohort: its name, where there are several.
    """

    period: str
    state: str
    exit: int | None
    what_failed: str = ""
    errors: int | None = None
    warnings: int | None = None
    changed: bool = True
    profile: str = ""
    folder: Path | None = None
    doubts: tuple[str, ...] = ()
    cohort: str = ""


@dataclass(frozen=True)
class Event:
    """How a run ended, for those who hear of it.

    name: what the report is called; empty where nothing may name it. root: the folder of its reports, for this
    machine alone, since it is named after the source. last_good: as status.json has it.
    """

    command: str
    state: str
    exit: int | None
    reports: tuple[Ended, ...]
    started: str
    ended: str
    host: str
    root: Path
    name: str = ""
    named: bool = False
    last_good: LastGood | None = None
