"""Many cohorts at once: manifest → one report each, in parallel, a fault in one nobody else's → an index of all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reportgen.base.errors import DataRefused, MachineFailed, ReportError, UsageError, reason
from reportgen.base.message import N_
from reportgen.batch.cohort_rows import CohortRow
from reportgen.batch.index import DATA, PAGE, index_files
from reportgen.batch.making import ROW, Maker, Once, report_of, reported_in
from reportgen.batch.manifest import Asked, Entry, absolute, read_manifest
from reportgen.batch.unattended import followed, last_report, rounds
from reportgen.parallel.pool import Made, make_all, processors
from reportgen.publish.folder import locked, make_private
from reportgen.publish.single_file import amend
from reportgen.run.pipeline import root_of
from reportgen.unattended.status import read_status

ADVICE = {
    1: N_("Run build on it alone with REPORTGEN_TRACEBACK=1, and report what it says"),
    2: N_("Mend the manifest or the settings"),
    3: N_("Run check on it: it says every cell and writes queries.xlsx"),
    4: N_("Run doctor; then run it again"),
}


@dataclass(frozen=True)
class BatchRequest:
    """What the user asked for. workers: processes at once, 0: one per processor; scheduler: of a Dask cluster.

    catch_up: every complete month that a cohort lacks, in place of a period.
    """

    manifest: Path
    asked: Asked
    workers: int = 0
    scheduler: str = ""
    catch_up: bool = False


@dataclass(frozen=True)
class BatchOutcome:
    """The index and what came of every cohort that was made: its row, in the order of the manifest, month by month."""

    index: Path
    rows: tuple[CohortRow, ...]

    @property
    def failed(self) -> tuple[CohortRow, ...]:
        """The rows of the cohorts whose run did not end with 0."""
        return tuple(row for row in self.rows if row.exit)


class SomeFailed(ReportError):
    """Some cohorts have no report of this run; those of the others were published."""

    status = DataRefused.status
    answered = True
    named = False

    def __init__(self, outcome: BatchOutcome):
        self.outcome = outcome
        count, lines = len(outcome.failed), (f"{row.name}: {row.why}" for row in outcome.failed)
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
    with followed(request.manifest, output) as told:
        outcome = _batch(request, entries, output, count)
        told.append(outcome)
    if outcome.failed:
        raise SomeFailed(outcome)
    return outcome


def _batch(
    request: BatchRequest, entries: tuple[Entry, ...], output: Path, count: Callable[[int, int, int], None]
) -> BatchOutcome:
    """Every round of a batch: one, or with --catch-up one for each month that somebody lacks, the oldest first."""
    rows: list[CohortRow] = []
    shown: dict[str, CohortRow] = {}
    with _ledger(output) as ledger:
        for place, those in enumerate(rounds(entries, date.today()) if request.catch_up else [entries]):
            (ledger / str(place)).mkdir(mode=0o700)
            made = _make(Once(Maker(those), ledger / str(place)), len(those), request, count)
            new = [_row(entry, made[position]) for position, entry in enumerate(those)]
            rows += new
            shown |= {row.name: row for row in new}
    if rows:
        listed = [shown.get(entry.name) or _published(entry) for entry in entries]
        amend(index_files([row for row in listed if row], output.absolute()), output)
    return BatchOutcome(output / PAGE, tuple(rows))


def _published(entry: Entry) -> CohortRow | None:
    """The row of a cohort whose reports are all there already: of the last of them."""
    found = last_report(entry)
    if found is None:
        return None
    folder, period = found
    return CohortRow(entry.name, period, reported=reported_in(folder))


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


def _row(entry: Entry, made: Made) -> CohortRow:
    row = CohortRow(entry.name, entry.request.period, made.status, made.failure, ADVICE.get(made.status, ""))
    if made.status:
        return replace(row, what_failed=_what_failed(entry))
    return replace(row, reported=report_of(made.files[ROW]))


def _what_failed(entry: Entry) -> str:
    """Why a cohort has no report, with the codes of its errors, as its own status.json has it."""
    try:
        status = read_status(root_of(entry.request))
        return status.what_failed if status else ""
    except UsageError:
        return ""


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
