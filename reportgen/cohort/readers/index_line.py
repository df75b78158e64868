"""Patients whose treatment stands with their lines of treatment: what the line that is reported says, beside each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells, dates
from reportgen.cohort.clean.written_lines import line
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import Joined, Origin, key_of, one_row_each
from reportgen.cohort.readers.redcap_fields import canonical, canonical_places
from reportgen.settings.model import Settings

# Column of the patients → that of a line: of the first row of the line, or of its last one, for a line may have several
# rows, one per dose.
FIRST_SAID = {"treatment_start": "start_date", "treatment": "treatment"}
LAST_SAID = {"treatment_stop": "stop_date", "stop_reason": "stop_reason", "best_response": "best_response"}
# What happened in the line or in one after it counts from where it stands first.
FIRST_AFTER = ("relapse_date",)


def with_index_line(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook whose patients have what their line number `index_line` says: see settings.model.Source.

    A column that the patients have themselves is left as it is. Where the settings name one sheet as patients and as
    treatments, its rows are the lines, and the patients are made of what all lines of one agree in.
    """
    sheets, _ = match_sheets(book, settings)
    lines, main = sheets.get("treatments"), sheets.get("patients")
    places = {} if lines is None else canonical_places("treatments", lines.header, settings)
    if lines is None or not {"patient_id", "start_date"} <= {*places}:
        return replace(book, issues=(*book.issues, _nothing(lines, settings)))
    if main is None or main is lines:
        table = _of_lines(lines, places, settings)
        key = table.header.index(lines.header[places["patient_id"]])
    else:
        key = canonical_places("patients", main.header, settings).get("patient_id")
        if key is None:
            return book
        table = one_row_each(main, key, lambda header: canonical("patients", header, settings))
    _add(table, lines, places, settings)
    like = lines if main is None else main
    found = replace(table.sheet(like), table="patients")
    problem = message(
        "Start of treatment, and what belongs to it, are those of line {n} of each patient",
        n=settings.source.index_line,
    )
    hint = message("Name another line as index_line under [source] in report.toml if that one is meant")
    said = Issue(NOTE, "INDEX_LINE", *lines.cell(lines.header_row, places["start_date"]), None, problem, hint)
    rest = (sheet for sheet in book.sheets if sheet is not lines and sheet is not main)
    issues = (*book.issues, *table.issues, said)
    return replace(book, sheets=(found, replace(lines, table="treatments"), *rest), issues=issues)


def numbered(lines: RawSheet, places: Mapping[str, int], settings: Settings) -> pd.Series:
    """Per row the number of its line: as its column says, or, where none does for all, in the order of their starts."""
    told = lines.frame[places["line"]].map(lambda cell: line(cell)[0]) if "line" in places else None
    if told is not None and told.notna().all():
        return told.astype(int)
    who = lines.frame[places["patient_id"]].map(key_of)
    order = settings.source.date_order
    read = lines.frame[places["start_date"]].map(lambda cell: dates.day(cell, order)[0])
    days = read.map(lambda day: day.toordinal(), na_action="ignore").astype(float)
    return days.groupby(who).rank(method="dense").fillna(0).astype(int)


def _of_lines(lines: RawSheet, places: Mapping[str, int], settings: Settings) -> Joined:
    """One row per patient, of the columns that are none of a line."""
    key = places["patient_id"]
    own = {position for name, position in places.items() if name != "patient_id"}
    own |= {p for p, text in enumerate(lines.header) if text and _after(text, settings)}
    header = tuple("" if position in own else text for position, text in enumerate(lines.header))
    return one_row_each(
        replace(lines, header=header), key, lambda text: canonical("patients", text, settings)
    )


def _add(table: Joined, lines: RawSheet, places: Mapping[str, int], settings: Settings) -> None:
    """The columns of the line at the right of the patients, but those that these have already."""
    known = {canonical("patients", text, settings) or name_key(text) for text in table.header}
    number = numbered(lines, places, settings)
    who = lines.frame[places["patient_id"]].map(key_of)
    wanted, after = number == settings.source.index_line, number >= settings.source.index_line
    order = number.sort_values(kind="stable").index
    for names, last in ((FIRST_SAID, False), (LAST_SAID, True)):
        for name, theirs in names.items():
            if theirs in places and name not in known:
                rows = _rows(lines, places[theirs], who[order][wanted[order]], last)
                _add_one(table, name, lines, places[theirs], rows)
    for position, text in enumerate(lines.header):
        if text and _after(text, settings) and canonical("patients", text, settings) not in known:
            rows = _rows(lines, position, who[order][after[order]], False)
            _add_one(table, text, lines, position, rows)


def _after(text: str, settings: Settings) -> bool:
    return canonical("patients", text, settings) in FIRST_AFTER


def _rows(lines: RawSheet, position: int, who: pd.Series, last: bool) -> dict[str, int]:
    """Id → the row of the first, or the last, filled cell."""
    filled = who[lines.frame[position].reindex(who.index).map(_is_said)]
    return {who: int(row) for row, who in (filled.items() if last else reversed([*filled.items()]))}


def _is_said(cell: object) -> bool:
    return cell is not None and not (isinstance(cell, str) and cells.missing(cells.text(cell)[0]))


def _add_one(table: Joined, header: str, lines: RawSheet, position: int, rows: Mapping[str, int]) -> None:
    at = {int(row): rows[who] for row, who in table.keys.items() if who in rows}
    values = pd.Series({row: lines.frame.at[there, position] for row, there in at.items()}, dtype=object)
    table.add(header, "", values, Origin(lines, position, at))


def _nothing(lines: RawSheet | None, settings: Settings) -> Issue:
    if lines is None:
        problem = message(
            "The settings take the start of treatment from the table treatments, but there is none"
        )
        return Issue(ERROR, "MISSING_SHEET", None, None, None, problem,
                     message("Name its sheet under [tables] in report.toml, or remove index_line"))  # fmt: skip
    problem = message(
        "The settings take the start of treatment from this sheet, but it has no patient_id or start_date"
    )
    hint = message("Say which columns they are under [columns.treatments] in report.toml")
    return Issue(ERROR, "MISSING_COLUMN", lines.name, None, None, problem, hint)
