"""The patients' states over time, and their time free of treatment, from their dates.

Each patient is in one state at every time: on treatment without or with response, off it without or with response,
relapsed, dead. Response counts from its first date until relapse; relapse until death. Who was not seen any more
leaves at the last contact. Dates of one day are taken together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses import outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.groups import compared_groups
from reportgen.analyses.toxic_spells import known_toxicity, toxic_spells
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.next_lines import NEXT_LINE, with_lines
from reportgen.stats import gates as gate
from reportgen.stats.results import Estimate, Results, label
from reportgen.stats.state_occupancy import Moves, occupancy_curves, state_occupancy
from reportgen.stats.treatment_free import treatment_free_survival
from reportgen.stats.treatment_free_toxicity import split_by_toxicity

ENDPOINT, TREATMENT_FREE = "states", "treatment_free_survival"
WITH_TOXICITY, WITHOUT = f"{TREATMENT_FREE}_with_toxicity", f"{TREATMENT_FREE}_without_toxicity"
OF_KNOWN = f"{TREATMENT_FREE}_of_known_toxicity"
# In the order in which they are stacked, from the bottom.
STATES = (
    "response_on_treatment",
    "on_treatment",
    "response_off_treatment",
    "off_treatment",
    "relapsed",
    "dead",
)
NEEDED = ("patients.treatment_stop", "patients.relapse_date", "endpoints.os")
FEWEST, MOST, MOST_JUDGED = 3, 20_000, 2_000
Side = tuple[np.ndarray, np.ndarray]  # duration and status of each patient
RESPONDERS = ("CR", "PR")


@dataclass(frozen=True)
class Days:
    """Days from the start of treatment per patient, nan where there was none. end: last seen alive, or death."""

    response: np.ndarray
    stop: np.ndarray
    relapse: np.ndarray
    following: np.ndarray
    end: np.ndarray
    died: np.ndarray
    rows: np.ndarray


def states_analysis(section: str, cohort: Cohort) -> Results:
    """Curves of state occupancy for all and per group, and treatment-free survival; nothing without the columns."""
    days = _days(cohort)
    if days is None:
        return Results()
    groups = {"all": np.ones(len(days.end), bool)} | compared_groups(cohort, days.rows)
    results = Results()
    for name, mask in groups.items():
        if mask.sum() < FEWEST:
            continue
        found = state_occupancy(_moves(days, mask), len(STATES))
        visited = found.share.max(axis=0) > 0
        curves = [c for c, seen in zip(occupancy_curves(found, STATES), visited, strict=True) if seen]
        results += Results(curves=label(curves, section=section, endpoint=ENDPOINT, group=name))
        for endpoint, rows in _treatment_free(cohort, days, mask).items():
            results += Results(label(rows, section=section, endpoint=endpoint, group=name))
    return results


def _days(cohort: Cohort) -> Days | None:
    """None where columns are absent, no start of treatment is known, or nobody ever stopped. Where the times of the
    report count from another day, these are counted from the start of treatment all the same."""
    given = any(rule.key in ("os", "relapse") and (rule.time or rule.origin != "treatment_start")
                for rule in cohort.settings.endpoint)  # fmt: skip
    if cohort.lacks(NEEDED) or given or not FEWEST <= cohort.n <= MOST:
        return None
    os = cohort.endpoints["os"]
    here = cohort.patients.origin == "treatment_start"
    if (here and os.entry is not None) or (not here and "treatment_start" not in cohort.patients.days):
        return None
    place = cohort.patients.frame.index.get_indexer(os.rows)
    begun, stop, relapse = (
        columns.treatment_days(cohort)[place],
        *(columns.since_treatment(cohort, name)[place] for name in ("treatment_stop", "relapse_date")),
    )
    dated = here or cohort.patients.days["treatment_start"].notna().to_numpy()[place]
    undated = columns.stopped(cohort)[place] & np.isnan(stop)
    response = columns.since_treatment(cohort, "response_date")[place]
    best = (
        columns.words(cohort.patients, "best_response")[place]
        if "best_response" in cohort.patients.frame
        else None
    )
    response = np.where(np.isin(best, RESPONDERS), response, np.nan) if best is not None else response
    days = with_lines(cohort.patients, cohort.treatments, cohort.assessments).days
    following = columns.days(replace(cohort.patients, days=days), NEXT_LINE)[place] - begun
    end = os.duration - begun
    known = ~undated & dated & (end > 0)
    if not known.any() or np.isnan(stop[known]).all():
        return None
    return Days(
        response[known], stop[known], relapse[known], following[known], end[known],
        np.asarray(os.status)[known] == 1, os.rows[known],
    )  # fmt: skip


def _moves(days: Days, mask: np.ndarray) -> Moves:
    """The way of each of the patients: the state on every day on which something changes."""
    rows: list[tuple[int, float, int]] = []
    start: list[int] = []
    dates = np.column_stack([days.response, days.stop, days.relapse, days.end])[mask]
    for who, (response, stop, relapse, end) in enumerate(dates.tolist()):
        state, died = _state(0.0, response, stop, relapse), bool(days.died[mask][who])
        start.append(state)
        for day in sorted({d for d in (response, stop, relapse) if 0 < d <= end and not (died and d == end)}):
            after = _state(day, response, stop, relapse)
            if after != state:
                rows.append((who, day, after))
                state = after
        rows.append((who, end, STATES.index("dead") if died else -1))
    patient, time, to = zip(*rows, strict=True)
    return Moves(np.array(patient), np.array(time), np.array(to), np.array(start))


def _state(day: float, response: float, stop: float, relapse: float) -> int:
    """The state of a living patient at the end of a day."""
    if relapse <= day:
        return STATES.index("relapsed")
    answered = "response_" if response <= day else ""
    return STATES.index(f"{answered}{'off' if stop <= day else 'on'}_treatment")


def _treatment_free(cohort: Cohort, days: Days, mask: np.ndarray) -> dict[str, list[Estimate]]:
    """Mean days off treatment and without a next line, up to each landmark at which it can be said; and of these days
    how many with a toxicity of grade ≥ 3, and without, where the dates of toxicities are there. OF_KNOWN: the whole of
    these two parts, where they are of fewer patients.
    """
    if cohort.treatments is None:
        return {}
    end, died = days.end, days.died
    following = np.where(days.following <= end, days.following, np.nan)
    # A next line that begins before the first one is recorded as stopped ends it.
    stop = np.fmin(np.where(days.stop <= end, days.stop, np.nan), following)
    cessation, subsequent = (
        (np.where(np.isnan(day), end, day), (~np.isnan(day) | died).astype(int)) for day in (stop, following)
    )
    place = cohort.patients.frame.index.get_indexer(days.rows)
    known = known_toxicity(cohort)
    judged = mask & known[place] if known is not None else mask & False
    spells = (
        toxic_spells(cohort, place[judged], cessation[0][judged], subsequent[0][judged])
        if judged.any()
        else None
    )
    level = cohort.settings.confidence_level
    found: dict[str, list[Estimate]] = {TREATMENT_FREE: [], WITH_TOXICITY: [], WITHOUT: [], OF_KNOWN: []}
    for tau in outcomes.landmark_days(cohort.settings):
        row = treatment_free_survival(*_of(cessation, subsequent, mask), tau, level=level)
        found[TREATMENT_FREE].append(_gated(row, *_of(subsequent, subsequent, mask)[1], tau, cohort))
        if spells is not None and FEWEST <= judged.sum() <= MOST_JUDGED:
            sides = _of(cessation, subsequent, judged)
            for name, part in zip((WITH_TOXICITY, WITHOUT), split_by_toxicity(*sides, spells, tau, level=level),
                                  strict=True):  # fmt: skip
                found[name].append(_gated(part, *sides[1], tau, cohort))
            if judged.sum() < mask.sum():
                same = treatment_free_survival(*sides, tau, level=level)
                found[OF_KNOWN].append(_gated(same, *sides[1], tau, cohort))
    return {name: rows for name, rows in found.items() if rows}


def _of(cessation: Side, subsequent: Side, mask: np.ndarray) -> tuple[Side, Side]:
    return (cessation[0][mask], cessation[1][mask]), (subsequent[0][mask], subsequent[1][mask])


def _gated(row: Estimate, duration: np.ndarray, status: np.ndarray, tau: float, cohort: Cohort) -> Estimate:
    """Without its interval where too few had a next line or died for a normal one."""
    events = int((status == 1)[duration <= tau].sum())
    few = gate.gray(events, cohort.settings.gates)
    if row.exists and row.low is not None and not few.allowed:
        note = message("no interval: {text}", few.reason.code, text=few.reason)
        row = replace(row, low=None, high=None, note=note)
    return replace(row, events=events)
