"""The lines of therapy and the tumour sizes of one patient, as they are recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.base.required import required
from reportgen.casereview.case import Case, Moment, amount, moment, word
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.responded import later_lines

MOST, DENSE = 14, 7


@dataclass(frozen=True)
class Line:
    """A line of therapy as recorded. number: of the source; treatment: with its dose; response: the best.

    index: whether it is of the treatment from whose start all times count, of which a row may be a level of the dose;
    continues: not known to have stopped.
    """

    number: float | None
    treatment: str | None
    start: Moment
    stop: Moment
    reason: str | None
    response: str | None
    index: bool = False
    continues: bool = False


def lines(case: Case) -> list[Line]:
    """The lines of the treatments sheet by their start, or the index treatment where it has none of them."""
    table, rows = case.cohort.treatments, case.rows("treatments")
    if not len(rows):
        return [_index_line(case)]
    found = [
        Line(
            amount(table, i, "line"),
            _with_dose(word(table, i, "treatment"), word(table, i, "dose")),
            moment(table, i, "start_date"),
            moment(table, i, "stop_date"),
            word(table, i, "stop_reason"),
            word(table, i, "best_response"),
        )
        for i in rows
    ]
    later = _of_later_lines(case.cohort)
    found = [
        replace(line, index=_is_index(line, case.started, bool(later[i])))
        for line, i in zip(found, rows, strict=True)
    ]
    found.sort(key=lambda line: (_or_last(line.start.day), _or_last(line.number)))
    last = max((place for place, line in enumerate(found) if line.index), default=None)
    stopped = case.day("treatment_stop") is not None
    return [
        replace(
            line,
            stop=_next_level(found, place)
            if line.index and place != last and line.stop.day is None
            else line.stop,
            continues=_unstopped(line)
            and case.alive
            and ((not stopped and place == last) if line.index else place == len(found) - 1),
        )
        for place, line in enumerate(found)
    ]


def _of_later_lines(cohort: Cohort) -> np.ndarray:
    """Whether each row of the treatments is of a later line, as far as their starts tell."""
    table = required(cohort.treatments)
    if "start_date" not in table.days:
        return np.zeros(len(table), bool)
    return cohort.once("later lines", lambda: later_lines(cohort.patients, table).to_numpy(bool))


def _is_index(line: Line, started: float, later: bool) -> bool:
    """As doses are counted (analyses/doses.py): it began with the treatment, or after it and is of no later line."""
    return line.start.day is not None and line.start.day >= started and not later


def _next_level(found: list[Line], place: int) -> Moment:
    """When the next row of the index treatment began, until which a level of the dose lasts that has no stop."""
    return next(line.start for line in found[place + 1 :] if line.index)


def _unstopped(line: Line) -> bool:
    return line.stop.day is None and line.reason is None


def _with_dose(treatment: str | None, dose: str | None) -> str | None:
    """ "crizotinib, 250 mg"; what alone is recorded stands alone."""
    return ", ".join(filter(None, (treatment, dose))) or None


def listed_lines(found: list[Line], dense: bool) -> list[bool]:
    """Which lines have a row of their own: all, or the first, the index treatment and the latest."""
    spare = len(found) - (DENSE if dense else MOST)
    if spare <= 0:
        return [True] * len(found)
    index = next((place for place, line in enumerate(found) if line.index), 0)
    hidden = [place for place in range(1, len(found)) if place != index][:spare]
    return [place not in hidden for place in range(len(found))]


def _index_line(case: Case) -> Line:
    line = Line(
        None,
        case.treatment,
        case.moment("treatment_start"),
        case.moment("treatment_stop"),
        case.word("stop_reason"),
        case.word("best_response"),
        index=True,
    )
    known = "treatment_stop" in case.cohort.patients.frame
    return replace(line, continues=known and _unstopped(line) and case.alive)


def _or_last(value: float | None) -> float:
    return np.inf if value is None else value


def sizes(case: Case) -> list[tuple[float, float]]:
    """(day, sum of diameters in mm) of every measurement, by day."""
    table = case.cohort.assessments
    found = [
        (moment(table, i, "date").day, amount(table, i, "tumour_size")) for i in case.rows("assessments")
    ]
    return sorted((day, size) for day, size in found if day is not None and size is not None)
