"""Patients whom no column tells apart: the numbers of their rows become their ids, where the settings say so."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.cohort.clean import cells
from reportgen.cohort.clean.rows_without_patients import TOTAL
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.raw import RawWorkbook, with_more_columns
from reportgen.settings.model import Settings

ID = "patient_id"


def with_row_ids(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with a column patient_id at the right of its patients, unless they have one of this name."""
    sheets, _ = match_sheets(book, settings)
    patients = sheets.get("patients")
    if patients is None or ID in map(name_key, patients.header):
        return book
    frame = patients.frame.copy()
    # A remark below the table is alone in its row, and gets no id; neither does a total.
    many = patients.frame.notna().sum(axis=1)
    ids = [row if many[row] > 1 and not _is_total(patients.frame.loc[row]) else None for row in many.index]
    frame[len(patients.header)] = pd.Series(ids, index=frame.index, dtype=object)
    numbered = replace(
        patients, header=(*patients.header, ID), frame=frame, place=with_more_columns(patients)
    )
    return replace(book, sheets=tuple(numbered if sheet is patients else sheet for sheet in book.sheets))


def _is_total(row: pd.Series) -> bool:
    first = row.dropna().iloc[0]
    return isinstance(first, str) and bool(TOTAL.fullmatch(cells.text(first)[0]))
