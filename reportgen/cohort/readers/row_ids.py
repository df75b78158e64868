"""Patients whom no column tells apart: the numbers of their rows become their ids, where the settings say so."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.mapping.schema import name_key
from reportgen.cohort.raw import RawWorkbook
from reportgen.settings.model import Settings

ID = "patient_id"


def with_row_ids(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with a column patient_id at the right of its patients, unless they have one of this name."""
    sheets, _ = match_sheets(book, settings)
    patients = sheets.get("patients")
    if patients is None or ID in map(name_key, patients.header):
        return book
    frame = patients.frame.copy()
    # A remark below the table is alone in its row, and gets no id.
    ids = [row if filled > 1 else None for row, filled in patients.frame.notna().sum(axis=1).items()]
    frame[len(patients.header)] = pd.Series(ids, index=frame.index, dtype=object)
    numbered = replace(patients, header=(*patients.header, ID), frame=frame)
    return replace(book, sheets=tuple(numbered if sheet is patients else sheet for sheet in book.sheets))
