import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.multiplicity import benjamini_hochberg, holm

P = [0.01, 0.02, 0.03, 0.04, 0.05]


def test_holm_equals_r():
    """R: p.adjust(c(.01, .02, .03, .04, .05), "holm") is .05 .08 .09 .09 .09."""
    np.testing.assert_allclose(holm(P), [0.05, 0.08, 0.09, 0.09, 0.09], rtol=1e-12)


def test_benjamini_hochberg_equals_r():
    """R: p.adjust(…, "BH"): .05 five times; and for .01 .04 .03 .5: .04 .0533… .0533… .5."""
    np.testing.assert_allclose(benjamini_hochberg(P), [0.05] * 5, rtol=1e-12)
    np.testing.assert_allclose(
        benjamini_hochberg([0.01, 0.04, 0.03, 0.5]), [0.04, 0.16 / 3, 0.16 / 3, 0.5], rtol=1e-12
    )


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_tests_without_a_p_are_not_counted(adjust):
    assert adjust([]) == ()
    assert adjust([None, float("nan")]) == (None, None)
    assert adjust([None, 0.04]) == (None, 0.04)


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_what_is_no_probability_is_refused(adjust):
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([0.5, 1.2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.randoms())
@settings(max_examples=60, deadline=None)
def test_adjusted_values_keep_order_and_bounds(raw, random):
    for adjust, at_most in ((holm, len(raw)), (benjamini_hochberg, len(raw))):
        adjusted = adjust(raw)
        assert all(p <= q <= min(1, at_most * p) + 1e-12 for p, q in zip(raw, adjusted, strict=True))
        order = list(range(len(raw)))
        random.shuffle(order)
        again = adjust([raw[i] for i in order])
        assert [again[order.index(i)] for i in range(len(raw))] == list(adjusted)
    assert all(b <= h + 1e-12 for b, h in zip(benjamini_hochberg(raw), holm(raw), strict=True))
