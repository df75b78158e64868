"""Two groups set against each other, as R has them (tests/golden/by_group.R): shares, rates and follow-up."""

from __future__ import annotations

import pytest

from reportgen.stats.proportions import difference
from reportgen.stats.rates import rate_ratio
from reportgen.stats.reverse_kaplan_meier import reverse_median
from tests.golden_data import load

ANSWERS = load("by_group")[1]


@pytest.mark.parametrize("case", "abc")
def test_the_difference_of_two_shares(case):
    answer = ANSWERS["shares"][case]
    row = difference(tuple(answer["k"]), tuple(answer["n"]))
    assert (row.value, row.low, row.high) == pytest.approx(
        (answer["value"], answer["low"], answer["high"]), abs=1e-12
    )


@pytest.mark.parametrize("case", "abc")
def test_the_ratio_of_two_rates(case):
    answer = ANSWERS["rates"][case]
    row = rate_ratio(tuple(answer["k"]), tuple(answer["days"]))
    assert (row.value, row.low, row.high) == pytest.approx(
        (answer["value"], answer["low"], answer["high"]), rel=1e-10
    )


@pytest.mark.parametrize("sex", [1, 2])
def test_median_follow_up_of_a_group_is_that_of_its_own_curve(sex):
    columns, answer = load("lung")[0], ANSWERS["follow_up"][str(sex)]
    mine = columns["sex"] == sex
    row = reverse_median(columns["time"][mine], columns["event"][mine])
    assert (row.value, row.low, row.high) == (answer["value"], answer["low"], answer["high"])
