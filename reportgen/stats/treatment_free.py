"""Mean time alive, off treatment and without a next one: the area between two curves of the same patients.

Regan MM, Werner L, Rao S, et al. Treatment-free survival: a novel outcome measure of the effects of immune
checkpoint inhibition. J Clin Oncol 2019;37:3350–8.
"""

from __future__ import annotations

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.events import event_table, rounded
from reportgen.stats.notes import beyond_follow_up, not_estimable, percent
from reportgen.stats.product_limit import survival_function, z_value
from reportgen.stats.results import Estimate
from reportgen.stats.rmst import area, rmst

METHOD = message("treatment-free survival: difference of restricted means", "treatment_free_survival")
# Of tau: sums over any cohort round by less. Where all have the same time, nothing but rounding is left.
NEGLIGIBLE = 1e-12


def treatment_free_survival(
    cessation: tuple[np.ndarray, np.ndarray],
    subsequent: tuple[np.ndarray, np.ndarray],
    tau: float,
    *,
    level: float = 0.95,
) -> Estimate:
    """Restricted mean to subsequent treatment or death minus that to cessation of treatment or death, in days.

    cessation, subsequent: (duration, status) of the same n patients in the same order, status 1 or 0. se: of the
    paired difference, by the influence of each patient on both areas (infinitesimal jackknife), as the two curves
    are correlated and their variances must not be added; normal interval within 0–tau. NE where the mean to subsequent
    treatment is. Who was still on treatment when last seen before tau is taken as on it until tau (the curve is held
    flat, as R does), which the note says.
    R: fit <- function(y) survival:::survmean(survfit(y ~ 1), rmean = tau)[[1]]["rmean"], of both; the standard error
    by weights (tests/golden/treatment_free.R).
    """
    free, on = (event_table(*one) for one in (subsequent, cessation))
    mean = rmst(free, tau, level=level)
    found = {"time": float(rounded(tau)), "level": level, "n": free.n, "at_risk": mean.at_risk}
    flat = not rmst(on, tau, level=level).exists
    value = (mean.value or 0.0) - area(on, tau)[0]
    # Held flat beyond the follow-up of all, the curve of the treated would lie above that of the living.
    lacking = not_estimable(beyond_follow_up(free.last_time)) if value < 0 else ""
    if not mean.exists or lacking:
        return Estimate("rmst", method=METHOD, note=lacking if mean.exists else mean.note, **found)
    change = influence(*subsequent, tau) - influence(*cessation, tau)
    se = float(np.sqrt((change**2).sum()))
    if se <= NEGLIGIBLE * tau:
        note = message("no interval: the variance is 0", "variance_zero")
        return Estimate("rmst", value=value, se=0.0, method=METHOD, note=note, **found)
    reach = z_value(level) * se
    method = joined([METHOD, message("normal {n}% CI", n=percent(level))])
    low, high = max(value - reach, 0.0), min(value + reach, tau)
    note = (
        message("who was on treatment when last seen is taken as on it until then", "held_flat")
        if flat
        else ""
    )
    return Estimate("rmst", value=value, low=low, high=high, se=se, method=method, note=note, **found)


def influence(duration, status, tau: float) -> np.ndarray:
    """(n,) how the restricted mean to tau changes with each patient’s weight; the squares sum to its variance."""
    table = event_table(duration, status)
    at, happened = rounded(duration), np.asarray(status) == 1
    survival = survival_function(table)
    corners = np.minimum(np.concatenate([table.time, [max(tau, table.last_time)]]), tau)
    beyond = np.cumsum((np.diff(corners) * survival)[::-1])[::-1]
    at_risk, events = table.at_risk.astype(float), table.any_event.astype(float)
    left = at_risk - events
    weight = np.where((left > 0) & (table.time <= tau), beyond / np.where(left > 0, left, 1.0), 0.0)
    place = np.searchsorted(table.time, at)
    drift = np.cumsum(weight * events / at_risk)
    return -(np.where(happened, weight[place], 0.0) - drift[place])
