from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reportgen.stats import comparison
from reportgen.stats.comparison import (
    EQUAL_CENSORING,
    logrank_scores,
    mann_whitney,
    permutation_logrank,
)
from reportgen.stats.contingency import fisher
from reportgen.stats.relabelling import Relabellings
from tests.golden_data import endpoint, load

# Eight patients: days to relapse or last contact, relapse, RANBP2 fusion.
DAYS = [183, 292, 1424, 329, 584, 1023, 1680, 2009]
RELAPSE = [1, 1, 0, 0, 0, 0, 0, 0]
FUSION = ["RANBP2"] * 3 + ["other"] * 5
PAIRS = load("grid_wilcoxon")[1]["pairs"]


@pytest.mark.parametrize(
    ("name", "key", "limit"),
    [
        ("tiny8", "pfs", 100_000),
        ("tiny8", "os", 100_000),
        ("aml", "rfs", 2_000_000),
        ("ovarian", "os", 100_000),
    ],
)
def test_the_exact_log_rank_test_equals_r(name, key, limit):
    """R: coin::logrank_test(…, ties.method = "mid-ranks", distribution = exact()), and full enumeration of U."""
    answer, duration, status, _, group = endpoint(name, key)
    expected = answer["exact_logrank"]
    test = permutation_logrank(duration, status, group, limit=limit)
    assert test.name == "exact permutation log-rank test"
    assert test.statistic == pytest.approx(expected["U_obs_O1_minus_E1"], abs=1e-12)
    # coin may print a p just above 1.
    assert test.p == pytest.approx(min(1, expected["coin"]["mid-ranks"]["p_exact_two_sided"]), abs=1e-12)
    if "enumeration" in expected:
        assert test.p == pytest.approx(expected["enumeration"]["p_two_sided_abs_U"], abs=1e-12)


def test_beyond_the_limit_relabellings_are_drawn_and_the_name_says_so():
    answer, duration, status, _, group = endpoint("aml", "rfs")
    test = permutation_logrank(duration, status, group)
    assert test.name == "permutation log-rank test (Monte Carlo, 99,999 relabellings)"
    # Standard error: 0.0008.
    assert test.p == pytest.approx(answer["exact_logrank"]["enumeration"]["p_two_sided_abs_U"], abs=0.003)
    assert test == permutation_logrank(duration, status, group)
    assert test.smallest_p == 1e-5


def test_a_small_monte_carlo_p_is_never_zero():
    """R: coin::logrank_test(…, exact()) gives 2.6e-5."""
    _, duration, status, _, group = endpoint("freireich_6mp", "remission")
    assert 1e-5 <= permutation_logrank(duration, status, group).p <= 1e-4


def test_the_observed_relabelling_counts_as_one_of_those_drawn():
    """(1 + hits) / (1 + draws), Phipson & Smyth 2010; of all relabellings their probability, without the 1."""
    drawn = Relabellings(np.zeros((999, 2)), np.full(999, 1 / 999), exact=False)
    statistics = np.arange(999.0)
    assert drawn.p_value(statistics, 2_000) == 1 / 1_000
    assert drawn.p_value(statistics, 998) == 2 / 1_000
    assert drawn.p_value(statistics, 0) == 1
    every = Relabellings(np.zeros((4, 2)), np.array([0.1, 0.2, 0.3, 0.4]), exact=True)
    assert every.p_value(np.array([1.0, 2.0, 3.0, 3.0 - 1e-10]), 3) == pytest.approx(0.7)


def test_no_relabelling_that_was_drawn_is_as_extreme():
    """60 events before 60 others: 1 / C(120, 60)."""
    test = permutation_logrank(np.arange(1.0, 121), np.ones(120, int), np.repeat(["a", "b"], 60))
    assert "Monte Carlo" in test.name and test.p == 1e-5


def test_the_eight_patients():
    """Both relapses come first: only the 3 × 2 / 2 ways to have both among three of 28 pairs are as extreme."""
    test = permutation_logrank(DAYS, RELAPSE, FUSION)
    assert test.p == pytest.approx(0.10714285714, abs=1e-11)
    assert test.p == pytest.approx(fisher([[0, 5], [2, 1]]).p, abs=1e-12)
    assert test.note == EQUAL_CENSORING
    # Two observed among the three, 3/8 + 2/7 expected.
    assert test.statistic == pytest.approx(2 - 3 / 8 - 2 / 7, abs=1e-12)


def test_scores_by_hand():
    """At 1 one of four has the event, at 2 one of three (the censoring at 2 still counts), at 3 one of one."""
    scores = logrank_scores([1, 2, 2, 3], [1, 1, 0, 1])
    np.testing.assert_allclose(scores, [3 / 4, 1 - 7 / 12, -7 / 12, 1 - 19 / 12])
    assert scores.sum() == pytest.approx(0)


def test_three_against_three_cannot_reach_a_small_p():
    test = permutation_logrank([1, 2, 3, 4, 5, 6], [1] * 6, [0, 0, 0, 1, 1, 1])
    assert (test.p, test.smallest_p) == (pytest.approx(0.1), pytest.approx(0.1))


def test_three_groups_equal_brute_force():
    duration, status = np.array([1, 2, 2, 4, 5, 6, 7.0]), np.array([1, 1, 0, 1, 0, 1, 0])
    group = np.array([0, 0, 1, 1, 1, 2, 2])
    scores = logrank_scores(duration, status)

    def statistic(labels):
        return sum(scores[np.array(labels) == g].sum() ** 2 / (group == g).sum() for g in range(3))

    everyone = [statistic(labels) for labels in set(permutations(group.tolist()))]
    expected = np.mean(np.array(everyone) >= statistic(group) - 1e-9)
    test = permutation_logrank(duration, status, group)
    assert test.p == pytest.approx(expected, abs=1e-12)
    assert test.df == 2
    assert test.statistic == pytest.approx(statistic(group) / scores.var(ddof=1))


def test_shuffling_and_table_drawing_agree():
    """Many tied scores are drawn as tables, few as shuffled patients; both estimate the same p."""
    random = np.random.default_rng(5)
    duration = random.integers(1, 6, 400)
    status = random.integers(0, 2, 400)
    group = (np.arange(400) < 200).astype(int)
    jittered = duration + np.argsort(np.argsort(duration, kind="stable")) * 1e-9 * (status == 0)
    tied, spread = permutation_logrank(duration, status, group), permutation_logrank(jittered, status, group)
    assert tied.p == pytest.approx(spread.p, abs=0.01)


def test_a_million_patients_with_three_events():
    n = 10**6
    duration, status = np.arange(n) + 1.0, np.zeros(n, dtype=int)
    status[[10, 20, 30]] = 1
    group = np.zeros(n, dtype=int)
    group[:31] = 1
    test = permutation_logrank(duration, status, group)
    assert test.name == "exact permutation log-rank test"
    assert 0 < test.p < 1e-9


def test_two_hundred_groups():
    random = np.random.default_rng(1)
    duration, group = random.integers(1, 50, 600), np.repeat(np.arange(200), 3)
    test = permutation_logrank(duration, random.integers(0, 2, 600), group)
    assert (test.df, test.smallest_p) == (199, 1e-5)
    assert 0.01 < test.p < 0.99


@pytest.mark.parametrize(
    ("duration", "status", "group", "reason"),
    [
        ([1, 2], [0, 0], [0, 1], "no events"),
        ([1, 2], [1, 0], [0, 0], "fewer than two groups"),
        ([], [], [], "fewer than two groups"),
        ([5, 5, 5], [1, 1, 1], [0, 1, 1], "variance 0"),
        ([1, 2, 9], [0, 0, 1], [0, 1, 1], "variance 0"),
    ],
)
def test_a_log_rank_test_that_does_not_exist_has_a_reason(duration, status, group, reason):
    test = permutation_logrank(duration, status, group)
    assert test.p is None
    assert test.note.startswith("NE")
    assert reason in test.note


def test_an_event_at_time_zero_and_times_far_apart():
    """Scores 2/3, 1/6 and −5/6: two of the three are as far from 0 as the first."""
    assert permutation_logrank([0, 1e-6, 1e6], [1, 1, 0], [0, 1, 1]).p == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("duration", "status", "group", "fault"),
    [
        ([1, 2], [1], [0, 1], "one length"),
        ([1, np.nan], [1, 0], [0, 1], "finite"),
        ([1, 2], [1, 2], [0, 1], "0 or 1"),
        ([1, 2], [1, 0], [0], "one label per patient"),
    ],
)
def test_wrong_columns_are_refused(duration, status, group, fault):
    with pytest.raises(ValueError, match=fault):
        permutation_logrank(duration, status, group)


patients = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 1), st.integers(0, 1)), min_size=3, max_size=9
)


@given(patients, st.floats(1e-3, 1e3), st.randoms())
@settings(max_examples=40, deadline=None)
def test_row_order_scale_and_names_of_groups_do_not_matter(rows, factor, random):
    duration, status, group = (np.array(column) for column in zip(*rows, strict=True))
    one = permutation_logrank(duration, status, group)
    order = list(range(len(rows)))
    random.shuffle(order)
    other = permutation_logrank(duration[order] * factor, status[order], 1 - group[order])
    assert (one.p is None) == (other.p is None)
    if one.p is not None:
        assert other.p == pytest.approx(one.p, abs=1e-12)
        assert one.smallest_p <= one.p + 1e-12
        assert other.statistic == pytest.approx(-one.statistic, abs=1e-9)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{len(pair['x'])}-{len(pair['y'])}-{pair['ties']}")
def test_mann_whitney_equals_r(pair):
    """R: coin::wilcox_test(distribution = exact()), and enumeration of |W − EW| with midranks."""
    values, group = pair["x"] + pair["y"], ["x"] * len(pair["x"]) + ["y"] * len(pair["y"])
    test = mann_whitney(values, group)
    expected = pair["enumeration_midranks"]
    assert test.statistic == expected["W"]
    if len(set(values)) == 1:
        assert (test.p, test.note) == (None, "NE: all values are equal")
        return
    assert test.p == pytest.approx(expected["p_two_sided"], abs=1e-12)


def test_mann_whitney_by_normal_approximation_equals_r():
    """R: wilcox.test(x, y, exact = FALSE); with 50 in a group the exact distribution is left."""
    from scipy.stats import mannwhitneyu

    random = np.random.default_rng(3)
    values, group = random.integers(0, 30, 110), np.repeat([0, 1], [60, 50])
    test = mann_whitney(values, group)
    expected = mannwhitneyu(values[:60], values[60:], method="asymptotic")
    assert test.name == "Mann–Whitney test (normal approximation)"
    assert (test.statistic, test.p) == (expected.statistic, pytest.approx(expected.pvalue, rel=1e-9))


def test_mann_whitney_with_ties_by_hand():
    """Ranks 1, 2.5 | 2.5, 4: of six ways to choose two, sums 3.5 3.5 5 5 6.5 6.5; as far from 5 are four."""
    test = mann_whitney([1, 2, 2, 3], ["a", "a", "b", "b"])
    assert (test.statistic, test.p) == (0.5, pytest.approx(4 / 6))


def test_missing_values_leave_with_their_group():
    assert mann_whitney([1, np.nan, 3], ["a", "b", "c"]).p == pytest.approx(1)
    assert mann_whitney([1, np.nan], ["a", "b"]).note == "NE: 1 groups with values instead of two"
    assert mann_whitney([], []).p is None


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=9))
@settings(max_examples=40, deadline=None)
def test_mann_whitney_equals_brute_force(rows):
    values, group = np.array([v for v, _ in rows]), np.array([g for _, g in rows])
    assume(0 < group.sum() < len(group) and np.ptp(values) > 0)
    ranks = np.array([(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values])
    first = int((~group).sum())
    mean = first * (len(values) + 1) / 2
    sums = [sum(ranks[list(chosen)]) for chosen in combinations(range(len(values)), first)]
    expected = np.mean([abs(s - mean) >= abs(ranks[~group].sum() - mean) - 1e-9 for s in sums])
    test = mann_whitney(values, group)
    assert test.p == pytest.approx(expected, abs=1e-12)
    assert mann_whitney(values, ~group).p == pytest.approx(test.p, abs=1e-12)
    assert mann_whitney(3 * values - 7, group).p == pytest.approx(test.p, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("decimals", [0, 1])
def test_very_many_values_are_counted_and_give_the_same_to_the_last_digit(seed, decimals, monkeypatch):
    random = np.random.default_rng(seed)
    values = np.round(random.normal(60, 9, 3_000), decimals)
    values[random.random(3_000) < 0.1] = np.nan
    group = random.choice(["a", "b"], 3_000, p=(0.3, 0.7))
    ordered = mann_whitney(values, group)
    monkeypatch.setattr(comparison, "MANY", 100)
    assert mann_whitney(values, group) == ordered and ordered.p is not None
    assert mann_whitney(np.full(3_000, 2.0), group).p is None
