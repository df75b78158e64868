"""Who comes on the day of the anniversary is seen at the landmark, a quarter of a day or some days later."""

from datetime import date

import numpy as np
import pytest

from reportgen.figures.at_risk import counts
from reportgen.stats.events import event_table
from reportgen.stats.followup import censored_before
from reportgen.stats.incidence import cumulative_incidence, cumulative_incidence_at
from reportgen.stats.landmarks import held_at, seen_at, seen_from, tolerance
from reportgen.stats.proportions import proportion
from reportgen.stats.rmst import rmst
from reportgen.stats.survival import kaplan_meier, survival_at
from reportgen.stats.timedependent import landmark

YEAR, MONTH = 365.25, 30.4375


def test_every_anniversary_of_every_day_is_seen_at_its_landmark():
    for day in (
        date(year, month, 1 if month == 2 else 28) for year in (2019, 2020) for month in range(1, 13)
    ):
        for months in (1, 3, 6, 12, 24, 36, 60):
            later = date(
                day.year + (day.month + months - 1) // 12, (day.month + months - 1) % 12 + 1, day.day
            )
            assert (later - day).days >= seen_from(months * MONTH)


def test_only_landmarks_of_the_calendar_have_a_tolerance():
    days = [100, 7 * 52, YEAR, 10 * YEAR, MONTH, 18 * MONTH, 0.3 * YEAR]
    assert [tolerance(day) for day in days] == [0, 0, 1, 1, 3, 3, 0]


# Eight seen on their first anniversary: one had the event long before, one on the day itself.
DURATION, STATUS = np.array([184, 365, 365, 365, 365, 365, 365, 365]), np.array([1, 1, 0, 0, 0, 0, 0, 0])


def test_survival_at_the_anniversary():
    row = survival_at(event_table(DURATION, STATUS), YEAR)
    assert (row.value, row.at_risk, row.events) == (pytest.approx(6 / 8), 6, 2)
    # Nobody was censored before: the limits are Clopper–Pearson's of six in eight.
    exact = proportion(6, 8)
    assert (row.low, row.high) == (pytest.approx(exact.low), pytest.approx(exact.high))


def test_incidence_and_mean_at_the_anniversary():
    table = event_table(DURATION, STATUS, causes=2)
    row, exact = cumulative_incidence_at(table, 1, YEAR), proportion(2, 8)
    assert (row.value, row.at_risk) == (pytest.approx(2 / 8), 6)
    assert (row.low, row.high) == (pytest.approx(exact.low), pytest.approx(exact.high))
    assert rmst(event_table(DURATION, STATUS), YEAR).value == pytest.approx((184 + 365 * 7 + 0.25 * 6) / 8)


def test_who_had_the_event_shortly_before_is_not_seen_at_the_landmark():
    table = event_table([181, 181, 182, 179], [1, 0, 1, 0])
    assert seen_at(table, 6 * MONTH) == 1
    assert survival_at(event_table([360, 365], [0, 1]), YEAR).note.startswith("NE: beyond the last follow-up")


# At four years to the day a landmark is a whole number of days: 1461, and its tolerance begins on day 1460.
FOUR_YEARS = event_table([1459, 1460, 1461, 1461, 2000], [0, 0, 1, 0, 0])


def test_the_days_of_the_tolerance_begin_with_its_first_and_end_before_the_landmark():
    assert seen_from(4 * YEAR) == 1460
    # Day 1459 is too early, day 1460 the first that counts; who is censored on day 1461 itself is counted once.
    assert seen_at(FOUR_YEARS, 4 * YEAR) == 4
    assert seen_at(event_table([1459, 1461], [0, 0]), 4 * YEAR) == 1


def test_who_had_the_event_at_the_landmark_is_not_held_beyond_it():
    # Of the four who were seen, one had the event on the day of the landmark: three stay, after the third step.
    assert held_at(FOUR_YEARS, 4 * YEAR) == (3, 3)
    assert held_at(event_table([1459, 1461], [0, 1]), 4 * YEAR) is None


def test_nobody_is_censored_before_who_was_seen_on_the_anniversary():
    assert censored_before(DURATION, STATUS, YEAR).events == 0
    assert censored_before([363, 364, 365, 366], [0, 0, 0, 0], YEAR).events == 2


def test_a_landmark_analysis_keeps_who_was_seen_on_the_anniversary():
    split = landmark([181, 181, 170, 400], [0, 1, 0, 1], [np.nan] * 4, 6 * MONTH)
    assert split.kept.tolist() == [True, False, False, True]
    assert split.duration.tolist() == [0, 400 - 6 * MONTH]


@pytest.mark.parametrize("entry", [None, np.array([0, 0, 0, 0, 0, 0, 10, 20])])
def test_rows_under_a_curve_say_the_same_and_add_up(entry):
    table = event_table(DURATION, STATUS, causes=2, entry=entry)
    for curve in (kaplan_meier(table.of_cause(1)), cumulative_incidence(table, 1)):
        rows = counts(curve, [0, 200, YEAR])
        assert rows["At risk"][2] == 6 and rows["Censored"][2] == 0
        assert {sum(column) for column in zip(*rows.values(), strict=True)} == {8}
