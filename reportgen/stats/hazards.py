"""Cox's proportional-hazards model: hazard ratios, and when there are none."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from reportgen.base.message import Message, joined, message
from reportgen.base.required import required
from reportgen.stats.collapsed import collapse, collapsed_derivatives
from reportgen.stats.design import Design, design, design_fault, no_ratios, ratio_estimate
from reportgen.stats.newton import DidNotConverge, maximise
from reportgen.stats.notes import not_estimable, percent
from reportgen.stats.partial_likelihood import (
    Derivatives,
    derivatives,
    idle_fault,
    risk_sets,
    score_residuals,
)
from reportgen.stats.results import Estimate

COX = message("Cox (Efron ties)"), message("Wald test (Cox)", "cox_wald")
ROBUST = message("Cox (Efron ties, robust variance)"), message("Wald test (Cox, robust variance)", "cox_wald")
MANY = 5_000
TIGHT = {"precision": 1e-12, "r_precision": 1e-16, "max_steps": 100}
# In units of the covariate's standard deviation; a likelihood with a maximum leads to neither.
WIDEST_ERROR = 20.0
FARTHEST = 15.0


@dataclass(frozen=True)
class CoxFit:
    """beta: p coefficients, per unit of the covariate; covariance: p × p, robust where patients were
    clustered. null, full: log partial likelihood without and with the covariates."""

    data: Design
    beta: np.ndarray
    covariance: np.ndarray
    null: float
    full: float


@dataclass(frozen=True)
class NoFit:
    """Why there is no fit."""

    reason: Message


def cox(
    durations: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    covariates: Mapping[str, Sequence[float] | np.ndarray],
    *,
    clusters: Sequence | None = None,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Cox model: per covariate a hazard ratio and its Wald p-value, both labelled `variable`.

    Ties by Efron's method; se is the standard error of the log hazard ratio, the interval Wald's (Cox
    1972; R coxph). With clusters (one label per row) the variance is the robust one, summed within
    clusters (Lin & Wei 1989; R coxph(cluster = …)). Rows with a missing covariate are left out; n and
    events are of those used.
    No event, covariates that do not vary or are collinear, separation, no convergence: None, with the
    reason. Raises ValueError as `design` does.
    """
    data = design(durations, status, covariates, cluster=clusters)
    return estimates(data, fit_cox(data), level)


def estimates(
    data: Design, fitted: CoxFit | NoFit, level: float = 0.95, model: tuple[Message, Message] | None = None
) -> tuple[Estimate, ...]:
    """Hazard ratio and p-value of each covariate of a fit. model: what it and its test are called."""
    from scipy.special import ndtr, ndtri

    name_of, test = model or (COX if data.cluster is None else ROBUST)
    methods = joined([name_of, message("Wald {n}% CI", n=percent(level))]), test
    facts = {"level": level, "n": len(data.status), "events": int(data.status.sum())}
    if isinstance(fitted, NoFit):
        return no_ratios(data.names, "hazard_ratio", not_estimable(fitted.reason), methods, facts)
    rows = []
    reach = float(ndtri((1 + level) / 2))
    for name, beta, variance in zip(data.names, fitted.beta, np.diag(fitted.covariance), strict=True):
        se = float(np.sqrt(variance))
        logarithms = beta, beta - reach * se, beta + reach * se, se
        rows.append(ratio_estimate("hazard_ratio", name, logarithms, method=methods[0], **facts))
        p = float(2 * ndtr(-abs(beta) / se))
        rows.append(Estimate("p_value", variable=name, value=p, method=methods[1], **facts))
    return tuple(rows)


def separated(name: str) -> Message:
    """The likelihood of the ratio rises without end."""
    return message("separation: the hazard ratio of {a} has no finite estimate", "separation", a=name)


def fit_cox(data: Design) -> CoxFit | NoFit:
    """lifelines finds the coefficients, and Newton's iteration on our own likelihood the last digits.

    (lifelines stops up to 10⁻⁶ standard errors away, and under separation anywhere.) From MANY rows on
    Newton's iteration starts from nothing; if few of them differ, they are counted.
    """
    fault = design_fault(data)
    if fault:
        return NoFit(fault)
    x = data.standardised
    many = len(x) >= MANY
    table = collapse(data.duration, data.status, x, data.entry) if many else None
    if table is None:
        likelihood = partial(derivatives, risk_sets(data.duration, data.status, x, data.entry))
    else:
        likelihood = partial(collapsed_derivatives, table)
    null = likelihood(np.zeros(len(data.names)))
    fault = idle_fault(data.names, null)
    if fault:
        return NoFit(fault)
    start = None if many else _lifelines(data)
    if start is None:
        start = np.zeros(len(data.names))
    runaway = _runaway(data.names, start, likelihood(start))
    if runaway is None:
        beta = _newton(likelihood, start)
        if beta is None:
            return NoFit(
                message(
                    "no finite maximum: separation, or covariates that are nearly collinear", "separation"
                )
            )
        at = likelihood(beta)
        runaway = _runaway(data.names, beta, at)
    if runaway is not None:
        return NoFit(separated(runaway))
    covariance = np.linalg.inv(at.information)
    if data.cluster is not None:
        covariance = _sandwich(data, beta, covariance)
    scale = data.scale
    return CoxFit(data, beta / scale, covariance / np.outer(scale, scale), null.value, at.value)


def _runaway(names: tuple[str, ...], beta: np.ndarray, at: Derivatives) -> str | None:
    """The covariate whose coefficient or standard error is beyond what a likelihood with a maximum has."""
    try:
        with np.errstate(invalid="ignore"):
            errors = np.nan_to_num(np.sqrt(np.diag(np.linalg.inv(at.information))), nan=np.inf)
    except np.linalg.LinAlgError:
        errors = np.full(len(beta), np.inf)
    if (errors > WIDEST_ERROR).any() or (np.abs(beta) > FARTHEST).any():
        return names[int(np.argmax(errors))]
    return None


def _newton(likelihood: Callable[[np.ndarray], Derivatives], start: np.ndarray) -> np.ndarray | None:
    """Coefficients at the maximum, or None where there is none."""

    def objective(beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        at = likelihood(beta)
        return at.value, at.score, at.information

    try:
        return maximise(objective, start)
    except (DidNotConverge, np.linalg.LinAlgError):
        return None


def _lifelines(data: Design) -> np.ndarray | None:
    """Coefficients of the standardised covariates, or None where the iteration fails."""
    import pandas as pd
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning

    names = [f"x{j}" for j in range(len(data.names))]
    frame = pd.DataFrame(data.standardised, columns=names)
    frame["duration"], frame["status"] = data.duration, data.status
    if data.entry is not None:
        frame["entry"] = data.entry
    with warnings.catch_warnings():
        # What they warn of is examined by fit_cox, which says it in the result.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            fitter = CoxPHFitter().fit(
                frame,
                "duration",
                "status",
                entry_col=None if data.entry is None else "entry",
                fit_options=TIGHT,
            )
        except ConvergenceError:
            return None
    return fitter.params_[names].to_numpy()


def _sandwich(data: Design, beta: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    _, of = np.unique(required(data.cluster), return_inverse=True)
    sets = risk_sets(data.duration, data.status, data.standardised, data.entry)
    influence = np.zeros((of.max() + 1, len(beta)))
    np.add.at(influence, of, score_residuals(sets, beta) @ covariance)
    return influence.T @ influence
