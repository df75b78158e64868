"""Cox's model with a baseline hazard of its own in each stratum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reportgen.base.message import message
from reportgen.stats.design import design
from reportgen.stats.events import rounded
from reportgen.stats.hazards import estimates, fit_cox
from reportgen.stats.results import Estimate

STRATIFIED = message("stratified Cox (Efron ties)", "cox"), message("Wald test (stratified Cox)", "cox_wald")


def stratified_cox(
    duration: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    covariates: Mapping[str, Sequence[float] | np.ndarray],
    stratum: Sequence[int] | np.ndarray,
    *,
    entry: Sequence[float] | np.ndarray | None = None,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Hazard ratio and Wald p-value of each covariate, the hazards of the strata being anything.

    stratum: (n,) whole numbers from 0. Only patients of one stratum are compared at an event. The rest as of
    `hazards.cox`, refusals included; a stratum whose patients are alike, or without an event, adds nothing.
    Each stratum is moved to a span of time of its own, with entry at its beginning: at an event of one stratum
    nobody of another is at risk, and the partial likelihood is the stratified one, ties included.
    R: coxph(Surv(time, status) ~ x + strata(stratum), ties = "efron").
    """
    time, place = rounded(duration), np.asarray(stratum, dtype=float)
    since = np.full(len(time), -1.0) if entry is None else rounded(entry)
    moved = place * np.ceil(time.max(initial=0.0) + 2)
    data = design(time + moved, status, covariates, entry=since + moved)
    return estimates(data, fit_cox(data), level, STRATIFIED)
