"""Rates beside the response rate: disease control with its least duration, and response by a time point.

The denominator is all treated patients, as that of the response rate: whoever was not followed so far counts as
without it, and how many these are is said.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pandas import Series

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.base.message import joined, message
from reportgen.base.required import required
from reportgen.cohort.cohort import Cohort, Table
from reportgen.cohort.endpoints.responded import counted
from reportgen.stats.results import Estimate

RESPONDERS = ("CR", "PR")
WEEK = 7.0


def response_rates(cohort: Cohort, best: Series) -> tuple[Estimate, ...]:
    """disease_control, and response_by at each of the weeks that the settings name, for all and per group.

    best: per patient the best response. Responses by a time point need dates of response.
    """
    found: list[Estimate] = []
    for group, mask in columns.groups(cohort).items():
        found.append(replace(_disease_control(cohort, best, mask), group=group))
        if not cohort.lacks(("patients.response_date",)):
            weeks = sorted(set(cohort.settings.response_by_weeks))
            found += [replace(_response_by(cohort, best, mask, w), group=group) for w in weeks]
    return tuple(found)


def confirmed(cohort: Cohort, best: Series) -> tuple[Estimate, ...]:
    """response_confirmed for all and per group; nothing where no confirmation is asked for, or assessments lack.

    Confirmed is a best response of CR or PR with two assessments that say either, so many days apart or more, both
    before any assessment that says PD and until the day to which responses count (RECIST 1.1, section 4.6).
    """
    days = cohort.settings.confirmation_days
    if not days or cohort.lacks(("assessments.response", "assessments.date")):
        return ()
    responders = best.isin(RESPONDERS).to_numpy()
    first, last = _answers(cohort)
    twice = responders & (last - first >= days)
    found = []
    for group, mask in columns.groups(cohort).items():
        row = share(int((twice & mask).sum()), int(mask.sum()), cohort.settings.confidence_level)
        open_ones = int((responders & ~twice & mask & ~(_last_assessed(cohort) - first >= days)).sum())
        unknown = message(
            "no assessment so long after a first one with CR or PR in {k} of {n} with a response",
            k=open_ones, n=int((responders & mask).sum()),
        )  # fmt: skip
        note = unknown if open_ones else ""
        how = message("CR or PR, again {n} days later or more", n=days)
        found.append(replace(row, statistic="response_confirmed", group=group, note=note,
                             method=joined([how, row.method])))  # fmt: skip
    return tuple(found)


def _answers(cohort: Cohort) -> tuple[np.ndarray, np.ndarray]:
    """Per patient the first and the last day of an assessment that says CR or PR and counts; nan where none does.

    None counts from the first PD on, which is the end of the response that it might have confirmed.
    """
    table = required(cohort.assessments)
    said = columns.words(table, "response")
    progressed = _first_and_last(cohort, said == "PD", np.full(cohort.n, np.inf))[0]
    until = counted(
        {"patients": cohort.patients, "assessments": table} | _lines(cohort), cohort.settings
    ).until
    until = until.reindex(cohort.patients.frame.index).to_numpy(float)
    still = ~(columns.days(table, "date") >= progressed[_whose(cohort)])
    return _first_and_last(cohort, np.isin(said, RESPONDERS) & still, until)


def _lines(cohort: Cohort) -> dict[str, Table]:
    return {} if cohort.treatments is None else {"treatments": cohort.treatments}


def _last_assessed(cohort: Cohort) -> np.ndarray:
    every = np.ones(len(required(cohort.assessments)), bool)
    return _first_and_last(cohort, every, np.full(cohort.n, np.inf))[1]


def _whose(cohort: Cohort) -> np.ndarray:
    """For each assessment the position of its patient in the cohort; -1 where the cohort has none of that id."""
    position = {who: i for i, who in enumerate(cohort.patients.frame["patient_id"])}
    return np.array(
        [position.get(name, -1) for name in required(cohort.assessments).frame["patient_id"]], int
    )


def _first_and_last(cohort: Cohort, which: np.ndarray, until: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    table, who = required(cohort.assessments), _whose(cohort)
    day, begun = columns.days(table, "date"), columns.treatment_days(cohort)
    here = which & (who >= 0) & (day > begun[who] - 1) & (day <= until[who] + 1)
    first, last = np.full(cohort.n, np.inf), np.full(cohort.n, -np.inf)
    np.minimum.at(first, who[here], day[here])
    np.maximum.at(last, who[here], day[here])
    never = np.isinf(first)
    return np.where(never, np.nan, first), np.where(never, np.nan, last)


def _disease_control(cohort: Cohort, best: Series, mask: np.ndarray) -> Estimate:
    """Complete or partial response, or stable disease without progression for the least duration."""
    weeks = cohort.settings.disease_control_weeks
    stable, seen = (best == "SD").to_numpy(), _seen_without_progression(cohort)
    how = message("CR, PR or SD")
    if weeks and seen is not None:
        stable &= seen >= weeks * WEEK
        how = message("CR, PR, or SD for at least {n} weeks from the start", n=weeks)
    row = share(
        int((best.isin(RESPONDERS).to_numpy() | stable)[mask].sum()),
        int(mask.sum()),
        cohort.settings.confidence_level,
    )
    return replace(row, statistic="disease_control", method=joined([how, row.method]))


def _seen_without_progression(cohort: Cohort) -> np.ndarray | None:
    """Per patient the days from the start of treatment without progression, to it or as far as seen; nan where not
    known; None without PFS."""
    endpoint = cohort.endpoints.get("pfs")
    if endpoint is None:
        return None
    seen = np.full(cohort.n, np.nan)
    seen[cohort.patients.frame.index.get_indexer(endpoint.rows)] = endpoint.duration
    return seen - columns.treatment_days(cohort)


def _response_by(cohort: Cohort, best: Series, mask: np.ndarray, weeks: float) -> Estimate:
    """Share of the patients whose first response is dated up to and including the end of that week of treatment."""
    day = columns.since_treatment(cohort, "response_date")
    responders = best.isin(RESPONDERS).to_numpy()
    by = responders & (day <= weeks * WEEK)
    row = share(int(by[mask].sum()), int(mask.sum()), cohort.settings.confidence_level)
    followed = columns.end_of_observation(cohort) - columns.treatment_days(cohort)
    short = ~by & (followed < weeks * WEEK) & mask & ~columns.dead(cohort)
    undated = responders & np.isnan(day) & mask
    remarks = [
        message("without it and followed for less: {k}", k=int(short.sum())) if short.any() else "",
        message("responses without a date, which count as later: {k}", k=int(undated.sum()))
        if undated.any()
        else "",
    ]
    note = joined(remarks) if any(remarks) else ""
    return replace(row, statistic="response_by", time=weeks * WEEK, note=note,
                   method=joined([message("first response by the time"), row.method]))  # fmt: skip
