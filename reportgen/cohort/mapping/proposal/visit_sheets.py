"""Visits that tell what the sheet of the patients does not: their best response, their relapse, their last contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.pairs import time_status_pairs
from reportgen.cohort.mapping.proposal.columns import senses
from reportgen.cohort.mapping.proposal.samples import known_cells
from reportgen.cohort.mapping.proposal.sheets import tables_of
from reportgen.cohort.mapping.proposal.types import Line
from reportgen.cohort.mapping.schema import RESPONSES, spellings
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import key_of
from reportgen.cohort.readers.redcap_fields import canonical
from reportgen.settings.model import Settings

FROM = ("source", "from_assessments")
TABLE, COLUMNS = ("tables", "assessments"), ("columns", "assessments")
OF_VISIT = ("patient_id", "date", "response")
# Of a relapse the patients have another account.
TOLD_OTHERWISE = frozenset(("relapse_date", "relapse_observed", "disease_status"))
SEVERAL, COMMON = 0.5, 0.8
WHY = {
    "best_response": "the best response at a visit, until the first PD",
    "response_date": "the first CR or PR at a visit, until the first PD",
    "relapse_date": "the first PD at a visit",
    "last_contact": "the last visit",
}


def visit_lines(book: RawWorkbook, settings: Settings) -> list[Line]:
    """The lines that take from the assessments what patients with a start of treatment do not have themselves.

    A relapse only where a visit says PD, and nothing beside times with their status; the last contact only where nearly
    all have a visit.
    """
    taken = {one.table: one.sheet for one in tables_of(book, settings) if one.table}
    main, sheet = taken.get("patients"), taken.get("assessments")
    if (
        settings.source.from_assessments
        or settings.endpoint
        or main is None
        or sheet is None
        or main is sheet
    ):
        return []
    own, visits = _places("patients", main, settings), _places("assessments", sheet, settings)
    if not {"patient_id", settings.origin} <= {*own} or not {"patient_id", "date"} <= {*visits}:
        return []
    if time_status_pairs(main):
        return []
    wanted = [*_wanted(sheet, visits, own, settings)]
    if "last_contact" not in own and _all_seen(sheet, visits, main, own):
        wanted.append("last_contact")
    if not wanted:
        return []
    lines = [Line(TABLE, sheet.name, "one row per visit")] if not sheet.table else []
    key = main.header[own["patient_id"]]
    if canonical("patients", key, settings) != "patient_id":
        lines.append(Line(("columns", "patients", "patient_id"), key, "of the patients of the visits"))
    return [
        *lines,
        *_columns(sheet, visits, settings),
        *(Line(FROM, name, WHY[name], adds=True) for name in wanted),
    ]


def lines_of_visits(main: RawSheet, key: int, settings: Settings) -> list[Line]:
    """The lines that make rows of patients who have several also their assessments, where the response differs between
    them. key: the position of the ids.
    """
    places = _places("assessments", main, settings)
    if not {*OF_VISIT} <= {*places} or places["patient_id"] != key or "assessments" in settings.tables:
        return []
    who = main.frame[key].map(key_of)
    several = who[who.duplicated(keep=False)]
    if not all(_differs(main, places[name], several) for name in ("date", "response")):
        return []
    return [Line(TABLE, main.name, "its rows are visits, too"), *_columns(main, places, settings)]


def _differs(sheet: RawSheet, position: int, who: pd.Series) -> bool:
    held = sheet.frame[position].reindex(who.index).map(key_of)
    return bool((held[held != ""].groupby(who).nunique() > 1).sum() > SEVERAL * who.nunique())


def _places(table: str, sheet: RawSheet, settings: Settings) -> dict[str, int]:
    found, rivals = senses(table, sheet, settings, {}, frozenset())
    return {
        name: sense.position for sense in found for name in sense.names if "+".join(sense.names) not in rivals
    }


def _columns(sheet: RawSheet, places: Mapping[str, int], settings: Settings) -> Iterator[Line]:
    for name in OF_VISIT:
        if name in places and canonical("assessments", sheet.header[places[name]], settings) != name:
            yield Line((*COLUMNS, name), sheet.header[places[name]], "of a visit")


def _wanted(
    sheet: RawSheet, visits: Mapping[str, int], own: Mapping[str, int], settings: Settings
) -> Iterator[str]:
    if "response" not in visits:
        return
    words = spellings(RESPONSES)
    said = {words.get(word_key(cell)) for cell in known_cells(sheet, visits["response"])}
    if "best_response" not in own and "best_response" not in settings.columns.get("patients", {}):
        yield "best_response"
        if {"CR", "PR"} & said and "response_date" not in {*own, *settings.columns.get("patients", {})}:
            yield "response_date"
    if "PD" in said and not TOLD_OTHERWISE & {*own, *settings.columns.get("patients", {})}:
        yield "relapse_date"


def _all_seen(sheet: RawSheet, visits: Mapping[str, int], main: RawSheet, own: Mapping[str, int]) -> bool:
    ids = {*main.frame[own["patient_id"]].map(key_of)} - {""}
    seen = {*sheet.frame[visits["patient_id"]].map(key_of)}
    return len(ids & seen) >= COMMON * len(ids) > 0
