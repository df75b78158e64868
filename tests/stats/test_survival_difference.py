import numpy as np
import pytest
from scipy.stats import fisher_exact

from reportgen.stats.events import event_table
from reportgen.stats.survival import IntervalRule
from reportgen.stats.survival_difference import _betas, probability_below, survival_difference
from tests.golden_data import endpoint, load


def tables(name, key):
    _, duration, status, _, group = endpoint(name, key)
    return [event_table(duration[group == g], status[group == g]) for g in np.unique(group)]


def counted(events, n):
    """n patients, of whom so many had the event by day 1; the others were seen to day 10."""
    return event_table([1] * events + [10] * (n - events), [1] * events + [0] * (n - events))


@pytest.mark.parametrize("name, key, time", [("aml", "rfs", 20), ("aml", "rfs", 30), ("gbsg", "rfs", 1000),
                                             ("gbsg", "rfs", 2000)])  # fmt: skip
def test_both_intervals_equal_r(name, key, time):
    """R: tests/golden/survival_difference.R."""
    answer, groups = load("survival_difference")[1][f"{name}_{time}"], tables(name, key)
    melded = survival_difference(*groups, time, rule=IntervalRule(beta_product_below=10_000))
    added = survival_difference(*groups, time, rule=IntervalRule(0, 0))
    for row in (melded, added):
        np.testing.assert_allclose([row.value, row.se], [answer["value"], answer["se"]], atol=1e-12)
    np.testing.assert_allclose([melded.low, melded.high], answer["melded"], atol=1e-7)
    np.testing.assert_allclose([added.low, added.high], answer["square_and_add"], atol=1e-12)
    assert "melded beta product" in melded.method and "square-and-add" in added.method


BPCP = load("survival_difference_bpcp")[1]
# Data set → its columns of the event and of the groups.
COLUMNS = {"aml": ("event", "group"), "gbsg": ("event", "hormon"), "ovarian": ("event", "rx"),
           "separation8": ("event", "x")}  # fmt: skip


@pytest.mark.parametrize("name", BPCP)
def test_the_package_of_those_who_proposed_it_gives_the_same(name):
    """R: tests/golden/survival_difference_bpcp.R. bpcp2samp finds its limits to about 10⁻⁴, its p to 10⁻⁷."""
    answer, data = BPCP[name], name.split("_")[0]
    columns = load(data)[0]
    event, group = (columns[column] for column in COLUMNS[data])
    one, other = (event_table(columns["time"][group == g], event[group == g]) for g in np.unique(group))
    rule = IntervalRule(beta_product_below=10_000)
    row = survival_difference(one, other, answer["at"], level=answer["level"], rule=rule)
    assert row.value == pytest.approx(answer["value"], abs=1e-12)
    np.testing.assert_allclose([row.low, row.high], answer["melded"], atol=1e-4)
    (low, high), (below, above) = _betas(one, answer["at"]), _betas(other, answer["at"])
    tails = probability_below(low, above, 0.0), 1 - probability_below(high, below, 0.0)
    assert min(1.0, 2 * min(tails)) == pytest.approx(answer["p"], abs=1e-6)


@pytest.mark.parametrize("k, n, m, o", [(1, 10, 7, 12), (3, 8, 3, 8), (0, 6, 6, 7), (2, 3, 0, 5)])
def test_without_censoring_it_excludes_0_where_fishers_one_sided_test_rejects(k, n, m, o):
    """Fay, Proschan & Brittain 2015: the two are one test. R: fisher.test(…, alternative = "greater")$p.value."""
    lower, _ = _betas(counted(k, n), 5)
    _, upper = _betas(counted(m, o), 5)
    p = fisher_exact([[n - k, k], [o - m, m]], alternative="greater")[1]
    assert probability_below(lower, upper, 0.0) == pytest.approx(p, abs=1e-9)
    row = survival_difference(counted(k, n), counted(m, o), 5)
    assert (row.low > 0) == (p < 0.025)


def test_groups_exchanged_give_the_same_with_the_other_sign():
    a, b = counted(1, 10), counted(7, 12)
    one, other = survival_difference(a, b, 5), survival_difference(b, a, 5)
    np.testing.assert_allclose(
        [one.value, one.low, one.high], [-other.value, -other.high, -other.low], atol=1e-9
    )


def test_where_all_are_free_of_it_the_difference_still_has_a_width():
    row = survival_difference(counted(0, 5), counted(0, 5), 5)
    assert row.value == 0 and row.low == pytest.approx(-0.5218237501) and row.high == pytest.approx(-row.low)


def test_beyond_the_follow_up_of_either_there_is_none():
    row = survival_difference(counted(1, 5), counted(5, 5), 5)
    assert not row.exists and row.code == "beyond_follow_up"


@pytest.mark.parametrize("truth", [(0.9, 0.9), (0.8, 0.5), (0.5, 0.5)])
def test_in_six_against_eight_it_covers_what_it_promises(truth):
    """200 seeded cohorts of exponential times with exponential censoring; 95% is promised."""
    random = np.random.default_rng(7)
    held = []
    for _ in range(200):
        groups = []
        for share, n in zip(truth, (6, 8), strict=True):
            event, censor = random.exponential(-10 / np.log(share), n), random.exponential(30, n)
            groups.append(event_table(np.minimum(event, censor), (event <= censor).astype(int)))
        row = survival_difference(*groups, 10)
        if row.exists:
            held.append(row.low <= truth[0] - truth[1] <= row.high)
    assert len(held) > 120 and np.mean(held) >= 0.95
