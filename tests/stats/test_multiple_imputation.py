"""Imputed models against R's mice (tests/golden/multiple_imputation.R): equal but for the chance of the draws."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from reportgen.stats import gates, multiple_imputation
from reportgen.stats.multiple_imputation import _imputations, _NoModel, imputed_cox, pool
from tests.golden_data import load

ANSWERS = load("multiple_imputation")[1]
MANY = 200  # imputations of R's answers


def cohort(name: str):
    """(time, event, terms) of the cohort as the R script has it."""
    data = load("multiple_imputation" if name == "gbsg" else name)[0]
    if name == "lung":
        terms = [{key: data[key]} for key in ("age", "sex", "ph_karno", "wt_loss")]
    else:
        grade = {f"grade{k}": np.where(np.isnan(data["grade"]), np.nan, data["grade"] == k) for k in (2, 3)}
        terms = [{key: data[key]} for key in ("age", "nodes", "hormon")] + [grade]
    return data["time"], data["event"].astype(int), terms


@cache
def fitted(name: str):
    return imputed_cox(*cohort(name))


@pytest.mark.parametrize("name", ["lung", "gbsg"])
def test_it_differs_from_mice_by_chance_alone(name):
    answer = ANSWERS[name]
    terms = cohort(name)[2]
    rows = fitted(name)
    ratios = [e for e in rows if e.statistic == "hazard_ratio"]
    m = int(str(ratios[0].method).split(" imputations")[0].rsplit(" ", 1)[1])
    incomplete = np.any([np.isnan(c) for term in terms for c in term.values()], axis=0).mean()
    assert (
        m == max(20, int(np.ceil(100 * incomplete)))
        and ratios[0].n == answer["n"]
        and ratios[0].events == answer["events"]
    )
    chance = np.sqrt(np.array(answer["between"]) * (1 / m + 1 / MANY))
    beta = np.log([e.value for e in ratios])
    assert (np.abs(beta - answer["beta"]) < 3.5 * chance).all()
    assert [e.se for e in ratios] == pytest.approx(answer["se"], rel=0.15)


def test_rubins_rules_equal_r():
    answer = ANSWERS["rubin"]
    q, u = (np.array(answer[key])[:, None] for key in ("q", "u"))
    pooled = pool(q, u, answer["complete_df"])
    found = pooled.value[0], pooled.variance[0], pooled.df[0]
    assert found == pytest.approx((answer["value"], answer["variance"], answer["df"]), rel=1e-12)


def test_the_same_data_have_the_same_answer():
    assert [(e.value, e.low, e.high) for e in imputed_cox(*cohort("lung"))] == [
        (e.value, e.low, e.high) for e in fitted("lung")
    ]


def test_interval_and_p_are_by_t_of_the_pooled_degrees_of_freedom():
    ratio, p = fitted("lung")[6:8]
    from scipy.stats import t

    (beta,), df = [np.log(ratio.value)], ANSWERS["lung"]["df"][3]
    reach = t.ppf(0.975, df) * ratio.se
    assert np.log([ratio.low, ratio.high]) == pytest.approx([beta - reach, beta + reach], abs=2e-3 * ratio.se)
    assert p.value == pytest.approx(2 * t.sf(abs(beta) / ratio.se, df), abs=1e-3)


def test_competing_events_are_among_what_values_are_drawn_from_but_do_not_count():
    rng = np.random.default_rng(3)
    x = rng.normal(size=150)
    time, cause = rng.exponential(10, 150), rng.integers(0, 3, 150)
    x[rng.random(150) < 0.2] = np.nan
    both, one = (imputed_cox(time, status, [{"x": x}])[0] for status in (cause, (cause == 1).astype(int)))
    assert both.events == one.events == int((cause == 1).sum()) and both.value != one.value


def test_levels_that_follow_from_another_feature_are_drawn_as_that_says():
    """Without a prior the model of the levels would have no maximum."""
    rng = np.random.default_rng(4)
    level, known = rng.integers(0, 3, 150), rng.random(150) > 0.2
    block = np.where(known[:, None], level[:, None] == np.array([1, 2]), np.nan)
    sets = _imputations([block, level[:, None] * 1.0], np.column_stack([np.ones(150), rng.random(150)]), 20)
    drawn = np.array([one[:, :2] @ [1, 2] for one in sets])
    assert (drawn[:, known] == level[known]).all()
    assert (drawn[:, ~known] == level[~known]).mean() > 0.9


def test_a_model_that_does_not_converge_is_a_reason_and_no_number(monkeypatch):
    def fails(*_args):
        raise _NoModel

    monkeypatch.setattr(multiple_imputation, "_drawn_levels", fails)
    rows = imputed_cox(*cohort("gbsg"))
    assert {(e.exists, e.code) for e in rows} == {(False, "separation")} and len(rows) == 10


def test_where_nothing_is_missing_it_is_not_asked():
    with pytest.raises(ValueError, match="nothing is missing"):
        imputed_cox(np.arange(1.0, 9.0), np.ones(8, int), [{"x": np.arange(8.0)}])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ((99, 20, 60, 3, (20, 40)), "too_few_patients"),
        ((100_001, 20_000, 6_000, 3, (20, 40)), "too_many_patients"),
        ((200, 40, 29, 3, (9, 20)), "too_few_events"),
        ((200, 40, 60, 3, (0, 60)), "no_events"),
        ((200, 9, 60, 3, (20, 40)), "little_missing"),
        ((200, 101, 60, 3, (20, 40)), "too_much_missing"),
        ((200, 10, 30, 3, (10, 20)), None),
        ((200, 100, 30, 3, (10, 20)), None),
        ((100, 20, 30, 3, (10, 20)), None),
        ((100_000, 20_000, 30, 3, (10, 20)), None),
    ],
)
def test_the_gate(asked, code):
    allowed = gates.imputation(*asked)
    assert (None if allowed.allowed else allowed.reason.code) == code
