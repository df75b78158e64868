import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.contingency import fisher, odds_ratio
from reportgen.stats.relabelling import table_probability, tables
from tests.golden_data import load

GRID = load("grid_fisher")[1]["tables"] + load("tox_sim")[1]["fisher"] + load("tiny8")[1]["g3_tox_by_arm"]


def square(answer):
    return np.array(answer["table_row_major"]).reshape(2, 2)


@pytest.mark.parametrize("answer", GRID, ids=lambda answer: str(answer["table_row_major"]))
def test_fisher_equals_r(answer):
    """R: fisher.test(matrix(table, 2, byrow = TRUE))$p.value."""
    test = fisher(square(answer))
    assert test.p == pytest.approx(answer["own_high_precision"]["p_fisher_minlike"], abs=1e-12)
    assert test.p == pytest.approx(answer["fisher_test"]["p"], abs=1e-12)
    assert test.name == "Fisher’s exact test"
    assert test.smallest_p <= test.p


@pytest.mark.parametrize("answer", GRID, ids=lambda answer: str(answer["table_row_major"]))
def test_the_conditional_odds_ratio_equals_r_at_high_precision(answer):
    """R: fisher.test(…)$estimate and $conf.int, their roots found to 10⁻¹²."""
    row, expected = odds_ratio(square(answer)), answer["own_high_precision"]
    low, high = expected["ci_fisher_central"]
    if expected["odds_ratio_cond_mle"] is None:
        assert (row.value, row.low, row.note) == (None, None, "NE: all patients in one category")
        return
    if np.isfinite(expected["odds_ratio_cond_mle"]):
        assert row.value == pytest.approx(expected["odds_ratio_cond_mle"], rel=1e-8)
        assert row.note == ""
    else:
        assert row.value is None
        assert row.note == "NE: infinite, as a cell of the table is empty"
    assert row.low == pytest.approx(low, rel=1e-8)
    assert row.high == (pytest.approx(high, rel=1e-8) if np.isfinite(high) else None)


def test_the_eight_patients():
    """2 of 3 against 0 of 5: (3 choose 2)(5 choose 0) / (8 choose 2) + nothing less probable = 3/28."""
    test = fisher([[2, 1], [0, 5]])
    assert test.p == pytest.approx(0.10714285714, abs=1e-11)
    assert test.smallest_p == pytest.approx(3 / 28, abs=1e-12)


def test_three_by_two_by_hand():
    """One event in each of three pairs has probability 8/20; three events in one pair are impossible.

    The others, (2, 1, 0) in any order, have 2/20 each. So p is 1 for the first and 12/20 for the second.
    """
    assert fisher([[1, 1], [1, 1], [1, 1]]).p == pytest.approx(1)
    test = fisher([[2, 0], [1, 1], [0, 2]])
    assert test.p == pytest.approx(12 / 20, abs=1e-12)
    assert test.smallest_p == pytest.approx(12 / 20, abs=1e-12)
    assert test.name == "Fisher–Freeman–Halton exact test"


def test_job_satisfaction_equals_r():
    """R: fisher.test(Job) of its help page (Agresti 2002, p. 57), 4×4: p = 0.7827."""
    job = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
    test = fisher(job)
    assert "Monte Carlo" in test.name
    assert test.smallest_p is None
    # Standard error of 99,999 draws: 0.0013.
    assert test.p == pytest.approx(0.7827, abs=0.005)


def test_monte_carlo_agrees_with_enumeration_and_repeats_itself():
    table = [[3, 1, 2], [0, 4, 1], [2, 2, 6]]
    exact, drawn = fisher(table), fisher(table, limit=10)
    assert "Monte Carlo, 99,999 tables" in drawn.name
    assert drawn.p == pytest.approx(exact.p, abs=0.006)
    assert drawn == fisher(table, limit=10)
    assert drawn.p != fisher(table, limit=10, seed=1).p


def test_a_monte_carlo_p_is_never_zero():
    """(1 + hits) / (1 + draws), Phipson & Smyth 2010: no draw is as extreme as this table, p < 10⁻²⁰."""
    assert fisher(np.diag([30, 30, 30]), limit=10).p == 1e-5


def test_tables_are_all_of_them_with_their_probabilities():
    """(6 choose 2, 2, 2) = 90 relabellings of three pairs; two events of six: 15 ways."""
    every = tables(np.array([2, 2, 2]), np.array([2, 4]), 100)
    assert len(every) == 6
    assert (every.sum(axis=2) == 2).all()
    assert (every.sum(axis=1) == [2, 4]).all()
    probability = dict(zip(map(tuple, every[:, :, 0].tolist()), table_probability(every), strict=True))
    assert probability[2, 0, 0] == pytest.approx(1 / 15)
    assert probability[1, 1, 0] == pytest.approx(4 / 15)
    assert tables(np.array([2, 2, 2]), np.array([2, 4]), 5) is None


def test_empty_rows_and_columns_count_for_nothing():
    assert fisher([[2, 0, 1], [0, 0, 0], [0, 0, 5]]).p == pytest.approx(fisher([[2, 1], [0, 5]]).p, abs=1e-14)


def test_what_cannot_be_compared_has_a_reason():
    for table in ([[0, 0], [2, 3]], [[0, 0], [0, 0]], [[1, 2]]):
        assert fisher(table).p is None
        assert fisher(table).note == "NE: fewer than two groups with patients"
    assert odds_ratio([[0, 0], [2, 3]]).note == "NE: a group without patients"
    assert (fisher([[0, 3], [0, 5]]).p, fisher([[0, 3], [0, 5]]).smallest_p) == (1, 1)


@pytest.mark.parametrize("table", [[[1, -1], [2, 3]], [[0.5, 1], [2, 3]], [1, 2], [[]]])
def test_what_is_no_table_of_counts_is_refused(table):
    with pytest.raises(ValueError, match="table must h"):
        fisher(table)
    with pytest.raises(ValueError, match="table must "):
        odds_ratio(table)


def test_an_odds_ratio_needs_two_by_two():
    with pytest.raises(ValueError, match="must be 2×2, but was 2×3"):
        odds_ratio([[1, 2, 3], [4, 5, 6]])


counts = st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=2, max_size=3)


@given(counts, st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_and_columns_does_not_matter(table, random):
    table = np.array(table)
    rows, columns = list(range(len(table))), [0, 1, 2]
    random.shuffle(rows)
    random.shuffle(columns)
    one, other = fisher(table), fisher(table[rows][:, columns])
    if one.p is None:
        assert other.p is None
        return
    assert other.p == pytest.approx(one.p, abs=1e-12)
    if 0 not in table.sum(axis=0):
        assert fisher(table.T).p == pytest.approx(one.p, abs=1e-12) or 0 in table.sum(axis=1)
    assert 0 < one.p <= 1


@given(st.tuples(*[st.integers(1, 12)] * 4))
@settings(max_examples=30, deadline=None)
def test_swapping_the_groups_inverts_the_odds_ratio(cells):
    a, b, c, d = cells
    one, other = odds_ratio([[a, b], [c, d]]), odds_ratio([[c, d], [a, b]])
    np.testing.assert_allclose(
        [one.value, one.low, one.high], [1 / other.value, 1 / other.high, 1 / other.low], rtol=1e-8
    )
    assert one.low <= one.value <= one.high
