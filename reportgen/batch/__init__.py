"""Many cohorts at once: manifest → one report each, in parallel, a fault in one nobody else's → an index of all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reportgen.base.errors import DataRefused, MachineFailed, ReportError, UsageError, reason
from reportgen.base.message import N_
from reportgen.batch.index import DATA, PAGE, index_files
from reportgen.batch.making import ROW, Maker, Once
from reportgen.batch.manifest import Asked, Entry, absolute, read_manifest
from reportgen.parallel.pool import Made, make_all, processors
from reportgen.publish.folder import locked, make_private
from reportgen.publish.single_file import amend

ADVICE = {
    1: N_("Run build on it alone with REPORTGEN_TRACEBACK=1, and report what it says"),
    2: N_("Mend the manifest or the settings"),
    3: N_("Run check on it: it says every cell and writes queries.xlsx"),
    4: N_("Run doctor; then run it again"),
}


@dataclass(frozen=True)
class BatchRequest:
    """What the user asked for. workers: processes at once, 0: one per processor; scheduler: of a Dask cluster."""

    manifest: Path
    asked: Asked
    workers: int = 0
    scheduler: str = ""


@dataclass(frozen=True)
class BatchOutcome:
    """The index and what came of every cohort: its row, in the order of the manifest."""

    index: Path
    rows: tuple[Mapping, ...]

    @property
    def failed(self) -> tuple[Mapping, ...]:
        return tuple(row for row in self.rows if row["exit"])


class SomeFailed(ReportError):
    """Some cohorts have no report of this run; those of the others were published."""

    status = DataRefused.status
    answered = True

    def __init__(self, outcome: BatchOutcome):
        self.outcome = outcome
        count, lines = len(outcome.failed), (f"{row['name']}: {row['why']}" for row in outcome.failed)
        super().__init__(
            "\n  ".join((f"{count} of {len(outcome.rows)} cohort{'s' if len(outcome.rows) > 1 else ''} not reported.",
                         *lines))
        )  # fmt: skip


def batch(
    request: BatchRequest, count: Callable[[int, int, int], None] = lambda done, total, failed: None
) -> BatchOutcome:
    """Make the reports of all cohorts of a manifest, and index.html and batch.json over them.

    count: called with how many are done, of how many, and how many of them failed. Raises UsageError for a
    manifest that is not understood, MachineFailed where the index can't be written or no cluster answers, and
    SomeFailed, after the index was written, when some cohorts have no report.
    """
    entries, output = read_manifest(request.manifest, request.asked)
    entries = tuple(map(absolute, entries))
    with _ledger(output) as ledger:
        made = _make(Once(Maker(entries), ledger), len(entries), request, count)
    rows = tuple(_row(entry, made[place]) for place, entry in enumerate(entries))
    amend(index_files(rows, output.absolute()), output)
    outcome = BatchOutcome(output / PAGE, rows)
    if outcome.failed:
        raise SomeFailed(outcome)
    return outcome


def _make(make: Once, total: int, request: BatchRequest, count: Callable) -> dict[int, Made]:
    made: dict[int, Made] = {}

    def done(one: Made) -> None:
        made[one.position] = one
        count(len(made), total, sum(bool(other.status) for other in made.values()))

    count(0, total, 0)
    if request.scheduler:
        from reportgen.parallel.cluster import make_all_on

        make_all_on(request.scheduler, make, range(total), done)
    else:
        # Never in this process: what kills one report must not take the others with it.
        make_all(make, range(total), min(request.workers or processors(), total), done, few=0)
    return made


def _row(entry: Entry, made: Made) -> dict:
    known = {"name": entry.name, "period": entry.request.period, "exit": made.status, "why": made.failure,
             "todo": ADVICE.get(made.status, "")}  # fmt: skip
    return known | (json.loads(made.files[ROW]) if not made.status else {})


@contextmanager
def _ledger(output: Path):
    """A folder for what each process has done; one batch at a time works in an output folder."""
    place = output.absolute() / ".batch"
    try:
        make_private(place.parent)
        with locked(place):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700)
            try:
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)
    except OSError as failure:
        raise MachineFailed(
            f"the batch can't work in {output}: {reason(failure)}. Mend this, or choose another folder with --output."
        ) from failure


__all__ = ["DATA", "PAGE", "Asked", "BatchOutcome", "BatchRequest", "SomeFailed", "UsageError", "batch"]
