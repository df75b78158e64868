"""Rules on endpoints that are given by a duration and an event column: no coding that could be read the other way."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.checks.rule import Tables, each
from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints.event_values import (
    BY_NAME,
    EVENT,
    LISTS,
    NO_EVENT_NAMED,
    ONLY_ONE,
    Coding,
    coding,
    distinct,
)
from reportgen.cohort.mapping.event_words import NOTHING, is_no_event, is_number, value_key
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import DAYS_PER
from reportgen.settings.model import EndpointRule, Settings
from reportgen.settings.sources.nearest_name import correction

# Nobody is followed for so long: the unit is another one.
LONGEST_YEARS = 60
LONGEST_FOLLOWED = LONGEST_YEARS * DAYS_PER["years"]
MANY = 12  # more values than these are no codes, and may say more of patients than an error should
LONG = 40
CODE = "EVENT_VALUES"


def event_values(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """EVENT_VALUES: a value of the column that no list names, a name that no cell has, or names that can be doubted."""
    patients = tables["patients"]
    for rule in _given(settings, patients):
        name = name_key(rule.event)
        column = patients.frame[name]
        values = distinct(column)
        if not values:
            continue
        found = coding(rule, values)
        where = patients.sheet, patients.address(column.first_valid_index(), name), None
        fault = _fault(rule, found, _counted(column, values))
        said = [(ERROR, fault, _advice(rule, values, found))] if fault else list(_notes(rule, found))
        for severity, problem, hint in said:
            yield Issue(severity, CODE, *where, problem, hint)


def given_columns(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """MISSING_COLUMN: without it the endpoint would be left out, and nobody might see that."""
    known = tables["patients"].frame.columns
    wanted = (column for rule in settings.endpoint for column in rule.given)
    for column in dict.fromkeys(wanted):
        if name_key(column) not in known:
            yield Issue(ERROR, "MISSING_COLUMN", None, None, None,
                        message("The settings name a column {a} that does not exist", a=repr(column)),
                        correction(name_key(column), known))  # fmt: skip


def given_durations(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """Durations below 0; and who has none, or no event recorded, and so is left out of the endpoint."""
    patients = tables["patients"]
    frame = patients.frame
    for column in dict.fromkeys(name_key(rule.time) for rule in settings.endpoint if rule.time):
        if column in frame and pd.api.types.is_datetime64_any_dtype(frame[column]):
            problem = message(
                "The settings take {a} for the time of an endpoint, but it holds dates", a=column
            )
            hint = message("Name a column of durations; or write events and censor in place of time")
            yield Issue(ERROR, "NO_DURATION", patients.sheet, None, None, problem, hint)
        elif column in frame:
            yield from each(patients, frame[column] < 0, column, ERROR, "NEGATIVE_DURATION",
                             message("The duration is negative"), message("Correct it"))  # fmt: skip
    for rule in _given(settings, patients):
        yield from _too_long(rule, patients)
        for column, problem in (
            (
                rule.time,
                message("The duration is missing; the patient is left out of the endpoint {a}", a=rule.key),
            ),
            (
                rule.event,
                message("The event is missing; the patient is left out of the endpoint {a}", a=rule.key),
            ),
        ):
            blank = frame[name_key(column)].isna()
            yield from each(
                patients, blank, name_key(column), WARNING, "MISSING_VALUE", problem, message("Enter it")
            )


def _too_long(rule: EndpointRule, patients: Table) -> Iterator[Issue]:
    """NO_DURATION, of nobody in particular: excluding a patient would leave the others in a wrong unit."""
    column = name_key(rule.time)
    times = patients.frame[column]
    if not pd.api.types.is_numeric_dtype(times) or not (times * DAYS_PER[rule.unit] > LONGEST_FOLLOWED).any():
        return
    problem = message(
        "{a} holds times of more than {n} years, read in {b}", a=rule.time, n=LONGEST_YEARS, b=rule.unit
    )
    hint = message("Correct the unit of the endpoint in report.toml, or the cells")
    yield Issue(
        ERROR, "NO_DURATION", patients.sheet, patients.address(times.idxmax(), column), None, problem, hint
    )


def _given(settings: Settings, patients: Table) -> Iterator[EndpointRule]:
    for rule in settings.endpoint:
        if rule.time and name_key(rule.time) in patients.frame and name_key(rule.event) in patients.frame:
            yield rule


def _fault(rule: EndpointRule, found: Coding, held: str) -> Message | None:
    said = {"code": CODE, "endpoint": rule.key, "column": rule.event, "held": held}
    if found.unnamed:
        return message(
            "{endpoint}: no list names {values}; {column} holds {held}", values=_listed(found.unnamed), **said
        )
    if found.doubt == BY_NAME:
        return message("{endpoint}: by its name, {column} may say who had no event; it holds {held}", **said)
    if found.doubt == NO_EVENT_NAMED:
        return message(
            "{endpoint}: what is named as the event usually says that there was none; {column} holds {held}",
            **said,
        )
    if found.doubt == ONLY_ONE:
        return message(
            "{endpoint}: a 1 may as well be the code of who had no event; {column} holds {held}", **said
        )
    absent = found.absent["event_values"]
    # A code may still come: of 0, 1 and 2 a young cohort may hold nothing but 0. A word may be a slip of the hand.
    awaited = all(is_number(value_key(value)) for value in absent) and all(
        v[:1].isdigit() for v in found.meaning
    )
    if absent and not awaited and not rule.censor_values:
        return message(
            "{endpoint}: no cell is {values}, as event_values says; {column} holds {held}",
            values=_listed(absent),
            **said,
        )
    return None


def _notes(rule: EndpointRule, found: Coding) -> Iterator[tuple[str, Message, Message]]:
    if found.assumed:
        events = _listed(found.of(EVENT) or rule.event_values)
        yield (
            NOTE,
            message(
                "{endpoint}: in {column} the event is {values}; nothing names {others}, which counts as censored",
                CODE,
                endpoint=rule.key,
                column=rule.event,
                values=events,
                others=_listed(found.assumed),
            ),
            message("Nothing to do, or write {a}", a=_line("censor_values", found.assumed)),
        )
    absent = [value for values in found.absent.values() for value in values]
    if absent:
        yield (
            NOTE,
            message(
                "{endpoint}: no cell of {column} is {values}, which the settings name",
                CODE,
                endpoint=rule.key,
                column=rule.event,
                values=_listed(absent),
            ),
            message("Nothing to do"),
        )


def _advice(rule: EndpointRule, values: list[str], found: Coding) -> Message:
    """The lines to write. Which value is the event is said only where the words themselves say it."""
    if len(values) > MANY:
        return message("Name the column that says what ended the time under event in report.toml")
    none = [value for value in values if is_no_event(value) and value_key(value) not in NOTHING]
    rest = [value for value in values if value not in none]
    if len(rest) == 1 and none:
        return message(
            "Write in report.toml {a} and {b}", a=_line("event_values", rest), b=_line("censor_values", none)
        )
    if len(values) == 2:
        first, second = ([value] for value in values)
        return message(
            "Say which is the event; write in report.toml {a} and {b}, or the other way round",
            a=_line("event_values", second),
            b=_line("censor_values", first),
        )
    known = [_line(name, found.of(meaning)) for meaning, name in LISTS.items() if found.of(meaning)]
    if found.doubt or not known:
        return message(
            "Write all of them in report.toml: event_values, competing_values and censor_values together name every "
            "value of the column"
        )
    if not found.unnamed:
        return message(
            "Write in report.toml {a}: event_values, competing_values and censor_values together name every value "
            "of the column",
            a=", ".join(known),
        )
    return message(
        "Write in report.toml {a} and {b} in one of them: event_values, competing_values and censor_values together "
        "name every value of the column",
        a=", ".join(known),
        b=_listed(found.unnamed),
    )


def _counted(column: pd.Series, values: list[str]) -> str:
    if len(values) > MANY:
        return message("{n} different values", n=len(values))
    counts = column.map(str, na_action="ignore").value_counts()
    return ", ".join(f"{_shown(value)} ({counts[value]})" for value in values)


def _listed(values) -> str:
    shown = [_shown(value) for value in values]
    first = ", ".join(shown[:MANY])
    return message("{a} and {n} more", a=first, n=len(shown) - MANY) if len(shown) > MANY else first


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def _line(name: str, values) -> str:
    """A line of report.toml: numbers as numbers, words in quotation marks."""
    written = [
        key if is_number(key := value_key(value)) else json.dumps(str(value), ensure_ascii=False)
        for value in values
    ]
    return f"{name} = [{', '.join(written)}]"
