"""Funnel limits: by hand, within their bounds, and never less often right than they say."""

import numpy as np
import pytest
from scipy.stats import binom

from reportgen.stats.funnel_limits import funnel_limits


def test_five_patients_by_hand():
    # P(X = 0) = 0.168 ≥ 2.5%, so 0 of 5 is not too rare; P(X = 5) = 0.0024 is, P(X ≥ 4) = 0.031 is not.
    low, high = funnel_limits(5, 0.3, 0.95)
    assert (low, high) == (0, 0.8)


def test_the_most_likely_result_is_never_outside():
    low, high = funnel_limits(np.arange(1, 60), 0.97)
    assert np.all(high == 1) and low[7] == pytest.approx(7 / 8)


def test_large_groups_have_the_normal_limits():
    low, high = funnel_limits(100_000, 0.4, 0.95)
    spread = 1.959964 * np.sqrt(0.24 / 100_000)
    assert low == pytest.approx(0.4 - spread, abs=3e-5) and high == pytest.approx(0.4 + spread, abs=3e-5)


@pytest.mark.parametrize("target", [0.01, 0.3, 0.5, 0.97])
def test_limits_hold_what_they_say_and_widen_with_the_level(target):
    n = np.arange(1, 400)
    inner, outer = funnel_limits(n, target, 0.95), funnel_limits(n, target, 0.998)
    assert np.all((outer[0] >= 0) & (outer[0] <= inner[0]) & (inner[1] <= outer[1]) & (outer[1] <= 1))
    for size in (10, 60, 399):
        low, high = funnel_limits(size, target, 0.95)
        k = np.arange(size + 1)
        inside = binom.pmf(k[(k / size >= low - 1e-9) & (k / size <= high + 1e-9)], size, target).sum()
        assert inside >= 0.95


def test_no_scatter_at_the_ends_and_no_nonsense():
    for target in (0.0, 1.0):
        low, high = funnel_limits(np.array([3, 30]), target)
        assert low.tolist() == high.tolist() == [target, target]
    with pytest.raises(ValueError, match="at least 1"):
        funnel_limits(0, 0.5)
    with pytest.raises(ValueError, match="within 0–1"):
        funnel_limits(3, 1.5)
