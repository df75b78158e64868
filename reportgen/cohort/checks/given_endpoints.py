"""Given endpoints beside dates: what a label means, who is said to be dead, and how long the time was.

A source that has both says everything twice. Where the two differ one of them is wrong, and nothing in a report would
show which was taken.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.checks.rule import Tables, days_of, each
from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints.event_values import COMPETING, EVENT, coding, distinct
from reportgen.cohort.mapping.endpoint_names import DEATH, RELAPSE, kinds_named
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.pair_names import role_of
from reportgen.cohort.mapping.schema import DAYS_PER
from reportgen.settings.model import EndpointRule, Settings

OWN_DATES = {"death_date": frozenset((DEATH,)), "relapse_date": frozenset((RELAPSE,))}
# Months are also counted with 30 days, and years with 365; a day may be counted in or not.
NEAR_SHARE, NEAR_DAYS = 0.02, 2.0
# From this share of the patients on the column is counted from something else, and no single cell is wrong.
MOST = 0.5
UNSAID_UNIT = EndpointRule(key="").unit


def endpoint_meaning(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """ENDPOINT_MEANING: an endpoint whose name says death where its events are others, or the other way round."""
    patients = tables["patients"]
    for rule in settings.endpoint:
        said = kinds_named(rule.label) or kinds_named(rule.key)
        alone = bool(rule.time) or len(rule.events) == 1
        given = (rule.time, *(() if rule.competing_values else (rule.event,)))
        for column in given if rule.time else rule.events:
            key = name_key(column)
            held = OWN_DATES.get(key) or kinds_named(column)
            if key not in patients.frame or not said or not held or not _contradict(said, held, alone):
                continue
            yield Issue(
                WARNING,
                "ENDPOINT_MEANING",
                patients.sheet,
                patients.address(int(patients.frame.index[0]), key) if len(patients) else None,
                None,
                message(
                    "{a} ({b}) is counted by {c}, whose name says something else",
                    a=rule.key,
                    b=rule.label or rule.key,
                    c=column,
                ),
                message("Name another column under [[endpoint]] in report.toml, or another label"),
            )


def without_the_dead(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """ENDPOINT_MEANING: a survival by dates, free of something by its name, that no death ends ("disease-free").

    Whoever died without the other event would be taken to have lived on free of it, were he only lost sight of. That
    of pfs itself, and of os, is another question (see free_of_progression).
    """
    patients = tables["patients"]
    died = patients.frame.get("death_date")
    if died is None:
        return
    for rule in settings.endpoint:
        if rule.time or rule.competing or rule.key in ("pfs", "os"):
            continue
        if not {DEATH} < (kinds_named(rule.label) or kinds_named(rule.key)):
            continue
        dates = [patients.frame[name_key(name)] for name in rule.events if name_key(name) in patients.frame]
        dates = [days for days in dates if pd.api.types.is_datetime64_any_dtype(days)]
        lost = died.notna() & ~np.any(
            [(days <= died).to_numpy() for days in dates] or [[False] * len(died)], axis=0
        )
        if lost.any() and not any((days == died).any() for days in dates):
            yield Issue(
                WARNING,
                "ENDPOINT_MEANING",
                patients.sheet,
                patients.address(int(lost.index[lost][0]), "death_date"),
                None,
                message(
                    "{a} ({b}) counts no death, which its name does: {n} of those who died have no event of it",
                    a=rule.key,
                    b=rule.label or rule.key,
                    n=int(lost.sum()),
                ),
                message(
                    'Add "death_date" to its events under [[endpoint]] in report.toml; or call it a time to relapse, '
                    'with competing = ["death_date"]'
                ),
            )


def unit_of_the_name(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """ENDPOINT_UNIT: a given duration whose column names another unit than the settings, which say days where they say
    none: months taken for days make all times thirty times too short. Another unit that they name is only a doubt.
    """
    patients = tables["patients"]
    for rule in settings.endpoint:
        for column in filter(None, (rule.time, rule.entry)):
            role = role_of(column)
            if name_key(column) not in patients.frame or role is None or role.unit in ("", rule.unit):
                continue
            cell = patients.address(int(patients.frame.index[0]), name_key(column)) if len(patients) else None
            severity = ERROR if rule.unit == UNSAID_UNIT else WARNING
            yield Issue(
                severity, "ENDPOINT_UNIT", patients.sheet, cell, None,
                message("{a}: the settings take {b} in {c}, and its name says {d}", a=rule.key, b=column,
                        c=Message(rule.unit), d=Message(role.unit)),
                message('Write unit = "{d}" under [[endpoint]] in report.toml, or give the column its true name',
                        d=role.unit),
            )  # fmt: skip


def status_of_the_dead(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """STATUS_CONFLICT: a given overall survival, or a given competing death, against the vital status."""
    patients = tables["patients"]
    if "vital_status" not in patients.frame:
        return
    status = patients.frame["vital_status"]
    for rule, meaning in _given(patients, settings):
        if not _is_survival(rule):
            continue
        died, lives = meaning.eq(EVENT), meaning.notna() & ~meaning.eq(EVENT)
        told = message(
            "The endpoint {a} says that the patient died, vital_status that the patient is alive", a=rule.key
        )
        denied = message(
            "The endpoint {a} says that the patient is alive, vital_status that the patient died", a=rule.key
        )
        hint = message("Correct one of the two, or event_values of the endpoint in report.toml")
        for wrong, problem in ((died & status.eq("alive"), told), (lives & status.eq("dead"), denied)):
            yield from each(patients, wrong, name_key(rule.event), ERROR, "STATUS_CONFLICT", problem, hint)


def given_time_differs(tables: Tables, settings: Settings) -> Iterator[Issue]:
    """GIVEN_TIME_DIFFERS: a given os, pfs or relapse beside dates that say another time."""
    patients = tables["patients"]
    for rule, meaning in _given(patients, settings):
        by_dates = _by_dates(patients, rule, meaning)
        if by_dates is None:
            continue
        column = name_key(rule.time)
        given = patients.frame[column].astype(float)
        days = given * DAYS_PER[rule.unit]
        near = np.maximum(NEAR_DAYS + _rounding(given) * DAYS_PER[rule.unit], NEAR_SHARE * by_dates)
        both = days.notna() & by_dates.notna()
        apart = both & ((days - by_dates).abs() > near)
        if not apart.any():
            continue
        if both.sum() > 1 and apart.sum() > MOST * both.sum():
            yield Issue(
                WARNING,
                "GIVEN_TIME_DIFFERS",
                patients.sheet,
                patients.address(apart.index[apart][0], column),
                None,
                message(
                    "{a} differs from the time between the start of treatment and the dates in {n} of {k} patients",
                    a=column,
                    n=int(apart.sum()),
                    k=int(both.sum()),
                ),
                message(
                    "See from when on it was counted, and its unit ([[endpoint]] unit); or correct the dates"
                ),
            )
        else:
            yield from each(patients, apart, column, WARNING, "GIVEN_TIME_DIFFERS",
                            message("{a} differs from the time between the dates", a=column),
                            message("Correct the time or the dates; the given time is used"))  # fmt: skip


def _contradict(said: frozenset[str], held: frozenset[str], alone: bool) -> bool:
    """Whether a name says death alone, and the column more or another; or the column death alone, and the name more.

    alone: the column is all that counts; beside others death may be one event of several.
    """
    if said == {DEATH}:
        return held != {DEATH}
    return held == {DEATH} and (alone or DEATH not in said)


def _given(patients: Table, settings: Settings) -> Iterator[tuple[EndpointRule, pd.Series]]:
    """The given endpoints with the meaning of each patient's event, nan where it has none."""
    frame = patients.frame
    for rule in settings.endpoint:
        if rule.time and name_key(rule.time) in frame and name_key(rule.event) in frame:
            written = frame[name_key(rule.event)]
            yield rule, written.map(coding(rule, distinct(written)).meaning)


def _is_survival(rule: EndpointRule) -> bool:
    return rule.key == "os" or kinds_named(rule.label) == {DEATH} and "overall" in rule.label.casefold()


def _by_dates(patients: Table, rule: EndpointRule, meaning: pd.Series) -> pd.Series | None:
    """Days from the start to what ended the endpoint by its dates; None where these do not tell."""
    dead, seen = days_of(patients, "death_date"), days_of(patients, "last_contact")
    relapse = days_of(patients, "relapse_date")
    if rule.key == "os":
        found = dead.where(dead.notna(), seen)
    elif rule.key in ("pfs", "relapse"):
        # Without an event it may end at the last assessment: only events are compared.
        first = relapse.where(relapse.notna(), dead)
        found = first.where(meaning.isin((EVENT, COMPETING)))
    else:
        return None
    return found if found.notna().any() else None


def _rounding(given: pd.Series) -> float:
    """Half of the last decimal that the column has, in its unit."""
    known = given.dropna()
    places = next((k for k in range(3) if np.allclose(known, known.round(k), atol=1e-9)), 3)
    return 0.5 * 10.0**-places if places < 3 else 0.0
