"""Days of death that are written with a cross, or the word for it, in the column of another day: "† 12.03.2018"."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells, dates
from reportgen.cohort.coded import factorized
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.names import takes_of
from reportgen.cohort.mapping.proposal.samples import holds_dates
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.redcap_fields import canonical, canonical_places
from reportgen.settings.model import Settings

DEATH = "death_date"
# No plus sign: behind or before a time it means, as often, that somebody is still alive.
_CROSS = r"[†✝✞✟]"
_WORD = (
    r"(?:verst(?:\.|orben)?|gest(?:\.|orben)?|exitus|ex\.|tod|tot|died|dead|death|d[eé]c[eé]d[eé]e?|dcd|d[eé]c[eè]s|"
    r"decedut[oa]|mort[oae]|fallecid[oa]|muert[oa]|[eé]xitus)"
)
_ON = r"(?:\s+(?:am|on|le|il|el))?[\s:,.]*"
SIGNED = re.compile(rf"\s*\(?(?:{_CROSS}|{_WORD}{_ON})\s*(?P<day>.*\d)\s*\)?\s*", re.IGNORECASE)
BEHIND = re.compile(rf"\s*(?P<day>\d.*\d)\s*\(?\s*(?:{_CROSS}|{_WORD})\s*\)?\s*", re.IGNORECASE)
PLUS = re.compile(r"\s*(?:\+\s*(?P<behind>\d.*\d)|(?P<before>\d.*\d)\s*\(?\+\)?)\s*")
ORDERS = ("", "dmy", "mdy", "ymd")


def day_of_death(cell: object) -> str | None:
    """The day that a text says somebody died on; None where it says no such thing.

    >>> day_of_death("† 12.03.2018"), day_of_death("verst. am 12.03.2018"), day_of_death("12.03.2018 (†)")
    ('12.03.2018', '12.03.2018', '12.03.2018')
    >>> day_of_death("12.03.2018"), day_of_death("12.03.2018+"), day_of_death("died of relapse 2")
    (None, None, None)
    """
    if not isinstance(cell, str):
        return None
    text = cells.text(cell)[0]
    found = SIGNED.fullmatch(text) or BEHIND.fullmatch(text)
    day = found["day"].strip() if found else ""
    readable = any(dates.day(day, order, 2100)[0] is not None for order in ORDERS) if day else False
    return day if readable else None


def with_days_of_death(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with such cells of a column of dates as days, and a column death_date that holds them, too.

    Where the column is the date of death itself, none is added. Where the sheet has another one, or several columns
    hold such cells, they stay as they are.
    """
    sheets, issues = [], []
    for sheet in book.sheets:
        found = _signed(sheet, settings) if sheet.table in ("", "patients") else {}
        if len(found) == 1:
            ((position, days),) = found.items()
            own = _is_death(sheet.header[position], settings)
            others = (text for place, text in enumerate(sheet.header) if text and place != position)
            if own or not any(_is_death(text, settings) for text in others):
                sheet, said = _read(sheet, position, days, own)
                issues.append(said)
        sheets.append(sheet)
    return replace(book, sheets=tuple(sheets), issues=(*book.issues, *issues)) if issues else book


def _is_death(header: str, settings: Settings) -> bool:
    if canonical("patients", header, settings) == DEATH:
        return True
    taken = {name_key(theirs) for theirs in settings.columns.get("patients", {}).values()}
    likely = [one.column for one in takes_of(header) if one.table == "patients"][:1]
    return likely == [DEATH] and name_key(header) not in taken


def _signed(sheet: RawSheet, settings: Settings) -> dict[int, pd.Series]:
    """Position → its cells that say a day of death, as the day alone; of columns that hold dates, or are named so."""
    found = {}
    for position, text in enumerate(sheet.header):
        if not text or sheet.frame.empty:
            continue
        codes, distinct = factorized(sheet.frame[position])
        said = [day_of_death(cell) for cell in distinct]
        days = [day or cell for day, cell in zip(said, distinct, strict=True)]
        if any(said) and (holds_dates(days) or _is_date(text, settings)):
            known = np.array([*said, None], dtype=object)[codes]
            found[position] = pd.Series(known, sheet.frame.index, dtype=object).dropna()
    return found


def _is_date(header: str, settings: Settings) -> bool:
    column = columns_of("patients").get(canonical("patients", header, settings))
    return column is not None and column.kind == "date"


def with_plus_signs(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with days such as "+ 12.03.2018" or "12.03.2018+" as days, where the vital status of their sheet
    tells all of these from all others: what the sign means is said there. Else they stay as they are.
    """
    sheets, issues = [], []
    for sheet in book.sheets:
        places = canonical_places("patients", sheet.header, settings)
        status = places.get("vital_status") if sheet.table in ("", "patients") else None
        for position, text in enumerate(sheet.header):
            if status is None or not text or not _is_date(text, settings):
                continue
            days = sheet.frame[position].map(_day_of_plus, na_action="ignore").dropna()
            if len(days) and _told_by(sheet, position, status, days.index):
                frame = sheet.frame.copy(deep=False)
                frame[position] = (
                    frame[position]
                    .astype(object)
                    .mask(frame.index.isin(days.index), days.reindex(frame.index))
                )
                sheet = replace(sheet, frame=frame)
                issues.append(_plus_said(sheet, position, status, days.index))
        sheets.append(sheet)
    return replace(book, sheets=tuple(sheets), issues=(*book.issues, *issues)) if issues else book


def _told_by(sheet: RawSheet, position: int, status: int, signed: pd.Index) -> bool:
    """Whether all rows with the sign have one vital status, and no other row with a day has it."""
    said = sheet.frame[status].map(word_key, na_action="ignore")
    others = said[sheet.frame[position].notna() & ~said.index.isin(signed)]
    return said[signed].nunique(dropna=False) == 1 and not {*said[signed]} & {*others}


def _plus_said(sheet: RawSheet, position: int, status: int, rows: pd.Index) -> Issue:
    problem = message(
        "{a}: {n} days stand beside a plus sign, which says no more than {b} does, and were read as days",
        a=cells.text(sheet.header[position])[0], n=len(rows), b=cells.text(sheet.header[status])[0],
    )  # fmt: skip
    where = sheet.cell(int(rows[0]), position)
    return Issue(NOTE, "PLUS_SIGN", *where, None, problem, message("Nothing to do if this is right"))


def _day_of_plus(cell: object) -> str | None:
    found = PLUS.fullmatch(cells.text(cell)[0]) if isinstance(cell, str) else None
    day = found and (found["before"] or found["behind"])
    return day if day and any(dates.day(day, order, 2100)[0] is not None for order in ORDERS) else None


def _read(sheet: RawSheet, position: int, days: pd.Series, own: bool) -> tuple[RawSheet, Issue]:
    frame, width = sheet.frame.copy(deep=False), len(sheet.header)
    frame[position] = (
        frame[position].astype(object).mask(frame.index.isin(days.index), days.reindex(frame.index))
    )
    read = replace(sheet, frame=frame)
    if not own:
        added = days.reindex(frame.index)
        frame[width] = added.where(added.notna(), None)

        def place(row: int, column: int) -> tuple[str, str]:
            return sheet.cell(row, position if column == width else column)

        labels = (*sheet.labels, "") if sheet.labels else ()
        read = replace(read, header=(*sheet.header, DEATH), labels=labels, place=place)
    problem = message(
        "{a}: {n} cells say by a cross, or in a word, that the patient died on that day, and were read so",
        a=cells.text(sheet.header[position])[0], n=len(days),
    )  # fmt: skip
    where = sheet.cell(int(days.index[0]), position)
    return read, Issue(
        NOTE, "DEATH_BY_SIGN", *where, None, problem, message("Nothing to do if this is right")
    )
