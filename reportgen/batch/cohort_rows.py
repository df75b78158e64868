"""What the index of a batch says of one cohort: how its run ended, and the figures of its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCHEMA = "reportgen/batch/1"
# What batch.json says of a cohort.
SHOWN = ("name", "exit", "why", "todo", "period", "cutoff", "profile", "patients", "warnings", "link")


@dataclass(frozen=True)
class Reported:
    """A published report. patients: None where their number is masked; warnings: how many questions, None where that
    is not told. folder, files: where it lies and what is in it. kept, doubts: what the run said of itself. unit: of
    times; estimates: those of results.json that the index shows, as its rows have them.
    """

    patients: int | None
    folder: str
    files: tuple[str, ...]
    cutoff: str | None
    profile: str
    unit: str
    language: str
    estimates: tuple[Mapping, ...]
    diagnosis: str = ""
    warnings: int | None = None
    kept: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class CohortRow:
    """A cohort of a batch. exit: the status of its run, why it failed and what to do about it; what_failed: the same
    as its own status.json has it. reported: None where this run published nothing of it. link: the way from the index
    to its report, "" where that lies elsewhere.
    """

    name: str
    period: str
    exit: int = 0
    why: str = ""
    todo: str = ""
    what_failed: str = ""
    reported: Reported | None = None
    link: str = ""

    def said(self, *names: str) -> dict[str, object]:
        """The fields of these names, of the row or of its report, None where there is none: for JSON."""
        return {name: getattr(self, name, getattr(self.reported, name, None)) for name in names}
