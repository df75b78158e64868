import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.multiplicity import holm

P = [0.01, 0.02, 0.03, 0.04, 0.05]


def test_holm_equals_r():
    """R: p.adjust(c(.01, .02, .03, .04, .05), "holm") is .05 .08 .09 .09 .09."""
    np.testing.assert_allclose(holm(P), [0.05, 0.08, 0.09, 0.09, 0.09], rtol=1e-12)


def test_tests_without_a_p_are_not_counted():
    assert holm([]) == ()
    assert holm([None, float("nan")]) == (None, None)
    assert holm([None, 0.04]) == (None, 0.04)


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, 1.2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.randoms())
@settings(max_examples=60, deadline=None)
def test_adjusted_values_keep_order_and_bounds(raw, random):
    adjusted = holm(raw)
    assert all(p <= q <= min(1, len(raw) * p) + 1e-12 for p, q in zip(raw, adjusted, strict=True))
    order = list(range(len(raw)))
    random.shuffle(order)
    again = holm([raw[i] for i in order])
    assert [again[order.index(i)] for i in range(len(raw))] == list(adjusted)
