"""The same statistics by another implementation, lifelines, where it agrees with R: to check our own against.

It agrees with R on the Kaplan–Meier estimate, on the log-log interval where 0 < S < 1, on the log-rank test,
on the restricted mean and on the ratios of Cox's model where they are finite. Its medians, numbers at risk,
intervals at 0 and 1, Aalen–Johansen curves and variances of restricted means do not, and are not asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from reportgen.stats.design import Design
from reportgen.stats.events import rounded

TIGHT = {"precision": 1e-12, "r_precision": 1e-16, "max_steps": 100}


def survival(duration, status, times) -> np.ndarray:
    """(m,) Kaplan–Meier estimates just after the times. duration: (n,) days; status: (n,) 1 event, 0 censored."""
    with _silence():
        return _fitted(duration, status).survival_function_at_times(times).to_numpy()


def log_log_interval(duration, status, times, level: float = 0.95) -> np.ndarray:
    """(m, 2) limits of the log-log interval at the times; nan where the estimate is 0 or 1."""
    with _silence():
        fitted = _fitted(duration, status, 1 - level)
        estimate = fitted.survival_function_at_times(times).to_numpy()
        limits = fitted.confidence_interval_
        rows = np.searchsorted(limits.index.to_numpy(), times, side="right") - 1
    found = limits.to_numpy()[rows]
    found[(estimate <= 0) | (estimate >= 1)] = np.nan
    return found


def logrank_p(duration, status, groups) -> float:
    """The asymptotic p-value of the log-rank test between two or more groups. groups: (n,) any codes."""
    with _silence():
        from lifelines.statistics import multivariate_logrank_test

        return float(multivariate_logrank_test(rounded(duration), groups, status).p_value)


def restricted_mean(duration, status, tau: float) -> float:
    """The mean time free of the event up to tau, in days."""
    with _silence():
        from lifelines.utils import restricted_mean_survival_time

        return float(restricted_mean_survival_time(_fitted(duration, status), t=tau))


def hazard_ratios(data: Design) -> np.ndarray | None:
    """(p,) of Cox's model with Efron's ties; None where its iteration finds no maximum, as it may where there is one.

    It stops up to 10⁻⁶ standard errors from the maximum.
    """
    import pandas as pd

    names = [f"x{j}" for j in range(len(data.names))]
    frame = pd.DataFrame(data.standardised, columns=names)
    frame["duration"], frame["status"] = data.duration, data.status
    with _silence():
        from lifelines import CoxPHFitter
        from lifelines.exceptions import ConvergenceError

        try:
            fitted = CoxPHFitter().fit(frame, "duration", "status", fit_options=TIGHT)
        except ConvergenceError:
            return None
    return np.exp(fitted.params_[names].to_numpy() / data.scale)


def _fitted(duration, status, alpha: float = 0.05):
    from lifelines import KaplanMeierFitter

    return KaplanMeierFitter(alpha=alpha).fit(rounded(duration), status)


@contextmanager
def _silence() -> Iterator[None]:
    """The library warns about its own dependencies, and where an interval does not exist."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
