from dataclasses import FrozenInstanceError

import pytest

from reportgen.base.gate_limits import GateLimits
from reportgen.stats import gates
from reportgen.stats.gates import Permission


@pytest.mark.parametrize(
    ("n", "events", "expected"),
    [
        (0, 0, Permission(False, "", "no patient is too few")),
        (1, 1, Permission(False, "", "1 patient is too few")),
        (2, 2, Permission(False, "", "2 patients are too few")),
        (3, 0, Permission(False, "", "there are no events")),
        (3, 1, Permission(True, "beta product", "3 patients are fewer than 30")),
        (30, 9, Permission(True, "beta product", "9 events are fewer than 10")),
        (30, 10, Permission(True, "log-log")),
    ],
)
def test_a_curve(n, events, expected):
    assert gates.curve(n, events) == expected


@pytest.mark.parametrize(
    ("sizes", "events", "expected"),
    [
        ([3, 5], [2, 0], Permission(True, "exact", "2 events are fewer than 20")),
        ([9, 90], [5, 15], Permission(True, "exact", "a group of 9 is smaller than 10")),
        ([10, 90], [5, 15], Permission(True, "asymptotic")),
        ([10, 90], [5, 14], Permission(True, "exact", "19 events are fewer than 20")),
        ([3, 3], [2, 1], Permission(False, "", "3 against 3 patients cannot reach a p below 0.1")),
        ([1, 18], [1, 1], Permission(False, "", "1 against 18 patients cannot reach a p below 0.053")),
        ([1, 19], [1, 1], Permission(True, "exact", "2 events are fewer than 20")),
        ([1, 1], [1, 0], Permission(False, "", "2 patients are too few")),
        ([8, 0], [2, 0], Permission(False, "", "there are fewer than two groups with patients")),
        ([50, 50], [0, 0], Permission(False, "", "there are no events")),
        ([10**6, 10**6], [100, 100], Permission(True, "asymptotic")),
    ],
)
def test_a_comparison(sizes, events, expected):
    assert gates.comparison_test(sizes, events) == expected


def test_a_comparison_needs_the_events_of_each_group():
    with pytest.raises(ValueError, match="2 group sizes, but 1 counts"):
        gates.comparison_test([3, 5], [2])


@pytest.mark.parametrize(
    ("sizes", "p"),
    [
        ([3, 3], 1 / 10),
        ([4, 4], 1 / 35),
        ([3, 5], 1 / 56),
        ([2, 2, 2], 6 / 90),
        ([1, 1], 1),
        ([1, 2, 3], 1 / 60),
    ],
)
def test_the_smallest_p_of_group_sizes(sizes, p):
    """(3 choose 6) = 20 relabellings, of which each and its mirror image are alike."""
    assert gates.smallest_p(sizes) == pytest.approx(p, rel=1e-12)


def test_the_smallest_p_of_very_many_patients_is_continuous():
    assert gates.smallest_p([1, 2000]) == pytest.approx(1 / 2001, rel=1e-9)
    assert gates.smallest_p([10**6] * 200) == 0


@pytest.mark.parametrize(
    ("events", "coefficients", "groups", "expected"),
    [
        (4, 1, (2, 2), Permission(False, "", "4 events are fewer than 5")),
        (1, 1, (1, 0), Permission(False, "", "1 event is fewer than 5")),
        (5, 1, (3, 2), Permission(True, "firth", "5 events are fewer than 10")),
        (9, 1, (9, 0), Permission(True, "firth", "9 events are fewer than 10")),
        (10, 1, (5, 5), Permission(True, "cox")),
        (10, 1, (), Permission(True, "cox")),
        (40, 1, (40, 0), Permission(True, "firth", "a group has no events")),
        (9, 2, (5, 4), Permission(False, "", "9 events are fewer than 10 (5 for each of 2 coefficients)")),
        (
            19,
            2,
            (9, 10),
            Permission(True, "firth", "19 events are fewer than 20 (10 for each of 2 coefficients)"),
        ),
        (20, 2, (9, 11), Permission(True, "cox")),
    ],
)
def test_a_model(events, coefficients, groups, expected):
    assert gates.model(events, coefficients, groups) == expected


def test_a_model_needs_a_coefficient():
    with pytest.raises(ValueError, match="at least 1"):
        gates.model(10, 0)


def test_gray_and_proportional_hazards():
    assert gates.gray(9) == Permission(False, "", "9 events are fewer than 10")
    assert gates.gray(10).allowed
    assert gates.proportional_hazards(19) == Permission(False, "", "19 events are fewer than 20")
    assert gates.proportional_hazards(20).allowed


def test_other_limits_change_the_answer_and_the_reason():
    wide = GateLimits(model=2, cox=3, asymptotic=4, small_group=2, beta_product_below=5)
    assert gates.model(2, 1, (1, 1), wide).method == "firth"
    assert gates.model(3, 1, (1, 2), wide).method == "cox"
    assert gates.comparison_test([4, 4], [2, 2], wide).method == "asymptotic"
    assert gates.gray(2, wide).reason == "2 events are fewer than 3"
    assert gates.curve(5, 3, wide).method == "log-log"


def test_the_limits_are_those_that_the_report_prints():
    """docs/methods.md has them in its tables."""
    limits = GateLimits(model=5, cox=10, asymptotic=20, beta_product_below=30, small_group=10, few_at_risk=5)
    assert limits == GateLimits() and gates.SMALLEST_P == 0.05
    with pytest.raises(FrozenInstanceError):
        gates.DEFAULT.model = 1


@pytest.mark.parametrize("size", [1, 1_001])
def test_the_smallest_p_is_a_probability(size):
    """A single group, small or beyond the exact integers, and many alike: no relabelling changes anything."""
    assert gates.smallest_p([size * 2]) == 1
    assert gates.smallest_p([1] * size) == 1
    assert gates.smallest_p([1, 1]) == 1
