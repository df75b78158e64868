import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.descriptive import STATISTICS, summarise


def values(rows):
    return {row.statistic: row.value for row in rows}


def test_five_numbers_by_hand():
    """R: quantile(c(1, 2, 3, 4), type = 7) gives 1.75 and 3.25."""
    assert values(summarise([4, 1, np.nan, 3, 2])) == {
        "count": 4, "mean": 2.5, "sd": pytest.approx(np.sqrt(5 / 3)), "median": 2.5, "quartile_1": 1.75,
        "quartile_3": 3.25, "minimum": 1, "maximum": 4,
    }  # fmt: skip


def test_the_statistics_come_in_the_order_asked_for():
    rows = summarise([1, None, 3], statistics=("maximum", "count"))
    assert [(row.statistic, row.value, row.n) for row in rows] == [("maximum", 3, 2), ("count", 2, 2)]


@pytest.mark.parametrize("nothing", [[], [np.nan, None]])
def test_no_values_are_a_reason(nothing):
    count, *others = summarise(nothing)
    assert (count.statistic, count.value, count.n) == ("count", 0, 0)
    assert {row.statistic for row in others} == set(STATISTICS) - {"count"}
    assert all(row.value is None and row.note == "NE: no values" for row in others)


def test_one_value_has_no_standard_deviation():
    (sd, mean) = summarise([7], statistics=("sd", "mean"))
    assert (sd.value, sd.note, mean.value) == (None, "NE: one value", 7)


def test_what_cannot_be_summarised_is_refused():
    with pytest.raises(ValueError, match="infinite"):
        summarise([1, np.inf])
    with pytest.raises(ValueError, match="kurtosis"):
        summarise([1], statistics=("kurtosis",))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(0.01, 100), st.randoms())
@settings(max_examples=50, deadline=None)
def test_order_does_not_matter_and_units_scale(numbers, factor, random):
    shuffled = list(numbers)
    random.shuffle(shuffled)
    one, other = values(summarise(numbers)), values(summarise([factor * x for x in shuffled]))
    for name in set(STATISTICS) - {"count"}:
        assert other[name] == pytest.approx(factor * one[name], rel=1e-9, abs=1e-6)
    assert one["minimum"] <= one["quartile_1"] <= one["median"] <= one["quartile_3"] <= one["maximum"]
