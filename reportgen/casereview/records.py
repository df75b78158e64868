"""What is recorded of one patient in the sheets of treatments and assessments, as plain rows."""

from __future__ import annotations

import numpy as np

from reportgen.casereview.case import Case, amount, moment, word

MOST, DENSE = 14, 7


def lines(case: Case) -> list[dict]:
    """The lines of the treatments sheet by their start, or the index treatment where it has none of them."""
    table, rows = case.cohort.treatments, case.rows("treatments")
    if not len(rows):
        return [_index_line(case)]
    found = [
        {
            "line": amount(table, i, "line"),
            "treatment": _with_dose(word(table, i, "treatment"), word(table, i, "dose")),
            "start": moment(table, i, "start_date"),
            "stop": moment(table, i, "stop_date"),
            "reason": word(table, i, "stop_reason"),
            "response": word(table, i, "best_response"),
        }
        for i in rows
    ]
    found.sort(key=lambda line: (_or_last(line["start"]["day"]), _or_last(line["line"])))
    index = _position_of_index(found, case.started)
    stop = case.day("treatment_stop")
    for place, line in enumerate(found):
        line["index"] = place == index
        last = place == len(found) - 1
        unstopped = line["stop"]["day"] is None and line["reason"] is None
        line["continues"] = unstopped and case.alive and (stop is None if line["index"] else last)
    return found


def _with_dose(treatment: str | None, dose: str | None) -> str | None:
    """ "crizotinib, 250 mg"; what alone is recorded stands alone."""
    return ", ".join(filter(None, (treatment, dose))) or None


def listed_lines(found: list[dict], dense: bool) -> list[bool]:
    """Which lines have a row of their own: all, or the first, the index treatment and the latest."""
    spare = len(found) - (DENSE if dense else MOST)
    if spare <= 0:
        return [True] * len(found)
    hidden = [place for place, line in enumerate(found) if place and not line["index"]][:spare]
    return [place not in hidden for place in range(len(found))]


def _index_line(case: Case) -> dict:
    stop, reason = case.moment("treatment_stop"), case.word("stop_reason")
    return {
        "line": None,
        "treatment": case.word("treatment") or case.cohort.settings.treatment or None,
        "start": case.moment("treatment_start"),
        "stop": stop,
        "reason": reason,
        "response": case.word("best_response"),
        "index": True,
        "continues": "treatment_stop" in case.cohort.patients.frame
        and stop["day"] is None
        and reason is None
        and case.alive,
    }


def _position_of_index(found: list[dict], started: float) -> int | None:
    """The line that began on the day of the start of treatment."""
    return next((place for place, line in enumerate(found) if line["start"]["day"] == started), None)


def _or_last(value: float | None) -> float:
    return np.inf if value is None else value


def sizes(case: Case) -> list[tuple[float, float]]:
    """(day, sum of diameters in mm) of every measurement, by day."""
    table = case.cohort.assessments
    found = [
        (moment(table, i, "date")["day"], amount(table, i, "tumour_size")) for i in case.rows("assessments")
    ]
    return sorted((day, size) for day, size in found if day is not None and size is not None)
