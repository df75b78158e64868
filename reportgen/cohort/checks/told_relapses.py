"""Relapses of which a column of yes and no tells, against the dates of relapse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import Tables, days_of, each
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.names.words import spoken
from reportgen.cohort.mapping.schema import YES_NO, columns_of, spellings
from reportgen.cohort.mapping.word_lists import plain_words
from reportgen.settings.model import Settings

RELAPSE = "relapse_date"
# What says only how yes and no are written: "Relapse (Y/N)".
ANSWERS = re.compile(r"_(?:y_?n|yes_no|0_?1|1_?0|j_?n|ja_nein|o_?n|oui_non|s_?n|s[ií]_no)$")


def relapse_without_date(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """RELAPSE_WITHOUT_DATE: a column that is called as a relapse says yes, and there is no date of one.

    STATUS_CONFLICT: it says no, and there is a time to relapse, which may be that to the last contact.
    """
    patients = tables["patients"]
    if RELAPSE not in patients.frame:
        return
    dated = patients.frame[RELAPSE].notna()
    timed = days_of(patients, RELAPSE).notna() & ~dated
    for name in patients.frame.columns:
        said = None if name in columns_of("patients") else _told(name, patients.frame[name])
        if said is None:
            continue
        yield from each(patients, (said == "yes") & ~dated & ~timed, name, WARNING, "RELAPSE_WITHOUT_DATE",
                         message("{a} says yes, but there is no date of relapse", a=name),
                         message("Enter the date of relapse or progression; until then the patient counts as free "
                                 "of it"))  # fmt: skip
        yield from each(patients, (said == "no") & timed, name, ERROR, "STATUS_CONFLICT",
                         message("{a} says no, but there is a time to relapse", a=name),
                         message("Leave the time empty of who had none; or, if it goes on to the last contact, name "
                                 "both columns as an [[endpoint]] in report.toml"))  # fmt: skip


def _told(name: str, column: pd.Series) -> pd.Series | None:
    """ "yes" or "no" of each patient by a column of these that is called as a relapse; None where a column is not."""
    meanings = spoken(plain_words(ANSWERS.sub("", name)))
    if not meanings or not all("relapse" in meaning for meaning in meanings):
        return None
    known, filled = {"1": "yes", "0": "no", **spellings(YES_NO)}, column.dropna()
    told = {cell: known.get(word_key(cell)) for cell in filled.unique()}
    if not told or not all(told.values()):
        return None
    return column.map(told)
