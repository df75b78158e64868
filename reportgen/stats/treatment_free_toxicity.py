"""Treatment-free survival in two parts: the mean time with a toxicity, and the time without.

Regan MM, Werner L, Rao S, et al. Treatment-free survival: a novel outcome measure of the effects of immune
checkpoint inhibition. J Clin Oncol 2019;37:3350–8.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.events import event_table, rounded
from reportgen.stats.notes import not_estimable, percent
from reportgen.stats.product_limit import survival_function, z_value
from reportgen.stats.results import Estimate
from reportgen.stats.treatment_free import NEGLIGIBLE, influence, treatment_free_survival

WITH = message("time with toxicity: survival without a next line, times the share with toxicity of those at risk",
               "treatment_free_toxicity")  # fmt: skip
WITHOUT = message("treatment-free survival less the mean time with toxicity", "treatment_free_toxicity")


@dataclass(frozen=True)
class Spells:
    """Times with toxicity, off treatment and before the next line: whose (from 0), from when, until when, in days.

    Those of one patient do not overlap, and none reaches beyond the patient's time to the next line.
    """

    patient: np.ndarray
    start: np.ndarray
    stop: np.ndarray


def split_by_toxicity(
    cessation: tuple[np.ndarray, np.ndarray],
    subsequent: tuple[np.ndarray, np.ndarray],
    spells: Spells,
    tau: float,
    *,
    level: float = 0.95,
) -> tuple[Estimate, Estimate]:
    """Mean days with toxicity, and without, of treatment-free survival to tau; together they are that survival.

    cessation, subsequent: as treatment_free_survival has them. With: ∫ S(t) x(t)/Y(t) dt up to tau, S the Kaplan–Meier
    curve of the next line or death, Y the patients at risk of it and x those of them with a toxicity just then; without
    censoring it is the mean of the days with toxicity. se: from the influence of each patient (infinitesimal
    jackknife); with: log, without: normal interval, within 0–tau. NE where treatment-free survival is.
    R: tests/golden/treatment_free_toxicity.R writes it out with survival's survfit.
    """
    whole = treatment_free_survival(cessation, subsequent, tau, level=level)
    if not whole.exists:
        return replace(whole, method=WITH), replace(whole, method=WITHOUT)
    value, change = _with_toxicity(*subsequent, spells, tau)
    left = (whole.value or 0.0) - value
    rest = influence(*subsequent, tau) - influence(*cessation, tau) - change
    found = _estimate(whole, value, change, WITH, tau)
    if left < -1e-9 * tau:
        reason = message(
            "more time with toxicity than time free of treatment, by unlike censoring", "unlike_censoring"
        )
        lacking = Estimate(
            "rmst", method=WITHOUT, note=not_estimable(reason), time=whole.time, level=level, n=whole.n
        )
        return found, lacking
    return found, _estimate(whole, max(left, 0.0), rest, WITHOUT, tau)


def _estimate(whole: Estimate, value: float, change: np.ndarray, method: str, tau: float) -> Estimate:
    se = float(np.sqrt((change**2).sum()))
    value = value if value > NEGLIGIBLE * tau else 0.0
    # No time with toxicity has no variance either; none without it may have one, where patients were censored.
    if se <= NEGLIGIBLE * tau or (method is WITH and not value):
        note = message("no interval: the variance is 0", "variance_zero")
        return replace(whole, value=value, low=None, high=None, se=0.0, method=method, note=note)
    level, n = whole.level or 0.95, percent(whole.level or 0.95)
    reach = z_value(level) * se
    if (
        method is WITH
    ):  # of few patients, so that a normal interval holds the truth too seldom (bench/coverage.py)
        low, high = value / np.exp(reach / value), value * np.exp(reach / value)
        said = joined([method, message("log {n}% CI", n=n)])
    else:
        low, high = value - reach, value + reach
        said = joined([method, message("normal {n}% CI", n=n)])
    limits = {"low": max(low, 0.0), "high": min(high, tau)}
    return replace(whole, value=value, se=se, method=said, note="", **limits)


def _with_toxicity(duration, status, spells: Spells, tau: float) -> tuple[float, np.ndarray]:
    """The mean time with toxicity, and (n,) how it changes with the weight of each patient."""
    at, happened = rounded(duration), np.asarray(status) == 1
    table = event_table(duration, status)
    begun, ended = rounded(spells.start), np.minimum(rounded(spells.stop), at[spells.patient])
    corners = np.unique(np.concatenate([[0.0, tau], at, begun, ended]))
    corners = corners[corners <= tau]
    left, width = corners[:-1], np.diff(corners)
    risk = len(at) - np.searchsorted(np.sort(at), left, side="right").astype(float)
    toxic = np.searchsorted(np.sort(begun), left, side="right") - np.searchsorted(
        np.sort(ended), left, side="right"
    )
    curve = np.concatenate([[1.0], survival_function(table)])
    alive = curve[np.searchsorted(table.time, left, side="right")]
    safe = np.maximum(risk, 1.0)
    share = np.where(risk > 0, toxic / safe, 0.0)
    inside = alive * share * width
    per_day = np.concatenate([[0.0], np.cumsum(alive * width / safe)])  # of a patient's days with toxicity
    expected = np.concatenate([[0.0], np.cumsum(alive * share * width / safe)])  # of his days at risk
    beyond = np.concatenate([np.cumsum(inside[::-1])[::-1], [0.0]])  # the mean from a corner on
    change = -expected[np.searchsorted(corners, np.minimum(at, tau))]
    spans = per_day[np.searchsorted(corners, np.minimum(ended, tau))]
    spans -= per_day[np.searchsorted(corners, np.minimum(begun, tau))]
    change += np.bincount(spells.patient, np.maximum(spans, 0.0), minlength=len(at))
    return float(inside.sum()), change - _by_survival(table, at, happened, corners, beyond)


def _by_survival(
    table, at: np.ndarray, happened: np.ndarray, corners: np.ndarray, beyond: np.ndarray
) -> np.ndarray:
    """(n,) what the mean loses with each patient's weight through the curve, whose every value after an event falls."""
    at_risk, events = table.at_risk.astype(float), table.any_event.astype(float)
    going = at_risk - events
    after = np.zeros(len(table.time))
    inside = table.time <= corners[-1]
    after[inside] = beyond[np.searchsorted(corners, table.time[inside])]
    weight = np.where(going > 0, after / np.where(going > 0, going, 1.0), 0.0)
    place = np.searchsorted(table.time, at)
    drift = np.cumsum(weight * events / at_risk)
    return np.where(happened, weight[place], 0.0) - drift[place]
