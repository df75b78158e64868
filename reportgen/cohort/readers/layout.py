"""Tables that lie otherwise than ours: turned over, with several rows for a patient, or in several sheets."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.mapping.codes import counts_rows
from reportgen.cohort.mapping.keys import loose_key, name_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.alike_ids import columns_of_ids, with_alike_ids
from reportgen.cohort.readers.index_line import with_index_line
from reportgen.cohort.readers.joining import join, one_row_each
from reportgen.cohort.readers.redcap_fields import canonical
from reportgen.cohort.readers.stacking import form_names, left_out, same_names, with_stacked
from reportgen.cohort.readers.told_by_visits import same_sheet, with_told_by_visits
from reportgen.settings.model import Settings
from reportgen.settings.sources.nearest_name import correction

REPEATS = ("redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance")
OF_PATIENTS, FEWEST_ROWS = 0.8, 4
NOTHING = message("Nothing to do")


def with_layout(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with its sheets as the settings say they lie: see Source.stack, transposed, join, join_rows,
    index_line and from_assessments."""
    told = settings.source
    book = with_turned(book, settings)
    book = with_stacked(book, settings) if told.stack else book
    book = with_joined(with_alike_ids(book, settings) if told.alike_ids else book, settings)
    book = with_index_line(book, settings) if told.index_line else book
    return with_told_by_visits(book, settings) if told.from_assessments else book


def with_turned(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with those sheets turned over of which the settings say so: see Source.transposed."""
    wanted = set(map(name_key, settings.source.transposed))
    over = {s.name for s in book.sheets if name_key(s.name) in wanted and s.place is None}
    forms = [form_names(sheet) for sheet in book.sheets if sheet.name in over]
    left = [
        sheet.name for sheet in book.sheets
        if sheet.name not in over and sheet.place is None and any(same_names(form_names(sheet), one) for one in forms)
    ]  # fmt: skip
    sheets = tuple(turned(sheet) if sheet.name in over else sheet for sheet in book.sheets)
    return replace(book, sheets=sheets, issues=(*book.issues, *left_out(left, "[source] transposed")))


def with_joined(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with the sheets, or the rows, of the patients joined: see Source.join, join_rows."""
    told = settings.source
    return _joined(book, settings) if told.join or told.join_rows else book


def turned(sheet: RawSheet) -> RawSheet:
    """The sheet with its rows as columns: the first column holds the names of these."""
    if not sheet.header:
        return sheet
    rows = [sheet.header_row, *map(int, sheet.frame.index)]
    cells = [list(sheet.header), *sheet.frame.to_numpy(dtype=object).tolist()]
    names = tuple("" if row[0] is None else str(row[0]) for row in cells)
    frame = pd.DataFrame([list(column) for column in zip(*cells, strict=True)][1:], dtype=object)
    frame.index = range(2, 2 + len(frame))
    frame = frame.replace("", None)
    faults = {
        (column + 1, rows.index(row)): text for (row, column), text in sheet.faults.items() if row in rows
    }
    filled = frame.notna().any(axis=1) | frame.index.isin([row for row, _ in faults])
    frame = frame.where(frame.notna(), None)[filled]

    def place(row: int, position: int) -> tuple[str, str]:
        return sheet.cell(rows[position], max(row - 1, 0))

    return replace(sheet, header=names, header_row=1, frame=frame, place=place, faults=faults, merged=())


def id_position(sheet: RawSheet, settings: Settings, also: str = "") -> int | None:
    """The column of the ids of the patients, by its name: our own before any other, and none that is the same in all
    rows before one that tells them apart ("Study ID" is that of the study in exports of cBioPortal). also: another name
    that it may have.
    """
    found = [
        position
        for position, text in enumerate(sheet.header)
        if text
        and (
            canonical("patients", text, settings) == "patient_id"
            or (also and name_key(text) == name_key(also))
        )
    ]
    if len(found) > 1:
        found.sort(
            key=lambda at: (sheet.frame[at].nunique() <= 1, name_key(sheet.header[at]) != "patient_id", at)
        )
    return found[0] if found else None


def by_values(sheet: RawSheet, main: RawSheet, key: int, settings: Settings) -> int | None:
    """The column of another sheet that may be called an id and whose values are those of the patients, in any spelling;
    that which tells its rows apart before any other.
    """
    ids = {loose_key(cell) for cell in main.frame[key].dropna()}
    found = {}
    for position in columns_of_ids(sheet, settings):
        held = [loose_key(cell) for cell in sheet.frame[position].dropna()]
        if held and sum(one in ids for one in held) >= OF_PATIENTS * len(held):
            found[position] = (
                counts_rows(sheet.frame[position].dropna(), FEWEST_ROWS),
                len(held) - len(set(held)),
            )
    return min(found, key=found.__getitem__) if found else None


def _joined(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    def ours(header: str) -> str:
        return canonical("patients", header, settings)

    sheets = {name_key(sheet.name): sheet for sheet in book.sheets}
    others = [sheets[name_key(name)] for name in settings.source.join if name_key(name) in sheets]
    rest = tuple(sheet for sheet in book.sheets if all(sheet is not other for other in others))
    main = match_sheets(replace(book, sheets=rest), settings)[0].get("patients")
    key = None if main is None else id_position(main, settings)
    issues = [
        Issue(ERROR, "MISSING_SHEET", name, None, None, message("The settings join this sheet, but it does not exist"),
              correction(name, [sheet.name for sheet in book.sheets]))
        for name in settings.source.join if name_key(name) not in sheets
    ]  # fmt: skip
    if main is None or key is None:
        return replace(book, issues=(*book.issues, *issues))
    table = one_row_each(main, key, ours)
    for other in others:
        position = id_position(other, settings, main.header[key])
        position = by_values(other, main, key, settings) if position is None else position
        if position is None:
            issues.append(
                Issue(ERROR, "MISSING_COLUMN", other.name, None, None, message("The column patient_id is missing"),
                      message("Name the ids as on the sheet of the patients"))
            )  # fmt: skip
            continue
        further = one_row_each(other, position, ours)
        join(table, further, further.header.index(other.header[position]), ours)
        problem = message("The columns of {a} were joined to the patients of {b}", a=other.name, b=main.name)
        issues.append(Issue(NOTE, "SHEETS_JOINED", other.name, None, None, problem, NOTHING))
    if len(table.frame) < len(main.frame):
        problem = message("{n} rows were joined into {k} patients", n=len(main.frame), k=len(table.frame))
        issues.append(Issue(NOTE, "ROWS_JOINED", main.name, None, None, problem, NOTHING))
    found = replace(table.sheet(main), table="patients")
    visits = [replace(main, table="assessments")] if same_sheet(settings) else []
    left = [found if sheet is main else sheet for sheet in rest]
    return replace(book, sheets=(*left, *visits), issues=(*book.issues, *issues, *table.issues))


def without_dictionary(sheets: tuple[RawSheet, ...]) -> list[Issue]:
    """What is said of an export of REDCap whose data dictionary is not beside it."""
    for sheet in sheets:
        keys = [name_key(text) for text in sheet.header if text]
        forms = [key for key in keys if key.endswith("_complete")]
        if set(REPEATS) & set(keys) or (keys[:1] == ["record_id"] and forms):
            problem = message(
                "The table looks like an export of REDCap, whose data dictionary is not beside it: codes stay codes"
            )
            hint = message(
                "In REDCap, export the project as raw data (CSV) and download its data dictionary (Project Setup, Data "
                "Dictionary); put both files into one folder and name that as the source"
            )
            return [Issue(WARNING, "REDCAP_WITHOUT_DICTIONARY", sheet.name, None, None, problem, hint)]
    return []
