"""Toxicities in columns of the patients, one per term, become rows of the table of toxicities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from reportgen.cohort import cells
from reportgen.cohort.dictionary import Dictionary, entry_for, read_dictionary
from reportgen.cohort.matching import match_columns, match_sheets
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.schema import DICTIONARY, name_key
from reportgen.errors import ERROR, NOTE, Issue
from reportgen.settings import Settings

HEADER = ("patient_id", "term", "grade")


def with_long_toxicities(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with a sheet of toxicities made of those columns of the patients that hold one term each.

    They are the columns with the role `toxicity` in the dictionary, or whose names begin with the settings'
    [source] toxicity_prefix. A cell holds the worst grade of its patient; 0 is none. A patient with no such
    cell filled was not assessed for toxicity, unless a column toxicity_assessed says so or otherwise.
    """
    sheets, _ = match_sheets(book, settings)
    if "patients" not in sheets:
        return book
    patients = sheets["patients"]
    dictionary, _ = read_dictionary(sheets.get("dictionary"))
    terms = dict(_terms(patients, dictionary, settings.source.toxicity_prefix))
    if not terms:
        return book
    if "toxicities" in sheets and len(sheets["toxicities"].frame):
        return replace(book, issues=(*book.issues, Issue(
            ERROR, "AMBIGUOUS_SHEET", sheets["toxicities"].name, None, None,
            "Toxicities are given twice: as rows of this sheet, and as columns of the patients",
            "Remove one of the two, or the role `toxicity` from the columns in the dictionary")))  # fmt: skip
    headers, _ = match_columns("patients", patients, settings, dictionary)
    known = {header.name: header.position for header in headers if header.how not in ("feature", "ignored")}
    if "patient_id" not in known:
        return book
    long = _long(patients, terms, known["patient_id"])
    narrow = _narrow(patients, terms, assessed="toxicity_assessed" in known)
    replaced = (patients, sheets.get("toxicities"), sheets.get("dictionary"))
    kept = [sheet for sheet in book.sheets if all(sheet is not other for other in replaced)]
    if "dictionary" in sheets:
        kept.append(
            _without_lines(sheets["dictionary"], {name_key(patients.header[place]) for place in terms})
        )
    said = Issue(NOTE, "WIDE_TOXICITIES", patients.name, None, None,
                 f"{len(terms)} columns hold toxicities, one term each; grade 0 and empty cells mean none",
                 "Nothing to do")  # fmt: skip
    return replace(book, sheets=(narrow, long, *kept), issues=(*book.issues, said))


def _without_lines(dictionary: RawSheet, done: set[str]) -> RawSheet:
    """The dictionary without the columns that are no longer there."""
    names = ("column", *DICTIONARY["column"])
    place = next((k for k, text in enumerate(dictionary.header) if name_key(text) in names), None)
    if place is None:
        return dictionary
    gone = dictionary.frame[place].map(lambda cell: cell is not None and name_key(cell) in done).astype(bool)
    return replace(dictionary, frame=dictionary.frame[~gone])


def _terms(sheet: RawSheet, dictionary: Dictionary, prefix: str) -> Iterator[tuple[int, str]]:
    """Position → the term that the column is about."""
    start = prefix.casefold()
    for position, text in enumerate(sheet.header):
        entry = entry_for(dictionary, "patients", name_key(text)) if text else None
        own = text[len(prefix) :] if start and text.casefold().startswith(start) else ""
        if entry and entry.role == "toxicity":
            yield position, entry.label or _shown(own or text)
        elif own and not (entry and entry.role):
            yield position, (entry.label if entry else "") or _shown(own)


def _shown(name: str) -> str:
    return " ".join(cells.text(name)[0].replace("_", " ").split())


def _long(patients: RawSheet, terms: dict[int, str], id_position: int) -> RawSheet:
    frame = patients.frame
    rows, faults, origin = [], {}, {}
    number = 1
    for row in frame.index:
        for position, term in terms.items():
            cell = frame.at[row, position]
            fault = patients.faults.get((row, position))
            if fault is None and (cell is None or cells.number(cell)[0] == 0):
                continue
            number += 1
            rows.append((frame.at[row, id_position], term, cell))
            origin[number] = (row, position)
            if fault is not None:
                faults[number, 2] = fault
    table = pd.DataFrame(rows, columns=range(3), index=range(2, number + 1), dtype=object)

    def place(row: int, column: int) -> tuple[str, str]:
        if row not in origin:
            return patients.cell(patients.header_row, id_position)
        source, position = origin[row]
        return patients.cell(source, (id_position, position, position)[column])

    return RawSheet("toxicities", HEADER, 1, table, faults, patients.typed, "toxicities", place)


def _narrow(patients: RawSheet, terms: dict[int, str], assessed: bool) -> RawSheet:
    """The patients without the columns, whose places stay empty; with toxicity_assessed at the right."""
    header = ["" if position in terms else text for position, text in enumerate(patients.header)]
    columns = list(terms)
    any_known = patients.frame[columns].notna().any(axis=1)
    frame = patients.frame.copy()
    frame[columns] = None
    if not assessed:
        header.append("toxicity_assessed")
        frame[len(header) - 1] = any_known.map({True: "yes", False: "no"}).astype(object)
    faults = {place: fault for place, fault in patients.faults.items() if place[1] not in terms}
    return replace(patients, header=tuple(header), frame=frame, faults=faults, table="patients")
