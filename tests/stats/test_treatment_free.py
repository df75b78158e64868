import numpy as np
import pytest

from reportgen.stats.events import event_table
from reportgen.stats.rmst import rmst
from reportgen.stats.treatment_free import influence, treatment_free_survival
from tests.golden_data import load


def sides(mine):
    columns, _ = load("tfs_sim")
    return [(columns[f"{key}_time"][mine], columns[key][mine]) for key in ("stop", "subs")]


@pytest.mark.parametrize("group, tau", [("all", 12), ("all", 20), ("IO", 12)])
def test_the_area_and_its_standard_error_equal_r(group, tau):
    """R: tests/golden/treatment_free.R."""
    arm = load("tfs_sim")[0]["arm"]
    row = treatment_free_survival(*sides((arm == group) | (group == "all")), tau)
    value, se = load("treatment_free")[1][f"{group}_{tau}"]
    assert row.value == pytest.approx(value, rel=1e-10) and row.se == pytest.approx(se, rel=1e-6)
    assert row.low < value < row.high


def test_without_ties_the_influences_give_the_variance_of_one_restricted_mean():
    random = np.random.default_rng(3)
    duration, status = random.exponential(100, 25), (random.random(25) < 0.7).astype(int)
    squares = (influence(duration, status, 90) ** 2).sum()
    assert rmst(event_table(duration, status), 90).se == pytest.approx(np.sqrt(squares), rel=1e-9)


def test_two_patients_counted_by_hand():
    """Off treatment on days 10 and 20, the next one on day 30 and none by day 40: 20 and 20 days of 40."""
    row = treatment_free_survival(([10, 20], [1, 1]), ([30, 40], [1, 0]), 40)
    assert row.value == 20


@pytest.mark.parametrize("group", ["all", "IO", "chemo"])
def test_who_is_on_treatment_when_last_seen_is_taken_as_on_it_and_that_is_said(group):
    """R: print(survfit(Surv(time, event) ~ 1), rmean = 36), whose curve to cessation is flat from month 22.7 on."""
    columns, answers = load("tfs_sim")
    row = treatment_free_survival(*sides((columns["arm"] == group) | (group == "all")), 36)
    assert row.value == pytest.approx(answers["tfs_area"][group]["mean_treatment_free_survival"], rel=1e-10)
    assert group == "chemo" or row.note.code == "held_flat"


def test_beyond_the_follow_up_there_is_none():
    row = treatment_free_survival(*sides(slice(None)), 500)
    assert not row.exists and row.code == "beyond_follow_up"
