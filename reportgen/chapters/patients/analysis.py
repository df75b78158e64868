"""Patients: the course of each, drawn and listed."""

from __future__ import annotations

import numpy as np

from reportgen.analyses import courses, outcomes
from reportgen.analyses import given_durations as given
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.next_treatments import told_after_relapse
from reportgen.base.message import message
from reportgen.chapters.after_relapse.facts import MOST_LINES
from reportgen.chapters.patients.course_figures import drawn_courses
from reportgen.chapters.patients.facts import HEADS, KEY, MOST_SWIMS, OwnColumn, PatientFacts
from reportgen.chapters.patients.measurements import (
    drawn_measurements,
    measurement_counts,
    measurement_medians,
)
from reportgen.chapters.patients.oncoprints import drawn_findings, finding_shares
from reportgen.chapters.patients.own_columns import own_columns, withheld
from reportgen.chapters.shared.patient_courses import Courses, Listed
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.mapping.keys import name_key
from reportgen.stats.results import Estimate, Results

MOST_ATTACHED = 1_000  # in the CSV file inside the PDF; whoever wants all asks for patients.csv


SOURCES = {"age": "age_at_start", "on_treatment": "treatment_stop", "relapse": "relapse_date"}


def analyse(cohort: Cohort) -> Results:
    """The course and the main facts of every patient, as plain rows in printed order."""
    order = courses.printed_order(cohort)
    order = order[: max(MOST_ATTACHED, MOST_SWIMS)]
    names = courses.labels(cohort, order)
    rows = _rows(cohort, order[:MOST_ATTACHED], names[:MOST_ATTACHED])
    own = own_columns(cohort, order[:MOST_ATTACHED])
    facts = PatientFacts(
        **vars(outcomes.context(cohort)),
        courses=drawn_courses(cohort, order, names) if cohort.n <= MOST_SWIMS else Courses(()),
        rows=rows,
        columns=_columns(cohort, own),
        own=own,
        withheld=withheld(cohort),
        measurements=drawn_measurements(cohort),
        oncoprints=drawn_findings(cohort),
        reviews=dict(cohort.reviews),
    )
    count = Estimate("count", section=KEY, value=cohort.n, n=cohort.n, method=message("patients analysed"))
    rows = (*measurement_counts(cohort), *measurement_medians(cohort), *finding_shares(cohort))
    return Results((count, *rows), facts={KEY: facts})


def _columns(cohort: Cohort, own: tuple[OwnColumn, ...]) -> tuple[str, ...]:
    """Those columns of the listing that the data have and the profile lets out, as the settings order them."""
    absent = {name for name in HEADS if cohort.lacks((f"patients.{SOURCES.get(name, name)}",))}
    absent -= {"follow_up", "status", "after_relapse"}
    asked = list(map(name_key, cohort.settings.patients.columns))
    listed = np.isfinite(columns.relapse_days(cohort)).sum() <= MOST_LINES and "after_relapse" not in asked
    if cohort.treatments is None or listed:
        absent.add("after_relapse")  # fewer are listed by themselves
    if given.given(cohort, "relapse") is not None:
        absent -= {"relapse"}
    if cohort.settings.privacy.profile != "internal":
        absent.add("age")
    shown = [name for name in HEADS if name not in absent]
    there = {*shown, *(column.name for column in own)}
    return tuple(name for name in asked or shown if name in there)


def _rows(cohort: Cohort, order: np.ndarray, names: list[str]) -> tuple[Listed, ...]:
    patients = cohort.patients
    sex, best, reason = (
        columns.words(patients, name)[order] for name in ("sex", "best_response", "stop_reason")
    )
    age, on_treatment, relapse, follow_up = (
        days[order].tolist()
        for days in (
            columns.amounts(patients, "age_at_start"),
            columns.exposure_days(cohort),
            columns.relapse_days(cohort),
            columns.end_of_observation(cohort),
        )
    )
    status, group = courses.status(cohort)[order].tolist(), courses.group_names(cohort)[order].tolist()
    continuing = courses.continuing(cohort)[order]
    after = told_after_relapse(cohort, columns.relapse_days(cohort), order)
    return tuple(
        Listed(
            patient=name,
            group=group[i],
            age=_known(age[i]),
            on_treatment=_known(on_treatment[i]),
            relapse=_known(relapse[i]),
            follow_up=_known(follow_up[i]),
            status=status[i],
            continuing=bool(continuing[i]),
            sex=sex[i],
            best_response=best[i],
            stop_reason=reason[i],
            after_relapse=after.get(int(row)),
        )
        for i, (row, name) in enumerate(zip(order, names, strict=True))
    )


def _known(number: float) -> float | None:
    return number if np.isfinite(number) else None
