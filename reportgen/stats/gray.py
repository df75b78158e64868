"""Gray's test that groups have the same cumulative incidence of a cause.

Gray RJ. A class of K-sample tests for comparing the cumulative incidence of a competing risk.
Ann Stat 1988;16:1141–54; here with rho = 0. R: cmprsk::cuminc(time, status, group)$Tests.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.base.message import Message, message
from reportgen.stats.events import EventTable, event_table, pooled
from reportgen.stats.logrank import quadratic_form
from reportgen.stats.notes import not_estimable, refused
from reportgen.stats.testing import Test

NAME = message("Gray's test", "gray")
STRATIFIED = message("stratified {test}", test=NAME)


def gray_test(durations, status, group, cause: int = 1) -> Test:
    """Gray's test from one row per patient; status 0 is censored, 1 … the causes; group any labels.

    Those censored at a time are at risk of the events at it. R: cuminc(time, status, group)$Tests[cause, ].
    """
    durations, status, group = np.asarray(durations), np.asarray(status), np.asarray(group)
    causes = max(int(np.max(status, initial=0)), cause)
    tables = [
        event_table(durations[group == name], status[group == name], causes=causes)
        for name in np.unique(group)
    ]
    return gray(tables, cause)


def gray(tables: Sequence[EventTable], cause: int) -> Test:
    """Gray's test from one table per group; chi-square with (groups ever at risk) - 1 df.

    NE where there is no event of the cause, or only one group. Asymptotic: not for few events.
    """
    return _tested([tables], cause, NAME)


def stratified_gray(strata: Sequence[Sequence[EventTable]], cause: int) -> Test:
    """Gray's test within strata: scores and variances of all strata added up; no test where that of `gray` is none.

    strata: in each the same groups in the same order, with empty tables where a stratum has none of a group. Only
    patients of one stratum are compared. R: cuminc(time, status, group, strata)$Tests.
    """
    return _tested(strata, cause, STRATIFIED)


def _tested(strata: Sequence[Sequence[EventTable]], cause: int, name: Message) -> Test:
    tables = [table for stratum in strata for table in stratum]
    causes = min((table.causes for table in tables), default=cause)
    if not 1 <= cause <= causes:
        raise ValueError(f"cause must be 1 … {causes}, but was {cause!r}")
    if any(table.late for table in tables):
        return Test(
            name, None, None, None, refused(message("the test is not defined with late entry", "late_entry"))
        )
    if sum(int(table.events[cause - 1].sum()) for table in tables) == 0:
        return Test(name, None, None, None, not_estimable(message("no events of this cause", "no_events")))
    parts = [_score(stratum, cause) for stratum in strata if any(table.n for table in stratum)]
    statistic, df = quadratic_form(*(np.sum(part, axis=0) for part in zip(*parts, strict=True)))
    if df == 0:
        return Test(
            name,
            None,
            None,
            None,
            not_estimable(message("variance 0, no two groups were at risk at an event", "variance_zero")),
        )
    from scipy.special import chdtrc

    return Test(name, statistic, df, float(chdtrc(df, statistic)))


def _score(tables: Sequence[EventTable], cause: int) -> tuple[np.ndarray, np.ndarray]:
    """(k,) Gray's score, events less those expected in the weighted risk sets, and (k, k) its variance.

    To first order the score of group i is Σ_k ∫ (a_ik + c_ik(∞) - c_ik) dF_k, with a_ik = h_i (1[i = k] -
    h_k / Σh), h = n / S(t-) and c = ∫ a dF / (1 - F). An event of the cause in group k at u moves it by
    S_k(u-) / n_k (a_ik + q (c_ik(∞) - c_ik)), q = 1 - (1 - F) / S_k(u), a competing one by
    S_k(u-) / n_k (q - 1) (c_ik(∞) - c_ik). F is that of all groups together, as under the hypothesis:
    dF = Σ d_k / Σ h.
    """
    whole = pooled(tables)
    time = whole.time[whole.any_event > 0]
    n, own, other = (np.stack(rows).astype(float) for rows in _counts(tables, cause, time))
    groups = len(tables)
    c, score, linear = np.zeros((groups, groups)), np.zeros(groups), np.zeros((groups, groups))
    variance, constant = np.zeros((groups, groups)), np.zeros(groups)
    survival, incidence, f = np.ones(groups), np.zeros(groups), 0.0
    for r, d, e in zip(n.T, own.T, other.T, strict=True):
        present = r > 0
        at_risk = np.where(present, r, 1.0)
        h = np.where(present, r / np.where(present, survival, 1.0), 0.0)
        weighted, total, deaths = h * (1 - incidence), h.sum(), d.sum()
        score += d - deaths * weighted / weighted.sum()
        df = deaths / total
        a = np.diag(h) - np.outer(h, h) / total
        # Once the pooled incidence has reached one, only one group can be left, and a is zero.
        c += a * df / (1 - f) if df and f < 1 - 1e-12 else 0.0
        f += df
        before = survival
        incidence = incidence + np.where(present, before * d / at_risk, 0.0)
        survival = np.where(present, before * (1 - (d + e) / at_risk), before)
        q = np.where(survival > 0, 1 - (1 - f) / np.where(survival > 0, survival, 1.0), 1.0)
        # the expected number of events, less for ties, as in the hypergeometric variance
        ties = 1 - (deaths - 1) / np.maximum(total * before - 1, 1.0) if deaths > 1 else 1.0
        spread = np.where(present, ties * before * df / at_risk, 0.0)
        ties = 1 - (e - 1) / np.maximum(r - 1, 1.0)
        competing = np.where((e > 0) & present, np.where(e > 1, ties, 1.0) * before**2 * e / at_risk**2, 0.0)
        for moved, factor, weight in ((a, q, spread), (np.zeros_like(a), q - 1, competing)):
            x = moved - factor * c
            variance += (x * weight) @ x.T
            linear += x * (factor * weight)
            constant += factor**2 * weight
    variance += c @ linear.T + linear @ c.T + (c * constant) @ c.T
    return score, variance


def _counts(tables: Sequence[EventTable], cause: int, time: np.ndarray):
    """(k, times) at risk, events of the cause, and competing events, at the common times."""
    at_risk = [table.at_risk_at(time) for table in tables]
    own, other = [], []
    for table in tables:
        spread = np.zeros((2, time.size))
        some = table.any_event > 0
        counts = np.stack([table.events[cause - 1], table.any_event - table.events[cause - 1]])
        spread[:, np.searchsorted(time, table.time[some])] = counts[:, some]
        own.append(spread[0])
        other.append(spread[1])
    return at_risk, own, other
