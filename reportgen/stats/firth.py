"""Models for few events: Firth's penalised Cox and logistic regression.

Where a group has no event, maximum likelihood runs off to infinity; Firth's estimate stays finite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from reportgen.base.message import Message, joined, message
from reportgen.base.required import required
from reportgen.stats.design import Design, design, design_fault, no_ratios, ratio_estimate
from reportgen.stats.newton import DidNotConverge
from reportgen.stats.notes import not_estimable, percent
from reportgen.stats.partial_likelihood import Derivatives, derivatives, idle_fault, risk_sets
from reportgen.stats.penalised import PenalisedFit, fit
from reportgen.stats.results import Estimate

FIRTH = "firth"  # the code of the method


def firth_cox(
    durations: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    covariates: Mapping[str, Sequence[float] | np.ndarray],
    *,
    level: float = 0.95,
    ties: str = "breslow",
) -> tuple[Estimate, ...]:
    """Firth-penalised Cox model: per covariate a hazard ratio and its p-value, both labelled `variable`.

    The interval is the profile-likelihood one, p the penalised likelihood-ratio test, se the standard
    error of the log hazard ratio (Heinze & Schemper 2001; R coxphf, which breaks ties as Breslow does;
    ties="efron" is Efron's). Rows with a missing covariate are left out; n and events are of those used.
    No event, covariates that do not vary or are collinear, no convergence: None, with the reason.
    """
    data = design(durations, status, covariates)
    model = message(
        "Firth-penalised Cox (Breslow ties)" if ties == "breslow" else "Firth-penalised Cox (Efron ties)",
        FIRTH,
    )
    method = joined([model, message("profile-likelihood {n}% CI", n=percent(level))])
    tests = message("penalised likelihood-ratio test (Firth Cox)")
    facts = {"level": level, "n": len(data.status), "events": int(data.status.sum())}
    fault, fitted = design_fault(data), None
    if fault is None:
        sets = risk_sets(data.duration, data.status, data.standardised, ties=ties)
        fault = idle_fault(data.names, derivatives(sets, np.zeros(len(data.names))))
    if fault is None:
        fault, fitted = _fit(lambda beta: derivatives(sets, beta, slope=True), len(data.names), level)
    if fault is not None:
        return no_ratios(data.names, "hazard_ratio", not_estimable(fault), (method, tests), facts)
    return _rows(data, required(fitted), "hazard_ratio", (method, tests), facts)


def firth_logistic(
    outcome: Sequence[int] | np.ndarray,
    covariates: Mapping[str, Sequence[float] | np.ndarray],
    *,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Firth-penalised logistic regression with an intercept: per covariate an odds ratio and its p-value.

    Interval, test and se as in firth_cox (Heinze & Schemper 2002; R logistf). Rows with a missing
    covariate are left out. An outcome that does not vary, covariates that do not vary or are collinear,
    no convergence: None, with the reason.
    """
    data = design(np.ones(len(outcome)), outcome, covariates)
    method = joined(
        [
            message("Firth-penalised logistic regression"),
            message("profile-likelihood {n}% CI", n=percent(level)),
        ]
    )
    tests = message("penalised likelihood-ratio test (Firth logistic)")
    facts = {"level": level, "n": len(data.status), "events": int(data.status.sum())}
    fault, fitted = design_fault(data), None
    if fault is None and data.status.all():
        fault = message("all patients have the event", "no_variation")
    if fault is None:
        # The intercept comes last, so that the covariates keep their places.
        x = np.column_stack([data.standardised, np.ones(len(data.status))])
        fault, fitted = _fit(lambda beta: _logistic(x, data.status, beta), x.shape[1], level)
        if fault is None:
            fitted = required(fitted)
            fitted = replace(fitted, errors=_augmented_errors(x, fitted.coefficients))
    if fault is not None:
        return no_ratios(data.names, "odds_ratio", not_estimable(fault), (method, tests), facts)
    return _rows(data, required(fitted), "odds_ratio", (method, tests), facts)


def _fit(likelihood, parameters: int, level: float) -> tuple[Message | None, PenalisedFit | None]:
    try:
        return None, fit(likelihood, parameters, level)
    except (DidNotConverge, np.linalg.LinAlgError):
        return message("the model did not converge", "not_converged"), None


def _logistic(x: np.ndarray, outcome: np.ndarray, beta: np.ndarray) -> Derivatives:
    linear = x @ beta
    p = 1 / (1 + np.exp(-np.clip(linear, -700, 700)))
    spread = p * (1 - p)
    return Derivatives(
        value=float(outcome @ linear - np.logaddexp(0, linear).sum()),
        score=x.T @ (outcome - p),
        information=(x * spread[:, None]).T @ x,
        slope=np.einsum("n,ni,nj,nk->ijk", spread * (1 - 2 * p), x, x, x),
    )


def _augmented_errors(x: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Standard errors as logistf gives them: each row weighs 1 + its leverage, as if half of that had been
    added to it as an event and half as none."""
    p = 1 / (1 + np.exp(-np.clip(x @ beta, -700, 700)))
    spread = p * (1 - p)
    inverse = np.linalg.inv((x * spread[:, None]).T @ x)
    leverage = spread * np.einsum("ni,ij,nj->n", x, inverse, x)
    return np.sqrt(np.diag(np.linalg.inv((x * (spread * (1 + leverage))[:, None]).T @ x)))


def _rows(
    data: Design, fitted: PenalisedFit, ratio: str, methods: tuple[str, str], facts: Mapping
) -> tuple[Estimate, ...]:
    rows = []
    for j, name in enumerate(data.names):
        scale = data.scale[j]
        logarithms = np.array([fitted.coefficients[j], *fitted.limits[j], fitted.errors[j]]) / scale
        rows.append(ratio_estimate(ratio, name, tuple(logarithms), method=methods[0], **facts))
        rows.append(Estimate("p_value", variable=name, value=fitted.p_values[j], method=methods[1], **facts))
    return tuple(rows)
