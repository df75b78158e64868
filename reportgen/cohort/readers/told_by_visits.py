"""Patients whose response, relapse or last contact stands in their visits: what these say, beside each patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells, dates
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.mapping.schema import RESPONSES, spellings
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import Joined, Origin, as_they_are, key_of
from reportgen.cohort.readers.redcap_fields import canonical_places
from reportgen.settings.model import Settings

RANK = {"CR": 0, "PR": 1, "SD": 2, "PD": 3, "NE": 4}


@dataclass(frozen=True)
class Visits:
    """The visits that can be read. places: canonical column → position; by row: whose, on which day, what was said."""

    sheet: RawSheet
    places: Mapping[str, int]
    who: pd.Series
    day: pd.Series
    said: pd.Series


def with_told_by_visits(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook whose patients have the columns of [source] from_assessments from their assessments.

    The relapse is the first PD after the start of treatment, the best response the best until then, CR before PR before
    SD before PD, its date the first CR or PR until then, and the last contact the last assessment. A column that the
    patients have themselves stays as it is.
    """
    sheets, _ = match_sheets(book, settings)
    main, sheet = sheets.get("patients"), sheets.get("assessments")
    places = {} if sheet is None else canonical_places("assessments", sheet.header, settings)
    own = {} if main is None else canonical_places("patients", main.header, settings)
    key = own.get("patient_id")
    if main is None or sheet is None or key is None or not {"patient_id", "date"} <= {*places}:
        return replace(book, issues=(*book.issues, _nothing(sheet)))
    table = as_they_are(main, key)
    visits = _read(sheet, places, _starts(main, key, own.get("treatment_start"), settings), settings)
    added = [name for name in settings.source.from_assessments if name not in own]
    for name in added:
        place, rows = _rows(name, visits)
        _add(table, name, sheet, place, rows)
    found = table.sheet(main)
    found = replace(found, table="patients", name=main.name if main.place else found.name)
    rest = (one for one in book.sheets if one is not main and one is not sheet)
    said = [_said(sheet, places, added)] if added else []
    sheets = (found, replace(sheet, table="assessments"), *rest)
    return replace(book, sheets=sheets, issues=(*book.issues, *said))


def _day(cell: object, settings: Settings) -> float | None:
    told = settings.source
    day = dates.day(cell, told.date_order, told.two_digit_years, told.date_serials)[0]
    return None if day is None else float(day.toordinal())


def _starts(main: RawSheet, key: int, place: int | None, settings: Settings) -> dict[str, float]:
    """Id → the day on which treatment began, where that is known."""
    if place is None:
        return {}
    read = zip(main.frame[key].map(key_of), main.frame[place], strict=True)
    return {who: day for who, cell in read if who and (day := _day(cell, settings)) is not None}


def _read(
    sheet: RawSheet, places: Mapping[str, int], starts: Mapping[str, float], settings: Settings
) -> Visits:
    """The visits of known patients and days; of those before the start of treatment nothing is said."""
    who = sheet.frame[places["patient_id"]].map(key_of)
    day = sheet.frame[places["date"]].map(lambda cell: _day(cell, settings)).astype(float)
    words = {**spellings(RESPONSES), **_told(settings)}
    shown = (
        sheet.frame[places["response"]]
        if "response" in places
        else pd.Series(None, sheet.frame.index, object)
    )
    said = shown.map(lambda cell: words.get(word_key(cells.text(cell)[0])), na_action="ignore")
    seen = (who != "") & day.notna()
    order = day[seen].sort_values(kind="stable").index
    since = who.map(starts).astype(float)
    answers = said.where(~(day <= since))
    return Visits(sheet, places, who[order], day[order], answers[order])


def _told(settings: Settings) -> dict[str, str]:
    """What the settings say of words of responses."""
    return {
        word_key(cells.text(theirs)[0]): ours
        for column in ("best_response", "response")
        for ours, words in settings.values.get(column, {}).items()
        for theirs in words
    }


def _rows(name: str, visits: Visits) -> tuple[int, dict[str, int]]:
    """The column that says it, and id → the row."""
    who, said = visits.who, visits.said
    if name == "last_contact":
        return visits.places["date"], {one: int(row) for row, one in who.items()}
    of_day = name in ("relapse_date", "response_date")
    place = visits.places["date" if of_day else "response"] if "response" in visits.places else 0
    worse = {one: int(row) for row, one in reversed([*who[said == "PD"].items()])}
    if name == "relapse_date":
        return place, worse
    until = who.map({one: visits.day[row] for one, row in worse.items()}).astype(float)
    # On the day of progression nobody is in response, whatever another row says.
    rank = (
        said[(visits.day < until) | until.isna() | ((visits.day == until) & (said == "PD"))]
        .map(RANK)
        .dropna()
    )
    best = (rank[rank <= RANK["PR"]] if name == "response_date" else rank.sort_values(kind="stable")).index
    return place, {who[row]: int(row) for row in reversed(best)}


def _add(table: Joined, name: str, sheet: RawSheet, place: int, rows: Mapping[str, int]) -> None:
    at = {int(row): rows[who] for row, who in table.keys.items() if who in rows}
    values = pd.Series({row: sheet.frame.at[there, place] for row, there in at.items()}, dtype=object)
    table.add(name, "", values, Origin(sheet, place, at))


def _said(sheet: RawSheet, places: Mapping[str, int], added: list[str]) -> Issue:
    problem = message(
        "{columns} of the patients were taken from their assessments: the first PD after the start of treatment is the "
        "relapse, the best response until then counts, its date is that of the first CR or PR, and the last assessment "
        "is the last contact",
        columns=", ".join(added),
    )
    hint = message("Nothing to do; else see from_assessments under [source] in report.toml")
    where = sheet.cell(sheet.header_row, places.get("response", places["date"]))
    return Issue(NOTE, "FROM_ASSESSMENTS", *where, None, problem, hint)


def _nothing(sheet: RawSheet | None) -> Issue:
    if sheet is None:
        problem = message(
            "The settings take columns of the patients from the table assessments, but there is none"
        )
        hint = message("Name its sheet under [tables] in report.toml, or remove from_assessments")
        return Issue(ERROR, "MISSING_SHEET", None, None, None, problem, hint)
    problem = message(
        "The settings take columns of the patients from this sheet, but it has no patient_id or date"
    )
    hint = message("Say which columns they are under [columns.assessments] in report.toml")
    return Issue(ERROR, "MISSING_COLUMN", sheet.name, None, None, problem, hint)


def same_sheet(settings: Settings) -> bool:
    """Whether the settings name one sheet as that of the patients and of the assessments: its rows are visits."""
    main, visits = settings.tables.get("patients"), settings.tables.get("assessments")
    return bool(main and visits) and name_key(str(main)) == name_key(str(visits))
