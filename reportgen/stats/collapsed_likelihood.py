"""The partial likelihood of very many patients with few kinds of rows: counts in place of rows.

Patients with the same covariates are exchangeable, so that the numbers at risk and of events per event
time and kind are all that the likelihood needs: 10⁶ patients with five categories cost what 10⁵ rows do.
Unlike rows with weights, which R's and lifelines' Efron method takes for one tied event each, the counts
give the likelihood of the patients themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.stats.design import CELLS_PER_ROW, MANY, Design
from reportgen.stats.efron_sums import powers_of_shares, sums_of_steps
from reportgen.stats.partial_likelihood import Derivatives
from reportgen.stats.whole_days import searchsorted, unique


@dataclass(frozen=True)
class Collapsed:
    """x: kinds × p covariates, standardised; at_risk and events: event times × kinds. powers: of very many patients
    event times × the sums of the powers of Efron's shares."""

    x: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    powers: np.ndarray | None = None


def collapse(data: Design) -> Collapsed | None:
    """Counts of equal rows, or None where so many differ that nothing would be won."""
    if data.kinds is None:
        return None
    kind, one_of = data.kinds
    duration, status, kinds = data.duration, data.status, len(one_of)
    times = unique(duration[status == 1])
    if kinds * (len(times) + 1) > CELLS_PER_ROW * data.patients:
        return None
    last = searchsorted(times, duration, side="right")
    at_risk = _beyond(last, kind, len(times), kinds, data.many)
    if data.entry is not None:
        at_risk -= _beyond(searchsorted(times, data.entry, side="right"), kind, len(times), kinds, data.many)
    happened = status == 1
    cells = (last[happened] - 1) * kinds + kind[happened]
    own = None if data.many is None else data.many[happened]
    events = np.bincount(cells, own, minlength=len(times) * kinds).reshape(len(times), kinds)
    x = data.standard(data.x[one_of])
    if data.patients <= MANY:
        return Collapsed(x, at_risk, events)
    # As numbers that a product of matrices takes as they are.
    at_risk, events = at_risk.astype(float, copy=False), events.astype(float, copy=False)
    return Collapsed(x, at_risk, events, powers_of_shares(events.sum(axis=1).astype(int)))


def _beyond(
    index: np.ndarray, kind: np.ndarray, times: int, kinds: int, many: np.ndarray | None
) -> np.ndarray:
    """How many of each kind have an index above 0, 1, … times − 1."""
    counts = np.bincount(index * kinds + kind, many, minlength=(times + 1) * kinds).reshape(times + 1, kinds)
    return np.cumsum(counts[::-1], axis=0)[::-1][1:]


def collapsed_derivatives(table: Collapsed, beta: np.ndarray) -> Derivatives:
    """Log partial likelihood with Efron's ties, score and information: equal to those of all rows.

    With d tied events step l = 0 … d − 1 divides by R − (l / d) E, the hazards of all at risk and of the
    tied. Only the sums over l of the first and second powers of that are needed at each time.
    """
    linear = table.x @ beta
    shift = linear.max()
    hazard = np.exp(linear - shift)
    p = len(beta)
    powers = np.column_stack([np.ones(len(hazard)), table.x, _squares(table.x)]) * hazard[:, None]
    at_risk, tied = table.at_risk @ powers, table.events @ powers
    deaths = table.events.sum(axis=1).astype(int)
    sums = sums_of_steps(at_risk[:, 0], tied[:, 0], deaths, table.powers)
    a, b, c, d, e = (
        part[:, None]
        for part in (sums.first, sums.shared_first, sums.second, sums.shared_second, sums.twice_shared)
    )
    r, t = at_risk[:, 1 : p + 1], tied[:, 1 : p + 1]
    mean = a * r - b * t
    squares = (a * at_risk[:, p + 1 :] - b * tied[:, p + 1 :]).sum(axis=0).reshape(p, p)
    mixed = (d * r).T @ t
    products = (c * r).T @ r - mixed - mixed.T + (e * t).T @ t
    happened = table.events.sum(axis=0)
    return Derivatives(
        value=float(happened @ linear - sums.log_total - shift * int(deaths.sum())),
        score=happened @ table.x - mean.sum(axis=0),
        information=squares - products,
    )


def _squares(x: np.ndarray) -> np.ndarray:
    return (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
