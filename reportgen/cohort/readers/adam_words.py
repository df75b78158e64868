"""Words of ADaM that stand in place of others: severity for grades, a status for the reason of completers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet
from reportgen.cohort.readers.adam_subjects import Subjects
from reportgen.cohort.readers.joining import key_of

SEVERITIES = ("ASEV", "AESEV")
SEVERITY = {
    "mild": "1",
    "moderate": "2",
    "severe": "3",
    "life threatening": "4",
    "life-threatening": "4",
    "fatal": "5",
}
REASONS, STATUSES = ("DCTREAS", "DCSREAS"), ("EOTSTT", "EOSSTT", "DCDECOD")


def complete_reasons(subjects: Subjects) -> None:
    """The reason of those who completed, which is blank where their status says so in a column of its own."""
    reason = next((p for p in map(subjects.position, REASONS) if p is not None), None)
    status = next((p for p in map(subjects.position, STATUSES) if p is not None), None)
    if reason is not None and status is not None:
        completed = subjects.frame[status].map(lambda cell: key_of(cell) == "completed")
        blank = subjects.frame[reason].isna()
        subjects.frame[reason] = subjects.frame[reason].mask(blank & completed, "COMPLETED")


def with_severity(
    sheet: RawSheet, frame: pd.DataFrame, names: Mapping[str, int], known: Sequence[str]
) -> tuple[pd.DataFrame, list[Issue]]:
    """The rows of ADAE with severity as grade, where none of the variables that are known as grades goes before it."""
    variable = next((name for name in known if name in names), "")
    if variable not in SEVERITIES:
        return frame, []
    place = names[variable]
    graded = frame.copy()
    graded[place] = frame[place].map(lambda cell: SEVERITY.get(key_of(cell), cell)).astype(object)
    problem = message("{a} counts as the grade: mild is 1, moderate 2, severe 3", a=variable)
    where = sheet.cell(sheet.header_row, place)
    hint = message("Nothing to do, or give AETOXGR")
    return graded, [Issue(NOTE, "SEVERITY_AS_GRADE", *where, None, problem, hint)]
