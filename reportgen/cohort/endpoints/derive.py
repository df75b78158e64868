"""Dates, or a given duration, and a written rule → duration and status of each patient.

The clock of every endpoint runs in days. An event on the day of censoring counts; a relapse on the day of
death counts as relapse. Nobody is censored later than he was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base.message import N_, Message, joined
from reportgen.cohort.aside import endpoint_aside
from reportgen.cohort.cohort import EndpointData, Table
from reportgen.cohort.endpoints.assessed import LAST_ASSESSMENT, LAST_CONTACT, Assessed, assessed
from reportgen.cohort.endpoints.competing_deaths import in_words_of_the_source, only_death_competes
from reportgen.cohort.endpoints.deaths_apart import with_deaths_apart
from reportgen.cohort.endpoints.derived import Definition, Exclusion, Wording
from reportgen.cohort.endpoints.event_values import CENSORED, coding, distinct, fully_named
from reportgen.cohort.endpoints.next_lines import with_lines
from reportgen.cohort.endpoints.rules import LATE_ENTRY, NO_LATE_ENTRY, definitions, given_entry
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import DAYS_PER
from reportgen.settings.model import EndpointRule, Settings

STATUS_UNKNOWN = N_("vital status not recorded")
AFTER_START = N_("not observed free of the event after the start of treatment")
AFTER_ENTRY = N_("not observed free of the event after the begin of observation")


def derive_endpoints(
    patients: Table,
    settings: Settings,
    labels: Mapping[str, str],
    assessments: Table | None = None,
    treatments: Table | None = None,
) -> tuple[dict[str, EndpointData], dict[str, str]]:
    """(endpoint by key, key → the columns it lacks): the derived ones, then those that the settings add.

    One that asks nothing of a source without its columns (Definition.optional) is then in neither.
    """
    seen = assessed({"patients": patients, "assessments": assessments}) if assessments is not None else None
    patients = with_lines(patients, treatments, assessments)
    endpoints: dict[str, EndpointData] = {}
    unavailable: dict[str, str] = {}
    for definition, lacking in _defined(patients, settings, labels, seen):
        if lacking:
            unavailable |= {} if definition.optional else {definition.rule.key: lacking}
        else:
            endpoints[definition.rule.key] = endpoint_aside(derive(patients, definition, seen))
    return with_deaths_apart(endpoints), unavailable


def unavailable_endpoints(
    patients: Table, settings: Settings, labels: Mapping[str, str], assessments: Table | None = None
) -> dict[str, str]:
    """Key → the columns it lacks, also of patients whose cells are not fit to derive anything from."""
    seen = assessed({"patients": patients, "assessments": assessments}) if assessments is not None else None
    found = _defined(patients, settings, labels, seen)
    return {one.rule.key: lacking for one, lacking in found if lacking and not one.optional}


def _defined(
    patients: Table, settings: Settings, labels: Mapping[str, str], seen: Assessed | None
) -> Iterator[tuple[Definition, str]]:
    """Every endpoint with the columns that it lacks, in words; "" where it lacks none."""
    for definition in definitions(_named(patients, settings), labels, seen is not None):
        yield definition, ", ".join(_lacking(patients, definition, seen))


def _named(patients: Table, settings: Settings) -> Settings:
    """The settings with every value of the event columns named, so that the definition in words names them, too."""
    rules = tuple(
        fully_named(rule, patients.frame[name_key(rule.event)])
        if rule.time and name_key(rule.event) in patients.frame
        else rule
        for rule in settings.endpoint
    )
    return replace(settings, endpoint=rules)


def derive(patients: Table, definition: Definition, seen: Assessed | None = None) -> EndpointData:
    """One endpoint of the patients to whom it applies; all columns that it needs are present."""
    rule = definition.rule
    duration, status, unknown = _given(patients, rule) if rule.time else _from_dates(patients, rule, seen)
    exclusions = definition.who(patients) if definition.who else []
    exclusions += unknown
    waited = _waited(patients, rule)
    entry = _entry(patients, rule, waited)
    if entry is not None:
        exclusions.append((AFTER_ENTRY if rule.time else AFTER_START, duration <= entry))
        exclusions.append((N_("begin of observation not recorded"), entry.isna() & bool(rule.time)))
    keep, left_out = pd.Series(True, index=patients.frame.index), []
    for reason, excluded in exclusions:
        leaving = keep & excluded.fillna(False).astype(bool)
        if leaving.any():
            left_out.append((int(leaving.sum()), reason))
            keep &= ~leaving
    rows = patients.frame.index[keep].to_numpy()
    deaths = only_death_competes(patients, rule, keep & status.eq(2))
    competing = definition.competing_label
    if competing and rule.time and not deaths:
        competing = in_words_of_the_source(rule)
    data = EndpointData(
        rule.key, rule.label or rule.key, _said(definition, waited, entry), rows,
        duration[keep].to_numpy(float), status[keep].to_numpy(int),
        definition.event_label, competing, tuple(left_out),
        None if entry is None else entry[keep].to_numpy(float), rule=rule, population=definition.population,
        only_death_competes=deaths,
    )  # fmt: skip
    if seen is None or rule.censor != LAST_ASSESSMENT:
        return data
    origin = patients.days[rule.origin]
    never = keep & (status == 0) & ~(seen.last > origin)
    missed = keep & (status != 0) & seen.missed(origin + duration)
    return replace(data, by_assessment=True, never_assessed=int(never.sum()), missed=int(missed.sum()))


def _waited(patients: Table, rule: EndpointRule) -> pd.Series | None:
    """Days from an origin before the start of treatment to that start; None where nobody's lies before it, and of a
    given duration unless its rule says that it is counted from another day than all else.
    """
    if not {"treatment_start", rule.origin} <= set(patients.days):
        return None
    if rule.time and (rule.entry or rule.origin == patients.origin):
        return None
    waited = (patients.days["treatment_start"] - patients.days[rule.origin]).clip(lower=0)
    return waited if (waited > 0).any() else None


def _entry(patients: Table, rule: EndpointRule, waited: pd.Series | None) -> pd.Series | None:
    """From when on patients are at risk: who died before treatment began could not come into the cohort.

    Nobody had to reach that start to be in a cohort that holds patients without any: None. Of a given duration, what
    the column of its entry says.
    """
    if rule.time and rule.entry:
        return _number(patients, rule.entry, rule)
    if not rule.late_entry or waited is None or (waited.isna() & patients.days[rule.origin].notna()).any():
        return None
    return waited


def _said(definition: Definition, waited: pd.Series | None, entry: pd.Series | None) -> Message:
    """The definition in words, and from when on patients are at risk where its clock starts before the treatment."""
    text, rule = definition.text, definition.rule
    if isinstance(text, Wording):
        raise TypeError(f"the definition of {rule.key} was not made yet")
    if rule.time and rule.entry:
        return joined([text, given_entry(rule.entry)], "")
    if waited is None:
        return text
    return joined([text, NO_LATE_ENTRY if entry is None else LATE_ENTRY], "")


def _from_dates(
    patients: Table, rule: EndpointRule, assessments: Assessed | None = None
) -> tuple[pd.Series, pd.Series, list[Exclusion]]:
    days = patients.days
    event, competing = _first(days, rule.events), _first(days, rule.competing)
    origin = days[rule.origin]
    seen = _seen(patients, rule, origin, assessments)
    happened = event.notna() & ~(competing < event)
    competed = competing.notna() & ~happened
    end = event.where(happened, competing.where(competed, seen))
    status = happened.astype(int) + 2 * competed.astype(int)
    unknown = []
    if "vital_status" in patients.frame:
        # Left out alike, with an event and without: to keep only those with one would make the endpoint worse.
        unknown.append((STATUS_UNKNOWN, patients.frame["vital_status"].isna()))
    duration = end - origin
    unknown.append((N_("date not recorded"), duration.isna()))
    unknown.append((N_("event before the origin"), duration < 0))
    return duration, status, unknown


def _seen(patients: Table, rule: EndpointRule, origin: pd.Series, assessments: Assessed | None) -> pd.Series:
    """Until when each patient was seen without the event, not before the origin; nan where that is not known.

    By assessments nobody is seen later than at his last contact, and who was never assessed is seen at the origin
    alone. Who progressed on a day that is not recorded is not seen free of relapse after the stop for progression, nor
    after the last assessment before the one that showed it.
    """
    days = patients.days
    if rule.censor == LAST_ASSESSMENT:
        seen = assessments.last if assessments and rule.censor not in days else days[rule.censor]
        seen = seen.fillna(origin)
        if LAST_CONTACT in days:
            seen = seen.where(~(seen > days[LAST_CONTACT]), days[LAST_CONTACT])
    else:
        seen = days[rule.censor]
    if "death_date" in days and rule.censor == LAST_CONTACT:
        seen = seen.fillna(days["death_date"])
    if "relapse_date" in rule.events:
        undated = days["relapse_date"].isna()
        if {"treatment_stop", "stop_reason"} <= set(patients.frame):
            stop = days["treatment_stop"].where(undated & patients.frame["stop_reason"].eq("progression"))
            seen = seen.where(~(stop < seen), stop)
        if assessments:
            free = assessments.last.fillna(0.0).where(undated & assessments.first_progression.notna())
            seen = seen.where(~(free < seen), free)
    return seen.where(~(seen < origin), origin)


def _given(patients: Table, rule: EndpointRule) -> tuple[pd.Series, pd.Series, list[Exclusion]]:
    duration = _number(patients, rule.time, rule)
    written = patients.frame[name_key(rule.event)]
    meaning = written.map(coding(rule, distinct(written)).meaning)
    unknown = [
        (N_("duration not recorded"), duration.isna()),
        (N_("event not recorded"), meaning.isna()),
        (N_("negative duration"), duration < 0),
    ]
    return duration, meaning.fillna(CENSORED).astype(int), unknown


def _number(patients: Table, column: str, rule: EndpointRule) -> pd.Series:
    """A duration of the rule in days."""
    return patients.frame[name_key(column)].astype(float) * DAYS_PER[rule.unit]


def _first(days: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    if not columns:
        return pd.Series(np.nan, index=days.index)
    first = np.fmin.reduce([days[name_key(column)].to_numpy(float) for column in columns])
    return pd.Series(first, index=days.index, copy=False)


def _lacking(patients: Table, definition: Definition, assessments: Assessed | None) -> list[str]:
    rule, lacking = definition.rule, []
    if rule.time:
        return [c for c in rule.given if name_key(c) not in patients.frame]
    for column in dict.fromkeys((rule.origin, *rule.events, *rule.competing, rule.censor, *definition.needs)):
        # A date may be known as elapsed time alone, and a day of death from the vital status.
        is_there = column in patients.days or (column in definition.needs and column in patients.frame)
        if not is_there and not (column == LAST_ASSESSMENT and assessments):
            lacking.append("vital_status or death_date" if column == "death_date" else column)
    return lacking
