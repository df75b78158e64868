"""The course of every patient, as it is drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from reportgen.analyses import courses, tumours
from reportgen.analyses import given_durations as given
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.doses import Level, dose_levels
from reportgen.analyses.own_marks import OwnMark, own_marks
from reportgen.analyses.response_states import States, cut, response_states
from reportgen.analyses.separation import separating
from reportgen.base.required import required
from reportgen.chapters.shared.patient_courses import (
    DIED,
    OTHERS,
    OUTCOMES,
    OWN,
    RELAPSED,
    STOPPED,
    TREATED,
    Course,
    Courses,
    Event,
    Stretch,
    Trait,
)
from reportgen.cohort.cohort import Cohort

MOST_TRAITS = 5
SEVERE = 3


def drawn_courses(cohort: Cohort, order: np.ndarray, names: list[str]) -> Courses:
    """The courses of the patients whose end of observation is known, in printed order."""
    end, states = columns.end_of_observation(cohort), response_states(cohort)
    stops_known = not cohort.lacks(("patients.treatment_stop",))
    event, happened = _event(cohort)
    traits, examined = separating(cohort, happened, MOST_TRAITS)
    stretches = _stretches(cohort, end, states, stops_known)
    own = own_marks(cohort)
    marks, severe, sizes = _events(cohort, end, own), _severe(cohort, end), _sizes(cohort)
    group, status = courses.group_names(cohort).tolist(), _status(cohort).tolist()
    outcome, alive = _outcomes(cohort).tolist(), columns.alive(cohort)
    drawn = [
        Course(
            label=name,
            group=group[i],
            outcome=outcome[i],
            end=float(end[i]),
            ongoing=bool(alive[i]),
            stretches=stretches[i],
            events=marks[i],
            severe=tuple(severe.get(i, ())),
            sizes=sizes.get(i, ()),
            cells=tuple(trait.has[i] for trait in traits),
            status=status[i] or "",
        )
        for i, name in zip(order, names, strict=True)
        if np.isfinite(end[i])
    ]
    if not any(one.group for one in drawn):
        drawn.sort(key=lambda one: OUTCOMES.index(one.outcome))
    return Courses(
        patients=tuple(drawn),
        traits=tuple(
            Trait(t.feature.name, t.feature.label, t.level, t.feature.kind == "yes/no", t.ours, t.having, t.others,
                  abs(t.apart - traits[0].apart) < 1e-9)
            for t in traits
        ),
        examined=examined,
        event=event,
        undrawn=cohort.n - len(drawn),
        stops_known=stops_known,
        undated=bool(states.undated),
        own=tuple(mark.name for mark in own),
        cutoff=cohort.cutoff.isoformat() if cohort.cutoff and not _outside(cohort) else None,
        unrecorded=_unrecorded(cohort),
    )  # fmt: skip


def _unrecorded(cohort: Cohort) -> tuple[str, ...]:
    """The kinds of event of which no column and no given duration tells."""
    told = {
        "response": ("best_response", "response_date"),
        "relapse": ("relapse_date",),
        "stop": ("treatment_stop", "stop_reason"),
        "death": ("vital_status", "death_date"),
    }
    by_duration = {
        "relapse": given.relapses(cohort) is not None,
        "death": bool(np.isfinite(given.last_seen(cohort)).any()),
    }
    return tuple(
        kind
        for kind, names in told.items()
        if all(cohort.lacks((f"patients.{name}",)) for name in names) and not by_duration.get(kind)
    )


def _outside(cohort: Cohort) -> bool:
    return cohort.settings.privacy.profile == "external"


def _event(cohort: Cohort) -> tuple[str, np.ndarray]:
    """What the features are to set apart: relapse where any occurred, else death; "" where neither did."""
    relapsed, dead = np.isfinite(columns.relapse_days(cohort)), columns.dead(cohort)
    if relapsed.any():
        return "relapse", relapsed
    return ("death" if dead.any() else ""), dead


def _outcomes(cohort: Cohort) -> np.ndarray:
    """What patients are put together by: relapse, else death, else whether treatment stopped."""
    found = np.full(cohort.n, OTHERS, object)
    if not cohort.lacks(("patients.treatment_stop",)):
        found[:] = np.where(columns.stopped(cohort), STOPPED, TREATED)
    found[columns.dead(cohort)] = DIED
    found[np.isfinite(columns.relapse_days(cohort))] = RELAPSED
    return found


def _stretches(
    cohort: Cohort, end: np.ndarray, states: States, stops_known: bool
) -> list[tuple[Stretch, ...]]:
    """Per patient the phases of treatment, cut where the state of response changes."""
    stop, begun = columns.days(cohort.patients, "treatment_stop"), columns.treatment_days(cohort)
    levels = dose_levels(cohort)
    later, ids = courses.later_lines(cohort), cohort.patients.frame["patient_id"].tolist()
    found = []
    for i in range(cohort.n):
        last = float(end[i])
        if not np.isfinite(last):
            found.append(())
            continue
        lines = later.get(ids[i], ())
        phases = [(0.0, last, "off")]
        if stops_known:
            phases = courses.phases(float(stop[i]), last, lines, float(begun[i]))
        parts, line = [], 1
        for start, until, phase in phases:
            line += phase == "next_line"
            for place, (a, b, state) in enumerate(cut(start, until, states.changes[i])):
                begins = line if phase == "next_line" and not place else 0
                known = levels.get(i, ()) if phase == "treatment" else ()
                parts += [
                    Stretch(since, until, state, phase, begins, dose)
                    for since, until, dose in _by_dose(a, b, known)
                ]
        found.append(tuple(parts))
    return found


def _by_dose(start: float, stop: float, levels: Sequence[Level]) -> list[tuple[float, float, float]]:
    """A stretch cut where the dose changes: (start, stop, share of the first dose)."""
    inside = sorted({day for one in levels for day in (one.start, one.stop) if start < day < stop})
    edges = [start, *inside, stop]
    return [
        (a, b, next((one.dose for one in levels if one.start <= a < one.stop), 1.0))
        for a, b in zip(edges, edges[1:], strict=False)
    ]


def _events(cohort: Cohort, end: np.ndarray, own: tuple[OwnMark, ...]) -> list[tuple[Event, ...]]:
    times = {kind: columns.days(cohort.patients, column) for kind, column in courses.MARKS.items()}
    times |= {"relapse": columns.relapse_days(cohort), "death": columns.death_days(cohort)}
    return [
        (
            *(Event(float(at[i]), kind) for kind, at in times.items() if 0 <= at[i] <= end[i]),
            *(
                Event(day, f"{OWN}{k}")
                for k, mark in enumerate(own)
                for day in mark.days[i]
                if 0 <= day <= end[i]
            ),
        )
        for i in range(cohort.n)
    ]


def _severe(cohort: Cohort, end: np.ndarray) -> dict[int, list[tuple[float, int]]]:
    """Per patient day and grade of the toxicities of grade 3 or more whose onset is known."""
    found: dict[int, list[tuple[float, int]]] = defaultdict(list)
    if cohort.lacks(("toxicities.onset_date", "toxicities.grade")):
        return found
    table = required(cohort.toxicities)
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    rows = zip(
        table.frame["patient_id"], columns.days(table, "onset_date"), columns.amounts(table, "grade"), strict=True
    )  # fmt: skip
    for who, day, grade in rows:
        i = position.get(who)
        if i is not None and grade >= SEVERE and 0 <= day <= end[i]:
            found[i].append((float(day), int(grade)))
    return {i: sorted(ticks) for i, ticks in found.items()}


def _sizes(cohort: Cohort) -> dict[int, tuple[tuple[float, float], ...]]:
    """Per patient day and size as a share of the baseline, while on the index treatment."""
    if cohort.lacks(("assessments.tumour_size", "assessments.date")):
        return {}
    (found, _undrawn), begun = tumours.courses(cohort), columns.treatment_days(cohort)
    return {
        c.patient: tuple(
            (float(begun[c.patient]) + c.since + day, 1 + change)
            for day, change in zip(c.times, c.changes, strict=True)
        )
        for c in found
    }


def _status(cohort: Cohort) -> np.ndarray:
    """Per patient how he was at the last contact: the recorded state of disease, else alive or dead.

    Where a profile leaves out free text, nothing is known of the state but that there is one.
    """
    if cohort.pseudonymous:
        return courses.status(cohort)
    status, disease = courses.status(cohort), columns.words(cohort.patients, "disease_status")
    told = np.not_equal(disease, np.array(None)) & ~columns.dead(cohort)
    return np.where(told, disease, status)
