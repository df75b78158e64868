"""An export of REDCap without its dictionary, whose forms repeat: its rows as a sheet of patients and one per form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.redcap_fields import is_dictionary
from reportgen.cohort.readers.redcap_rows import EVENT, INSTANCE, INSTRUMENT
from reportgen.settings.model import Settings

PATIENTS = "patients"
# Each form ends with whether it is complete.
COMPLETE = "_complete"


def with_parted_forms(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with the rows of each form that repeats as a sheet of its own, called as the form is.

    A row says by `redcap_repeat_instrument` which form it repeats; all others are rows of the patients. Cells keep
    their places in the source. With a dictionary beside it the project is read by that, and nothing is done here.
    """
    exports = [sheet for sheet in book.sheets if _names_forms(sheet)]
    if len(exports) != 1 or any(map(is_dictionary, book.sheets)):
        return book
    (export,) = exports
    others = {name_key(sheet.name) for sheet in book.sheets if sheet is not export}
    told = {name_key(theirs) for theirs in settings.tables.values()} | others
    own = name_key(export.name) in told or PATIENTS in others
    parts = tuple(_parted(export, export.name if own else PATIENTS, others))
    sheets = (part for sheet in book.sheets for part in (parts if sheet is export else (sheet,)))
    return replace(book, sheets=tuple(sheets))


def _names_forms(sheet: RawSheet) -> bool:
    return INSTRUMENT in sheet.header and sheet.frame[sheet.header.index(INSTRUMENT)].notna().any()


def _parted(export: RawSheet, name: str, others: set[str]) -> Iterator[RawSheet]:
    frame, form = export.frame, export.frame[export.header.index(INSTRUMENT)]
    once, repeats = form.isna(), frame[form.notna()]
    filled = {place for place in frame.columns if frame.loc[once, place].notna().any()}
    system = {place for place, text in enumerate(export.header) if text in (EVENT, INSTRUMENT, INSTANCE)}
    unused = {export.header.index(text) for text in (INSTRUMENT, INSTANCE) if text in export.header} - filled
    kept = [
        place
        for place in frame.columns
        if place not in unused and (place in filled or repeats[place].isna().all())
    ]
    yield _part(export, name, frame.index[once], kept)
    for said in form.dropna().unique():
        rows = repeats[form[repeats.index] == said]
        held = [
            place
            for place in frame.columns[1:]
            if place not in system
            and rows[place].notna().any()
            and not export.header[place].endswith(COMPLETE)
        ]
        taken = name_key(str(said)) in {*others, name_key(name)}
        called = f"{said} (repeated)" if taken else str(said)
        yield _part(export, called, rows.index, [0, *held])


def _part(export: RawSheet, name: str, rows: pd.Index, places: Sequence[int]) -> RawSheet:
    frame = export.frame.loc[rows, [*places]]
    frame.columns = range(len(places))
    moved = {place: number for number, place in enumerate(places)}
    faults = {(row, moved[p]): said for (row, p), said in export.faults.items() if row in rows and p in moved}

    def place(row: int, position: int) -> tuple[str, str]:
        return export.cell(row, places[position])

    labels = tuple(export.labels[p] for p in places) if export.labels else ()
    header = tuple(export.header[p] for p in places)
    return replace(
        export, name=name, header=header, frame=frame, faults=faults, place=place, labels=labels, merged=()
    )
