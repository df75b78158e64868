import numpy as np

from reportgen.stats.events import event_table
from reportgen.stats.extreme_censoring import extremes
from reportgen.stats.survival import survival_at
from tests.golden_data import endpoint, load


def test_both_bounds_equal_r():
    """R: tests/golden/extremes.R."""
    _, duration, status, _, _ = endpoint("lung", "os")
    answers, table = load("extremes")[1], event_table(duration, status)
    found = [extremes(table, time) for time in answers["at"]]
    np.testing.assert_allclose([low.value for low, _ in found], answers["low"], atol=1e-12)
    np.testing.assert_allclose([high.value for _, high in found], answers["high"], atol=1e-12)
    for (low, high), time in zip(found, answers["at"], strict=True):
        assert low.value <= survival_at(table, time).value <= high.value


def test_without_censoring_the_bounds_are_the_curve():
    table = event_table([1, 2, 3, 4], [1, 1, 1, 1])
    assert [e.value for e in extremes(table, 2)] == [0.5, 0.5]
    low, high = extremes(event_table([1, 2, 3, 4], [1, 0, 1, 0]), 3.5)
    assert (low.value, high.value) == (0.25, 0.5)


def test_late_entry_and_times_beyond_have_none():
    assert all(not e.exists for e in extremes(event_table([5, 6], [1, 0], entry=[1, 2]), 5.5))
    assert all(e.code == "beyond_follow_up" for e in extremes(event_table([5, 6], [1, 0]), 7))
