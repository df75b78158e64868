"""What verifying says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One thing that is not what it claims to be.

    kind: "missing", "extra" or "changed" (a file), "attachment" (inside the PDF), "input", "number" (an
    estimate or curve), "page" (HTML, PDF or Word) or "second implementation". name: the file, or the id of the
    estimate or curve. published and found: both values, where there are two.
    """

    kind: str
    name: str
    problem: str
    published: object = None
    found: object = None

    def __str__(self) -> str:
        two = self.published is not None or self.found is not None
        values = f" (published: {_shown(self.published)}; found: {_shown(self.found)})" if two else ""
        return f"{self.name}: {self.problem}{values}"


@dataclass(frozen=True)
class Verdict:
    """What was compared, and what was found. checked: what → how many; notes: what limits the proof.

    made_by: the version that made the run, where it is not this program that did, and it was made again.
    """

    run: Path
    checked: Mapping[str, int]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    made_by: str = ""

    @property
    def intact(self) -> bool:
        """Whether nothing was found to differ."""
        return not self.findings


@dataclass(frozen=True)
class Rebuilt:
    """The part of a verdict that comes from the source."""

    checked: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    made_by: str = ""


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
