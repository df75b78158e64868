"""Cox's model where covariates are missing: several likely values for each, one model of each set, pooled.

The values are drawn by statsmodels (chained equations, predictive mean matching); what stands for the outcome among the
predictors is the indicator and the Nelson–Aalen estimate of each cause (White IR, Royston P. Stat Med 2009;28:1982–98;
Bartlett JW, Taylor JMG. Stat Methods Med Res 2016;25:2034–56). Pooled by Rubin's rules with the degrees of freedom of
Barnard J, Rubin DB. Biometrika 1999;86:948–55. R: mice::mice(method = "pmm"), mice::pool.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from reportgen.base.message import joined, message
from reportgen.stats.design import design, no_ratios, ratio_estimate
from reportgen.stats.events import event_table, rounded
from reportgen.stats.hazards import NoFit, fit_cox
from reportgen.stats.nelson_aalen import nelson_aalen
from reportgen.stats.notes import not_estimable, number, percent
from reportgen.stats.results import Estimate
from reportgen.stats.whole_days import searchsorted

DONORS = 5
BURN_IN, BETWEEN = 10, 5  # cycles of the chain before the first set of values, and before each further one
FEWEST = 20
PRIOR_SD = 3.0  # of a coefficient per standard deviation, in the models of categories
NO_MODEL = message("no model of the missing levels could be fitted", "separation")


@dataclass(frozen=True)
class Pooled:
    """Rubin's rules: the mean of the estimates, its variance, and the degrees of freedom of the t distribution."""

    value: np.ndarray
    variance: np.ndarray
    df: np.ndarray


def imputed_cox(
    durations: np.ndarray,
    status: np.ndarray,
    terms: Sequence[Mapping[str, np.ndarray]],
    *,
    level: float = 0.95,
) -> tuple[Estimate, ...]:
    """Cox's model of all terms together, the missing ones imputed: per covariate a hazard ratio and its p-value.

    status: 0, 1 the event, 2 a competing one, which censors. terms: of each feature its covariates, (n,) each, all of
    them nan where it is missing; more than one are the indicators of a category. As many sets of values are drawn as
    patients in a hundred lack any, FEWEST at least; the seed comes from the data. se is the standard error of the log
    hazard ratio; interval and test by t. A set whose model has no finite maximum: None, with that reason.
    Raises ImportError where statsmodels is not installed, ValueError where nothing is missing.
    """
    names = tuple(name for term in terms for name in term)
    blocks = [np.column_stack(list(term.values())).astype(float) for term in terms]
    missing = np.column_stack([np.isnan(block).any(axis=1) for block in blocks])
    if not missing.any():
        raise ValueError("nothing is missing")
    event = (np.asarray(status) == 1).astype(int)
    m = max(FEWEST, int(np.ceil(100 * missing.any(axis=1).mean())))
    what = message("{n} imputations", n=number(m)), message("Rubin’s rules", "rubin")
    methods = (
        joined([message("Cox (Efron ties)", "cox"), *what, message("{n}% CI by t", n=percent(level))]),
        joined([message("Wald test (Cox)", "cox_wald"), *what]),
    )
    facts = {"level": level, "n": len(event), "events": int(event.sum())}
    fits = []
    try:
        sets = _imputations(blocks, _outcome(durations, status), m)
    except _NoModel:
        return no_ratios(names, "hazard_ratio", not_estimable(NO_MODEL), methods, facts)
    for x in sets:
        fitted = fit_cox(design(durations, event, dict(zip(names, x.T, strict=True))))
        if isinstance(fitted, NoFit):
            return no_ratios(names, "hazard_ratio", not_estimable(fitted.reason), methods, facts)
        fits.append((fitted.beta, np.diag(fitted.covariance)))
    beta, variance = (np.array(part) for part in zip(*fits, strict=True))
    return _estimates(names, pool(beta, variance, facts["events"] - len(names)), methods, facts)


def pool(estimates: np.ndarray, variances: np.ndarray, complete_df: float) -> Pooled:
    """Of m sets (rows) and p parameters (columns): the pooled estimate of each.

    complete_df: the degrees of freedom if nothing had been missing; of Cox's model events − p. R: mice::pool.
    """
    m = len(estimates)
    between = (1 + 1 / m) * estimates.var(axis=0, ddof=1)
    variance = variances.mean(axis=0) + between
    share = np.maximum(between / variance, 1e-4)
    of_sets = (m - 1) / share**2
    of_data = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    return Pooled(estimates.mean(axis=0), variance, of_sets * of_data / (of_sets + of_data))


def _estimates(names: Sequence[str], pooled: Pooled, methods: tuple, facts: Mapping) -> tuple[Estimate, ...]:
    from scipy.special import stdtr, stdtrit

    rows: list[Estimate] = []
    for name, beta, variance, df in zip(names, pooled.value, pooled.variance, pooled.df, strict=True):
        se = float(np.sqrt(variance))
        reach = float(stdtrit(df, (1 + facts["level"]) / 2)) * se
        rows.append(
            ratio_estimate(
                "hazard_ratio", name, (beta, beta - reach, beta + reach, se), method=methods[0], **facts
            )
        )
        p = float(2 * stdtr(df, -abs(beta) / se))
        rows.append(Estimate("p_value", variable=name, value=p, method=methods[1], **facts))
    return tuple(rows)


def _outcome(durations: np.ndarray, status: np.ndarray) -> np.ndarray:
    """(n, 2 per cause that occurred): its indicator, and its Nelson–Aalen estimate at the end of each patient."""
    time, status = rounded(durations), np.asarray(status)
    columns = []
    for cause in (1, 2):
        happened = (status == cause).astype(int)
        if happened.any():
            steps = nelson_aalen(event_table(time, happened)).steps
            columns += [happened, steps.estimate[searchsorted(steps.time, time, side="right") - 1]]
    return np.column_stack(columns).astype(float)


class _NoModel(ArithmeticError):
    """The levels of a category follow from what else is known, or nothing follows."""


def _imputations(blocks: Sequence[np.ndarray], outcome: np.ndarray, m: int) -> list[np.ndarray]:
    """m matrices of all covariates, without gaps."""
    gaps = [k for k, block in enumerate(blocks) if np.isnan(block).any()]
    columns = {
        k: blocks[k][:, 0] if blocks[k].shape[1] == 1 else blocks[k] @ np.arange(1.0, blocks[k].shape[1] + 1)
        for k in gaps
    }
    current = list(blocks)

    def others(name: str) -> np.ndarray:
        """What one column is drawn from: the outcome and all other covariates as they are at present."""
        x = np.column_stack([outcome, *(block for k, block in enumerate(current) if str(k) != name)])
        spread = x.std(axis=0)
        return np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)])

    def kept(k: int, column: np.ndarray) -> None:
        levels = blocks[k].shape[1]
        current[k] = column[:, None] if levels == 1 else (column[:, None] == np.arange(1, levels + 1)) * 1.0

    named = {str(k): column for k, column in columns.items()}
    levels = {str(k): blocks[k].shape[1] + 1 for k in gaps if blocks[k].shape[1] > 1}
    chain = _chain(named, levels, others, kept, _seed(blocks, outcome))
    found = []
    for k in range(m):
        chain.update_all(BETWEEN if k else BURN_IN)
        found.append(np.column_stack(current))
    return found


def _chain(
    columns: Mapping[str, np.ndarray], levels: Mapping[str, int], others: Callable, kept: Callable, seed: int
):
    """statsmodels' chained equations of these columns. levels: of a category its number, its column holding 0, 1, ….
    others: what a column is drawn from, by its name; kept is told of each column that was filled. Matrices stand in
    place of its formulas, which would be read anew at each step; and a category is drawn from its own model.
    """
    from pandas import DataFrame
    from statsmodels.imputation.mice import MICEData

    class Chain(MICEData):
        def get_fitting_data(self, vname):
            seen = self.ix_obs[vname]
            return self.data[vname].to_numpy()[seen], others(vname)[seen], {}, {}

        def get_split_data(self, vname):
            value, x = self.data[vname].to_numpy(), others(vname)
            seen, gaps = self.ix_obs[vname], self.ix_miss[vname]
            return value[seen], x[seen], x[gaps], {}, {}

        def update(self, vname):
            if vname in levels:
                value, x, at = self.get_split_data(vname)[:3]
                drawn = _drawn_levels(value, x, at, levels[vname], self.rng)
                self.data.iloc[self.ix_miss[vname], self.data.columns.get_loc(vname)] = drawn
            else:
                super().update(vname)
            kept(int(vname), self.data[vname].to_numpy())

    # A column without gaps keeps rows in which all others have one: such rows would be left out.
    chain = Chain(DataFrame({**columns, "whole": np.zeros(len(next(iter(columns.values()))))}), rng=seed)
    chain.k_pmm = DONORS
    for name in columns:
        kept(int(name), chain.data[name].to_numpy())
    return chain


def _drawn_levels(
    value: np.ndarray, x: np.ndarray, at: np.ndarray, levels: int, rng: np.random.Generator
) -> np.ndarray:
    """Levels of those at `at`, by a multinomial logistic model of a draw of its coefficients. R: mice's polyreg."""
    import warnings

    from statsmodels.discrete.discrete_model import MNLogit

    class Held(MNLogit):
        """Its coefficients, the intercepts apart, come from a normal distribution around 0: they stay finite where a
        level follows from the rest."""

        held = np.tile(np.append(0.0, np.full(x.shape[1] - 1, PRIOR_SD**-2)), levels - 1)

        def loglike(self, params):
            return super().loglike(params) - 0.5 * float(self.held @ np.ravel(params, order="F") ** 2)

        def score(self, params):
            return super().score(params) - self.held * np.ravel(params, order="F")

        def hessian(self, params):
            return super().hessian(params) - np.diag(self.held)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fitted = Held(value.astype(int), x).fit(disp=0)
            mean, spread = fitted.params.ravel(order="F"), np.asarray(fitted.cov_params())
            drawn = rng.multivariate_normal(mean, spread, method="cholesky")
    except (Warning, np.linalg.LinAlgError, ValueError) as failure:
        raise _NoModel from failure
    linear = at @ drawn.reshape(levels - 1, -1).T
    weight = np.exp(
        np.column_stack([np.zeros(len(at)), linear]) - np.maximum(linear.max(axis=1), 0.0)[:, None]
    )
    bounds = np.cumsum(weight, axis=1)
    return (rng.random(len(at))[:, None] * bounds[:, -1:] > bounds[:, :-1]).sum(axis=1).astype(float)


def _seed(blocks: Sequence[np.ndarray], outcome: np.ndarray) -> int:
    """The same data, the same values."""
    content = np.ascontiguousarray(np.column_stack([outcome, *blocks])).tobytes()
    return int.from_bytes(sha256(content).digest()[:4], "big")
