"""Cox's proportional-hazards model: hazard ratios, and when there are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from reportgen.base.message import Message, joined, message
from reportgen.base.required import required
from reportgen.stats.collapsed_likelihood import collapse, collapsed_derivatives
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

COX = message("Cox (Efron ties)", "cox"), message("Wald test (Cox)", "cox_wald")
ROBUST = (
    message("Cox (Efron ties, robust variance)", "cox"),
    message("Wald test (Cox, robust variance)", "cox_wald"),
)
MANY = 5_000
# In units of the covariate's standard deviation; a likelihood with a maximum leads to neither.
WIDEST_ERROR = 20.0
FARTHEST = 15.0
NO_WAY_BACK = FARTHEST + 5.0  # and by how much a step may leap too far


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
    facts = {"level": level, "n": data.patients, "events": data.events}
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
    """By Newton's iteration, from no effect on. Of MANY rows or more, of which few differ, these are counted."""
    fault = design_fault(data)
    if fault:
        return NoFit(fault)
    table = collapse(data) if data.patients >= MANY else None
    if table is None:
        data = data.of_patients()
        sets = risk_sets(data.duration, data.status, data.standardised, data.entry)
        likelihood = partial(derivatives, sets)
    else:
        likelihood = partial(collapsed_derivatives, table)
    null = likelihood(np.zeros(len(data.names)))
    fault = idle_fault(data.names, null)
    if fault:
        return NoFit(fault)
    beta, at, found = np.zeros(len(data.names)), null, True
    runaway = _runaway(data.names, beta, at)
    if runaway is None:
        beta, found = _maximum(likelihood, beta)
        at = likelihood(beta)
        runaway = _runaway(data.names, beta, at)
    if runaway is not None:
        return NoFit(separated(runaway))
    if not found:
        return NoFit(
            message("no finite maximum: separation, or covariates that are nearly collinear", "separation")
        )
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
        return names[int(np.argmax(errors if np.isfinite(errors).any() else np.abs(beta)))]
    return None


class _TooFar(ArithmeticError):
    """Nobody comes back from there."""


def _maximum(likelihood: Callable[[np.ndarray], Derivatives], start: np.ndarray) -> tuple[np.ndarray, bool]:
    """The coefficients at the maximum and True; or the last ones that were looked at, and False: there is none."""
    looked_at = [start]

    def objective(beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        looked_at[0] = beta
        if np.abs(beta).max() > NO_WAY_BACK:
            raise _TooFar
        at = likelihood(beta)
        return at.value, at.score, at.information

    try:
        return maximise(objective, start), True
    except (_TooFar, DidNotConverge, np.linalg.LinAlgError):
        return looked_at[0], False


def _sandwich(data: Design, beta: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    _, of = np.unique(required(data.cluster), return_inverse=True)
    sets = risk_sets(data.duration, data.status, data.standardised, data.entry)
    influence = np.zeros((of.max() + 1, len(beta)))
    np.add.at(influence, of, score_residuals(sets, beta) @ covariance)
    return influence.T @ influence
