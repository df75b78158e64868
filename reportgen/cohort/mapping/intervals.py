"""Rows that are intervals of time, several of each patient: the counting-process form of R, Stata and SAS."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.event_words import value_key
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.raw import RawSheet

CODE = "COUNTING_PROCESS"
STARTS = frozenset(("start", "tstart", "t_start", "start_time", "time_start", "t0", "time0", "begin", "begin_time",
                    "entry", "start_day", "from"))  # fmt: skip
STOPS = frozenset(("stop", "tstop", "t_stop", "stop_time", "time_stop", "t1", "time1", "t", "end", "end_time", "exit",
                   "stop_day", "to", "tend"))  # fmt: skip
ENTRIES = STARTS | {"entry_time", "entry_day", "entry_days", "time_entry", "delayed_entry", "late_entry", "truncation",
                    "left_truncation", "ltrunc", "trunc", "t_entry", "tentry", "enter", "entered"}  # fmt: skip
LOOKED_AT = 5000
MOST = 0.9


def intervals(sheet: RawSheet) -> tuple[int, int] | None:
    """The columns in which intervals begin and end, where most begin after another one of the sheet ended."""
    keys = [name_key(text) if text else "" for text in sheet.header]
    for first in (p for p, key in enumerate(keys) if key in STARTS):
        for last in (p for p, key in enumerate(keys) if key in STOPS):
            begin, end = _numbers(sheet, first), _numbers(sheet, last)
            known = ~(np.isnan(begin) | np.isnan(end))
            if (
                known.sum() < MOST * len(known)
                or not known.any()
                or (begin[known] < end[known]).mean() < MOST
            ):
                continue
            follows = (begin[known][1:] == end[known][:-1]) & (begin[known][1:] > 0)
            if follows.any() and _repeats(sheet, follows, known):
                return first, last
    return None


def late_entry(sheet: RawSheet, time: str) -> str:
    """The header of the column that tells from when on a patient was under observation; "" where there is none.

    time: the header of the time under observation. The begin lies before it in nearly all rows, and not at 0 in all.
    Without it the time up to the begin would count as if somebody could have been seen to have the event in it.
    """
    headers = [cells.text(text)[0] if text else "" for text in sheet.header]
    ends = _numbers(sheet, headers.index(time))
    for place, header in enumerate(headers):
        if header == time or name_key(header) not in ENTRIES:
            continue
        begins = _numbers(sheet, place)
        known = ~(np.isnan(begins) | np.isnan(ends))
        if known.sum() < MOST * len(known) or not (begins[known] > 0).any():
            continue
        if (begins[known] < ends[known]).mean() >= MOST:
            return header
    return ""


def interval_issue(sheet: RawSheet) -> Issue | None:
    """What is said of such a table: it is no table of patients, and what makes one of it."""
    found = intervals(sheet)
    if found is None:
        return None
    first, last = (cells.text(sheet.header[position])[0] for position in found)
    problem = message(
        "The rows are intervals of time from {a} to {b}, several of each patient (counting-process form)",
        a=first,
        b=last,
    )
    hint = message(
        "Make one row per patient: the last {a} as the time, the event of that row, and what was known at the start "
        "from the first row; what changes later may come as a sheet of treatments or assessments", a=last,
    )  # fmt: skip
    return Issue(ERROR, CODE, *sheet.cell(sheet.header_row, found[0]), None, problem, hint)


def _numbers(sheet: RawSheet, position: int) -> np.ndarray:
    read: Sequence = [cells.number(cell)[0] for cell in sheet.frame[position].iloc[:LOOKED_AT]]
    return np.array([np.nan if number is None else number for number in read], float)


def _repeats(sheet: RawSheet, follows: np.ndarray, known: np.ndarray) -> bool:
    """Whether a column tells the same of both rows wherever one interval follows another: the id of a patient."""
    rows = sheet.frame.iloc[:LOOKED_AT][known]
    for position, text in enumerate(sheet.header):
        if not text:
            continue
        keys = pd.Series([value_key(cell) if cell is not None else "" for cell in rows[position]])
        same = (keys.to_numpy()[1:] == keys.to_numpy()[:-1])[follows]
        if same.all() and keys.nunique() > max(2, len(keys) / 4):
            return True
    return False
