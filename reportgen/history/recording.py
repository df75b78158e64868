"""Before a report is made: what the one before it knew. After it was published: keep it for the next.

A run is written down before it is published, as announced, and counts once its results.json is in its folder.
So a run that is killed in between is lost neither to its folder nor to the history: whoever looks next settles it.

Only reports for the ward itself have a history. What differs between two releases can tell of a single
patient, and the values behind a protected report must not lie beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from reportgen.base.required import required
from reportgen.cohort.changes.stepwise import tables_of
from reportgen.cohort.cohort import Cohort
from reportgen.history.answers import Taken
from reportgen.history.previous_run import earlier, known_as_now, past, present_run
from reportgen.history.runs import ANNOUNCED, Run, announced, load, outline, periods, promote, save
from reportgen.history.session import Session
from reportgen.history.store import place_of, writing
from reportgen.publish.queries import Asked
from reportgen.publish.report_folders import PERIOD
from reportgen.publish.run_files import program_sha256, sha256, versions

# Beyond this the values of a cohort are not kept: a hundred thousand patients would add a gigabyte a year.
MOST_CELLS = 2_000_000
# How far back the figure of the main estimates goes.
MOST_REPORTS = 12
LOST = (
    "the history of this source is not there, though there are earlier reports: this one is compared with none of "
    "them, and its questions count as new. Put the history back beside the reports, or name it under [history]."
)


@dataclass(frozen=True)
class Kept:
    """A run between reading and publishing. root: OUTPUT/<source stem>; place: of its history; run: None where
    none is kept."""

    cohort: Cohort
    root: Path
    place: Path | str
    run: Run | None


def compare(cohort: Cohort, root: Path, period: str) -> Kept:
    """The cohort with what the report of the period before knew. root: OUTPUT/<source stem>.

    A run without a period is kept for `diff`, but compared with none. Nothing is kept but of internal reports.
    """
    place = cohort.settings.history.url or place_of(root)
    if cohort.settings.privacy.profile != "internal":
        return Kept(cohort, root, place, None)
    if isinstance(place, Path) and not place.is_file():
        return Kept(cohort, root, place, present_run(cohort, root.name, period, made_with(), None))
    with writing(place) as session:
        settle(session, root)
        before = tuple(known for known in periods(session, root.name) if known < period)
        last = known_as_now(required(load(session, root.name, before[-1])), cohort) if before else None
        run = present_run(cohort, root.name, period, made_with(), last)
        if last is None:
            return Kept(cohort, root, place, run)
        trend = tuple(past(required(outline(session, root.name, known))) for known in before[-MOST_REPORTS:])
    return Kept(replace(cohort, earlier=earlier(last, run, trend)), root, place, run)


def begun_anew(kept: Kept) -> tuple[str, ...]:
    """What is to be said where a report begins a history though there are earlier ones: theirs was moved or deleted."""
    if kept.run is None or not isinstance(kept.place, Path) or kept.place.is_file():
        return ()
    earlier = (kept.root, *(path for path in kept.root.glob("*") if PERIOD.fullmatch(path.name)))
    return (LOST,) if any((folder / "manifest.json").is_file() for folder in earlier) else ()


def announce(kept: Kept, results: bytes) -> Kept:
    """Write down a run that is about to be published, beside the one that it will replace.

    results: its results.json.
    """
    if kept.run is None:
        return kept
    tables = tables_of(kept.cohort)
    cells = sum(table.frame.size for table in tables.values())
    run = replace(
        kept.run,
        about={**kept.run.about, "results": sha256(results)},
        estimates=tuple(json.loads(results)["estimates"]),
        tables=tables if cells <= MOST_CELLS else None,
    )
    with writing(kept.place) as session:
        save(session, replace(run, period=ANNOUNCED + run.period))
    return replace(kept, run=run)


def keep(kept: Kept) -> None:
    """Let an announced run count, now that it is published. Should this fail, the next run settles it."""
    if kept.run is None:
        return
    with writing(kept.place) as session:
        found = announced(session, kept.run.cohort).get(kept.run.period)
        if found == kept.run.about["results"]:
            promote(session, kept.run.cohort, kept.run.period)
        else:  # another run of this period has announced itself since
            save(session, kept.run)


def settle(session: Session, root: Path) -> None:
    """Let every announced run count whose results.json is in its folder: it was killed after it had published."""
    for period, results in announced(session, root.name).items():
        path = root / period / "results.json"
        if path.is_file() and sha256(path.read_bytes()) == results:
            promote(session, root.name, period)


def made_with() -> dict[str, object]:
    """What could change a number though no value did."""
    return {"versions": versions(), "program": program_sha256()}


def asked_before(kept: Kept, taken: Taken | None) -> Asked:
    """What is known of the questions: since when each is open, and the answers written beside them.

    Between periods the history knows since when. Reports for others ask nothing: taken is None then.
    """
    if kept.run is None or taken is None:
        return Asked()
    asked = taken.asked_on(seen_until(kept.cohort))
    if not kept.run.period:
        return asked
    since = {q.id: date.fromisoformat(q.since) for q in kept.run.questions if q.since}
    return replace(asked, since={**asked.since, **since})


def seen_until(cohort: Cohort) -> date | None:
    """The day until which a cohort sees the data; None where it sees all."""
    return cohort.cutoff if cohort.cutoff_given else None
