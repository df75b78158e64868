import numpy as np
import pytest

from reportgen.stats.growth_modulation import growth_modulation
from tests.golden_data import load


def test_median_and_share_equal_r():
    """R: tests/golden/growth_modulation.R."""
    columns, answers = load("growth_modulation")
    median, share = growth_modulation(columns["pfs"], columns["event"], columns["before"])
    # The ratio is rounded to 1e-8 before it is compared.
    np.testing.assert_allclose([median.value, median.low, median.high], answers["median"], atol=1e-8)
    mine = [share.value, share.low, share.high, share.se]
    np.testing.assert_allclose(mine, answers["above"], atol=1e-12)
    assert (median.n, median.events) == (answers["n"], answers["events"])


def test_three_pairs_counted_by_hand():
    """Ratios 0.5, 2+ and 3: the curve falls to 2/3 at 0.5 and to 0 at 3; two of three exceed 1.33."""
    median, share = growth_modulation([50, 200, 300], [1, 0, 1], [100, 100, 100])
    assert median.value == 3
    assert share.value == pytest.approx(2 / 3) and share.at_risk == 2
    assert share.low < 2 / 3 < share.high


def test_without_pairs_or_so_far_there_is_a_reason():
    median, share = growth_modulation([], [], [])
    assert (str(median.note), str(share.note)) == ("NE: no patients",) * 2
    _, early = growth_modulation([10, 20, 30], [0, 0, 1], [100, 100, 100])
    assert early.value == 0 or early.note
    with pytest.raises(ValueError, match="above 0"):
        growth_modulation([10], [1], [0])
