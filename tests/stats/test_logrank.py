import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.events import event_table
from reportgen.stats.survival import logrank, logrank_counts, stratified_logrank
from tests.golden_data import endpoint, load, names

ENDPOINTS = [
    ("aml", "rfs"), ("colon_wide", "os"), ("colon_wide", "pfs"), ("freireich_6mp", "remission"),
    ("gbsg", "rfs"), ("lung", "os"), ("mgus2", "os"), ("ovarian", "os"), ("tiny8", "os"), ("tiny8", "pfs"),
    ("veteran", "os"),
]  # fmt: skip


def tables_by(group, duration, status, order):
    return [event_table(duration[group == name], status[group == name]) for name in order]


def assert_equals(test, tables, answer, *, rho):
    observed, expected, variance = logrank_counts(tables, rho=rho)
    np.testing.assert_allclose(observed, answer["observed"], rtol=1e-9)
    np.testing.assert_allclose(expected, answer["expected"], rtol=1e-9)
    np.testing.assert_allclose(variance, answer["var"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose([test.statistic, test.p], [answer["chisq"], answer["p"]], rtol=1e-9)
    assert test.df == answer["df"]


@pytest.mark.parametrize(("name", "key"), ENDPOINTS)
@pytest.mark.parametrize(
    ("rho", "kind", "title"), [(0, "logrank", "log-rank test"), (1, "peto_peto_rho1", "Peto–Peto test")]
)
def test_the_log_rank_test_equals_r(name, key, rho, kind, title):
    """R: survdiff(Surv(time, event) ~ group, rho = 0 and 1)."""
    block, duration, status, _, group = endpoint(name, key)
    answer = block["logrank"][kind]
    tables = tables_by(group, duration, status, answer["groups"])
    test = logrank(tables, rho=rho)
    assert_equals(test, tables, answer, rho=rho)
    assert test.name == title


@pytest.mark.parametrize(
    ("name", "key", "group", "time", "event"),
    [
        ("gbsg", "rfs_by_grade", "grade", "time", "event"),
        ("veteran", "os_by_celltype", "celltype", "time", "event"),
    ],
)
def test_three_and_four_groups_equal_r(name, key, group, time, event):
    """R: survdiff(Surv(time, event) ~ grade), survdiff(Surv(time, event) ~ celltype)."""
    columns, answers = load(name)
    answer = answers[key]["logrank"]["logrank"]
    tables = tables_by(names(columns[group]), columns[time], columns[event], answer["groups"])
    assert_equals(logrank(tables), tables, answer, rho=0)


def test_a_landmark_comparison_equals_r():
    """R: survdiff(Surv(time, event) ~ rel365, data = subset(colon, os_time > 365)), p = 6e-124."""
    columns, answers = load("colon_wide")
    answer = answers["landmark_365_by_relapse"]["logrank"]["logrank"]
    kept = columns["os_time"] > 365
    group = ((columns["rec"] == 1) & (columns["rec_time"] <= 365))[kept].astype(float)
    tables = tables_by(names(group), columns["os_time"][kept], columns["os"][kept], answer["groups"])
    assert_equals(logrank(tables), tables, answer, rho=0)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("gbsg", "rfs"),
        ("lung", "os"),
        ("veteran", "os"),
        ("freireich_6mp", "remission"),
        ("colon_wide", "os"),
    ],
)
def test_the_stratified_test_equals_r(name, key):
    """R: survdiff(Surv(time, event) ~ group + strata(stratum))."""
    block, duration, status, _, group = endpoint(name, key)
    answer = block["logrank"]["stratified"]
    stratum = load(name)[0][answer["strata"]]
    if stratum.dtype.kind == "f":
        known = ~np.isnan(stratum)
        stratum, duration, status, group = (a[known] for a in (stratum, duration, status, group))
    strata = [
        tables_by(group[stratum == s], duration[stratum == s], status[stratum == s], answer["groups"])
        for s in np.unique(stratum)
    ]
    test = stratified_logrank(strata)
    np.testing.assert_allclose([test.statistic, test.p], [answer["chisq"], answer["p"]], rtol=1e-9)
    assert (test.df, test.name) == (answer["df"], "stratified log-rank test")


def test_two_against_two_by_hand():
    """A: events at 1 and 3, B: event at 2, censored at 4. Expected in A 2/4 + 1/3 + 1/2, variance ¼ + 2/9 + ¼."""
    tables = [event_table([1, 3], [1, 1]), event_table([2, 4], [1, 0])]
    observed, expected, variance = logrank_counts(tables)
    assert observed.tolist() == [2, 1]
    np.testing.assert_allclose(expected, [4 / 3, 5 / 3])
    np.testing.assert_allclose(variance[0, 0], 13 / 18)
    np.testing.assert_allclose(logrank(tables).statistic, (2 / 3) ** 2 / (13 / 18))


def test_fleming_harrington_weights_by_hand():
    """The same patients; S just before 1, 2 and 3 is 1, 3/4 and 1/2, so the late weights are 0, 1/4 and 1/2."""
    tables = [event_table([1, 3], [1, 1]), event_table([2, 4], [1, 0])]
    observed, expected, _ = logrank_counts(tables, rho=0, gamma=1)
    np.testing.assert_allclose(observed, [1 / 2, 1 / 4])
    np.testing.assert_allclose(expected[0], 1 / 4 / 3 + 1 / 2 / 2)
    assert logrank(tables, rho=0, gamma=1).name == "Fleming–Harrington (0, 1) test"


def test_late_entry_counts_only_those_at_risk():
    """At 2 only the first of A is at risk beside the two of B; expected in A 1/3, and 2/3 at 4."""
    tables = [event_table([5, 4], [0, 1], entry=[0, 3]), event_table([2, 4], [1, 0])]
    np.testing.assert_allclose(logrank_counts(tables)[1][0], 1 / 3 + 2 / 3)


def test_the_published_trap():
    """Relapse in 2 of 3 with one fusion, none of 5 others: R's asymptotic p is 0.043 (exact: 0.107)."""
    with_fusion = event_table([183, 292, 1424], [1, 1, 0])
    others = event_table([329, 584, 1023, 1680, 2009], [0, 0, 0, 0, 0])
    test = logrank([with_fusion, others])
    assert (round(test.statistic, 2), round(test.p, 3)) == (4.09, 0.043)


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ([event_table([1, 2], [0, 0]), event_table([3], [0])], "NE: no events"),
        ([event_table([], []), event_table([], [])], "NE: no events"),
        ([event_table([1], [0]), event_table([3], [1])], "NE: variance 0, no two groups were at risk at an event"),
        ([event_table([], []), event_table([3, 4], [1, 1])],
         "NE: variance 0, no two groups were at risk at an event"),
        ([event_table([3], [1]), event_table([3], [1])], "NE: variance 0, no two groups were at risk at an event"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_a_reason(tables, reason):
    test = logrank(tables)
    assert (test.p, test.statistic) == (None, None)
    assert test.note == reason


def test_groups_are_needed():
    with pytest.raises(ValueError, match="two or more groups"):
        logrank([event_table([1], [1])])
    with pytest.raises(ValueError, match="same two or more groups"):
        stratified_logrank([[event_table([1], [1])] * 2, [event_table([1], [1])] * 3])


def test_a_group_without_events_is_no_trouble():
    """R: survdiff(Surv(c(1, 2, 3, 4, 5), c(1, 1, 0, 0, 0)) ~ c(1, 1, 1, 2, 2))$chisq."""
    test = logrank([event_table([1, 2, 3], [1, 1, 0]), event_table([4, 5], [0, 0])])
    # expected in the first 3/5 + 2/4, variance 6/25 + 1/4
    np.testing.assert_allclose(test.statistic, 0.9**2 / 0.49)


def test_two_hundred_groups():
    rng = np.random.default_rng(5)
    tables = [event_table(rng.integers(1, 60, 10), rng.integers(0, 2, 10)) for _ in range(200)]
    test = logrank(tables)
    assert test.df == 199
    assert 0.001 < test.p < 0.999


GROUPS = st.lists(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1)), min_size=1, max_size=8), min_size=2, max_size=4
)


def made(groups, scale=1.0):
    return [event_table(np.array([d for d, _ in g]) * scale, np.array([s for _, s in g])) for g in groups]


@settings(max_examples=60, deadline=None)
@given(groups=GROUPS, rho=st.sampled_from([0, 1]))
def test_order_of_groups_scale_of_time_and_empty_groups_do_not_matter(groups, rho):
    test = logrank(made(groups), rho=rho)
    others = (made(groups[::-1]), made(groups, 0.125), [*made(groups), event_table([], [])])
    for tables in others:
        other = logrank(tables, rho=rho)
        assert (other.df, other.note) == (test.df, test.note)
        if test.p is not None:
            np.testing.assert_allclose(other.statistic, test.statistic, rtol=1e-9, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(groups=GROUPS)
def test_strata_that_are_the_same_add_up(groups):
    """Twice the same stratum: O - E and V double, so chi-square doubles."""
    once, twice = stratified_logrank([made(groups)]), stratified_logrank([made(groups)] * 2)
    if once.p is not None:
        np.testing.assert_allclose(twice.statistic, 2 * once.statistic, rtol=1e-9, atol=1e-12)


def test_lifelines_gives_the_same_chi_square():
    """A second implementation, with three groups: multivariate_logrank_test."""
    _, duration, status, _, group = endpoint("colon_wide", "os")
    from lifelines.statistics import multivariate_logrank_test

    theirs = multivariate_logrank_test(duration, group, status)
    mine = logrank(tables_by(group, duration, status, np.unique(group)))
    np.testing.assert_allclose([mine.statistic, mine.p], [theirs.test_statistic, theirs.p_value], rtol=1e-9)
