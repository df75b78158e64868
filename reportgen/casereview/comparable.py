"""The other patients of the cohort, without the one under review: how they fared, and who of them is alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reportgen.analyses import incidences, outcomes
from reportgen.base.described import DescribedEndpoint
from reportgen.base.message import message
from reportgen.casereview.case import Case, PatientFeature
from reportgen.cohort.cohort import EndpointData, Feature
from reportgen.settings.model import Settings
from reportgen.stats.descriptive import summarise
from reportgen.stats.events import EventTable, event_table
from reportgen.stats.incidence import cumulative_incidence_at
from reportgen.stats.leave_out import without_one
from reportgen.stats.results import Curve, Estimate, label
from reportgen.stats.survival import survival_at

KEY, OTHERS, ALIKE = "context", "others", "alike"


@dataclass(frozen=True)
class Own:
    """Where the patient stands on the others' curve: the day, and whether the event, or a competing one, came then."""

    time: float
    event: bool
    competing: bool


@dataclass(frozen=True)
class EndpointOfOthers(DescribedEndpoint):
    """An endpoint of the other patients, n of them; own: of this one, None where it does not apply."""

    own: Own | None = None


@dataclass(frozen=True)
class ContextFacts:
    """unit: of printed times; times: the landmarks in days; few_at_risk: below so many a curve is marked. others: how
    many they are. features: of the patient, known at the start; shown: how many of them have a row. absent: PFS or OS
    where it cannot be derived, and the columns that it lacks.
    """

    unit: str
    few_at_risk: int
    times: tuple[float, ...]
    others: int
    shown: int
    endpoints: tuple[EndpointOfOthers, ...]
    features: tuple[PatientFeature, ...]
    absent: tuple[tuple[str, str], ...]


def endpoint(case: Case, key: str) -> tuple[list[Estimate], Curve | None, EndpointOfOthers]:
    """The others' estimates and curve, and where this patient stands on it."""
    cohort, endpoint, everyone = case.cohort, case.cohort.endpoints[key], case.shared.tables[key]
    place = case.shared.places[key].get(case.row)
    own, others = None, everyone
    if place is not None:
        time, status = float(endpoint.duration[place]), int(endpoint.status[place])
        own = Own(time, status == 1, status == 2)
        others = _without(endpoint, place, everyone)
    rows: list[Estimate] = []
    curve = None
    if others.n:
        times = outcomes.landmark_days(cohort.settings)
        if not endpoint.competes:
            others = others.of_cause(1)
        rows, curve = incidences.of_endpoint(endpoint.competes, others, times, cohort.settings)
        if own and own.time not in times:
            rows.append(_at(endpoint.competes, others, own.time, cohort.settings))
        rows = list(label(rows, section=KEY, endpoint=key, group=OTHERS))
        (curve,) = label((curve,), section=KEY, endpoint=key, group=OTHERS)
    return rows, curve, EndpointOfOthers(**{**vars(outcomes.describe(endpoint)), "n": others.n}, own=own)


def _without(endpoint: EndpointData, place: int, everyone: EventTable) -> EventTable:
    """The table of all but one; with late entries the others are counted again."""
    if everyone.late:
        others = np.arange(len(endpoint.status)) != place
        return event_table(
            endpoint.duration[others], endpoint.status[others], entry=endpoint.entry_of(others), causes=2
        )
    return without_one(everyone, float(endpoint.duration[place]), int(endpoint.status[place]))


def _at(competes: bool, others: EventTable, time: float, settings: Settings) -> Estimate:
    """How the others stood at this patient's time: with the event where it competes, else free of it."""
    rule, level = outcomes.interval_rule(settings), settings.confidence_level
    if competes:
        return cumulative_incidence_at(others, 1, time, level=level, rule=rule)
    return survival_at(others, time, level=level, rule=rule)


def feature_counts(case: Case, feature: Feature) -> list[Estimate]:
    """How many of the others have the patient's level, and how many of those had the first endpoint's event."""
    patients = case.cohort.patients.frame
    others = np.arange(case.cohort.n) != case.position
    named: dict[str, Any] = {"section": KEY, "variable": feature.name}
    if feature.kind == "number":
        values = patients[feature.name].to_numpy(float)[others]
        statistics = ("count", "median", "minimum", "maximum")
        return [replace(e, group=OTHERS, **named) for e in summarise(values, statistics=statistics)]
    values = patients[feature.name].to_numpy(object)
    own = values[case.position]
    known = np.array([isinstance(value, str) for value in values], bool) & others
    if not isinstance(own, str):
        return []
    alike = known & (values == own)
    rows = [Estimate("count", group=ALIKE, value=alike.sum(), n=known.sum(),
                     method=message("others with the same level"), **named)]  # fmt: skip
    key = next(iter(case.shared.tables), None)
    if key:
        happened = _had_event(case, key)
        seen = alike & ~np.isnan(happened)
        events = happened[seen].sum()
        rows.append(Estimate("events", group=ALIKE, value=events, n=seen.sum(), events=events,
                             method=message("of these, patients with the event"), **named))  # fmt: skip
    return rows


def _had_event(case: Case, key: str) -> np.ndarray:
    """Per patient 1 with the event, 0 without, nan where the endpoint does not apply."""
    endpoint, found = case.cohort.endpoints[key], np.full(case.cohort.n, np.nan)
    found[case.cohort.patients.frame.index.get_indexer(endpoint.rows)] = endpoint.status == 1
    return found


def nearest(case: Case) -> tuple[Estimate, ...]:
    """In how many features the most similar others agree with the patient, and how many of them there are."""
    codes = case.shared.codes
    own = codes[case.position]
    recorded = int((own >= 0).sum())
    if case.cohort.n < 2 or recorded == 0:
        return ()
    shared = ((codes == own) & (own >= 0)).sum(axis=1)
    shared[case.position] = -1
    most = int(shared.max())
    named: dict[str, Any] = {"section": KEY, "variable": "features"}
    return (
        Estimate("count", group="recorded", value=recorded,
                 method=message("features of the patient that are recorded"), **named),
        Estimate("count", group="shared", value=most, n=recorded,
                 method=message("most features that another patient shares"), **named),
        Estimate("count", group=ALIKE, value=int((shared == most).sum()), n=case.cohort.n - 1,
                 method=message("others who share so many"), **named),
    )  # fmt: skip
