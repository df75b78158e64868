"""Which responses count: those to the index treatment, until relapse, the next line or its end.

A response that is dated, or first assessed, later is none of this treatment. It is asked about and does not count: the
best response is then the best of the assessments until that day, and not recorded where there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import DAY, Tables, days_of, each, values_of
from reportgen.cohort.clean.timing import dates_after, rows_of
from reportgen.cohort.cohort import Table
from reportgen.settings.model import Settings

RESPONDED = ("CR", "PR")
RANK = {"CR": 0, "PR": 1, "SD": 2, "PD": 3, "NE": 4}
CODE = "RESPONSE_AFTER"
TOO_LATE = {
    "stop": message(
        "The response came after relapse, the next line or the end of treatment; it does not count"
    ),
    "next_line": message("The response came after relapse or the next line; it does not count"),
    "relapse": message("The response came after relapse; it does not count"),
}


@dataclass(frozen=True)
class Counted:
    """Per row of the patients. until: the last day of which a response counts, inf where nothing ends it.

    after: whether the recorded response came later. best: the best of the assessments until then, None where there
    are none; first: the day of the first of them that is a response.
    """

    until: pd.Series
    after: pd.Series
    best: pd.Series
    first: pd.Series


def counted(tables: Tables, settings: Settings) -> Counted:
    """Until when responses count, and which of them do not. The table of the patients has a best response."""
    patients = tables["patients"]
    until = _until(tables, settings)
    said, day = _assessed(patients, tables.get("assessments"))
    within = said[~(day > until.reindex(said.index) + DAY)]
    best = within.map(RANK).groupby(level=0).min().map({rank: word for word, rank in RANK.items()})
    answered = day[said.isin(RESPONDED)].groupby(level=0).min().reindex(until.index)
    # Where the response has no date, the first assessment that shows one is its date.
    date = days_of(patients, "response_date").fillna(answered)
    after = patients.frame["best_response"].isin(RESPONDED) & (date > until + DAY)
    first = answered.where(~(answered > until + DAY))
    return Counted(until, after, best.reindex(until.index).astype(object), first)


def _until(tables: Tables, settings: Settings) -> pd.Series:
    patients = tables["patients"]
    ends = [days_of(patients, "relapse_date")]
    if settings.response_until in ("next_line", "stop"):
        ends.append(next_line(patients, tables.get("treatments")))
    if settings.response_until == "stop":
        ends.append(days_of(patients, "treatment_stop"))
    first = np.fmin.reduce([end.to_numpy(float) for end in ends])
    return pd.Series(first, index=patients.frame.index, copy=False).fillna(np.inf)


def next_line(patients: Table, table: Table | None) -> pd.Series:
    """The day on which the next line began: of a higher number than what was given at the start, where numbers are."""
    index = patients.frame.index
    if table is None or "start_date" not in table.days:
        return pd.Series(np.nan, index=index)
    row, later = rows_of(patients, table), later_lines(patients, table)
    return table.days["start_date"][later].groupby(row[later]).min().reindex(index)


def later_lines(patients: Table, table: Table) -> pd.Series:
    """Whether each row is of a later line: it began after the start of treatment, and is of no number given then."""
    row = rows_of(patients, table)
    start = table.days["start_date"] - row.map(patients.treated).astype(float)
    number = values_of(table, "line").astype(float)
    at_start = number[start <= DAY].groupby(row[start <= DAY]).max()
    return (start > DAY) & row.notna() & ~(number <= row.map(at_start))


def _assessed(patients: Table, table: Table | None) -> tuple[pd.Series, pd.Series]:
    """Response and day of every assessment after the start, by its patient's row; of a day with PD that alone."""
    if table is None or "response" not in table.frame or "date" not in table.days:
        return pd.Series(dtype=object), pd.Series(dtype=float)
    row, day = rows_of(patients, table), table.days["date"]
    here = (
        row.notna()
        & (day > row.map(patients.treated).astype(float) - DAY)
        & table.frame["response"].isin(RANK)
    )
    found = pd.DataFrame({"row": row[here].astype("int64"), "day": day[here]}, copy=False)
    worse = table.frame["response"][here].eq("PD")
    if worse.any() and found.duplicated().any():
        same = pd.MultiIndex.from_frame(found).isin(pd.MultiIndex.from_frame(found[worse]))
        found = found[worse | ~same]
    rows = found["row"].to_numpy()
    return table.frame["response"][found.index].set_axis(rows), found["day"].set_axis(rows)


def response_after(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Responses that came after relapse, the next line or the end of treatment."""
    patients = tables["patients"]
    if "best_response" not in patients.frame:
        return
    after, problem = counted(tables, settings).after, TOO_LATE[settings.response_until]
    dated = days_of(patients, "response_date").notna()
    hint = message(
        'Correct the date, or set response_until = "relapse" under [report] of report.toml to count until relapse'
    )
    for column, rows in (("response_date", after & dated), ("best_response", after & ~dated)):
        yield from each(patients, rows, column, WARNING, CODE,
                         problem, hint)  # fmt: skip


def with_counted_responses(tables: Mapping[str, Table], settings: Settings) -> dict[str, Table]:
    """The tables with the best response to the index treatment, and its date, in every place that shows them."""
    patients = tables["patients"]
    if "best_response" not in patients.frame:
        return dict(tables)
    found = counted(tables, settings)
    if not found.after.any():
        return dict(tables)
    frame, days = patients.frame.copy(deep=False), patients.days.copy(deep=False)
    frame["best_response"] = frame["best_response"].mask(
        found.after, found.best.where(found.best.notna(), None)
    )
    if "response_date" in days:
        first = found.first.where(found.best.isin(RESPONDED))
        days["response_date"] = days["response_date"].mask(found.after, first)
        if "response_date" in frame and patients.origin in frame:
            day = dates_after(patients.start, first)
            frame["response_date"] = frame["response_date"].mask(found.after, day)
    return {**tables, "patients": replace(patients, frame=frame, days=days)}
