import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats import whole_days

DAYS = st.lists(st.one_of(st.integers(0, 9).map(float), st.sampled_from([2.5, -1.0, 0.0, 40.0])), max_size=14)


@given(DAYS, DAYS, st.sampled_from(["left", "right"]))
def test_what_is_counted_is_what_is_sorted(times, values, side):
    times, values = np.unique(np.array(times, float)), np.array(values, float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_days, "MANY", 1)
        found = whole_days.unique(values), whole_days.searchsorted(times, values, side)
    for one, other in zip(found, (np.unique(values), np.searchsorted(times, values, side)), strict=True):
        assert one.dtype == other.dtype and one.tolist() == other.tolist()


def test_whole_days_are_counted(monkeypatch):
    monkeypatch.setattr(np, "unique", None)
    many = np.arange(whole_days.MANY, dtype=float) // 7
    assert whole_days.unique(many[::-1]).tolist() == list(range(int(many[-1]) + 1))


@given(DAYS.filter(len), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, 0.1]))
def test_quantiles_are_numpys_to_the_last_bit(values, share):
    numbers = np.array(values, float)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_days, "MANY", 1)
        found = whole_days.median(numbers), whole_days.quantile(numbers, share)
    assert found == (np.median(numbers), np.quantile(numbers, share))
