"""The lines of therapy and the tumour sizes of one patient, as they are recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.casereview.case import Case, Moment, amount, moment, word

MOST, DENSE = 14, 7


@dataclass(frozen=True)
class Line:
    """A line of therapy as recorded. number: of the source; treatment: with its dose; response: the best.

    index: whether it is the treatment from whose start all times count; continues: not known to have stopped.
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
    found.sort(key=lambda line: (_or_last(line.start.day), _or_last(line.number)))
    index, stopped = _position_of_index(found, case.started), case.day("treatment_stop") is not None
    return [
        replace(
            line,
            index=place == index,
            continues=_unstopped(line)
            and case.alive
            and (not stopped if place == index else place == len(found) - 1),
        )
        for place, line in enumerate(found)
    ]


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
    hidden = [place for place, line in enumerate(found) if place and not line.index][:spare]
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


def _position_of_index(found: list[Line], started: float) -> int | None:
    """The line that began on the day of the start of treatment."""
    return next((place for place, line in enumerate(found) if line.start.day == started), None)


def _or_last(value: float | None) -> float:
    return np.inf if value is None else value


def sizes(case: Case) -> list[tuple[float, float]]:
    """(day, sum of diameters in mm) of every measurement, by day."""
    table = case.cohort.assessments
    found = [
        (moment(table, i, "date").day, amount(table, i, "tumour_size")) for i in case.rows("assessments")
    ]
    return sorted((day, size) for day, size in found if day is not None and size is not None)
