"""What R writes: write.csv puts NA where a value is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.raw import RawSheet, RawWorkbook, letter

NA = "NA"
# Variables that hold days or numbers, in which NA can be no value.
NO_WORDS = re.compile(r"\w*(DT|DTM|DY|FL)|AVAL|AGE|CNSR", re.IGNORECASE)


def with_blanks_for_na(book: RawWorkbook, sheets: Sequence[RawSheet]) -> RawWorkbook:
    """The book, those of the sheets in which R wrote NA for what is missing with empty cells in its place; and said.

    It did where a variable of days or numbers holds it; elsewhere NA may be a code, as that of a country.
    """
    changed, issues = [], list(book.issues)
    for sheet in book.sheets:
        held = sheet.frame.eq(NA) if any(sheet is one for one in sheets) and not sheet.typed else None
        if held is None or not any(held[p].any() for p, name in _named(sheet) if NO_WORDS.fullmatch(name)):
            changed.append(sheet)
            continue
        frame = sheet.frame.mask(held, None).astype(object)
        changed.append(replace(sheet, frame=frame.where(frame.notna(), None)))
        position = next(p for p in held.columns if held[p].any())
        cell = f"{letter(position)}{held.index[held[position]][0]}"
        issues.append(
            Issue(
                NOTE,
                "MISSING_WORD",
                sheet.name,
                cell,
                None,
                message(
                    "{n} cells hold NA, as R writes what is missing, and count as missing",
                    n=int(held.to_numpy().sum()),
                ),
                message("Nothing to do, or leave them empty"),
            )
        )
    return replace(book, sheets=tuple(changed), issues=tuple(issues))


def _named(sheet: RawSheet) -> list[tuple[int, str]]:
    return [(position, name) for position, name in enumerate(sheet.header) if name]
