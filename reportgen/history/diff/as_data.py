"""A Difference as plain data, for machines: times in days, nothing rounded. docs/monthly.md explains every field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from reportgen.base.message import joined, message
from reportgen.base.required import required
from reportgen.chapters import changes
from reportgen.history.diff import Difference
from reportgen.history.diff.folders import Folder
from reportgen.history.diff.patient_changes import Patient

DIFF_SCHEMA = "reportgen/diff/1"
SHOWN = ("value", "low", "high", "n", "events", "method", "note")


def as_json(found: Difference) -> dict:
    """The fields of `diff --json`, schema DIFF_SCHEMA."""
    facts = found.facts
    questions = asdict(found.earlier.questions)
    return {
        "schema": DIFF_SCHEMA,
        "old": _about(found.old),
        "new": _about(found.new),
        "different": found.different,
        "values_compared": found.results is not None,
        "reason": why_not(found),
        "events": [asdict(kind) for kind in facts.happened] if facts else [],
        "corrections": [asdict(c) for c in facts.corrections] if facts else [],
        "patients": [_patient(patient) for patient in found.patients],
        "queries": {name: list(asked) for name, asked in questions.items()},
        "settings": [asdict(change) for change in found.earlier.changes],
        "estimates": [
            {
                "id": id,
                "then": _shown(then),
                "now": _shown(now),
                "parts": _parts(found, required(now or then)),
                "moved_by": list(found.causes[id]) if id in found.causes else None,
            }
            for id, (then, now) in found.estimates.items()
        ],
        "curves": list(found.curves),
    }


def _patient(patient: Patient) -> dict:
    """Whom its values and queries are of is said once."""
    return {
        "patient": patient.patient,
        "state": patient.state,
        "values": [_nameless(asdict(value)) for value in patient.values],
        "events": [asdict(event) for event in patient.events],
        "queries": [{"state": one.state, **_nameless(asdict(one.question))} for one in patient.queries],
    }


def _nameless(fields: dict) -> dict:
    return {name: value for name, value in fields.items() if name != "patient"}


def why_not(found: Difference) -> str:
    """Why values were not compared; "" where they were."""
    reasons = []
    for folder in (found.old, found.new):
        if folder.run.tables is None:
            why = message("the history does not hold it as it was published")
            if folder.profile != "internal":
                why = message("no values are kept of a report of profile {profile}", profile=folder.profile)
            elif folder.kept:
                why = message("its values were too many to be kept")
            reasons.append(message("{place}: {what}", place=str(folder.path), what=why))
    return joined(reasons)


def _about(folder: Folder) -> dict:
    run = folder.run
    return {
        "folder": str(folder.path),
        "source": folder.source or None,
        "profile": folder.profile,
        "period": run.period or None,
        "cutoff": run.cutoff.isoformat() if run.cutoff else None,
        "in_history": folder.kept,
    }


def _shown(row: Mapping | None) -> dict | None:
    return None if row is None else {name: row[name] for name in SHOWN}


def _parts(found: Difference, row: Mapping) -> dict | None:
    """How much of a main estimate's change each part explains; None for other estimates, and where it can't be told."""
    if found.results is None or row["id"] not in {main.id for main in required(found.facts).main}:
        return None
    mine = {
        e.group: e.value
        for e in found.results.select(
            section=changes.KEY, statistic=f"{row['statistic']}_change", endpoint=row["endpoint"],
            variable=row["variable"], time=row["time"],
        )
    }  # fmt: skip
    return mine if mine and None not in mine.values() else None
