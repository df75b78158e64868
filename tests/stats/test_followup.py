import numpy as np
import pytest

from reportgen.stats.events import DECIMALS
from reportgen.stats.followup import censored_before, completeness, person_time


def test_completeness_by_hand():
    """Seen for 100, 50 and 30 days of 100, 100 and 30 (died then): 180 of 230."""
    row = completeness([100, 50, 30], [100, 100, 30])
    assert row.value == 180 / 230
    assert (row.statistic, row.n, row.method) == ("proportion", 3, "Clark's completeness index")


def test_full_follow_up_is_one_and_no_more():
    assert completeness([0.1 + 0.2], [0.3]).value == 1


@pytest.mark.parametrize(
    ("observed", "note"), [([], "NE: no patients"), ([0, 0], "NE: no follow-up was possible yet")]
)
def test_completeness_may_not_exist(observed, note):
    row = completeness(observed, observed)
    assert (row.value, row.note) == (None, note)


def test_person_time_by_hand():
    assert person_time([10, 20, 5]) == 35
    assert person_time([10, 20, 5], entry=[0, 15, 0]) == 20
    assert person_time([]) == 0


def test_censored_before_by_hand():
    """Censored at 10 and 30; the one at 30 was seen on day 30, the event at 20 is no censoring."""
    row = censored_before([10, 20, 30, 40], [0, 1, 0, 0], 30)
    assert (row.value, row.events, row.n, row.time) == (0.25, 1, 4, 30)
    assert censored_before([10, 20, 30, 40], [0, 1, 0, 0], 30.5).events == 2
    assert censored_before([], [], 30).note == "NE: no patients"


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: completeness([11], [10]), "not be more than possible_days"),
        (lambda: completeness([1, 2], [10]), "2 observed_days do not go with 1"),
        (lambda: completeness([np.nan], [10]), "one known number of days"),
        (lambda: person_time([-1]), "one known number of days"),
        (lambda: person_time([5], entry=[6]), "not after the end"),
        (lambda: censored_before([5], [0, 1], 3), "one length"),
        (lambda: censored_before([5], [0], -3), "time must be days"),
    ],
)
def test_what_is_not_a_follow_up_is_refused(call, fault):
    with pytest.raises(ValueError, match=fault):
        call()


def test_what_is_just_possible_is_accepted():
    """Whoever enters and leaves on one day gives no time; zero is a time; rounding is no time beyond the possible."""
    assert person_time([5, 7], entry=[5, 0]) == 7
    assert censored_before([0.0, 3.0], [0, 0], 0).events == 0
    slack = 10.0**-DECIMALS
    assert completeness([5 + slack / 2], [5]).value == 1
    with pytest.raises(ValueError, match="more than possible_days"):
        completeness([5 + 1.05 * slack], [5])
    with pytest.raises(ValueError, match="one known number"):
        person_time([np.inf])
