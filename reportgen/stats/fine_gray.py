"""Fine and Gray's model: by what factor the cumulative incidence of a cause rises faster, deaths taken into account.

Fine JP, Gray RJ. A proportional hazards model for the subdistribution of a competing risk. J Am Stat Assoc
1999;94:496–509. R: cmprsk::crr(time, status, x), whose ties (Breslow) and variance these are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from reportgen.base.message import message
from reportgen.stats.design import MANY, Design, design, design_fault, no_ratios
from reportgen.stats.hazards import FARTHEST, WIDEST_ERROR, CoxFit, estimates, separated
from reportgen.stats.newton import DidNotConverge, maximise
from reportgen.stats.notes import not_estimable
from reportgen.stats.results import Estimate
from reportgen.stats.whole_days import searchsorted, unique

# Of more than MANY patients equal ones are one row with a weight, if that leaves a KEPT-th of the rows or fewer.
KEPT = 4

FINE_GRAY = (
    message("Fine–Gray (Breslow ties)", "fine_gray"),
    message("Wald test (Fine–Gray)", "fine_gray_wald"),
)
STRATIFIED = (
    message("stratified Fine–Gray (Breslow ties)", "fine_gray"),
    message("Wald test (stratified Fine–Gray)", "fine_gray_wald"),
)
STATISTIC = "subdistribution_hazard_ratio"


def fine_gray(
    durations: Sequence[float] | np.ndarray,
    status: Sequence[int] | np.ndarray,
    covariates: Mapping[str, Sequence[float] | np.ndarray],
    *,
    stratum: Sequence[int] | np.ndarray | None = None,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Per covariate the ratio of subdistribution hazards of cause 1 and its Wald p-value, labelled `variable`.

    status: 0 censored, 1 the cause, 2 another cause first. Who had that stays at risk, with the probability of being
    still uncensored as weight; se is of the logarithm, from the influence of each patient, the estimated weights
    included. Rows with a missing covariate are left out. No event, covariates that do not vary or are collinear,
    separation, no convergence: None, with the reason. Takes no late entry.
    stratum: (n,) labels; each stratum has a baseline and a distribution of censoring of its own (Zhou B, Latouche A,
    Rocha V, Fine J. Biometrics 2011;67:661–70; R: crrSC::crrs(ctype = 1)).
    """
    cause = np.asarray(status)
    columns = {name: np.asarray(column, float) for name, column in covariates.items()}
    whole = np.isfinite(list(columns.values())).all(axis=0)
    data = design(durations, (cause == 1).astype(int), columns)
    of = None if stratum is None else np.asarray(stratum)[whole]
    return of_design(data, cause[whole], of, level)


def of_design(
    data: Design, cause: np.ndarray, stratum: np.ndarray | None = None, level: float = 0.95
) -> tuple[Estimate, ...]:
    """The same of the rows of a design, with the cause, and the stratum, of each."""
    rows = _estimates(data, cause, stratum, level)
    return tuple(
        replace(e, statistic=STATISTIC if e.statistic == "hazard_ratio" else e.statistic) for e in rows
    )


def _estimates(
    data: Design, cause: np.ndarray, stratum: np.ndarray | None, level: float
) -> tuple[Estimate, ...]:
    methods = FINE_GRAY if stratum is None else STRATIFIED
    facts = {"level": level, "n": data.patients, "events": data.events}
    fault = design_fault(data)
    if fault is None:
        parts = _parts(data, cause, stratum)
        try:
            beta = maximise(partial(_likelihoods, parts), np.zeros(len(data.names)))
            bread = np.linalg.inv(_likelihoods(parts, beta)[2])
        except (DidNotConverge, np.linalg.LinAlgError):
            fault = message(
                "no finite maximum: separation, or covariates that are nearly collinear", "separation"
            )
        else:
            runaway = (np.abs(beta) > FARTHEST) | (np.sqrt(np.diag(bread)) > WIDEST_ERROR)
            if runaway.any():
                fault = separated(data.names[int(np.argmax(runaway))])
    if fault is not None:
        return no_ratios(data.names, "hazard_ratio", not_estimable(fault), methods, facts)
    influences = [(_influence(part, beta) @ bread, part.n[:, None]) for part in parts]
    covariance = sum((own * n).T @ own for own, n in influences) / np.outer(data.scale, data.scale)
    fitted = CoxFit(data, beta / data.scale, covariance, 0.0, 0.0)
    return estimates(data, fitted, level, methods)


def _parts(data: Design, cause: np.ndarray, stratum: np.ndarray | None) -> list[_Weighted]:
    """One for all, or one for each stratum with an event. Covariates keep their scale; their centre, which is then the
    stratum's, drops out."""
    if stratum is None:
        return [_weighted(data, cause == 2, cause == 0)]
    found = []
    for k in np.unique(stratum):
        mine = stratum == k
        if (cause[mine] == 1).any():
            part = replace(data, x=data.x[mine], duration=data.duration[mine], status=data.status[mine])
            found.append(_weighted(part, cause[mine] == 2, cause[mine] == 0))
    return found


def _likelihoods(parts: Sequence[_Weighted], beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    found = [_likelihood(part, beta) for part in parts]
    value = sum(one[0] for one in found)
    return value, np.sum([one[1] for one in found], axis=0), np.sum([one[2] for one in found], axis=0)


@dataclass(frozen=True)
class _Weighted:
    """Patients by ascending time, or rows of n equal ones each. x: standardised; event, other, censored: masks; at: the
    times of events, with d of them at each; first: the first row at or after each, and after: the first event at or
    after each row's time (later: strictly after it). g: the share not censored before each row's time, and gt: before
    each event's. ends: the times of censoring, hazard: the share of those at risk who are censored there, and risk: how
    many these are."""

    x: np.ndarray
    n: np.ndarray
    time: np.ndarray
    event: np.ndarray
    other: np.ndarray
    censored: np.ndarray
    at: np.ndarray
    d: np.ndarray
    first: np.ndarray
    g: np.ndarray
    gt: np.ndarray
    ends: np.ndarray
    hazard: np.ndarray
    risk: np.ndarray


def _weighted(data: Design, other: np.ndarray, censored: np.ndarray) -> _Weighted:
    cause = np.where(other, 2, np.where(censored, 0, 1))
    rows = _equal_rows(data, cause)
    if rows is None:
        order = np.argsort(data.duration, kind="stable")
        rows = data.duration[order], cause[order], data.standardised[order], np.ones(len(order))
    time, cause, x, n = rows
    event, censored = cause == 1, cause == 0
    at, d = _per_time(time[event], n[event])
    ends, lost = _per_time(time[censored], n[censored])
    before = np.concatenate([[0.0], np.cumsum(n)])
    risk = before[-1] - before[np.searchsorted(time, ends, side="left")]
    kept = np.concatenate([[1.0], np.cumprod(1 - lost / risk)])  # Kaplan–Meier of not being censored
    return _Weighted(
        x, n, time, event, cause == 2, censored, at, d,
        np.searchsorted(time, at, side="left"),
        kept[np.searchsorted(ends, time, side="left")], kept[np.searchsorted(ends, at, side="left")],
        ends, lost / risk, risk,
    )  # fmt: skip


def _equal_rows(
    data: Design, cause: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None:
    """Time, cause, standardised covariates and number of the patients who are alike in all of them, by ascending time;
    None where nothing would be won."""
    if data.many is not None:
        return data.duration, cause, data.standardised, data.many
    if len(data.x) <= MANY or data.kinds is None:
        return None
    kind, one_of = data.kinds
    times = unique(data.duration)
    cells = 3 * len(times) * len(one_of)
    if cells > len(data.x):
        return None
    line = searchsorted(times, data.duration) * 3 + cause
    count = np.bincount(line * len(one_of) + kind, minlength=cells)
    there = np.flatnonzero(count)
    if KEPT * len(there) > len(data.x):
        return None
    place, mine = np.divmod(there, len(one_of))
    x = data.standard(data.x[one_of])[mine]
    return times[place // 3], place % 3, x, count[there].astype(float)


def _per_time(time: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct ones of ascending times, and how many patients have each."""
    times, first = np.unique(time, return_index=True)
    return times, np.add.reduceat(n, first) if len(n) else n


def _sums(w: _Weighted, values: np.ndarray) -> np.ndarray:
    """Per time of an event the weighted sum over those at risk of it, and over those with the other cause before.
    values: of the n patients of a row together."""
    ahead = np.concatenate([np.cumsum(values[::-1], axis=0)[::-1], np.zeros((1, *values.shape[1:]))])
    weight = np.where(w.other & (w.g > 0), 1 / np.where(w.g > 0, w.g, 1.0), 0.0)
    shape = (-1,) + (1,) * (values.ndim - 1)
    past = np.concatenate(
        [np.zeros((1, *values.shape[1:])), np.cumsum(values * weight.reshape(shape), axis=0)]
    )
    return ahead[w.first] + w.gt.reshape(shape) * past[w.first]


def _moments(w: _Weighted, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n exp(x β), and per time of an event S₀ and the mean of x."""
    e = w.n * np.exp(np.clip(w.x @ beta, -700, 700))
    s0 = _sums(w, e)
    return e, s0, _sums(w, e[:, None] * w.x) / s0[:, None]


def _likelihood(w: _Weighted, beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    e, s0, mean = _moments(w, beta)
    second = _sums(w, e[:, None, None] * w.x[:, :, None] * w.x[:, None, :]) / s0[:, None, None]
    happened = w.n[w.event, None] * w.x[w.event]
    value = float((happened @ beta).sum() - (w.d * np.log(s0)).sum())
    score = happened.sum(axis=0) - w.d @ mean
    spread = second - mean[:, :, None] * mean[:, None, :]
    return value, score, np.tensordot(w.d, spread, axes=1)


def _influence(w: _Weighted, beta: np.ndarray) -> np.ndarray:
    """Per patient of each row the influence on the score: his own part, and that of his censoring on the weights of
    others."""
    e, s0, mean = _moments(w, beta)
    step = w.d / s0
    until = np.searchsorted(w.at, w.time, side="right")  # events up to and including his time
    h, hm = _running(step), _running(step[:, None] * mean)
    own = np.where(w.event[:, None], w.x - mean[np.clip(until - 1, 0, None)], 0.0)
    own -= (e / w.n)[:, None] * (w.x * h[until][:, None] - hm[until])
    weight = np.where(w.other & (w.g > 0), e / np.where(w.g > 0, w.g, 1.0), 0.0)
    a, am = _running(w.gt * step), _running((w.gt * step)[:, None] * mean)
    own -= (weight / w.n)[:, None] * (w.x * (a[-1] - a[until])[:, None] - (am[-1] - am[until]))
    # q(u): what a censoring at u takes from those who had the other cause before it.
    before = np.searchsorted(w.time, w.ends, side="left")
    ahead = np.searchsorted(w.at, w.ends, side="left")
    past, pastx = _running(weight)[before], _running(weight[:, None] * w.x)[before]
    at_end = (pastx * (a[-1] - a[ahead])[:, None] - past[:, None] * (am[-1] - am[ahead])) / w.risk[:, None]
    shift = np.zeros_like(own)
    shift[w.censored] = at_end[np.searchsorted(w.ends, w.time[w.censored])]
    drift = _running(w.hazard[:, None] * at_end)
    return own + shift - drift[np.searchsorted(w.ends, w.time, side="right")]


def _running(values: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
