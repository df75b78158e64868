import numpy as np
import pytest

from reportgen.stats import collapsed_likelihood, efron_sums, hazards, whole_days
from reportgen.stats import design as designs
from reportgen.stats.collapsed_likelihood import collapse, collapsed_derivatives
from reportgen.stats.design import counted_design, design, design_fault
from reportgen.stats.efron_sums import powers_of_shares, sums_of_steps
from reportgen.stats.fine_gray import fine_gray, of_design
from reportgen.stats.hazards import NoFit, fit_cox
from reportgen.stats.partial_likelihood import derivatives, risk_sets
from tests.golden_data import load


def cohort(n, seed=7):
    """Durations in whole weeks, so that many are tied; two yes/no features and one of three levels."""
    random = np.random.default_rng(seed)
    a, b, level = random.integers(0, 2, n), random.integers(0, 2, n), random.integers(0, 3, n)
    duration = np.ceil(random.exponential(40 * np.exp(-0.5 * a + 0.3 * (level == 2))))
    entry = np.floor(duration * random.uniform(0, 0.9, n))
    return duration, random.integers(0, 2, n), {"a": a, "b": b, "l1": level == 1, "l2": level == 2}, entry


@pytest.mark.parametrize("late", [False, True])
def test_counts_give_the_likelihood_of_the_rows(late):
    duration, status, covariates, entry = cohort(500)
    data = design(duration, status, covariates, entry=entry if late else None)
    table = collapse(data)
    sets = risk_sets(data.duration, data.status, data.standardised, data.entry)
    assert len(table.x) == 12
    for beta in (np.zeros(4), np.array([0.5, -0.2, 0.1, 1.0])):
        one = derivatives(sets, beta)
        other = collapsed_derivatives(table, beta)
        # The rows are centred, which moves no derivative and cancels in the value.
        assert other.value == pytest.approx(one.value, rel=1e-12)
        np.testing.assert_allclose(other.score, one.score, atol=1e-9)
        np.testing.assert_allclose(other.information, one.information, rtol=1e-9, atol=1e-9)


def test_counts_by_hand():
    table = collapse(design([1.0, 2, 2, 3], [1, 1, 0, 0], {"x": [0.0, 1, 1, 0]}))
    assert table.x.tolist() == [[-1], [1]]
    assert table.at_risk.tolist() == [[2, 2], [1, 2]]
    assert table.events.tolist() == [[1, 0], [0, 1]]


def test_many_rows_give_what_few_give(monkeypatch):
    """R: coxph(Surv(time, event) ~ hormon + grade2 + grade3, gbsg): the fit of rows and that of counts agree."""
    columns, _ = load("gbsg")
    covariates = {name: columns[name] for name in ("hormon", "grade2", "grade3")}
    data = design(columns["time"], columns["event"].astype(int), covariates)
    few = fit_cox(data)
    monkeypatch.setattr(hazards, "MANY", 1)
    many = fit_cox(data)
    np.testing.assert_allclose(many.beta, few.beta, rtol=1e-6)
    np.testing.assert_allclose(many.covariance, few.covariance, rtol=1e-6)
    assert (many.null, many.full) == (pytest.approx(few.null, rel=1e-12), pytest.approx(few.full, rel=1e-12))


def test_separation_is_found_in_the_counts_too(monkeypatch):
    monkeypatch.setattr(hazards, "MANY", 1)
    status = np.tile([1, 0, 0], 100)
    fitted = fit_cox(design(np.arange(1.0, 301), status, {"x": status}))
    assert isinstance(fitted, NoFit) and "separation" in fitted.reason


def test_too_many_kinds_of_rows_are_not_collapsed():
    n = 6000
    assert collapse(design(np.arange(1.0, n + 1), np.ones(n), {"x": np.arange(float(n))})) is None


def test_kinds_that_share_a_number_are_not_confused():
    """√2 · √3 and √3 · √2 are one number, and two kinds of rows."""
    data = design([1.0, 2.0], [1, 1], {"a": [np.sqrt(3), 0.0], "b": [0.0, np.sqrt(2)]})
    key = data.x @ np.sqrt([2.0, 3.0])
    assert key[0] == key[1]
    assert data.kinds is None and collapse(data) is None


def test_kinds_of_very_many_rows_have_the_faults_of_the_rows(monkeypatch):
    duration, status, covariates, _ = cohort(300)
    same = {**covariates, "b again": covariates["b"]}
    for columns in (covariates, same, {**covariates, "one": np.ones(300)}):
        rows = design_fault(design(duration, status, columns))
        monkeypatch.setattr(designs, "MANY", 1)
        assert design_fault(design(duration, status, columns)) == rows
        monkeypatch.undo()


def test_the_series_of_efrons_steps_is_their_sum():
    random = np.random.default_rng(3)
    deaths, at_risk = random.integers(1, 300, 400), random.uniform(300, 1e6, 400)
    tied = at_risk * random.uniform(0, 0.3, 400)  # most of them within what the series is taken for
    assert 0.2 < (tied > efron_sums.MOST * at_risk).mean() < 0.8
    series = sums_of_steps(at_risk, tied, deaths, powers_of_shares(deaths))
    steps = sums_of_steps(at_risk, tied, deaths, None)
    for name in vars(steps):
        np.testing.assert_allclose(getattr(series, name), getattr(steps, name), rtol=1e-13)


@pytest.mark.parametrize("dense", [True, False])
def test_patients_counted_give_the_models_of_the_rows(dense, monkeypatch):
    random = np.random.default_rng(11)
    n = 3_000
    kind, cause = random.integers(-1, 3, n), random.integers(0, 3, n)
    # Where they are far apart, places where nobody is are not counted.
    duration = np.ceil(random.exponential((15 if dense else 60) * np.exp(-0.3 * kind)))
    x = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    columns = dict(zip("ab", np.vstack([x, [[np.nan, np.nan]]])[kind].T, strict=True))
    rows = design(duration, (cause == 1).astype(int), columns)
    fitted, weighted = fit_cox(rows), fine_gray(duration, cause, columns)
    for module in (designs, collapsed_likelihood, whole_days):
        monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(designs, "AT_ONCE", 700)
    data, of_row = counted_design(("a", "b"), duration, cause, kind, x)
    assert len(data.x) < data.patients == len(rows.x) and data.events == rows.events
    assert sorted(data.of_patients().duration) == sorted(rows.duration)
    monkeypatch.setattr(hazards, "MANY", 1)
    counted = fit_cox(data)
    assert counted.data is data
    np.testing.assert_allclose(counted.beta, fitted.beta, rtol=1e-9)
    np.testing.assert_allclose(counted.covariance, fitted.covariance, rtol=1e-9)
    for one, other in zip(of_design(data, of_row), weighted, strict=True):
        assert (one.n, one.events, one.variable) == (other.n, other.events, other.variable)
        assert one.value == pytest.approx(other.value, rel=1e-9)


def test_what_is_not_worth_counting_is_not_counted(monkeypatch):
    days, cause = np.arange(1.0, 101), np.ones(100, int)
    kind = np.arange(100)
    assert counted_design(("a",), days, cause, kind % 2, np.eye(2)[:, :1]) is None  # a hundred are not many
    monkeypatch.setattr(designs, "MANY", 1)
    monkeypatch.setattr(whole_days, "MANY", 1)
    assert counted_design(("a",), days + 0.5, cause, kind % 2, np.eye(2)[:, :1]) is None
    assert counted_design(("a",), days % 50, cause, kind, kind[:, None].astype(float)) is None
    assert counted_design(("a",), days % 50, cause, kind % 2, np.eye(2)[:, :1]) is not None
