"""Until when each patient was observed: nothing that happened lies after the last contact.

A date after the last contact is a question to the data. Until it is answered the event counts, and with it the
patient counts as seen on that day: every clock that runs to the last contact then ends at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.checks.rule import DAY, Tables, days_of, each, values_of
from reportgen.cohort.clean.timing import dates_after, id_key
from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.rows import where
from reportgen.settings.model import Settings

AFTER_LAST = {
    "patients": ("relapse_date", "treatment_stop", "response_date"),
    "toxicities": ("onset_date", "resolved_date"),
    "treatments": ("start_date", "stop_date"),
    "assessments": ("date",),
    "measurements": ("date",),
}
CODE = "AFTER_LAST_CONTACT"


def after_last_contact(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """What happened later than the last contact of a patient who is not known to have died."""
    last = _last_seen(tables["patients"])
    hint = message("Correct the date, or the last contact; until then the patient counts as seen on that day")
    for table, column, later in _later(tables, settings, last):
        yield from each(table, later, column, WARNING, CODE,
                         message("{a} is after the last contact of the patient", a=column), hint)  # fmt: skip


def beyond(patients: Table, settings: Settings) -> set[str]:
    """The patients with an event after their last contact; a late visit on another sheet is none."""
    return {
        issue.patient
        for issue in after_last_contact({"patients": patients}, settings)
        if issue.patient is not None
    }


def with_later_contact(
    tables: Mapping[str, Table], settings: Settings
) -> tuple[dict[str, Table], list[Issue]]:
    """The tables, the last contact of who is not known to have died no earlier than anything that happened.

    A day in the future was mistyped or is only planned, and moves nothing.
    """
    patients = tables["patients"]
    last = _last_seen(patients)
    keys = id_key(values_of(patients, "patient_id"))
    seen = last.copy()
    for table, column, later in _later(tables, settings, last):
        later &= where(table, lambda part, column=column: ~_in_future(part, column))
        if not later.any():
            continue
        day = days_of(table, column).where(later)
        if table.name != "patients":
            latest = day[later].groupby(id_key(values_of(table, "patient_id")[later]), sort=False).max()
            day = keys.map(latest).astype(float)
        seen = seen.where(~(day > seen), day)
    moved = seen > last
    if not moved.any():
        return dict(tables), []
    frame, days = patients.frame.copy(deep=False), patients.days.copy(deep=False)
    days["last_contact"] = days["last_contact"].mask(moved, seen)
    dated = moved & frame["last_contact"].notna() & patients.start.notna()
    frame["last_contact"] = frame["last_contact"].mask(dated, dates_after(patients.start, seen))
    said = Issue(NOTE, "LAST_CONTACT_MOVED", patients.sheet, None, None,
                 message("{n} × last_contact was taken from a later date of the patient", n=int(moved.sum())),
                 message("Correct that date, or the last contact"))  # fmt: skip
    return {**tables, "patients": replace(patients, frame=frame, days=days)}, [said]


def _last_seen(patients: Table) -> pd.Series:
    """The day of the last contact; nan where it is not known, and of the dead."""
    return days_of(patients, "last_contact").where(days_of(patients, "death_date").isna())


def _later(tables: Tables, settings: Settings, last: pd.Series) -> Iterator[tuple[Table, str, pd.Series]]:
    """Every table and column that says what happened, with the rows in which that is after the last contact."""
    ids = id_key(values_of(tables["patients"], "patient_id"))
    once = ids.notna() & ~ids.duplicated()
    by_id = last[once].set_axis(ids[once])
    own = [name_key(column) for rule in settings.endpoint for column in (*rule.events, *rule.competing)]

    def limit(part: Table) -> pd.Series:
        return id_key(values_of(part, "patient_id")).map(by_id).astype(float, copy=False)

    for name, columns in AFTER_LAST.items():
        table = tables.get(name)
        if table is None:
            continue
        if name == "patients":
            columns = tuple(dict.fromkeys((*columns, *(c for c in own if c != "death_date"))))
        for column in columns:
            if column not in table.days:
                continue
            if name == "patients":
                yield table, column, days_of(table, column) > last + DAY
            else:
                yield table, column, where(table, lambda part, c=column: part.days[c] > limit(part) + DAY)


def _in_future(table: Table, column: str) -> pd.Series:
    tomorrow = pd.Timestamp(date.today()) + pd.Timedelta(days=1)
    return table.frame[column] >= tomorrow if column in table.frame else table.days[column].isna()
