"""The report of one cohort of a batch, made by whichever process has it, and what the index says of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from reportgen.base.errors import WARNING
from reportgen.batch.cohort_results import ENDPOINTS, stems
from reportgen.batch.cohort_rows import Reported
from reportgen.batch.manifest import Entry
from reportgen.publish.folder import write_file
from reportgen.run.pipeline import build
from reportgen.unattended.followed import followed

ROW = "row.json"
# Libraries that a report needs are used by one report at a time in a process, whatever its number of threads.
ONE = Lock()
WANTED = (
    "response.response.all.proportion",
    "toxicity.any.all.grade_3_plus",
    "follow_up.all.all.median",
    "follow_up.reverse.all.median_time",
)
WANTED_AT = tuple(f"{stem}@" for endpoint in ENDPOINTS for stem in stems(endpoint))


@dataclass(frozen=True)
class Maker:
    """Makes the report of the cohort at a position; it is sent to every process."""

    entries: Sequence[Entry]

    def __call__(self, position: int) -> dict[str, bytes]:
        """{ROW: what report_of reads}; one report at a time in a process."""
        with ONE:
            return {ROW: json.dumps(asdict(_made(self.entries[position]))).encode()}


@dataclass(frozen=True)
class Once:
    """What `make` makes, but never twice: each position that is done leaves its file in a folder.

    So that nothing is made again when a process dies after it has published and before anybody heard of it.
    """

    make: Callable[[int], dict[str, bytes]]
    folder: Path

    def __call__(self, position: int) -> dict[str, bytes]:
        """What `make` gives of the position, or gave; a file appears only when all of it is written."""
        done = self.folder / f"{position}.json"
        if not done.exists():
            made = {name: content.decode() for name, content in self.make(position).items()}
            part = self.folder / f"{position}.{os.getpid()}"
            write_file(part, json.dumps(made).encode())
            part.replace(done)
        return {name: text.encode() for name, text in json.loads(done.read_bytes()).items()}


def report_of(content: bytes) -> Reported:
    """What a Maker wrote of a report."""
    found: dict[str, Any] = json.loads(content)
    found.update({name: tuple(found[name]) for name in ("files", "estimates", "doubts")})
    return Reported(**found)


def _made(entry: Entry) -> Reported:
    """Build, and what a reader of the index wants to know: the estimates as results.json has them."""
    with followed(entry.request, "build") as run:
        outcome = run.attempt(entry.request, build)
    report = reported_in(outcome.folder)
    warnings = sum(issue.severity == WARNING for issue in outcome.issues)
    # What is wrong in the data is nobody's business outside, not even how much.
    told = None if report.profile == "external" else warnings
    return replace(report, warnings=told, kept=outcome.kept, doubts=tuple(outcome.doubts))


def reported_in(folder: Path) -> Reported:
    """What the index says of a published report."""
    results = json.loads((folder / "results.json").read_bytes())
    about, settings = results["provenance"], results["provenance"]["settings"]
    return Reported(
        patients=about["patients"],
        folder=str(folder),
        files=tuple(sorted(path.name for path in folder.iterdir() if path.is_file())),
        cutoff=about["cutoff"],
        profile=settings["privacy"]["profile"],
        unit=settings["time_unit"],
        language=settings["language"],
        estimates=tuple(
            e for e in results["estimates"] if e["id"] in WANTED or e["id"].startswith(WANTED_AT)
        ),
        diagnosis=settings.get("diagnosis", ""),
    )
