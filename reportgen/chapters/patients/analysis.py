"""Patients: the course of each, drawn and listed."""

from __future__ import annotations

from typing import cast

import numpy as np

from reportgen.analyses import courses, outcomes
from reportgen.analyses import given_durations as given
from reportgen.analyses import patient_columns as columns
from reportgen.base.message import message
from reportgen.chapters.patients.facts import HEADS, KEY, MOST_SWIMS
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate, Results

MOST_ATTACHED = 1_000  # in the CSV file inside the PDF; whoever wants all asks for patients.csv


SOURCES = {"age": "age_at_start", "on_treatment": "treatment_stop", "relapse": "relapse_date"}


def analyse(cohort: Cohort) -> Results:
    """The course and the main facts of every patient, as plain rows in printed order."""
    external = cohort.settings.privacy.profile == "external"
    order = courses.printed_order(cohort)
    names = courses.labels(cohort, order[:MOST_ATTACHED])
    drawn = courses.swims(cohort, order, names) if cohort.n <= MOST_SWIMS else []
    facts = outcomes.context(cohort) | {
        "swims": drawn,
        "rows": _rows(cohort, order[:MOST_ATTACHED], names),
        "columns": _columns(cohort),
        "reviews": dict(cohort.reviews),
        "stops_known": not cohort.lacks(("patients.treatment_stop",)),
        "undrawn": cohort.n - len(drawn) if cohort.n <= MOST_SWIMS else 0,
        "cutoff": cohort.cutoff.isoformat() if cohort.cutoff and not external else None,
    }
    count = Estimate("count", section=KEY, value=cohort.n, n=cohort.n, method=message("patients analysed"))
    return Results((count,), facts={KEY: facts})


def _columns(cohort: Cohort) -> list[str]:
    """Those columns of the listing that the data have and the profile lets out."""
    absent = {name for name in HEADS if cohort.lacks((f"patients.{SOURCES.get(name, name)}",))}
    absent -= {"follow_up", "status"}
    if given.given(cohort, "relapse") is not None:
        absent -= {"relapse"}
    if cohort.settings.privacy.profile != "internal":
        absent.add("age")
    return [name for name in HEADS if name not in absent]


def _rows(cohort: Cohort, order: np.ndarray, names: list[str]) -> list[dict]:
    patients = cohort.patients
    cells = {
        "age": columns.amounts(patients, "age_at_start"),
        "sex": columns.words(patients, "sex"),
        "best_response": columns.words(patients, "best_response"),
        "on_treatment": columns.exposure_days(cohort),
        "stop_reason": columns.words(patients, "stop_reason"),
        "relapse": columns.relapse_days(cohort),
        "follow_up": columns.end_of_observation(cohort),
        "status": courses.status(cohort),
        "group": courses.group_names(cohort),
        "continuing": courses.continuing(cohort),
    }
    return [
        {"patient": name} | {column: _plain(values[i]) for column, values in cells.items()}
        for i, name in zip(order, names, strict=False)
    ]


def _plain(cell: object) -> str | float | bool | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, np.bool_):
        return bool(cell)
    number = float(cast(float, cell))
    return number if np.isfinite(number) else None
