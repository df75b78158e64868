"""Toxicity over time: the incidence of a first grade ≥ 3, how many have one at a time, and how often it comes again.

A patient is observed from the start of treatment to its stop, to death or to the last contact on it; an event of the
day of the stop counts, a later one does not. For the first grade ≥ 3, the stop of treatment and death compete.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses import incidences, outcomes, toxicities
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.analyses.grades import OVERALL
from reportgen.analyses.groups import comparable
from reportgen.base import aside
from reportgen.base.message import joined, message
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.distinct import rows_where, slices
from reportgen.stats.events import event_table
from reportgen.stats.mean_count import Recurrent, mean_count, mean_count_at, mean_count_curve
from reportgen.stats.results import Estimate, Results, label

ENDPOINT = "toxicity_grade_3_plus"
MONTH, MONTHS = 30.4375, 12
FEWEST, MOST = 3, 2_000
PREVALENT = message("patients with an event not yet resolved, of those on treatment at the time")


@dataclass(frozen=True)
class _Dated:
    """Events with an onset on treatment, and their patients. resolved: inf where it is not recorded. Per patient first:
    the day of the first severe one, inf where there was none; undated: whether one of any day is not dated."""

    patient: np.ndarray
    onset: np.ndarray
    resolved: np.ndarray
    severe: np.ndarray
    observed: np.ndarray
    died: np.ndarray
    ended: np.ndarray
    first: np.ndarray
    undated: np.ndarray


def over_time(section: str, cohort: Cohort) -> Results:
    """All of them, for all and per group known at the start; nothing without dates of onset and of the stop."""
    if cohort.lacks(("toxicities.onset_date", "toxicities.term", "patients.treatment_stop")):
        return Results()
    events = toxicities.read(cohort)
    if not len(events) or not events.facts["has_onset"]:
        return Results()
    dated, known = _dated(cohort, events)
    groups = columns.groups(cohort) if comparable(cohort) else {"all": np.ones(cohort.n, bool)}
    having = _having(cohort, dated, events) if any((mask & known).any() for mask in groups.values()) else {}
    results = Results()
    for name, mask in groups.items():
        who = mask & known
        if int(who.sum()) >= FEWEST:
            results += _of_group(cohort, dated, having, who, {"section": section, "group": name})
    return results


def _having(cohort: Cohort, dated: _Dated, events) -> dict[str, list[np.ndarray]]:
    """ENDPOINT (severe events) and OVERALL, as far as the data tell of them: per month which patients, eight in a byte,
    have an event that has begun by its end and is not resolved."""
    found = {ENDPOINT: []} if events.facts["has_grade"] else {}
    found |= {} if cohort.lacks(("toxicities.resolved_date",)) else {OVERALL: []}
    for month in range(1, MONTHS + 1) if found else ():
        time = month * MONTH
        having = {kind: np.zeros(cohort.n, bool) for kind in found}
        for part in slices(len(dated.onset)):
            rows = np.flatnonzero((dated.onset[part] <= time) & (dated.resolved[part] > time))
            patient, severe = dated.patient[part][rows], dated.severe[part][rows]
            for kind, mask in having.items():
                mask[patient[severe] if kind == ENDPOINT else patient] = True
        for kind, mask in having.items():
            found[kind].append(np.packbits(mask))
    return found


def _of_group(
    cohort: Cohort, dated: _Dated, having: dict[str, list[np.ndarray]], who: np.ndarray, names: dict
) -> Results:
    results, level = Results(), cohort.settings.confidence_level
    if ENDPOINT in having:
        results += _first_severe(cohort, dated, who, names)
        severe = _prevalences(dated, having[ENDPOINT], who, level)
        results += Results(label(severe, endpoint=ENDPOINT, **names))
    if OVERALL in having:
        results += Results(label(_prevalences(dated, having[OVERALL], who, level), variable=OVERALL, **names))
    if who.sum() <= MOST:
        results += _mean_count(cohort, dated, who, names)
    return results


def times(cohort: Cohort) -> tuple[float, ...]:
    """One, three, six and twelve months, and the landmarks of the report."""
    months = (k * MONTH for k in (1, 3, 6, 12))
    return tuple(sorted({*months, *outcomes.landmark_days(cohort.settings)}))


def _dated(cohort: Cohort, events: toxicities.Events) -> tuple[_Dated, np.ndarray]:
    """The events on treatment, and the patients whose days on treatment are known."""
    observed = columns.exposure_days(cohort)
    last = np.nan_to_num(observed)

    def on_treatment(rows: slice) -> np.ndarray:
        onset = events.onset[rows]
        return (onset >= -toxicities.DAY) & (onset <= last[events.patient[rows]])

    during = rows_where(len(events), on_treatment)
    begun = columns.treatment_days(cohort)  # from which these times count, whatever the others count from
    patient = events.patient[during]
    resolved = toxicities.resolved(cohort, events)[during]
    for part in slices(len(resolved)):
        resolved[part] -= begun[patient[part]]
    resolved[np.isnan(resolved)] = np.inf
    (patient,), (resolved,) = aside.put([patient]), aside.put([resolved])
    (onset,) = aside.put([np.maximum(events.onset[during], 0.0)])
    death = columns.death_days(cohort) - begun
    known = events.assessed & ~np.isnan(observed) & (observed > 0)
    died = death <= observed
    severe = rows_where(len(events), lambda rows: events.grade[rows] >= toxicities.SEVERE)
    unknown = rows_where(len(events), lambda rows: severe[rows] & np.isnan(events.onset[rows]))
    undated, first = np.zeros(cohort.n, bool), np.full(cohort.n, np.inf)
    undated[events.patient[unknown]] = True
    severe = severe[during]
    for part in slices(len(severe)):
        mine = severe[part]
        np.minimum.at(first, patient[part][mine], onset[part][mine])
    ended = columns.stopped(cohort) & ~died
    return _Dated(patient, onset, resolved, severe, observed, died, ended, first, undated), known


def _first_severe(cohort: Cohort, dated: _Dated, who: np.ndarray, names: dict) -> Results:
    """Cumulative incidence of the first grade ≥ 3 on treatment; who has one of unknown onset is left out."""
    first = dated.first
    mine = who & ~(dated.undated & np.isinf(first))
    if mine.sum() < FEWEST:
        return Results()
    had = first <= dated.observed
    status = np.where(had, 1, np.where(dated.died | dated.ended, 2, 0))
    table = event_table(np.where(had, first, dated.observed)[mine], status[mine], causes=2)
    estimates, curve = incidences.of_incidence(table, times(cohort), cohort.settings, True)
    left = Estimate("left_out", value=int((who & ~mine).sum()), n=int(who.sum()),
                    method=message("patients with grade ≥ 3 whose onset is not recorded"))  # fmt: skip
    return Results(
        label((*estimates, left), endpoint=ENDPOINT, **names), label((curve,), endpoint=ENDPOINT, **names)
    )


def _prevalences(dated: _Dated, having: list[np.ndarray], who: np.ndarray, level: float) -> list[Estimate]:
    """Share of those on treatment at the end of each month with an event that has begun and is not resolved."""
    found = []
    for month, mask in enumerate(having, 1):
        time = month * MONTH
        here = who & (dated.observed >= time)
        if here.any():
            both = int(np.bitwise_count(mask & np.packbits(here)).sum())
            row = share(both, int(here.sum()), level)
            found.append(
                replace(row, statistic="prevalence", time=time, method=joined([PREVALENT, row.method]))
            )
    return found


def _mean_count(cohort: Cohort, dated: _Dated, who: np.ndarray, names: dict) -> Results:
    place = np.cumsum(who) - 1
    mine = who[dated.patient]
    level = cohort.settings.confidence_level
    data = Recurrent(place[dated.patient[mine]], dated.onset[mine], dated.observed[who], dated.died[who])
    found = mean_count(data)
    rows = [mean_count_at(found, time, level=level) for time in times(cohort)]
    return Results(
        label(rows, variable=OVERALL, **names),
        label((mean_count_curve(found, level=level),), endpoint=OVERALL, **names),
    )
