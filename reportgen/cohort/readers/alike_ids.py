"""Ids of one patient that sheets write differently: without blanks, hyphens or leading zeros they are the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.keys import loose_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.schema import TABLES
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import key_of
from reportgen.cohort.readers.redcap_fields import canonical
from reportgen.settings.model import Settings


def with_alike_ids(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook whose sheets write each patient's id as the sheet of the patients does; no cell moves."""
    main = match_sheets(book, settings)[0].get("patients")
    key = (
        None
        if main is None
        else next((p for p, text in enumerate(main.header) if is_id(text, settings)), None)
    )
    if main is None or key is None:
        return book
    here = {loose_key(cell): cell for cell in reversed([*main.frame[key].dropna()])}
    if len(here) < main.frame[key].map(key_of).replace("", None).nunique():
        return book  # two patients would become one
    sheets, issues = [], []
    for sheet in book.sheets:
        for position in () if sheet is main else columns_of_ids(sheet, settings):
            spelled = sheet.frame[position].map(
                lambda cell: here.get(loose_key(cell), cell), na_action="ignore"
            )
            changed = int((spelled.map(key_of) != sheet.frame[position].map(key_of)).sum())
            if changed:
                frame = sheet.frame.copy(deep=False)
                frame[position] = spelled.astype(object).where(spelled.notna(), None)
                sheet = replace(sheet, frame=frame)
                problem = message(
                    "{n} ids are those of patients in another spelling, and were read as these", n=changed
                )
                where = sheet.cell(sheet.header_row, position)
                issues.append(Issue(NOTE, "ID_SPELLING", *where, None, problem, message("Nothing to do")))
        sheets.append(sheet)
    return replace(book, sheets=tuple(sheets), issues=(*book.issues, *issues))


def columns_of_ids(sheet: RawSheet, settings: Settings) -> Iterator[int]:
    """The columns that may hold ids of the patients, by their names."""
    for position, text in enumerate(sheet.header):
        named = text and any(one.column == "patient_id" for one in takes_of(text))
        if text and (named or is_id(text, settings)):
            yield position


def is_id(header: str, settings: Settings) -> bool:
    """Whether a name is that of the patients' ids in any of our tables."""
    return any(canonical(table, header, settings) == "patient_id" for table in TABLES if header)
