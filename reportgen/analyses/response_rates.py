"""Rates beside the response rate: disease control with its least duration, and response by a time point.

The denominator is all treated patients, as that of the response rate: whoever was not followed so far counts as
without it, and how many these are is said.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.base.message import joined, message
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate

RESPONDERS = ("CR", "PR")
WEEK = 7.0


def response_rates(cohort: Cohort, best: np.ndarray) -> tuple[Estimate, ...]:
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


def _disease_control(cohort: Cohort, best: np.ndarray, mask: np.ndarray) -> Estimate:
    """Complete or partial response, or stable disease without progression for the least duration."""
    weeks = cohort.settings.disease_control_weeks
    stable, seen = best == "SD", _seen_without_progression(cohort)
    how = message("CR, PR or SD")
    if weeks and seen is not None:
        stable &= seen >= weeks * WEEK
        how = message("CR, PR, or SD for at least {n} weeks from the start", n=weeks)
    row = share(
        int((np.isin(best, RESPONDERS) | stable)[mask].sum()),
        int(mask.sum()),
        cohort.settings.confidence_level,
    )
    return replace(row, statistic="disease_control", method=joined([how, row.method]))


def _seen_without_progression(cohort: Cohort) -> np.ndarray | None:
    """Per patient the days without progression, to it or as far as seen; nan where not known; None without PFS."""
    endpoint = cohort.endpoints.get("pfs")
    if endpoint is None:
        return None
    seen = np.full(cohort.n, np.nan)
    seen[cohort.patients.frame.index.get_indexer(endpoint.rows)] = endpoint.duration
    return seen


def _response_by(cohort: Cohort, best: np.ndarray, mask: np.ndarray, weeks: float) -> Estimate:
    """Share of the patients whose first response is dated up to and including the end of that week."""
    day = columns.days(cohort.patients, "response_date")
    responders = np.isin(best, RESPONDERS)
    by = responders & (day <= weeks * WEEK)
    row = share(int(by[mask].sum()), int(mask.sum()), cohort.settings.confidence_level)
    short = ~by & (columns.end_of_observation(cohort) < weeks * WEEK) & mask & ~columns.dead(cohort)
    undated = responders & np.isnan(day) & mask
    remarks = [
        message("{k} without it were followed for less", k=int(short.sum())) if short.any() else "",
        message("{k} responses without a date count as later", k=int(undated.sum())) if undated.any() else "",
    ]
    note = joined(remarks) if any(remarks) else ""
    return replace(row, statistic="response_by", time=weeks * WEEK, note=note,
                   method=joined([message("first response by the time"), row.method]))  # fmt: skip
