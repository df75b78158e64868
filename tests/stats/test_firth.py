import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.design import design
from reportgen.stats.firth import firth_cox
from reportgen.stats.newton import DidNotConverge, maximise
from reportgen.stats.partial_likelihood import derivatives, risk_sets
from reportgen.stats.penalised import fit
from tests.golden_data import endpoint, load
from tests.stats.test_comparison import DAYS, FUSION, RELAPSE

ENDPOINTS = [
    ("aml", "rfs"), ("freireich_6mp", "remission"), ("gbsg", "rfs"), ("lung", "os"), ("ovarian", "os"),
    ("tiny8", "pfs"), ("tiny8", "os"), ("veteran", "os"),
]  # fmt: skip


def complete(name, key):
    """Durations, status, columns and R's answers; R's block leaves out rows missing any covariate used in it."""
    answer, duration, status, _, _ = endpoint(name, key)
    columns, answers = load(name)
    known = np.isfinite(columns[answers[key]["time_col"]]) & np.isfinite(columns[answers[key]["event_col"]])
    used = {term for model in answer["cox"] for term in model["covariates"]}
    x = {term: columns[term][known] for term in used}
    whole = np.isfinite(np.column_stack(list(x.values()))).all(axis=1)
    return duration[whole], status[whole].astype(int), {k: v[whole] for k, v in x.items()}, answer["cox"]


def assert_equals(rows, answer, tolerance):
    ratios, p_values = rows[::2], rows[1::2]
    assert [row.statistic for row in rows] == [ratios[0].statistic, "p_value"] * len(ratios)
    log = {"rtol": tolerance, "atol": tolerance}
    np.testing.assert_allclose(np.log([row.value for row in ratios]), answer["coef"], **log)
    np.testing.assert_allclose([row.se for row in ratios], answer["se"], **log)
    np.testing.assert_allclose([row.low for row in ratios], answer["profile_lower_hr"], rtol=tolerance)
    np.testing.assert_allclose([row.high for row in ratios], answer["profile_upper_hr"], rtol=tolerance)
    np.testing.assert_allclose([row.value for row in p_values], answer["p_penalised_lrt"], **log)


@pytest.mark.parametrize(("name", "key"), ENDPOINTS)
def test_the_penalised_cox_model_equals_r(name, key):
    """R: coxphf::coxphf(Surv(time, event) ~ …) to 10⁻³, and an independent R programme to 10⁻⁵."""
    duration, status, columns, models = complete(name, key)
    for model in models:
        if len(model["covariates"]) > 3:
            continue  # the large models are test_a_large_penalised_model
        x = {term: columns[term] for term in model["covariates"]}
        assert_equals(firth_cox(duration, status, x), model["firth"]["coxphf"], 1e-3)
        for ties in ("breslow", "efron"):
            if f"own_{ties}" in model["firth"]:
                assert_equals(firth_cox(duration, status, x, ties=ties), model["firth"][f"own_{ties}"], 1e-5)


@pytest.mark.parametrize(("name", "key"), [("veteran", "os"), ("gbsg", "rfs")])
def test_a_large_penalised_model(name, key):
    """R: coxphf(Surv(time, event) ~ …) with six covariates, whole cohorts."""
    duration, status, columns, models = complete(name, key)
    x = {term: columns[term] for term in models[-1]["covariates"]}
    assert len(x) == 6
    assert_equals(firth_cox(duration, status, x), models[-1]["firth"]["coxphf"], 1e-3)


@pytest.mark.parametrize(("covariates", "key"), [(["x"], "firth"), (["x", "z"], "firth_2")])
def test_under_separation_the_estimate_is_finite_and_equals_r(covariates, key):
    """R: coxphf(Surv(time, event) ~ x (+ z)); coxph warns that the coefficient may be infinite."""
    columns, answers = load("separation8")
    x = {name: columns[name] for name in covariates}
    rows = firth_cox(columns["time"], columns["event"].astype(int), x)
    assert_equals(rows, answers["cox"][key]["own_breslow"], 1e-5)


def test_the_limits_are_found_in_few_steps():
    """The likelihood was asked 604 times while each limit was bracketed and halved, without use of the score."""
    columns, _ = load("separation8")
    data = design(columns["time"], columns["event"].astype(int), {name: columns[name] for name in "xz"})
    sets, asked = risk_sets(data.duration, data.status, data.standardised, ties="breslow"), []

    def likelihood(beta):
        asked.append(beta)
        return derivatives(sets, beta, slope=True)

    assert np.isfinite(fit(likelihood, 2).limits).all() and len(asked) < 300


def test_the_eight_patients():
    """R: coxphf gives 10.4 (0.83–1448), p 0.070."""
    fusion = {"RANBP2": [label == "RANBP2" for label in FUSION]}
    ratio, p = firth_cox(DAYS, RELAPSE, fusion)
    assert (ratio.statistic, ratio.variable, ratio.n, ratio.events) == ("hazard_ratio", "RANBP2", 8, 2)
    assert (round(ratio.value, 1), round(ratio.low, 2), round(ratio.high)) == (10.4, 0.83, 1448)
    assert (p.statistic, round(p.value, 3)) == ("p_value", 0.070)
    assert ratio.method == "Firth-penalised Cox (Breslow ties); profile-likelihood 95% CI"
    assert p.method == "penalised likelihood-ratio test (Firth Cox)"


def test_a_second_library_agrees():
    """firthmodels.FirthCoxPH at its default tolerances."""
    from firthmodels import FirthCoxPH

    duration, status, columns, _ = complete("ovarian", "os")
    x = np.column_stack([columns["rx2"], columns["age"]])
    other = FirthCoxPH().fit(x, (status == 1, duration)).lrt()
    rows = firth_cox(duration, status, {"rx2": x[:, 0], "age": x[:, 1]})
    np.testing.assert_allclose(np.log([row.value for row in rows[::2]]), other.coef_, rtol=1e-5)
    np.testing.assert_allclose([row.value for row in rows[1::2]], other.lrt_pvalues_, rtol=1e-5)


@pytest.mark.parametrize(
    ("status", "covariates", "reason"),
    [
        ([0, 0, 0, 0], {"x": [0, 1, 0, 1]}, "NE: no events"),
        ([1, 0, 1, 0], {"x": [1, 1, 1, 1]}, "NE: x does not vary"),
        ([1, 0, 1, 0], {"x": [0, 1, 0, 1], "y": [1, 0, 1, 0]}, "NE: the covariates are collinear"),
        ([1, 0, 1, 0], {"x": [np.nan] * 4}, "NE: no patient has all covariates"),
    ],
)
def test_a_model_that_does_not_exist_has_a_reason(status, covariates, reason):
    rows = firth_cox([1, 2, 3, 4], status, covariates)
    assert {row.note for row in rows} == {reason}
    assert all(row.value is None and row.low is None and row.high is None for row in rows)
    assert [row.variable for row in rows[::2]] == list(covariates)


def test_the_last_at_risk_tells_nothing():
    """Only one patient is at risk at the one event: no information, and a reason."""
    rows = firth_cox([1, 2, 9], [0, 0, 1], {"x": [0, 1, 1]})
    assert rows[0].value is None
    assert rows[0].note == "NE: x does not vary among those at risk at any event"


def test_rows_with_missing_covariates_are_left_out():
    whole = firth_cox([1, 2, 3, 4], [1, 0, 1, 0], {"x": [0, 1, 1, 0]})
    missing = firth_cox([1, 2, 3, 4, 5], [1, 0, 1, 0, 1], {"x": [0, 1, 1, 0, np.nan]})
    assert missing == whole
    assert missing[0].n == 4


def test_a_likelihood_without_information_does_not_converge():
    from reportgen.stats.partial_likelihood import Derivatives

    def flat(beta):
        return Derivatives(0.0, np.zeros(1), np.zeros((1, 1)), np.zeros((1, 1, 1)))

    with pytest.raises((DidNotConverge, np.linalg.LinAlgError)):
        fit(flat, 1)


def test_nothing_free_is_nothing_to_maximise():
    assert maximise(lambda beta: None, np.zeros(1), held={0: 2.0}).tolist() == [2.0]


rows_of_patients = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 1), st.booleans()), min_size=6, max_size=14
).filter(lambda rows: any(s for _, s, _ in rows) and len({g for *_, g in rows}) == 2)


@given(rows_of_patients, st.floats(0.01, 100), st.randoms())
@settings(max_examples=25, deadline=None)
def test_row_order_units_and_the_reference_group_do_not_matter(rows, factor, random):
    duration, status, group = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    ratio, p = firth_cox(duration, status.astype(int), {"x": group})
    order = list(range(len(rows)))
    random.shuffle(order)
    other, again = firth_cox(duration[order] * factor, status[order].astype(int), {"x": 1 - group[order]})
    if ratio.value is None:
        assert other.note == ratio.note
        return
    assert other.value == pytest.approx(1 / ratio.value, rel=1e-6)
    assert again.value == pytest.approx(p.value, abs=1e-8)
    if ratio.low is not None and ratio.high is not None:
        assert ratio.low < ratio.value < ratio.high
        assert (other.low, other.high) == (
            pytest.approx(1 / ratio.high, rel=1e-5),
            pytest.approx(1 / ratio.low, rel=1e-5),
        )


def test_a_unit_far_beyond_the_range_is_said_and_not_overflown():
    """Per unit of a covariate that spans 10⁻⁶ the ratio is no number; per 10⁻⁶ of it, it is the same as ever."""
    x = np.array([0, 1, 1, 0, 1, 0]) * 1e-6
    row, _ = firth_cox([1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 0, 1], {"x": x})
    assert (row.value, row.note) == (
        None,
        "NE: one unit of x is far beyond its range; a smaller unit is needed",
    )
    assert firth_cox([1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 0, 1], {"x": x * 1e6})[0].note == ""
