"""Tumour size over time: the change of each patient from the baseline, while on the index treatment.

Baseline is the last measurement at or before 14 days after the start of treatment; where there is none, the
first that there is. After the start no visit is a baseline at which, or before which, a response or progression
was assessed: the tumour is then what treatment made of it. Measurements after relapse, or after another line of
treatment began, are left out: what the next treatment did is no response to this one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.base.required import required
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.responded import later_lines

BASELINE_UNTIL = 14.0
ASSESSED = ("CR", "PR", "SD", "PD")
NO_SIZE = "no tumour size recorded"
ONE_SIZE = "measured once only"
NOT_IN_TIME = "measured only after relapse or the start of another treatment"
NO_BASELINE = "not measured before the first assessment of response"
NOT_AGAIN = "not measured after the baseline"
NOT_AGAIN_IN_TIME = "measured again only after relapse or the start of another treatment"
NO_TUMOUR = "nothing measurable at the baseline"


@dataclass(frozen=True)
class Course:
    """A patient's measurements from the baseline on.

    patient: position in the cohort. times: days since the baseline measurement; changes: fractions of it
    (−0.3 is 30% smaller); both begin with the baseline, 0 and 0. late: the baseline was measured more
    than 14 days after the start. since: the day of the baseline, counted from the start of treatment.
    """

    patient: int
    times: tuple[float, ...]
    changes: tuple[float, ...]
    late: bool
    since: float = 0.0

    def reached(self, share: float, again_after: float = 0.0) -> bool:
        """Whether a change was share or less (−0.3), and so again, that many days later or more, where it is asked."""
        days = [
            day
            for day, change in zip(self.times[1:], self.changes[1:], strict=True)
            if change <= share + 1e-9
        ]
        return bool(days) and (not again_after or days[-1] - days[0] >= again_after)

    @property
    def best(self) -> float:
        """The smallest change after the baseline."""
        return min(self.changes[1:])


def courses(cohort: Cohort) -> tuple[list[Course], dict[str, int]]:
    """The patients that can be drawn, in the order of the cohort, and how many cannot, by reason."""
    sizes = _measurements(cohort)
    until = _end_of_response(cohort)
    before = _before_response(cohort, until)
    found, undrawn = [], Counter()
    for i in range(cohort.n):
        course = _course(i, sizes.get(i, []), until[i], before[i])
        if isinstance(course, str):
            undrawn[course] += 1
        else:
            found.append(course)
    return found, dict(sorted(undrawn.items()))


def baselines(cohort: Cohort) -> dict[int, float]:
    """Per position of a patient with a baseline the day on which it was measured, as the assessments count days."""

    def found() -> dict[int, float]:
        until, begun = _end_of_response(cohort), columns.treatment_days(cohort)
        before = _before_response(cohort, until)
        known = {i: _baseline(rows, until[i], before[i]) for i, rows in _measurements(cohort).items()}
        return {i: float(row[0] + begun[i]) for i, row in known.items() if row is not None}

    return cohort.once("baselines of size", found)


def _measurements(cohort: Cohort) -> dict[int, list[tuple[float, float]]]:
    """Per patient (day since treatment began, size), by day; of two on one day the later row stands last."""
    table = cohort.assessments
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    found: dict[int, list[tuple[float, float]]] = {}
    times, sizes = columns.days(table, "date"), columns.amounts(table, "tumour_size")
    begun = columns.treatment_days(cohort)
    for who, day, size in zip(required(table).frame["patient_id"], times, sizes, strict=True):
        if who in position and np.isfinite(day) and np.isfinite(size):
            found.setdefault(position[who], []).append((float(day) - begun[position[who]], float(size)))
    return {i: sorted(rows, key=lambda row: row[0]) for i, rows in found.items()}


def _end_of_response(cohort: Cohort) -> np.ndarray:
    """Per patient the day of relapse or of the start of the next line, whichever is first; inf where neither.

    Days count from the start of treatment.
    """
    begun = columns.treatment_days(cohort)
    until = columns.relapse_days(cohort) - begun
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    if cohort.treatments is not None:
        further = (
            later_lines(cohort.patients, cohort.treatments) if "start_date" in cohort.treatments.days else []
        )
        for who, day, later in zip(
            cohort.treatments.frame["patient_id"],
            columns.days(cohort.treatments, "start_date"),
            further,
            strict=False,
        ):
            if who in position and later:
                until[position[who]] = np.fmin(until[position[who]], day - begun[position[who]])
    return np.where(np.isnan(until), np.inf, until)


def _before_response(cohort: Cohort, until: np.ndarray) -> np.ndarray:
    """Per patient the first day after the start of treatment that is too late for a baseline; inf where none is.

    It is that of the first response, of the first assessment that says one (or progression), of relapse, or of the
    start of another treatment. What was assessed until the start is of an earlier treatment.
    """
    begun, table = columns.treatment_days(cohort), required(cohort.assessments)
    first = np.fmin(until, np.nan_to_num(columns.days(cohort.patients, "response_date") - begun, nan=np.inf))
    position, times = columns.positions(cohort, table), columns.days(table, "date")
    for i, day, said in zip(position, times, columns.words(table, "response"), strict=True):
        if i >= 0 and said in ASSESSED and day > begun[i]:
            first[i] = min(first[i], day - begun[i])
    return first


def _baseline(rows: list[tuple[float, float]], until: float, before: float) -> tuple[float, float] | None:
    """Day and size of the baseline; None where no measurement can be one."""
    rows = [row for row in rows if row[0] <= until and (row[0] <= 0 or row[0] < before)]
    early = [row for row in rows if row[0] <= BASELINE_UNTIL]
    return early[-1] if early else next((row for row in reversed(rows) if row[0] == rows[0][0]), None)


def _course(patient: int, sizes: list[tuple[float, float]], until: float, before: float) -> Course | str:
    rows = [row for row in sizes if row[0] <= until]
    baseline = _baseline(rows, until, before)
    if baseline is None:
        return NO_BASELINE if rows else NOT_IN_TIME if sizes else NO_SIZE
    start, size = baseline
    later = [row for row in rows if row[0] > start]
    if not later:
        again = any(day > start for day, _ in sizes)
        return NOT_AGAIN_IN_TIME if again else NOT_AGAIN if len(sizes) > 1 else ONE_SIZE
    if size <= 0:
        return NO_TUMOUR
    times = (0.0, *(day - start for day, _ in later))
    changes = (0.0, *(measured / size - 1 for _, measured in later))
    return Course(patient, times, changes, start > BASELINE_UNTIL, start)
