import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reportgen.stats.proportions import METHODS, _score, difference, proportion
from tests.golden_data import load

R_NAMES = {"clopper-pearson": "clopper_pearson", "wilson": "wilson", "midp": "midp"}


@pytest.mark.parametrize(
    ("method", "tolerance"),
    [("clopper-pearson", {"rtol": 1e-8}), ("wilson", {"rtol": 1e-8}), ("midp", {"rtol": 0, "atol": 1e-4})],
)
def test_intervals_equal_r(method, tolerance):
    """R: binom.test, prop.test(correct = FALSE), exactci::binom.exact(midp = TRUE), whose
    uniroot stops at 10⁻⁴."""
    tiny = load("tiny8")[1]
    for answer in (
        load("grid_binomial")[1]["conf95"] + tiny["response"] + tiny["g3_tox"] + load("tox_sim")[1]["crude"]
    ):
        row = proportion(answer["x"], answer["n"], level=answer["conf"], method=method)
        np.testing.assert_allclose([row.low, row.high], answer[R_NAMES[method]], **tolerance)
        assert row.value == answer["x"] / answer["n"]


def test_mid_p_limits_solve_their_equation():
    from scipy.stats import binom

    row = proportion(3, 11, method="midp")
    assert binom.sf(3, 11, row.low) + binom.pmf(3, 11, row.low) / 2 == pytest.approx(0.025, abs=1e-13)
    assert binom.cdf(2, 11, row.high) + binom.pmf(3, 11, row.high) / 2 == pytest.approx(0.025, abs=1e-13)


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [(2, 3, 0.094, 0.992), (0, 5, 0, 0.522), (2, 8, 0.032, 0.651), (8, 8, 0.631, 1), (5, 8, 0.245, 0.915)],
)
def test_the_eight_patients(events, n, low, high):
    row = proportion(events, n)
    assert (round(row.low, 3), round(row.high, 3)) == (low, high)


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [(12, 14, 57, 98), (8, 12, 34.9, 90.1), (12, 12, 73.5, 100), (6, 12, 21.1, 78.9)],
)
def test_published_intervals_of_the_same_drug(events, n, low, high):
    """ADVL0912 and CREATE (crizotinib in inflammatory myofibroblastic tumours), in per cent as printed."""
    row = proportion(events, n)
    digits = 0 if isinstance(low, int) and isinstance(high, int) else 1
    assert (round(100 * row.low, digits), round(100 * row.high, digits)) == (low, high)


def test_mid_p_with_no_event_of_two_by_hand():
    """Half of (1 − p)² is 0.025."""
    assert proportion(0, 2, method="midp").high == pytest.approx(1 - np.sqrt(0.05), rel=1e-12)


def test_no_event_of_eight_by_hand():
    """(1 − p)⁸ = 0.025."""
    assert proportion(0, 8).high == pytest.approx(1 - 0.025 ** (1 / 8), rel=1e-12)


def test_no_patients_is_a_reason_and_not_a_number():
    row = proportion(0, 0)
    assert (row.value, row.low, row.high, row.n) == (None, None, None, 0)
    assert row.note == "NE: no patients"
    assert row.method == "Clopper–Pearson 95% CI"


@pytest.mark.parametrize(("events", "n"), [(-1, 3), (4, 3), (1, 0)])
def test_impossible_counts_are_refused(events, n):
    with pytest.raises(ValueError, match="events must be between 0 and n"):
        proportion(events, n)


def test_an_unknown_method_or_level_is_refused():
    with pytest.raises(ValueError, match="method must be one of"):
        proportion(1, 2, method="wald")
    with pytest.raises(ValueError, match="level must be between"):
        proportion(1, 2, level=95)


@given(n=st.integers(1, 60), share=st.floats(0, 1), method=st.sampled_from(list(METHODS)))
@settings(max_examples=60, deadline=None)
def test_swapping_event_and_no_event_mirrors_the_interval(n, share, method):
    events = round(share * n)
    one, other = proportion(events, n, method=method), proportion(n - events, n, method=method)
    np.testing.assert_allclose([one.low, one.high], [1 - other.high, 1 - other.low], atol=1e-12)
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert one.low < one.high


@pytest.mark.parametrize("n", [5, 8, 13])
def test_clopper_pearson_never_covers_less_than_it_says(n):
    rows = [proportion(k, n) for k in range(n + 1)]
    k = np.arange(n + 1)
    ways = np.array([float(np.prod([(n - i) / (i + 1) for i in range(j)])) for j in k])
    for p in np.linspace(0.001, 0.999, 333):
        probability = ways * p**k * (1 - p) ** (n - k)
        covered = np.array([row.low <= p <= row.high for row in rows])
        assert probability[covered].sum() >= 0.95 - 1e-12


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [
        ((56, 48), (70, 80), 0.0524, 0.3339),
        ((9, 3), (10, 10), 0.1705, 0.8090),
        ((5, 0), (56, 29), -0.0381, 0.1926),
        ((0, 0), (10, 20), -0.1611, 0.2775),
        ((10, 0), (10, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(events, n, low, high):
    """Newcombe RG. Stat Med 1998;17:873–890, table II, method 10."""
    row = difference(events, n)
    assert (round(row.low, 4), round(row.high, 4)) == (low, high)
    assert row.value == pytest.approx(events[0] / n[0] - events[1] / n[1])


@pytest.mark.parametrize("method", ["newcombe", "exact"])
def test_swapping_the_groups_turns_the_difference_round(method):
    one, other = difference((4, 1), (5, 7), method=method), difference((1, 4), (7, 5), method=method)
    np.testing.assert_allclose(
        [one.value, one.low, one.high], [-other.value, -other.high, -other.low], atol=2e-6
    )


def test_the_exact_difference_of_one_against_one():
    """All against none, one patient each: with p₁ = p₂ + δ the outcome has probability p₁ (1 − p₂) ≤ ((1 + δ)/2)²."""
    row = difference((1, 0), (1, 1), method="exact")
    assert row.low == pytest.approx(2 * np.sqrt(0.025) - 1, abs=1e-4)
    assert row.high == 1


@pytest.mark.parametrize("n", [(4, 4), (3, 5)])
def test_the_exact_difference_never_covers_less_than_it_says(n):
    from scipy.stats import binom

    outcomes = [(a, b) for a in range(n[0] + 1) for b in range(n[1] + 1)]
    rows = [difference(outcome, n, method="exact") for outcome in outcomes]
    for p1 in np.linspace(0.02, 0.98, 13):
        for p2 in np.linspace(0.02, 0.98, 13):
            covered = sum(
                binom.pmf(a, n[0], p1) * binom.pmf(b, n[1], p2)
                for (a, b), row in zip(outcomes, rows, strict=True)
                if row.low <= p1 - p2 <= row.high
            )
            assert covered >= 0.95 - 1e-9


@given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.integers(1, 9))
@settings(max_examples=25, deadline=None)
def test_a_difference_lies_within_its_limits(a, b, n, m):
    assume(a <= n and b <= m)
    for method in ("newcombe", "exact"):
        row = difference((a, b), (n, m), method=method)
        assert -1 <= row.low <= row.value <= row.high <= 1


def test_a_difference_with_an_empty_group_is_refused_with_a_reason():
    row = difference((0, 1), (0, 3))
    assert (row.value, row.low, row.note) == (None, None, "NE: a group without patients")
    with pytest.raises(ValueError, match="method must be one of"):
        difference((0, 1), (1, 3), method="wald")


@pytest.mark.parametrize(("n", "delta"), [((8, 15), 0.2), ((15, 8), -0.35), ((4, 30), 0.0)])
def test_the_score_takes_its_variance_where_the_likelihood_is_largest(n, delta):
    """Farrington & Manning 1990: p2 of largest binomial likelihood given p1 = p2 + delta, found here by search."""
    first, second = np.meshgrid(np.arange(1, n[0]), np.arange(1, n[1]), indexing="ij")
    p2 = np.linspace(max(0.0, -delta), min(1.0, 1 - delta), 200_003)[1:-1]
    p1 = p2 + delta
    expected = np.empty(first.shape)
    for place, (k1, k2) in enumerate(zip(first.flat, second.flat, strict=True)):
        likelihood = (
            k1 * np.log(p1) + (n[0] - k1) * np.log1p(-p1) + k2 * np.log(p2) + (n[1] - k2) * np.log1p(-p2)
        )
        best = likelihood.argmax()
        spread = np.sqrt(p1[best] * (1 - p1[best]) / n[0] + p2[best] * (1 - p2[best]) / n[1])
        expected.flat[place] = (k1 / n[0] - k2 / n[1] - delta) / spread
    np.testing.assert_allclose(_score(first, second, n, delta), expected, rtol=1e-4, atol=1e-4)


def test_a_level_is_within_0_and_1():
    for level in (0, 1, 1.5):
        with pytest.raises(ValueError, match="level must be between"):
            proportion(1, 2, level=level)
