"""Deaths of which the rows of another sheet tell, such as a visit with the status "dead", against the patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from reportgen.base import aside
from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.base.places import placed
from reportgen.base.repeated import MOST
from reportgen.cohort.checks.rule import MAX_SAID, Tables
from reportgen.cohort.checks.told_deaths import DEATH, VITAL, values_of_death, who_lives
from reportgen.cohort.checks.view import View
from reportgen.cohort.clean.timing import id_key
from reportgen.cohort.coded import factorized
from reportgen.cohort.cohort import Table
from reportgen.cohort.distinct import chosen
from reportgen.cohort.mapping.dates_of_all import MOST_CODES, written
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.mapping.schema import columns_of

CODE = "DEATH_WITHOUT_DATE"


def deaths_in_rows(views: Mapping[str, View], tables: Tables) -> Iterator[Issue]:
    """DEATH_WITHOUT_DATE: a row of another sheet says that a patient died who counts as alive: the first of each.

    Columns that no table has are read for it as they were found. One that is called after nothing of the kind must say
    so of all who died, and of few others.
    """
    standing = who_lives(tables["patients"])
    if standing is None:
        return
    read = {_head(views["patients"], header) for header in views["patients"].headers if header.name == VITAL}
    for name, view in views.items():
        if name == "patients" or view.id_position is None:
            continue
        for header in view.headers:
            if header.name in columns_of(name) or _head(view, header) in read:
                continue
            yield from _in_column(view, header, tables["patients"], standing)
            aside.rest()


def _head(view: View, header: Header) -> tuple[str, str]:
    return view.sheet.cell(view.sheet.header_row, header.position)


def _in_column(
    view: View, header: Header, patients: Table, standing: tuple[pd.Series, pd.Series, bool]
) -> Iterator[Issue]:
    died, lives, derived = standing
    column = view.sheet.frame[header.position]
    codes, distinct = factorized(column)
    if not 0 < len(distinct) <= MOST_CODES:
        return
    said = [*map(written, distinct)]
    dead, sure = values_of_death(name_key(header.text), list(dict.fromkeys(said)))
    told = chosen(np.array([*(word in dead for word in said), False]), codes)
    if not told.any():
        return
    keys = id_key(view.ids)[pd.Series(told, column.index).reindex(view.ids.index)]
    first = {who: int(row) for row, who in reversed([*keys.dropna().items()])}
    whose = id_key(patients.frame["patient_id"])
    said_of = whose.isin([*first])
    if not sure and not (said_of[died].all() and (said_of & lives).sum() <= (said_of & died).sum()):
        return
    column, severity = DEATH if derived else VITAL, ERROR if sure and derived else WARNING
    rows = patients.frame.index[said_of & lives][:MAX_SAID]
    problem, hint = _said(header.text, None, derived), _hint(derived)
    for row in rows:
        if len(rows) <= MOST:
            problem = _said(header.text, placed(patients.sheet, patients.address(row, column)), derived)
        yield view.issue(header.position, first[whose[row]], severity, CODE, problem, hint)


def _said(header: str, place: Message | None, derived: bool) -> Message:
    if place is None and derived:
        return message("{a} says that the patient died, but there is no date of death", a=header)
    if place is None:
        return message("{a} says that the patient died, vital_status that the patient is alive", a=header)
    if derived:
        return message("{a} says that the patient died, but {b} holds no date of death", a=header, b=place)
    return message("{a} says that the patient died, {b} that the patient is alive", a=header, b=place)


def _hint(derived: bool) -> Message:
    if derived:
        return message("Enter the date of death, or correct this row")
    return message("Correct one of the two; until then the patient counts as alive")
