"""Before a report is made: what the one before it knew. After it was published: keep it for the next.

Only reports for the ward itself have a history. What differs between two releases can tell of a single
patient, and the values behind a protected report must not lie beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reportgen.cohort.cohort import Cohort
from reportgen.cohort.stepwise import tables_of
from reportgen.history.earlier import earlier, past, present_run
from reportgen.history.runs import Run, load, outline, periods, save
from reportgen.history.store import place_of, reading, writing
from reportgen.queries import Asked, read_asked
from reportgen.run_files import program_sha256, sha256, versions

# Beyond this the values of a cohort are not kept: a hundred thousand patients would add a gigabyte a year.
MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class Kept:
    """A run between reading and publishing. place: of its history; run: None where none is kept."""

    cohort: Cohort
    place: Path | str
    run: Run | None


def compare(cohort: Cohort, root: Path, period: str) -> Kept:
    """The cohort with what the report of the period before knew. root: OUTPUT/<source stem>.

    A run without a period is kept for `diff`, but compared with none. Nothing is kept but of internal reports.
    """
    place = cohort.settings.history.url or place_of(root)
    if cohort.settings.privacy.profile != "internal":
        return Kept(cohort, place, None)
    with reading(place) as session:
        before = tuple(known for known in periods(session, root.name) if known < period) if session else ()
        last = load(session, root.name, before[-1]) if before else None
        run = present_run(cohort, root.name, period, made_with(), last)
        if last is None:
            return Kept(cohort, place, run)
        trend = tuple(past(outline(session, root.name, known)) for known in before)
    return Kept(replace(cohort, earlier=earlier(last, run, trend)), place, run)


def keep(kept: Kept, results: bytes) -> None:
    """Keep a published run; results: its results.json."""
    if kept.run is None:
        return
    tables = tables_of(kept.cohort)
    cells = sum(table.frame.size for table in tables.values())
    about = {**kept.run.about, "results": sha256(results)}
    rows = tuple(json.loads(results)["estimates"])
    run = replace(kept.run, about=about, estimates=rows, tables=tables if cells <= MOST_CELLS else None)
    with writing(kept.place) as session:
        save(session, run)


def made_with() -> dict[str, object]:
    """What could change a number though no value did."""
    return {"versions": versions(), "program": program_sha256()}


def asked_before(kept: Kept, root: Path) -> Asked:
    """What is known of the questions: since when each is open, and the answers written beside them.

    Between periods the history knows since when; answers are carried on from the folder of the last period.
    """
    if kept.run is None or not kept.run.period:
        return read_asked(root / (kept.run.period if kept.run else ""))
    last = kept.cohort.earlier
    answers = read_asked(root / last.last.name).answers if last else {}
    since = {q.id: date.fromisoformat(q.since) for q in kept.run.questions if q.since}
    return Asked(since, {**answers, **read_asked(root / kept.run.period).answers})
