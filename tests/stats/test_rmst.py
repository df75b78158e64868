import numpy as np
import pytest

from reportgen.stats.events import event_table
from reportgen.stats.survival import rmst, rmst_difference, rmst_test
from tests.golden_data import endpoint, load

ENDPOINTS = [
    ("aml", "rfs"), ("colon_wide", "os"), ("colon_wide", "pfs"), ("freireich_6mp", "remission"),
    ("gbsg", "rfs"), ("lung", "os"), ("mgus2", "os"), ("ovarian", "os"), ("tiny8", "os"), ("tiny8", "pfs"),
    ("veteran", "os"),
]  # fmt: skip
RELATIVE = {"rtol": 1e-10}


def assert_equals(row, theirs):
    np.testing.assert_allclose([row.value, row.se], [theirs["rmst"], theirs["se"]], **RELATIVE)
    # survRM2 doesn't cut its interval to 0–τ
    cut = np.clip([theirs["lower"], theirs["upper"]], 0, row.time)
    if row.se:
        np.testing.assert_allclose([row.low, row.high], cut, **RELATIVE)
    else:
        assert (row.low, row.high) == (None, None)


@pytest.mark.parametrize(("name", "key"), ENDPOINTS)
def test_area_and_standard_error_equal_r(name, key):
    """R: survRM2::rmst2(time, event, arm, tau) and print(survfit(…), rmean = tau)."""
    block, duration, status, _, group = endpoint(name, key)
    asked = [(event_table(duration, status), answer) for answer in block["rmst_overall"]]
    for level, answers in block["rmst_by_group"].items():
        asked += [(event_table(duration[group == level], status[group == level]), a) for a in answers]
    checked = 0
    for table, answer in asked:
        if answer is None:
            continue
        row = rmst(table, answer["tau"])
        if row.exists:
            assert_equals(row, answer["survRM2"])
            np.testing.assert_allclose(row.value, answer["survfit"]["rmean"], **RELATIVE)
            checked += 1
        else:
            assert answer["tau_beyond_last_time"]
    assert checked > 2


@pytest.mark.parametrize(("name", "key"), [row for row in ENDPOINTS if row[0] != "colon_wide"])
def test_the_difference_equals_r(name, key):
    """R: survRM2::rmst2(…)$unadjusted.result, RMST (arm=1)-(arm=0)."""
    block, duration, status, _, group = endpoint(name, key)
    checked = 0
    for answer in filter(None, block["rmst_comparison"]):
        arms = [
            event_table(duration[group == answer[arm]], status[group == answer[arm]])
            for arm in ("arm1", "arm0")
        ]
        row, theirs = rmst_difference(*arms, answer["tau"]), answer["difference"]
        if row.se:
            mine = [row.value, row.low, row.high, rmst_test(*arms, answer["tau"]).p]
            np.testing.assert_allclose(mine, [theirs[k] for k in ("est", "lower", "upper", "p")], rtol=1e-9)
            checked += 1
    assert checked


def test_areas_of_treatment_free_survival_equal_r():
    """R: print(survfit(Surv(time, event) ~ 1), rmean = 36), months to subsequent therapy or death, and OS.

    R extends the curve to cessation flat from month 22.7, the last follow-up, to 36: here that is refused.
    """
    columns, answers = load("tfs_sim")
    for group, answer in answers["tfs_area"].items():
        mine = columns["arm"] == group if group != "all" else np.full(columns["arm"].size, True)
        subsequent = event_table(columns["subs_time"][mine], columns["subs"][mine])
        os = event_table(columns["os_time"][mine], columns["os"][mine])
        np.testing.assert_allclose(
            rmst(subsequent, 36).value, answer["rmst_to_subsequent_or_death"], **RELATIVE
        )
        np.testing.assert_allclose(rmst(os, 36).value, answer["rmst_os"], **RELATIVE)
    assert rmst(event_table(columns["stop_time"], columns["stop"]), 36).note.startswith("NE: beyond the last")


def test_an_area_by_hand():
    """1 until 2, 2/3 until 5, 1/3 until 7: 2 + 2 + 2/3; variance (8/3)² / (3·2) + (2/3)² / (2·1)."""
    row = rmst(event_table([2, 5, 8], [1, 1, 0]), 7)
    np.testing.assert_allclose(row.value, 14 / 3)
    np.testing.assert_allclose(row.se, np.sqrt((8 / 3) ** 2 / 6 + (2 / 3) ** 2 / 2))
    assert (row.statistic, row.time, row.n, row.events, row.at_risk) == ("rmst", 7, 3, 2, 1)


def test_beyond_the_last_follow_up_there_is_an_area_only_if_nobody_is_left():
    censored, died = event_table([2, 5], [1, 0]), event_table([2, 5], [1, 1])
    assert rmst(censored, 6).note == "NE: beyond the last follow-up (5 days)"
    assert rmst(died, 60).value == rmst(died, 5).value == 3.5
    assert rmst_difference(censored, died, 6).note == "NE: beyond the last follow-up (5 days)"
    assert rmst_test(censored, died, 6).p is None
    assert rmst(event_table([], []), 6).note == "NE: no patients"


def test_without_an_event_there_is_no_interval():
    table = event_table([9, 9, 9], [0, 0, 0])
    row = rmst(table, 5)
    assert (row.value, row.low, row.high) == (5, None, None)
    assert row.note == "no interval: the variance is 0"
    assert rmst_difference(table, table, 5).low is None
    assert rmst_test(table, table, 5).note == "NE: the variance is 0"


def test_swapping_the_groups_changes_the_sign():
    a, b = event_table([2, 5, 8], [1, 1, 0]), event_table([1, 6, 9], [1, 0, 0])
    one, other = rmst_difference(a, b, 7), rmst_difference(b, a, 7)
    assert (one.value, one.low, one.high) == (-other.value, -other.high, -other.low)
    assert rmst_test(a, b, 7).p == rmst_test(b, a, 7).p


@pytest.mark.parametrize("tau", [0, -1, np.nan])
def test_a_horizon_is_a_positive_number_of_days(tau):
    with pytest.raises(ValueError, match="tau must be days"):
        rmst(event_table([1], [1]), tau)


def test_an_area_says_its_interval_and_a_difference_counts_both_groups():
    a, b = event_table([1, 2, 3, 4], [1, 0, 1, 0]), event_table([2, 3, 5], [1, 1, 0])
    assert rmst(a, 3, level=0.9).method == "restricted mean survival time; normal 90% CI"
    row = rmst_difference(a, b, 3)
    assert (row.method, row.n, row.events) == ("difference of RMST; normal 95% CI", 7, 4)
