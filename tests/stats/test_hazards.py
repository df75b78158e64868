import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.design import design
from reportgen.stats.hazards import CoxFit, NoFit, cox, fit_cox
from reportgen.stats.partial_likelihood import derivatives, risk_sets, score_residuals
from reportgen.stats.proportional_hazards import (
    GLOBAL,
    proportional_hazards_test,
)
from tests.golden_data import endpoint, load
from tests.stats.test_comparison import DAYS, FUSION, RELAPSE

ENDPOINTS = [
    ("aml", "rfs"), ("colon_wide", "os"), ("colon_wide", "pfs"), ("freireich_6mp", "remission"), ("gbsg", "rfs"),
    ("lung", "os"), ("mgus2", "os"), ("myeloma_late_entry", "os"), ("ovarian", "os"), ("tiny8", "os"),
    ("tiny8", "pfs"), ("veteran", "os"),
]  # fmt: skip


def models(name, key):
    """(design, R's answers) of every model of a block; rows missing any covariate used in the block are out."""
    answer, duration, status, entry, _ = endpoint(name, key)
    columns, answers = load(name)
    known = np.isfinite(columns[answers[key]["time_col"]]) & np.isfinite(columns[answers[key]["event_col"]])
    used = {term: columns[term][known] for model in answer["cox"] for term in model["covariates"]}
    whole = np.isfinite(np.column_stack(list(used.values()))).all(axis=1)
    for model in answer["cox"]:
        x = {term: used[term][whole] for term in model["covariates"]}
        late = None if entry is None else entry[whole]
        yield design(duration[whole], status[whole].astype(int), x, entry=late), model


@pytest.mark.parametrize(("name", "key"), ENDPOINTS)
def test_cox_equals_r(name, key):
    """R: coxph(Surv(time, event) ~ …, ties = "efron"); cox.zph(…) for each transform."""
    for data, model in models(name, key):
        answer, fitted = model["efron"], fit_cox(data)
        if any("infinite" in warning for warning in answer.get("warnings", [])):
            assert isinstance(fitted, NoFit)
            assert "separation" in fitted.reason
            continue
        error = np.array(answer["se"])
        found = np.sqrt(np.diag(fitted.covariance))
        assert (np.abs(fitted.beta - answer["coef"]) < 1e-6 * error).all()
        assert (np.abs(found - error) < 1e-6 * error).all()
        assert [fitted.null, fitted.full] == pytest.approx(
            [answer["loglik_null"], answer["loglik"]], abs=1e-7
        )
        assert_proportional_hazards(fitted, answer.get("zph", {}))


@pytest.mark.parametrize("name", ["colon_wide", "mgus2", "tiny_cr12"])
@pytest.mark.parametrize("cause", [1, 2])
def test_cause_specific_cox_equals_r(name, cause):
    """R: coxph(Surv(time, status == cause) ~ …): the other causes are censored."""
    columns, answers = load(name)
    answer = answers["competing_risks"]["cause_specific_cox"][str(cause)]
    prefix = "" if name == "tiny_cr12" else "cr_"
    duration, status = columns[f"{prefix}time"], columns[f"{prefix}status"]
    fitted = fit_cox(design(duration, status == cause, {term: columns[term] for term in answer["terms"]}))
    error = np.array(answer["se"])
    assert (np.abs(fitted.beta - answer["coef"]) < 1e-6 * error).all()
    assert (np.abs(np.sqrt(np.diag(fitted.covariance)) - error) < 1e-6 * error).all()


def assert_proportional_hazards(fitted, answers):
    for transform, answer in answers.items():
        tests = proportional_hazards_test(fitted, transform)
        if "error" in answer:
            assert all(test.p is None and test.note.startswith("NE") for test in tests.values())
            continue
        assert list(tests) == answer["terms"]
        for term, statistic, df, p in zip(*(answer[k] for k in ("terms", "chisq", "df", "p")), strict=True):
            assert tests[term].statistic == pytest.approx(statistic, rel=1e-5)
            assert (tests[term].df, tests[term].p) == (df, pytest.approx(p, abs=1e-6))


@pytest.mark.parametrize(("name", "key"), [("veteran", "os"), ("colon_wide", "os")])
def test_breslow_ties_equal_r(name, key):
    """R: coxph(…, ties = "breslow"): its coefficients are where our score is 0, its SE our information."""
    for data, model in models(name, key):
        answer = model["breslow"]
        sets = risk_sets(data.duration, data.status, data.x, ties="breslow")
        at = derivatives(sets, np.array(answer["coef"]))
        assert at.value == pytest.approx(answer["loglik"], abs=1e-7)
        covariance = np.linalg.inv(at.information)
        np.testing.assert_allclose(np.sqrt(np.diag(covariance)), answer["se"], rtol=1e-6)
        assert (np.abs(covariance @ at.score) < 1e-6 * np.array(answer["se"])).all()


def test_the_rows_of_a_model_equal_r():
    """R: summary(coxph(Surv(time, event) ~ trt2, veteran)), $conf.int and $coefficients."""
    data, model = next(models("veteran", "os"))
    ratio, p = cox(data.duration, data.status, {"trt2": data.x[:, 0]})
    answer = model["efron"]
    for field, found in (
        ("hr", ratio.value),
        ("lower", ratio.low),
        ("upper", ratio.high),
        ("se", ratio.se),
        ("p", p.value),
    ):
        assert found == pytest.approx(answer[field][0], rel=1e-6)
    assert (ratio.n, ratio.events, ratio.level, ratio.variable) == (
        answer["n"],
        answer["n_events"],
        0.95,
        "trt2",
    )
    assert (ratio.method, p.method) == ("Cox (Efron ties); Wald 95% CI", "Wald test (Cox)")


def test_a_model_by_hand():
    """Two events, two patients at risk at the first (x = 1 has it): the likelihood is e^β / (e^β + 1), twice over."""
    rows = cox([1, 2, 1, 2], [1, 0, 1, 0], {"x": [1, 0, 0, 1]})
    assert rows[0].value == pytest.approx(1, abs=1e-9)


def test_the_eight_patients_get_no_hazard_ratio_of_four_billion():
    """R: coxph warns "coefficient may be infinite" and prints 4·10⁹."""
    ratio, p = cox(DAYS, RELAPSE, {"RANBP2": [label == "RANBP2" for label in FUSION]})
    assert (ratio.value, ratio.low, ratio.high, p.value) == (None, None, None, None)
    assert ratio.note == p.note == "NE: separation: the hazard ratio of RANBP2 has no finite estimate"
    assert (ratio.n, ratio.events) == (8, 2)


def test_separation_of_one_of_two_covariates_is_named():
    columns, _ = load("separation8")
    rows = cox(columns["time"], columns["event"].astype(int), {"z": columns["z"], "x": columns["x"]})
    assert {row.note for row in rows} == {"NE: separation: the hazard ratio of x has no finite estimate"}


def test_separation_by_two_covariates_together_is_found():
    """Neither does it alone, but whoever has the event has the largest sum of all at risk."""
    x, y = np.array([1.5, 2, 1, 0, 0, 0.5, 1, 0.9]), np.array([0.6, 0, 1, 2, 1, 0.5, 0, 0.9])
    rows = cox([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 0, 0, 0, 0], {"x": x, "y": y})
    assert {row.value for row in rows} == {None}
    assert all("separation" in row.note for row in rows)


@pytest.mark.parametrize(
    ("status", "covariates", "reason"),
    [
        ([0, 0, 0, 0], {"x": [0, 1, 0, 1]}, "NE: no events"),
        ([1, 0, 1, 0], {"x": [1, 1, 1, 1]}, "NE: x does not vary"),
        ([1, 0, 1, 0], {"x": [0, 1, 0, 1], "y": [1, 0, 1, 0]}, "NE: the covariates are collinear"),
        ([1, 0, 1, 0], {"x": [np.nan] * 4}, "NE: no patient has all covariates"),
        ([0, 0, 0, 1], {"x": [0, 1, 0, 1]}, "NE: x does not vary among those at risk at any event"),
    ],
)
def test_a_model_that_does_not_exist_has_a_reason(status, covariates, reason):
    rows = cox([1, 2, 3, 4], status, covariates)
    assert {row.note for row in rows} == {reason}
    assert all(row.value is None and row.low is None and row.high is None for row in rows)


def test_one_patient_and_all_tied_at_one_time():
    assert cox([1], [1], {"x": [1]})[0].value is None
    everyone = cox([5, 5, 5, 5], [1, 1, 1, 1], {"x": [0, 1, 0, 1]})
    assert everyone[0].value == pytest.approx(1)
    test = proportional_hazards_test(fit_cox(design([5, 5, 5, 5], [1, 1, 1, 1], {"x": [0, 1, 0, 1]})))
    assert test[GLOBAL].note == "NE: too few distinct event times"


def test_extreme_times_and_an_event_at_time_zero():
    time, status, x = [0, 1e-6, 1, 1e6, 1e6, 2], [1, 1, 1, 1, 0, 1], [0, 1, 0, 1, 0, 1]
    ranks, _ = cox([0, 1, 2, 4, 4, 3], status, {"x": x})
    extreme, _ = cox(time, status, {"x": x})
    assert extreme.value == pytest.approx(ranks.value, rel=1e-9)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        (([1, 2], [1], {"x": [0, 1]}), "one length"),
        (([1, -2], [1, 0], {"x": [0, 1]}), "not negative"),
        (([1, np.nan], [1, 0], {"x": [0, 1]}), "finite"),
        (([1, 2], [1, 2], {"x": [0, 1]}), "0 or 1"),
        (([1, 2], [1, 0], {}), "at least one covariate"),
    ],
)
def test_wrong_columns_are_refused(columns, fault):
    with pytest.raises(ValueError, match=fault):
        cox(*columns)


def test_a_row_must_enter_before_it_ends():
    with pytest.raises(ValueError, match="enter before it ends"):
        design([1, 2], [1, 0], {"x": [0, 1]}, entry=[1, 0])


def test_ties_and_transforms_are_named_from_a_list():
    with pytest.raises(ValueError, match='"efron" or "breslow"'):
        risk_sets(np.ones(2), np.ones(2), np.ones((2, 1)), ties="exact")
    data, _ = next(models("aml", "rfs"))
    with pytest.raises(ValueError, match="transform must be one of"):
        proportional_hazards_test(fit_cox(data), "log")


def test_the_robust_variance_equals_a_second_implementation():
    """R: coxph(…, cluster = id); lifelines' sandwich is the same where nothing is tied."""
    import pandas as pd
    from lifelines import CoxPHFitter

    random = np.random.default_rng(2)
    n = 80
    x, cluster = random.normal(size=n), np.repeat(np.arange(40), 2)
    duration, status = random.exponential(np.exp(-x)), random.integers(0, 2, n)
    frame = pd.DataFrame({"x": x, "t": duration, "e": status, "c": cluster})
    other = CoxPHFitter().fit(
        frame, "t", "e", cluster_col="c", fit_options={"precision": 1e-12, "r_precision": 1e-16}
    )
    ratio, p = cox(duration, status, {"x": x}, clusters=cluster)
    assert ratio.se == pytest.approx(other.standard_errors_["x"], rel=1e-6)
    assert p.value == pytest.approx(other.summary["p"]["x"], rel=1e-5)
    assert ratio.method == "Cox (Efron ties, robust variance); Wald 95% CI"


def test_the_robust_variance_of_a_doubled_cohort_is_that_of_the_cohort():
    """Everyone twice, clustered by patient, tells no more than everyone once (Breslow's ties, so that it is exact)."""
    data, model = next(models("lung", "os"))
    beta = np.array(model["breslow"]["coef"])

    def variance(times):
        index = np.repeat(np.arange(len(data.status)), times)
        sets = risk_sets(data.duration[index], data.status[index], data.x[index], ties="breslow")
        influence = score_residuals(sets, beta) / derivatives(sets, beta).information[0, 0]
        return (np.bincount(index, weights=influence[:, 0]) ** 2).sum()

    assert variance(2) == pytest.approx(variance(1), rel=1e-9)


def weighted_score(weights, duration, status, x, beta):
    """Efron's score with case weights: the tied patients share the mean of their weights (R coxph, weights)."""
    hazard, score = weights * np.exp(beta * x), float((weights * x)[status == 1].sum())
    for time in np.unique(duration[status == 1]):
        tied, at_risk = (duration == time) & (status == 1), duration >= time
        deaths, weight = tied.sum(), weights[tied].mean()
        for step in range(deaths):
            left = hazard * (at_risk - tied * step / deaths)
            score -= weight * (left @ x) / left.sum()
    return score


def test_score_residuals_are_what_a_little_more_weight_adds():
    """R: residuals(coxph(…), "dfbeta") is the derivative of the coefficients by the weight of each patient."""
    random = np.random.default_rng(8)
    n, beta, step = 25, 0.4, 1e-6
    duration, status, x = (
        random.integers(1, 7, n).astype(float),
        random.integers(0, 2, n),
        random.normal(size=n),
    )
    residuals = score_residuals(risk_sets(duration, status, x[:, None]), np.array([beta]))[:, 0]
    for i in range(n):
        ahead, behind = (np.ones(n) + sign * step * (np.arange(n) == i) for sign in (1, -1))
        change = weighted_score(ahead, duration, status, x, beta) - weighted_score(
            behind, duration, status, x, beta
        )
        assert residuals[i] == pytest.approx(change / (2 * step), abs=1e-7)


@pytest.mark.parametrize("name", ["veteran", "lung"])
def test_score_residuals_sum_to_the_score(name):
    data, _ = list(models(name, "os"))[-1]
    for ties in ("efron", "breslow"):
        sets = risk_sets(data.duration, data.status, data.standardised, ties=ties)
        beta = np.full(len(data.names), 0.1)
        np.testing.assert_allclose(
            score_residuals(sets, beta).sum(axis=0), derivatives(sets, beta).score, atol=1e-9
        )


def test_derivatives_are_those_of_the_likelihood():
    data, _ = list(models("ovarian", "os"))[-1]
    sets = risk_sets(data.duration, data.status, data.standardised, ties="efron")
    beta, step = np.array([0.3, -0.2]), 1e-5
    at = derivatives(sets, beta, slope=True)
    for j, shift in enumerate(np.eye(2) * step):
        ahead, behind = (derivatives(sets, beta + sign * shift) for sign in (1, -1))
        assert (ahead.value - behind.value) / (2 * step) == pytest.approx(at.score[j], rel=1e-6)
        np.testing.assert_allclose((behind.score - ahead.score) / (2 * step), at.information[j], rtol=1e-6)
        np.testing.assert_allclose(
            (ahead.information - behind.information) / (2 * step), at.slope[:, :, j], rtol=1e-5, atol=1e-7
        )


cohorts = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 1), st.booleans()), min_size=8, max_size=20
).filter(lambda rows: any(s for _, s, _ in rows) and len({g for *_, g in rows}) == 2)


@given(cohorts, st.floats(1e-3, 1e3), st.randoms())
@settings(max_examples=20, deadline=None)
def test_row_order_units_and_the_reference_group_do_not_matter(rows, factor, random):
    duration, status, group = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    ratio, p = cox(duration, status, {"x": group})
    order = list(range(len(rows)))
    random.shuffle(order)
    other, again = cox(duration[order] * factor, status[order], {"x": 1 - group[order]})
    assert other.note == ratio.note
    if ratio.value is not None:
        assert (other.value, other.se) == (
            pytest.approx(1 / ratio.value, rel=1e-5),
            pytest.approx(ratio.se, rel=1e-5),
        )
        assert again.value == pytest.approx(p.value, abs=1e-5)
        assert 0 < ratio.low < ratio.value < ratio.high


def test_a_large_separated_cohort_is_still_recognised():
    duration, status = np.arange(1.0, 301), np.tile([1, 0, 0], 100)
    fitted = fit_cox(design(duration, status, {"x": status}))
    assert isinstance(fitted, NoFit) and "separation" in fitted.reason
    assert isinstance(fit_cox(design(duration, status, {"x": np.tile([0, 1], 150)})), CoxFit)


def test_a_step_so_far_that_nobody_at_risk_has_a_hazard_is_no_progress_and_no_warning():
    sets = risk_sets(np.array([1.0, 2, 3]), np.ones(3, int), np.array([[0.0], [1], [2]]))
    assert not np.isfinite(derivatives(sets, np.array([-500.0])).value)
    assert np.isfinite(derivatives(sets, np.array([-5.0])).information).all()
