"""Rules on single values: possible, but hardly true; or true, and telling who the patient is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.checks.rule import Tables, days_of, each
from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.mapping.proposal.ages import A_YEAR, is_of_diagnosis
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.rows import where
from reportgen.settings.model import Settings

# What no patient has: column → lowest and highest, and whether a report would count with it.
LIMITS = {
    "patients": {"age_at_start": (0, 120, ERROR)},
    "treatments": {"line": (1, 50, WARNING)},
    "assessments": {"tumour_size": (0, 2_000, ERROR)},
}
IDENTIFYING_AGE = 89
# What is often written in place of a number that is not known.
CODES = (-1, -9, -99, -999, -9999, 999, 9999, 888, 8888, 777, 7777)


def ages(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """VALUE_CONFLICT, AGE_OVER_89: an age more than a year off the date of birth, or one that may identify."""
    patients = tables["patients"]
    if "age_at_start" not in patients.frame:
        return
    age = patients.frame["age_at_start"]
    born = -days_of(patients, "birth_date") / 365.25
    yield from each(patients, (age - born).abs() > 1.01, "age_at_start", WARNING, "VALUE_CONFLICT",
                     message("The age differs from the date of birth by more than a year"),
                     message("Correct one of the two"))  # fmt: skip
    yield from each(patients, (age > IDENTIFYING_AGE) & (age <= 120), "age_at_start", NOTE, "AGE_OVER_89",
                     message("The age is above 89 years, by which a patient may be known"),
                     message("Nothing to do; mind it before the report is given away"))  # fmt: skip


def limits(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Numbers outside of what can be, by LIMITS of each table's columns."""
    for name, columns in LIMITS.items():
        table = tables.get(name)
        if table is None:
            continue
        for column, (low, high, severity) in columns.items():
            if column in table.frame:
                problem = message("{a} is not between {low} and {high}", a=column, low=low, high=high)
                wrong = _beyond(table.frame[column], (low, high))
                coded = table.frame[column].where(wrong & table.frame[column].isin(CODES))
                plain = wrong & coded.isna()
                yield from each(
                    table, plain, column, severity, "VALUE_RANGE", problem, message("Correct the value")
                )
                for code in coded.dropna().unique():
                    hint = message(
                        "Correct the value; or write missing = [{n}] under [values.{a}] in report.toml, if it is a "
                        "code for a missing one (under [source] if it is one in every column)",
                        n=f"{code:.0f}", a=column,
                    )  # fmt: skip
                    yield from each(table, coded.eq(code), column, severity, "VALUE_RANGE", problem, hint)


def future_dates(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """What is to happen tomorrow is not known: a year was mistyped, or a visit is only planned.

    An error in the patients' own dates, of which follow-up and the day of the data are made.
    """
    tomorrow = pd.Timestamp(date.today()) + pd.Timedelta(days=1)
    for name, table in tables.items():
        for column in table.days:
            if column in table.frame and pd.api.types.is_datetime64_any_dtype(table.frame[column]):
                later = where(table, lambda part, column=column: part.frame[column] >= tomorrow)
                counted = name == "patients" and column in columns_of(name)
                yield from each(table, later, column, ERROR if counted else WARNING, "DATE_RANGE",
                                 message("{a} lies in the future", a=column),
                                 message("Correct the date, or remove what is only planned"))  # fmt: skip


def dictionary_ranges(tables: Tables, headers: Mapping[str, tuple[Header, ...]]) -> Iterator[Issue]:
    """Values outside the min and max that the dictionary gives for their column."""
    for name, table in tables.items():
        for header in headers.get(name, ()):
            entry = header.entry
            if entry and header.how != "ignored" and header.name in table.frame:
                said = (message("{a} is outside the range that the dictionary gives", a=header.name),
                        message("Correct the value, or the range in the dictionary"))  # fmt: skip
                yield from _outside(table, header.name, (entry.low, entry.high), WARNING, said)


def ages_at_diagnosis(
    tables: Tables, headers: Mapping[str, tuple[Header, ...]], settings: Settings
) -> Iterator[Issue]:
    """AGE_AT_DIAGNOSIS: an age at diagnosis as that at the start, of patients who were treated a year later or more."""
    patients = tables["patients"]
    found = [
        one for one in headers.get("patients", ()) if one.name == "age_at_start" and one.how != "ignored"
    ]
    if settings.origin != "treatment_start" or not found or "age_at_start" not in patients.frame:
        return
    if not is_of_diagnosis(found[0].text):
        return
    waited = -days_of(patients, "diagnosis_date")
    hint = message("Give the date of birth, or the age at the start; or remove its line under [columns.patients] in "
                   "report.toml, and it is a characteristic of its own")  # fmt: skip
    if waited.isna().all():
        problem = message("{a} was taken as the age at the start; nothing says how much earlier the diagnosis was made",
                          a=found[0].text)  # fmt: skip
        cell = patients.address(int(patients.frame.index[0]), "age_at_start") if len(patients) else None
        yield Issue(NOTE, "AGE_AT_DIAGNOSIS", patients.sheet, cell, None, problem, hint)
        return
    problem = message("{a} was taken as the age at the start, but treatment began a year or more after the diagnosis",
                      a=found[0].text)  # fmt: skip
    yield from each(patients, waited >= A_YEAR, "age_at_start", WARNING, "AGE_AT_DIAGNOSIS", problem, hint)


def _outside(
    table: Table, column: str, limits: tuple[object, object], severity: str, said: tuple[Message, Message]
) -> Iterator[Issue]:
    yield from each(table, _beyond(table.frame[column], limits), column, severity, "VALUE_RANGE", *said)


def _beyond(values: pd.Series, limits: tuple[object, object]) -> pd.Series:
    """(rows,) whether a value lies outside of limits of its kind."""
    dated = pd.api.types.is_datetime64_any_dtype(values)
    wrong = pd.Series(False, index=values.index)
    for limit, below in zip(limits, (True, False), strict=True):
        if limit is None or isinstance(limit, date) != dated:
            continue
        known = values if dated else pd.to_numeric(values, errors="coerce")
        edge = pd.Timestamp(limit) if dated else limit
        wrong |= known < edge if below else known > edge
    return wrong
