"""What the sheet of treatments says of the lines before and after the index treatment, as days of each patient.

The next line is the first that began after the start of the index treatment, of a higher number than what was given
at that start, where lines are numbered. Progression on it is the first of: an assessment that says progression after
it began, its stop for progression (or that of a later line), the start of the line after it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.cohort.checks.rule import DAY, values_of
from reportgen.cohort.clean.timing import rows_of
from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints.responded import next_line

# Columns of days that stand beside those of the patients while endpoints are derived, and in no other place.
NEXT_LINE, SECOND_PROGRESSION = "next_line", "second_progression_on_lines"
LINES_FROM, UNDATED_LINE = "lines_from", "undated_line"


def with_lines(patients: Table, treatments: Table | None, assessments: Table | None) -> Table:
    """The patients with the days of their next line; as they are where no line has a start.

    NEXT_LINE, SECOND_PROGRESSION: nan where there was none. LINES_FROM: from which day on the lines of the patient
    are known, nan where they are not: where the sheet has the index treatment of some, whoever has no row was not
    recorded; where it has later lines alone, he had none. UNDATED_LINE: 0 where a later line has no start.
    """
    if treatments is None or "start_date" not in treatments.days or not len(treatments):
        return patients
    row = rows_of(patients, treatments)
    start = treatments.days["start_date"] - row.map(patients.treated).astype(float)
    if not start.notna().any():
        return patients
    index = patients.frame.index
    following = next_line(patients, treatments)
    first = start.groupby(row).min().reindex(index)
    if not (start <= DAY).any():
        first = first.fillna(0.0)
    number = values_of(treatments, "line").astype(float)
    at_start = number[start <= DAY].groupby(row[start <= DAY]).max()
    undated = row[start.isna() & (number > row.map(at_start))]
    unknown = pd.Series(np.where(index.isin(undated), 0.0, np.nan), index=index).where(following.isna())
    days = patients.days.assign(
        **{
            NEXT_LINE: following,
            SECOND_PROGRESSION: _second(patients, treatments, assessments, following),
            LINES_FROM: first,
            UNDATED_LINE: unknown,
        }
    )
    return replace(patients, days=days)


def _second(patients: Table, lines: Table, assessments: Table | None, began: pd.Series) -> pd.Series:
    """Per patient the day of progression on the next line."""
    row, start = rows_of(patients, lines), lines.days["start_date"]
    number = values_of(lines, "line").astype(float)
    after = start > row.map(began) + DAY
    same_day = (start - row.map(began)).abs() <= DAY
    of_next = number[same_day].groupby(row[same_day]).max()
    third = start.where(after & ~(number <= row.map(of_next)))
    found = [third.groupby(row).min()]
    if "stop_date" in lines.days and "stop_reason" in lines.frame:
        stop = lines.days["stop_date"]
        ended = stop.where((same_day | after) & lines.frame["stop_reason"].eq("progression"))
        found.append(ended.groupby(row).min())
    if assessments is not None and "date" in assessments.days and "response" in assessments.frame:
        own, day = rows_of(patients, assessments), assessments.days["date"]
        shown = assessments.frame["response"].eq("PD") & (day > own.map(began) + DAY)
        found.append(day.where(shown).groupby(own).min())
    return pd.concat([days.reindex(patients.frame.index) for days in found], axis=1).min(axis=1)


def lines_before(patients: Table, treatments: Table | None, assessments: Table | None) -> pd.DataFrame:
    """Per patient the line before the index treatment: the day it `began`, and that of its `progression`.

    Progression is the first of its stop for progression and an assessment that says so, up to the start of the
    index treatment; nan where there was none, or no line before.
    """
    index = patients.frame.index
    if treatments is None or "start_date" not in treatments.days:
        return pd.DataFrame({"began": np.nan, "progression": np.nan}, index=index)
    row, begun = rows_of(patients, treatments), patients.treated
    start = treatments.days["start_date"]
    before = (start < row.map(begun).astype(float) - DAY) & row.notna()
    began = start[before].groupby(row[before]).max().reindex(index)
    found = []
    if "stop_date" in treatments.days and "stop_reason" in treatments.frame:
        stop, own = treatments.days["stop_date"], (start - row.map(began)).abs() <= DAY
        ended = stop.where(
            own & (stop <= row.map(begun) + DAY) & treatments.frame["stop_reason"].eq("progression")
        )
        found.append(ended.groupby(row).min().reindex(index))
    if assessments is not None and "date" in assessments.days and "response" in assessments.frame:
        own, day = rows_of(patients, assessments), assessments.days["date"]
        shown = (
            assessments.frame["response"].eq("PD")
            & (day > own.map(began) + DAY)
            & (day <= own.map(begun) + DAY)
        )
        found.append(day.where(shown).groupby(own).min().reindex(index))
    shown = pd.concat(found, axis=1).min(axis=1) if found else pd.Series(np.nan, index=index)
    return pd.DataFrame({"began": began, "progression": shown.clip(upper=begun)}, index=index)
