"""Arrays of the product-limit estimator: survival, its variance, pointwise intervals and quantiles.

Everything here takes an EventTable and gives arrays over its distinct times; survival.py makes Estimates
and Curves of them. Events of every cause count.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from reportgen.stats.events import EventTable

TRANSFORMS = ("plain", "log", "log-log", "logit")

# Two heights of a curve that differ by less are the same: 0.5 may be held as 0.5000000000000001.
SAME = 1e-9


def z_value(level: float) -> float:
    """The two-sided normal quantile: 1.96 for 0.95."""
    check_level(level)
    return NormalDist().inv_cdf(0.5 + level / 2)


def check_level(level: float) -> None:
    """ValueError where a confidence level is not within (0, 1)."""
    if not 0 < level < 1:
        raise ValueError(f"level must be within (0, 1), but was {level!r}")


def survival_function(table: EventTable) -> np.ndarray:
    """(m,) Kaplan–Meier estimate from each time on: the product of 1 - d/n (Kaplan & Meier 1958)."""
    return np.cumprod(1 - table.any_event / _positive(table.at_risk))


def log_survival_se(table: EventTable) -> np.ndarray:
    """(m,) Standard error of log S, Greenwood: sqrt(Σ d / (n (n - d))); infinite where S is 0.

    R: survfit(Surv(time, event) ~ 1)$std.err.
    """
    at_risk, events = _positive(table.at_risk), table.any_event
    safe = np.where(events < at_risk, at_risk * (at_risk - events), 1.0)
    return np.sqrt(np.cumsum(np.where(events < at_risk, events / safe, np.inf)))


def survival_se(survival: np.ndarray, log_se: np.ndarray) -> np.ndarray:
    """Greenwood standard error of S itself: S · se(log S), and 0 where S is 0."""
    return np.where(survival > 0, survival * np.where(np.isfinite(log_se), log_se, 0.0), 0.0)


def cumulative_hazard(table: EventTable) -> tuple[np.ndarray, np.ndarray]:
    """(m,), (m,) Nelson–Aalen estimate Σ d/n and its standard error sqrt(Σ d/n²) (Aalen 1978).

    R: survfit(…)$cumhaz and $std.chaz.
    """
    at_risk = _positive(table.at_risk)
    hazard = table.any_event / at_risk
    return np.cumsum(hazard), np.sqrt(np.cumsum(hazard / at_risk))


def survival_interval(
    survival, se, *, level: float = 0.95, transform: str = "log-log"
) -> tuple[np.ndarray, np.ndarray]:
    """Pointwise normal interval of a probability, on the scale of the transform, cut to 0–1.

    survival: the estimate, any shape; se: its (Greenwood) standard error. nan where no such interval
    exists: at 0, and for log-log and logit at 1; plain and log give the worthless [1, 1] there.
    The same formulas serve a cumulative incidence. R: survfit(…, conf.type = transform).
    """
    if transform not in TRANSFORMS:
        raise ValueError(f"transform must be one of {', '.join(TRANSFORMS)}, but was {transform!r}")
    z = z_value(level)
    estimate, se = np.asarray(survival, dtype=float), np.asarray(se, dtype=float)
    exists = (estimate > 0) & ((estimate < 1) | (transform in ("plain", "log")))
    s = np.where(exists, estimate, 0.5)
    if transform == "plain":
        low, high = s - z * se, s + z * se
    elif transform == "log":
        factor = np.exp(z * se / s)
        low, high = s / factor, s * factor
    elif transform == "log-log":
        log_s = np.log(s)
        with np.errstate(over="ignore"):  # of an estimate just below 1: the limits are then 0 and 1
            factor = np.exp(-z * se / (s * log_s))
        low, high = np.exp(log_s * factor), np.exp(log_s / factor)
    else:
        odds, factor = s / (1 - s), np.exp(z * se / (s * (1 - s)))
        low, high = odds / (factor + odds), odds * factor / (1 + odds * factor)
    low, high = np.clip(low, 0, 1), np.clip(high, 0, 1)
    return np.where(exists, low, np.nan), np.where(exists, high, np.nan)


def crossing_time(time: np.ndarray, curve: np.ndarray, target: float) -> float:
    """When a falling step curve first reaches the target; nan if it does not.

    time: (m,) ascending; curve: (m,) holding from each time on, nan where it does not exist. Where the
    curve lies exactly at the target, the middle of that plateau, even of the last one, which ends with the
    last time: the convention of R and SAS. Where a limit's curve rises again near its end, the step
    nearest below the target decides, which is the later one. R: quantile(survfit(…)).
    """
    first = _highest_step(curve, target + SAME)
    if first is None:
        return np.nan
    if curve[first] < target - SAME:
        return float(time[first])
    below = _highest_step(curve, target - SAME)
    end = time[-1] if below is None else time[below]
    return float((time[first] + end) / 2)


def first_at_most(time: np.ndarray, curve: np.ndarray, target: float) -> float:
    """The first time at which a curve that need not fall is at the target or below; nan where it never is.

    With late entry few are at risk at first, and the lower limit rises far once many are: the step nearest below the
    target, as crossing_time takes it, may lie long after the curve itself has passed it.
    """
    reached = np.flatnonzero(curve <= target + SAME)
    return float(time[reached[0]]) if reached.size else np.nan


def _highest_step(curve: np.ndarray, bound: float) -> int | None:
    """Index of the step that is highest, but not above the bound; the first of equals."""
    heights = np.where(curve <= bound, curve, -np.inf)
    best = int(np.argmax(heights)) if heights.size else 0
    return best if heights.size and heights[best] > -np.inf else None


def _positive(at_risk: np.ndarray) -> np.ndarray:
    """With late entry nobody may be at risk when the last one leaves; there are no events then either."""
    return np.maximum(at_risk, 1).astype(float)


def from_zero(column: np.ndarray, at_zero, first: int = 0) -> np.ndarray:
    """A column of the table with a step at time zero before it, unless it has one (first = 1)."""
    return column.copy() if first else np.concatenate([[at_zero], column])
