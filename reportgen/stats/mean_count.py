"""Events of a patient that come again, with death: the mean cumulative count.

How many events a patient has had by a time, on average, where death ends all further ones: the rate of events among
those alive and under observation, weighed with the survival up to then (Ghosh D, Lin DY. Biometrics 2000;56:554–62).
To count the dead as censored would overstate it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.events import rounded
from reportgen.stats.notes import beyond_follow_up, not_estimable, percent
from reportgen.stats.product_limit import z_value
from reportgen.stats.results import Curve, Estimate, Steps

METHOD = message("mean cumulative count (Ghosh–Lin)", "mean_count")


@dataclass(frozen=True)
class Recurrent:
    """patient: (k,) whose event each is, from 0; time: (k,) its day, ≥ 0. end: (n,) the day on which observation of
    each patient ended; died: (n,) whether by death. An event after the end of observation is none."""

    patient: np.ndarray
    time: np.ndarray
    end: np.ndarray
    died: np.ndarray


@dataclass(frozen=True)
class MeanCount:
    """(m + 1,) from time zero on: at_risk just before, events, ended (without death), mean and its standard error."""

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    ended: np.ndarray
    mean: np.ndarray
    se: np.ndarray


def mean_count(data: Recurrent) -> MeanCount:
    """The mean number of events by each time. Events of a day come before the deaths and the censorings of that day.

    mean: Σ S(u−) dN(u)/Y(u), S the Kaplan–Meier curve of death. se: the robust one of Ghosh and Lin, from each
    patient's contribution: ∫ S dM_i/Y − ∫ (μ(t) − μ(u)) dM_i^D/Y with M the martingale residuals of events and deaths.
    ValueError without patients.
    R: mets::recurrentMarginal; or the sums written out with survival's survfit (tests/golden/mean_count.R).
    """
    n = len(data.end)
    if not n:
        raise ValueError("mean_count needs at least one patient")
    end, when = rounded(data.end), rounded(data.time)
    counted = when <= end[data.patient]
    who, when = data.patient[counted], when[counted]
    times = np.unique(np.concatenate([[0.0], when, end]))
    at_risk = n - np.searchsorted(np.sort(end), times, side="left")
    events = _count(times, when)
    deaths, ended = _count(times, end[data.died]), _count(times, end[~data.died])
    going = 1 - deaths / np.maximum(at_risk, 1)
    before = np.concatenate([[1.0], np.cumprod(going)[:-1]])
    step = before * events / np.maximum(at_risk, 1)
    mean = np.cumsum(step)
    se = _robust(times, mean, (who, when), (end, data.died), (at_risk, events, deaths, before))
    return MeanCount(times, at_risk, events, ended, mean, se)


def _count(times: np.ndarray, own: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(times, own), minlength=len(times))


def _robust(times, mean, recurrences, ends, counts) -> np.ndarray:
    """Per time the root of the sum of squared contributions, patient by patient.

    For each patient, with a(u) = S(u−)/Y(u): A = Σ a (dN_i − Y_i dN/Y), and B = Σ (dD_i − Y_i dD/Y) / Y with and
    without μ(u); the contribution is A − μ(t) B + Σ μ(u) dB.
    """
    (who, when), (end, died), (at_risk, events, deaths, before) = recurrences, ends, counts
    risk = np.maximum(at_risk, 1).astype(float)
    place, last = np.searchsorted(times, when), np.searchsorted(times, end)
    weight = before / risk
    total = np.zeros(len(times))
    survive = np.maximum(risk - deaths, 1.0)
    expected = np.cumsum(weight * events / risk)
    expected_death = np.cumsum(deaths / risk / survive)
    expected_mixed = np.cumsum(mean * deaths / risk / survive)
    order = np.argsort(who, kind="stable")
    borders = np.searchsorted(who[order], np.arange(len(end) + 1))
    for patient in range(len(end)):
        own = place[order[borders[patient] : borders[patient + 1]]]
        k = last[patient]
        first = np.bincount(own, weights=weight[own], minlength=len(times)).cumsum()
        until = np.minimum(np.arange(len(times)), k)
        first = first - expected[until]
        dead = (np.arange(len(times)) >= k) & bool(died[patient])
        second = dead / survive[k] - expected_death[until]
        third = dead * mean[k] / survive[k] - expected_mixed[until]
        total += (first - mean * second + third) ** 2
    return np.sqrt(total)


def mean_count_at(found: MeanCount, time: float, *, level: float = 0.95) -> Estimate:
    """The mean count at a time, with its interval on the log scale; NE beyond the last follow-up.

    No interval while no event was seen. n, events, at_risk as for survival, events being events, not patients.
    """
    z = z_value(level)
    n = int(found.at_risk[0])
    facts = {"time": float(rounded(time)), "level": level, "n": n}
    if time > found.time[-1]:
        return Estimate(
            "mean_count", method=METHOD, note=not_estimable(beyond_follow_up(found.time[-1])), **facts
        )
    k = int(np.searchsorted(found.time, rounded(time), side="right")) - 1
    facts |= {"events": found.events[: k + 1].sum(), "se": found.se[k], "value": found.mean[k]}
    facts["at_risk"] = int(found.at_risk[np.searchsorted(found.time, rounded(time))])
    if found.mean[k] <= 0 or not found.se[k] > 0:
        note = message("no interval: there are no events", "no_events")
        return Estimate("mean_count", method=METHOD, note=note, **facts)
    factor = np.exp(z * found.se[k] / found.mean[k])
    method = joined([METHOD, message("log {n}% CI", n=percent(level))])
    return Estimate(
        "mean_count", low=found.mean[k] / factor, high=found.mean[k] * factor, method=method, **facts
    )


def mean_count_curve(found: MeanCount, *, level: float = 0.95) -> Curve:
    """The curve of it; nan limits where there was no event yet."""
    safe = np.where(found.mean > 0, found.mean, np.nan)
    factor = np.exp(z_value(level) * found.se / safe)
    steps = Steps(
        found.time, found.at_risk, found.events, found.ended, found.mean, safe / factor, safe * factor
    )
    method = joined([METHOD, message("log {n}% CI", n=percent(level))])
    return Curve("mean_cumulative_count", steps, n=int(found.at_risk[0]), method=method)
