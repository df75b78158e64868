"""The log-rank test for k groups, stratified and weighted (Mantel 1966; Fleming & Harrington 1982).

At each time with d events among n at risk, group i with n_i at risk is expected to have d n_i / n of them,
with the hypergeometric variance d (n - d) / (n - 1) · n_i / n (1 - n_i / n). The weight of a time is
S^rho (1 - S)^gamma, where S is the Kaplan–Meier estimate of all groups together just before it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.message import Message, message
from reportgen.stats.events import EventTable, pooled
from reportgen.stats.notes import not_estimable, number
from reportgen.stats.product_limit import survival_function
from reportgen.stats.testing import Test

# Singular values of the variance below this share of the largest belong to groups never at risk together.
LOG_RANK = "log_rank"  # the code of the method
_RANK = 1e-10


def logrank(tables: Sequence[EventTable], *, rho: float = 0, gamma: float = 0) -> Test:
    """Do the groups have the same hazard? Chi-square with (groups ever at risk of an event) - 1 df.

    tables: one per group; events of every cause count. rho = 1: Peto–Peto (Prentice's S is not used);
    rho and gamma: Fleming–Harrington. Asymptotic: not for few events (see gates). NE where there is no
    event, or fewer than two groups are at risk when events happen (variance 0).
    R: survdiff(Surv(time, event) ~ group, rho = rho).
    """
    return stratified_logrank([tables], rho=rho, gamma=gamma)


def stratified_logrank(strata: Sequence[Sequence[EventTable]], *, rho: float = 0, gamma: float = 0) -> Test:
    """The log-rank test with the groups compared within each stratum, and the comparisons added up.

    strata: for each stratum one table per group, the groups in one order; a group absent from a stratum
    has an empty table. R: survdiff(Surv(time, event) ~ group + strata(stratum), rho = rho).
    """
    from scipy.special import chdtrc

    groups = {len(tables) for tables in strata}
    if len(groups) != 1 or min(groups) < 2:
        raise ValueError(f"every stratum needs the same two or more groups, but they have {sorted(groups)}")
    name = _name(rho, gamma, stratified=len(strata) > 1)
    counts = [logrank_counts(tables, rho=rho, gamma=gamma) for tables in strata]
    observed, expected, variance = (np.sum(part, axis=0) for part in zip(*counts, strict=True))
    if not any(table.total_events for tables in strata for table in tables):
        return Test(name, None, None, None, not_estimable(message("no events", "no_events")))
    statistic, df = quadratic_form(observed - expected, variance)
    if df == 0:
        return Test(
            name,
            None,
            None,
            None,
            not_estimable(message("variance 0, no two groups were at risk at an event", "variance_zero")),
        )
    return Test(name, statistic, df, float(chdtrc(df, statistic)))


def logrank_counts(
    tables: Sequence[EventTable], *, rho: float = 0, gamma: float = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observed (k,), expected (k,) events of k groups, weighted, and the variance (k, k) of O - E.

    R: survdiff(…)$obs, $exp, $var.
    """
    whole = pooled(tables)
    d, n = whole.any_event, whole.at_risk
    when = d > 0
    time, d, n = whole.time[when], d[when].astype(float), n[when].astype(float)
    weight = _weights(whole, rho, gamma)[when]
    at_risk = np.stack([table.at_risk_at(time) for table in tables]).astype(float)
    share = at_risk / n
    expected = share @ (weight * d)
    observed = np.array([_weighted_events(table, time, weight) for table in tables])
    spread = weight**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = np.diag(share @ spread) - (share * spread) @ share.T
    return observed, expected, variance


def _weighted_events(table: EventTable, time: np.ndarray, weight: np.ndarray) -> float:
    events = table.any_event
    when = events > 0
    return float(weight[np.searchsorted(time, table.time[when])] @ events[when])


def _weights(table: EventTable, rho: float, gamma: float) -> np.ndarray:
    before = np.concatenate([[1.0], survival_function(table)[:-1]])[: table.time.size]
    return before**rho * (1 - before) ** gamma if rho or gamma else np.ones(table.time.size)


def quadratic_form(difference: np.ndarray, variance: np.ndarray) -> tuple[float, int]:
    """(O - E)' V⁻ (O - E) and the rank of V; a group never at risk at an event drops out."""
    size = np.diag(variance)
    kept = np.flatnonzero(size > _RANK * size.max(initial=0.0))[:-1]
    if not kept.size:
        return 0.0, 0
    v, u = variance[np.ix_(kept, kept)], difference[kept]
    scale = np.sqrt(np.diag(v))
    v, u = v / np.outer(scale, scale), u / scale
    values, vectors = np.linalg.eigh(v)
    real = values > _RANK * values[-1]
    return float(np.sum((vectors[:, real].T @ u) ** 2 / values[real])), int(real.sum())


def _name(rho: float, gamma: float, *, stratified: bool) -> Message:
    if rho == gamma == 0:
        name = message("log-rank test", LOG_RANK)
    elif (rho, gamma) == (1, 0):
        name = message("Peto–Peto test")
    else:
        name = message("Fleming–Harrington ({n}, {k}) test", n=number(rho), k=number(gamma))
    return message("stratified {test}", test=name) if stratified else name
