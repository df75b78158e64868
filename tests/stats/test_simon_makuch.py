import numpy as np
import pytest

from reportgen.stats.simon_makuch import simon_makuch
from tests.golden_data import load


def at(curve, day):
    """Estimate and limits on a day, and how many were at risk just before it."""
    step = int(np.searchsorted(curve.steps.time, day, side="right")) - 1
    return curve.steps.estimate[step], curve.steps.low[step], curve.steps.high[step]


def test_the_stanford_hearts_equal_r():
    """R: survfit(Surv(start, stop, status) ~ known, conf.type = "log-log"), tests/golden/simon_makuch.R."""
    columns, answer = load("simon_makuch")
    found = simon_makuch(columns["time"], columns["status"].astype(int), columns["known"], 30)
    assert found is not None
    for curve, name in zip(found, ("with", "without"), strict=True):
        for k, day in enumerate(answer["at"]):
            estimate, low, high = at(curve, day)
            assert estimate == pytest.approx(answer[name]["surv"][k], rel=1e-12)
            assert (low, high) == (
                pytest.approx(answer[name]["lower"][k], rel=1e-9),
                pytest.approx(answer[name]["upper"][k], rel=1e-9),
            )
        assert curve.kind == "simon_makuch" and str(curve.method).startswith("Simon–Makuch; Kaplan–Meier")


def test_by_hand_a_patient_moves_on_the_day_it_becomes_known():
    """Without: 6 at risk, death on day 10, one moves on 20, death on 30 of 4 left: 5/6 · 3/4. With: 3 at risk from the
    landmark on, a fourth from day 20 on, death on day 40 of these 4: 3/4."""
    duration = [110, 130, 200, 200, 200, 200, 200, 200, 140]
    status = [1, 1, 0, 0, 0, 0, 0, 0, 1]
    known = [np.nan, np.nan, np.nan, np.nan, np.nan, 120, 50, 50, 50]
    with_it, without = simon_makuch(duration, status, known, 100)
    assert at(without, 35)[0] == pytest.approx(5 / 6 * 3 / 4)
    assert (at(with_it, 39)[0], at(with_it, 41)[0]) == (1, pytest.approx(3 / 4))
    assert (with_it.n, without.n) == (4, 6)


@pytest.mark.parametrize(
    ("duration", "status", "known"),
    [
        ([200] * 6, [0] * 6, [50] * 3 + [np.nan] * 3),
        ([150, 160, 170, 180], [1] * 4, [50, 50, np.nan, np.nan]),
        # All who had it by the landmark died before others came to have it.
        ([110, 120, 130, 300, 300, 200, 210, 220], [1] * 8, [50, 50, 50, 250, 250, np.nan, np.nan, np.nan]),
    ],
)
def test_no_event_few_patients_or_a_curve_that_fell_to_nothing_has_none(duration, status, known):
    assert simon_makuch(duration, status, known, 100) is None


def test_known_and_dead_on_one_day_counts_as_with_it():
    duration, known = [110, 150, 160, 170, 180, 190, 200], [110, 50, 50, 50, np.nan, np.nan, np.nan]
    with_it, without = simon_makuch(duration, [1, 0, 0, 0, 1, 0, 0], known, 100)
    assert with_it.steps.events.sum() == 1 and without.steps.events.sum() == 1
