"""A model for few events: Firth's penalised Cox regression.

Where a group has no event, maximum likelihood runs off to infinity; Firth's estimate stays finite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reportgen.base.message import Message, joined, message
from reportgen.base.required import required
from reportgen.stats.design import Design, design, design_fault, no_ratios, ratio_estimate
from reportgen.stats.newton import DidNotConverge
from reportgen.stats.notes import not_estimable, percent
from reportgen.stats.partial_likelihood import derivatives, idle_fault, risk_sets
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
    tests = message("penalised likelihood-ratio test (Firth Cox)", FIRTH)
    facts = {"level": level, "n": len(data.status), "events": int(data.status.sum())}
    fault, fitted = design_fault(data), None
    if fault is None:
        sets = risk_sets(data.duration, data.status, data.standardised, ties=ties)
        fault = idle_fault(data.names, derivatives(sets, np.zeros(len(data.names))))
    if fault is None:
        fault, fitted = _fit(lambda beta: derivatives(sets, beta, slope=True), len(data.names), level)
    if fault is not None:
        return no_ratios(data.names, "hazard_ratio", not_estimable(fault), (method, tests), facts)
    return _rows(data, required(fitted), (method, tests), facts)


def _fit(likelihood, parameters: int, level: float) -> tuple[Message | None, PenalisedFit | None]:
    try:
        return None, fit(likelihood, parameters, level)
    except (DidNotConverge, np.linalg.LinAlgError):
        return message("the model did not converge", "not_converged"), None


def _rows(
    data: Design, fitted: PenalisedFit, methods: tuple[str, str], facts: Mapping
) -> tuple[Estimate, ...]:
    rows = []
    for j, name in enumerate(data.names):
        scale = data.scale[j]
        logarithms = np.array([fitted.coefficients[j], *fitted.limits[j], fitted.errors[j]]) / scale
        rows.append(ratio_estimate("hazard_ratio", name, tuple(logarithms), method=methods[0], **facts))
        rows.append(Estimate("p_value", variable=name, value=fitted.p_values[j], method=methods[1], **facts))
    return tuple(rows)
