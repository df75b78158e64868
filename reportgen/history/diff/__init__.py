"""Two published runs side by side: what changed between them, patient by patient and estimate by estimate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from reportgen.base.required import required
from reportgen.chapters import changes
from reportgen.chapters.changes.facts import ChangesFacts
from reportgen.cohort.changes.previous_report import Earlier, Questions
from reportgen.cohort.changes.stepwise import tables_of
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.derive import derive_endpoints
from reportgen.history.diff.causes import causes, features_of
from reportgen.history.diff.folders import Folder, read_folder
from reportgen.history.diff.patient_changes import Patient, by_patient
from reportgen.history.previous_run import earlier
from reportgen.history.runs import Run
from reportgen.settings.from_manifest import recorded_settings
from reportgen.stats.results import Results

Row = Mapping[str, Any]
COMPARED = ("value", "low", "high", "n", "events", "at_risk")
WORDS = ("method", "note")


@dataclass(frozen=True)
class Difference:
    """What differs between two runs. results: of the chapter `changes`, where the history holds both of them.

    patients: everybody who is new or gone, or of whom a cell, an event or a query differs. estimates: every one
    of results.json that differs, by id, as (then, now); None where a run lacks it. curves: ids of those that do.
    causes: by id, whether "program" (or settings) or "data" moved it, or both; absent where that can't be told.
    """

    old: Folder
    new: Folder
    earlier: Earlier
    results: Results | None
    patients: tuple[Patient, ...]
    estimates: Mapping[str, tuple[Row | None, Row | None]]
    curves: tuple[str, ...]
    causes: Mapping[str, tuple[str, ...]]

    @property
    def facts(self) -> ChangesFacts | None:
        """What the chapter `changes` says beside numbers; None where the values were not compared."""
        return self.results.facts[changes.KEY] if self.results else None

    @property
    def other_source(self) -> bool:
        """Whether the runs are of sources with different names: patients are then the same if their ids are."""
        return self.old.source != self.new.source

    @property
    def different(self) -> bool:
        """Whether anything differs but what the runs are called, when they are of and what formats were made."""
        told = self.earlier
        asked = told.questions.opened or told.questions.closed
        columns = any(not c.patient for c in self.facts.corrections) if self.facts else False
        return bool(self.estimates or self.curves or self.patients or columns or asked or told.changes)


def difference(old: Path, new: Path, config: Path | None = None) -> Difference:
    """Compare two run folders. config: a report.toml that says where their history is, if not beside them.

    Raises UsageError where a folder holds no run. Where the history does not hold both runs as they were
    published, the values are not compared, and `results` is None.
    """
    return between(read_folder(old, config), read_folder(new, config))


def between(before: Folder, after: Folder) -> Difference:
    """Compare two runs that were read; the folder of the first may hold another run by now."""
    told = earlier(before.run, after.run)
    if "internal" in (before.profile, after.profile) and before.profile != after.profile:
        # A report that leaves the ward asks nothing: the other's queries were not answered.
        told = replace(told, questions=Questions())
    results, tables = None, None
    if before.run.tables is not None and after.run.tables is not None:
        cohort = _cohort(after.run, told)
        results, tables = changes.analyse(cohort), tables_of(cohort)
        whole = replace(results.facts[changes.KEY], most_rows=None, most_named=None)
        results = replace(results, facts={changes.KEY: whole})
    facts = results.facts[changes.KEY] if results else None
    estimates = _estimates(before.run, after.run, words=not any(c.kind == "version" for c in told.changes))
    return Difference(
        before,
        after,
        told,
        results,
        by_patient(facts, before.run.tables, tables, told.questions),
        estimates,
        tuple(
            id
            for id in dict.fromkeys((*before.curves, *after.curves))
            if before.curves.get(id) != after.curves.get(id)
        ),
        causes(estimates, bool(told.changes), _as_it_was(before.run, after.run, told)),
    )


def _as_it_was(then: Run, now: Run, told: Earlier) -> Cohort | None:
    """The earlier run's cohort under the settings of the later one; None where it was not kept as a whole."""
    features = features_of(then.about)
    if then.tables is None or features is None or then.cutoff is None:
        return None
    about = {
        **now.about,
        "labels": {**now.about["labels"], **then.about["labels"]},
        "source": then.about["source"],
    }
    cohort = _cohort(replace(then, about=about), told)
    return replace(cohort, features=features, cutoff_given=bool(then.about["cutoff_given"]))


def _cohort(run: Run, told: Earlier) -> Cohort:
    """The cohort of a run, as far as the comparison needs it."""
    settings, labels, tables = (
        recorded_settings(run.about["settings"]),
        run.about["labels"],
        required(run.tables),
    )
    endpoints, unavailable = derive_endpoints(
        tables["patients"], settings, labels, tables.get("assessments"), tables.get("treatments")
    )
    return Cohort(
        settings=settings,
        endpoints=endpoints,
        unavailable=unavailable,
        labels=labels,
        cutoff=run.cutoff,
        source=run.about["source"],
        earlier=told,
        **cast(dict[str, Any], tables),
    )


def _estimates(then: Run, now: Run, words: bool) -> dict[str, tuple[Row | None, Row | None]]:
    """Those that differ; words: also those of another method or reason, which another version may call otherwise."""
    before, after = (
        {row["id"]: row for row in run.estimates if row["section"] != changes.KEY} for run in (then, now)
    )
    return {
        id: (before.get(id), after.get(id))
        for id in dict.fromkeys((*before, *after))
        if _compared(before.get(id), words) != _compared(after.get(id), words)
    }


def _compared(row: Row | None, words: bool) -> tuple | None:
    return None if row is None else tuple(row[name] for name in (*COMPARED, *(WORDS if words else ())))
