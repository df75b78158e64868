"""Relapses of which a column of yes and no tells, against the dates of relapse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.schema import YES_NO, columns_of, spellings
from reportgen.settings.model import Settings

RELAPSE = "relapse_date"
# What says only how yes and no are written: "Relapse (Y/N)".
ANSWERS = re.compile(r"_(?:y_?n|yes_no|0_?1|1_?0|j_?n|ja_nein|o_?n|oui_non|s_?n|s[ií]_no)$")


def relapse_without_date(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_WITHOUT_DATE: a column that is called as a relapse says yes, and there is no date of one."""
    patients = tables["patients"]
    if RELAPSE not in patients.frame:
        return
    undated = days_of(patients, RELAPSE).isna() & patients.frame[RELAPSE].isna()
    for name in patients.frame.columns if undated.any() else ():
        said = None if name in columns_of("patients") else _told(name, patients.frame[name])
        if said is not None:
            yield from each(patients, said & undated, name, WARNING, "RELAPSE_WITHOUT_DATE",
                             message("{a} says yes, but there is no date of relapse", a=name),
                             message("Enter the date of relapse or progression; until then the patient counts as free "
                                     "of it"))  # fmt: skip


def _told(name: str, column: pd.Series) -> pd.Series | None:
    """Who had a relapse by a column of yes and no that is called as one; None where a column is not."""
    if all(one.column != RELAPSE for one in takes_of(ANSWERS.sub("", name))):
        return None
    known, filled = spellings(YES_NO), column.dropna()
    told = {cell: known.get(word_key(cell)) for cell in filled.unique()}
    if not told or not all(told.values()):
        return None
    return column.map(told).eq("yes")
