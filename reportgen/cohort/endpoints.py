"""Dates, or a given duration, and a written rule → duration and status of each patient.

The clock of every endpoint runs in days. An event on the day of censoring counts; a relapse on the day of
death counts as relapse. Nobody is censored later than he was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reportgen.cohort.cohort import EndpointData, Table
from reportgen.cohort.schema import DAYS_PER, name_key, word_key
from reportgen.settings import EndpointRule, Settings

RESPONDED = ("CR", "PR")
START = "the start of treatment"
Exclusion = tuple[str, pd.Series]


@dataclass(frozen=True)
class Definition:
    """An endpoint in data and words. who: the patients to whom it does not apply, with reasons, in order.

    needs: columns without which it can't be derived, beyond those of the rule.
    """

    rule: EndpointRule
    text: str
    event_label: str
    competing_label: str = ""
    needs: tuple[str, ...] = ()
    who: Callable[[Table], list[Exclusion]] | None = None


def _not_responding(patients: Table) -> list[Exclusion]:
    response, days = patients.frame["best_response"], patients.days
    responder = response.isin(RESPONDED)
    undated = responder & days["response_date"].isna()
    relapse = days.get("relapse_date", pd.Series(np.nan, index=days.index))
    return [
        ("response not recorded", response.isna()),
        ("no response", response.notna() & ~responder),
        ("date of response not recorded", undated),
        ("relapse before the response", relapse < days["response_date"]),
    ]


def _not_stopped_in_response(patients: Table) -> list[Exclusion]:
    frame, days = patients.frame, patients.days
    stop = days["treatment_stop"]
    reason = frame.get("stop_reason", pd.Series(None, index=frame.index, dtype=object))
    response = frame["best_response"]
    return [
        (
            "relapse on treatment",
            (days["relapse_date"] <= stop) | (days["relapse_date"].notna() & stop.isna()),
        ),
        ("treatment not stopped, or no date of stopping", stop.isna()),
        ("stopped for progression", reason.eq("progression")),
        ("treatment ended by death", reason.eq("death") | (days["death_date"] <= stop)),
        ("response not recorded", response.isna()),
        ("never in response", response.notna() & ~response.isin(RESPONDED)),
    ]


def _no_relapse(patients: Table) -> list[Exclusion]:
    return [("no relapse", patients.days["relapse_date"].isna())]


def _stop_unknown(patients: Table) -> list[Exclusion]:
    frame = patients.frame
    if "stop_reason" not in frame:
        return []
    return [
        (
            "date of stopping not recorded",
            frame["stop_reason"].notna() & patients.days["treatment_stop"].isna(),
        )
    ]


DERIVED = (
    Definition(
        EndpointRule("os", "Overall survival", events=("death_date",)),
        f"Time from {START} to death from any cause; patients not known to have died are censored at their "
        "last contact.",
        "death",
    ),
    Definition(
        EndpointRule("pfs", "Progression-free survival", events=("relapse_date", "death_date")),
        f"Time from {START} to relapse, progression or death from any cause, whichever comes first; "
        "patients without any of these are censored at their last contact.",
        "relapse, progression or death",
    ),
    Definition(
        EndpointRule("relapse", "Relapse", events=("relapse_date",), competing=("death_date",)),
        f"Time from {START} to relapse or progression; death without relapse is a competing event; "
        "patients with neither are censored at their last contact.",
        "relapse or progression",
        "death without relapse",
    ),
    Definition(
        EndpointRule("duration_of_response", "Duration of response", "response_date",
                     ("relapse_date", "death_date")),
        "In patients with a complete or partial response: time from the first response to relapse, progression "
        "or death; patients without any of these are censored at their last contact.",
        "relapse, progression or death",
        needs=("best_response",),
        who=_not_responding,
    ),
    Definition(
        EndpointRule("time_on_treatment", "Time on treatment", events=("treatment_stop", "death_date")),
        f"Time from {START} to the day it was stopped for any reason, or to death on treatment; patients still "
        "on treatment are censored at their last contact.",
        "end of treatment",
        who=_stop_unknown,
    ),
    Definition(
        EndpointRule("survival_after_relapse", "Survival after relapse", "relapse_date", ("death_date",)),
        "In patients with relapse or progression: time from it to death from any cause; patients not known to have "
        "died are censored at their last contact.",
        "death",
        who=_no_relapse,
    ),
    Definition(
        EndpointRule("relapse_free_after_stopping", "Relapse-free survival after stopping", "treatment_stop",
                     ("relapse_date", "death_date")),
        "In patients who stopped treatment while in complete or partial response, without relapse until then and "
        "not because of progression or death: time from the stop to relapse, progression or death; patients "
        "without any of these are censored at their last contact.",
        "relapse, progression or death",
        needs=("best_response",),
        who=_not_stopped_in_response,
    ),
)  # fmt: skip


def derive_endpoints(
    patients: Table, settings: Settings, labels: Mapping[str, str]
) -> tuple[dict[str, EndpointData], dict[str, str]]:
    """(endpoint by key, key → the columns it lacks): the derived ones, then those that the settings add."""
    endpoints: dict[str, EndpointData] = {}
    unavailable: dict[str, str] = {}
    for definition in definitions(settings, labels):
        lacking = _lacking(patients, definition)
        if lacking:
            unavailable[definition.rule.key] = ", ".join(lacking)
        else:
            endpoints[definition.rule.key] = derive(patients, definition)
    return endpoints, unavailable


def definitions(settings: Settings, labels: Mapping[str, str]) -> tuple[Definition, ...]:
    """The derived endpoints with what the settings change in them, and those that the settings add."""
    by_key = {definition.rule.key: definition for definition in DERIVED}
    for rule in settings.endpoint:
        by_key[rule.key] = _from_rule(rule, by_key.get(rule.key), labels)
    return tuple(by_key.values())


def derive(patients: Table, definition: Definition) -> EndpointData:
    """One endpoint of the patients to whom it applies; all columns that it needs are present."""
    rule = definition.rule
    duration, status, unknown = _given(patients, rule) if rule.time else _from_dates(patients, rule)
    exclusions = definition.who(patients) if definition.who else []
    exclusions += unknown
    keep, left_out = pd.Series(True, index=patients.frame.index), []
    for reason, excluded in exclusions:
        leaving = keep & excluded.fillna(False).astype(bool)
        if leaving.any():
            left_out.append((int(leaving.sum()), reason))
            keep &= ~leaving
    rows = patients.frame.index[keep].to_numpy()
    return EndpointData(
        rule.key, rule.label or rule.key, definition.text, rows,
        duration[keep].to_numpy(float), status[keep].to_numpy(int),
        definition.event_label, definition.competing_label, tuple(left_out),
    )  # fmt: skip


def _from_dates(patients: Table, rule: EndpointRule) -> tuple[pd.Series, pd.Series, list[Exclusion]]:
    days = patients.days
    event, competing = _first(days, rule.events), _first(days, rule.competing)
    seen = days[rule.censor]
    if "death_date" in days and rule.censor == "last_contact":
        seen = seen.fillna(days["death_date"])
    origin = days[rule.origin]
    seen = seen.where(~(seen < origin), origin)
    happened = event.notna() & ~(competing < event)
    competed = competing.notna() & ~happened
    end = event.where(happened, competing.where(competed, seen))
    status = happened.astype(int) + 2 * competed.astype(int)
    unknown = []
    if "death_date" in (*rule.events, *rule.competing) and "vital_status" in patients.frame:
        unknown.append(("vital status not recorded", patients.frame["vital_status"].isna() & ~happened))
    duration = end - origin
    unknown.append(("date not recorded", duration.isna()))
    unknown.append(("event before the origin", duration < 0))
    return duration, status, unknown


def _given(patients: Table, rule: EndpointRule) -> tuple[pd.Series, pd.Series, list[Exclusion]]:
    duration = patients.frame[name_key(rule.time)].astype(float) * DAYS_PER[rule.unit]
    written = patients.frame[name_key(rule.event)]
    said = written.map(word_key, na_action="ignore")
    event = said.isin([word_key(value) for value in rule.event_values])
    competing = said.isin([word_key(value) for value in rule.competing_values]) & ~event
    unknown = [
        ("duration not recorded", duration.isna()),
        ("event not recorded", written.isna()),
        ("negative duration", duration < 0),
    ]
    return duration, event.astype(int) + 2 * competing.astype(int), unknown


def _first(days: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    if not columns:
        return pd.Series(np.nan, index=days.index)
    return days[[name_key(column) for column in columns]].min(axis=1)


def _lacking(patients: Table, definition: Definition) -> list[str]:
    rule, lacking = definition.rule, []
    if rule.time:
        return [c for c in (rule.time, rule.event) if name_key(c) not in patients.frame]
    for column in dict.fromkeys((rule.origin, *rule.events, *rule.competing, rule.censor)):
        if column not in patients.days:
            lacking.append("vital_status or death_date" if column == "death_date" else column)
    return lacking + [column for column in definition.needs if column not in patients.frame]


def _from_rule(rule: EndpointRule, before: Definition | None, labels: Mapping[str, str]) -> Definition:
    if rule.time:
        text = (f"Time as given in the column {rule.time} (in {rule.unit}); event where {rule.event} is "
                f"{_either(rule.event_values)}")  # fmt: skip
        if rule.competing_values:
            text += f", competing event where it is {_either(rule.competing_values)}"
        label = rule.label or (before.rule.label if before else "")
        competing = before.competing_label if before else ""
        return Definition(
            replace(rule, label=label), f"{text}; otherwise censored.", before.event_label if before else "event",
            (competing or "competing event") if rule.competing_values else "",
        )  # fmt: skip
    if before:
        rule = replace(rule, label=rule.label or before.rule.label, events=rule.events or before.rule.events,
                       competing=rule.competing or before.rule.competing)  # fmt: skip
    rule = replace(
        rule, origin=name_key(rule.origin), censor=name_key(rule.censor),
        events=tuple(map(name_key, rule.events)), competing=tuple(map(name_key, rule.competing)),
    )  # fmt: skip

    def named(columns: tuple[str, ...]) -> str:
        return _either([labels.get(column, column).lower() for column in columns])

    text = f"Time from {named((rule.origin,))} to {named(rule.events)}"
    text += f"; competing event: {named(rule.competing)}" if rule.competing else ""
    text += f"; otherwise censored at {named((rule.censor,))}."
    return Definition(
        rule, text, named(rule.events), named(rule.competing) if rule.competing else "",
        before.needs if before else (), before.who if before else None,
    )  # fmt: skip


def _either(values) -> str:
    return " or ".join(str(value) for value in values)
