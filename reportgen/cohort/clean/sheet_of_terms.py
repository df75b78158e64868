"""A sheet of toxicities with one row per patient and one column per term: its columns are joined to the patients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.rows_without_patients import HINT, LOOKS, TOTAL
from reportgen.cohort.mapping.dictionary import read_dictionary
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.matching import match_columns, match_sheets
from reportgen.cohort.raw import RawSheet, RawWorkbook, letter
from reportgen.settings.model import Settings


def with_sheet_of_terms(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with the columns that [source] toxicity_columns and toxicity_text name moved from the sheet of
    toxicities to the patients, by their ids. A patient who has no row there has empty cells.

    Every cell keeps its address. Rows of nobody, and two rows of one patient, are said.
    """
    told = settings.source
    wanted = {name_key(name) for name in (*told.toxicity_columns, *told.toxicity_text)}
    sheets, _ = match_sheets(book, settings)
    if not wanted or not {"patients", "toxicities"} <= set(sheets):
        return book
    patients, wide = sheets["patients"], sheets["toxicities"]
    terms = [p for p, text in enumerate(wide.header) if text and name_key(text) in wanted]
    own, theirs = (_id_of(table, sheets[table], settings, sheets) for table in ("patients", "toxicities"))
    if not terms or own is None or theirs is None:
        return book
    issues: list[Issue] = []
    rows = dict(_rows(patients, wide, own, theirs, issues))
    joined = _joined(patients, wide, terms, rows)
    kept = tuple(joined if s is patients else s for s in book.sheets if s is not wide)
    return replace(book, sheets=kept, issues=(*book.issues, *issues))


def _id_of(table: str, sheet: RawSheet, settings: Settings, sheets: dict[str, RawSheet]) -> int | None:
    dictionary, _ = read_dictionary(sheets.get("dictionary"))
    headers, _ = match_columns(table, sheet, settings, dictionary)
    return next(
        (h.position for h in headers if h.name == "patient_id" and h.how not in ("feature", "ignored")), None
    )


def _key(cell: object) -> str:
    return word_key(cells.text(cell)[0]) if cell is not None else ""


def _rows(
    patients: RawSheet, wide: RawSheet, own: int, theirs: int, issues: list[Issue]
) -> Iterator[tuple[int, int]]:
    """The row of a patient → that patient's row in the sheet of toxicities."""
    of = {_key(cell): row for row, cell in patients.frame[own].items()}
    seen: dict[str, int] = {}
    for row, cell in wide.frame[theirs].items():
        key, place = _key(cell), f"{letter(theirs)}{row}"
        if not key or TOTAL.fullmatch(key):
            issues.append(Issue(WARNING, "NOT_A_PATIENT", wide.name, place, None, LOOKS["total"], HINT))
        elif key not in of:
            issues.append(Issue(ERROR, "UNKNOWN_PATIENT", wide.name, place, cells.text(cell)[0],
                                message("The sheet of patients has no such patient"),
                                message("Correct the id, or add the patient")))  # fmt: skip
        elif key in seen:
            issues.append(Issue(ERROR, "DUPLICATE_ID", wide.name, place, cells.text(cell)[0],
                                message("The patient has two rows in a sheet with one row per patient"),
                                message("Keep one row per patient")))  # fmt: skip
        else:
            seen[key] = row
            yield of[key], row


def _joined(patients: RawSheet, wide: RawSheet, terms: list[int], rows: dict[int, int]) -> RawSheet:
    width = len(patients.header)
    frame, faults = patients.frame.copy(), dict(patients.faults)
    for place, position in enumerate(terms, width):
        found = [wide.frame.at[rows[row], position] if row in rows else None for row in frame.index]
        frame[place] = pd.Series(found, index=frame.index, dtype=object)
        faults |= {(row, place): wide.faults[theirs, position] for row, theirs in rows.items()
                   if (theirs, position) in wide.faults}  # fmt: skip

    def cell(row: int, position: int) -> tuple[str, str]:
        if position >= width and position - width < len(terms):
            return wide.cell(rows.get(row, wide.header_row), terms[position - width])
        return patients.cell(row, position)

    header = (*patients.header, *(wide.header[position] for position in terms))
    return replace(patients, header=header, frame=frame, faults=faults, place=cell, table="patients")
