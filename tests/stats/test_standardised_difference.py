"""Standardised differences: against R, by hand, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.stats.standardised_difference import of_levels, of_numbers
from tests.golden_data import load

NUMBERS = (("gbsg", "hormon", "age"), ("gbsg", "hormon", "er"), ("veteran", "trt", "karno"))
LEVELS = (("gbsg", "hormon", "meno"), ("gbsg", "hormon", "grade"), ("veteran", "trt", "celltype"))
R = load("standardised_difference")[1]


def halves(name: str, by: str, column: str) -> list[np.ndarray]:
    columns = load(name)[0]
    return [columns[column][columns[by] == level] for level in np.unique(columns[by])]


@pytest.mark.parametrize("name, by, column", NUMBERS)
def test_of_numbers_as_r_has_it(name, by, column):
    one, other = halves(name, by, column)
    assert of_numbers(one, other).value == pytest.approx(R[column], rel=1e-12)
    assert of_numbers(other, np.append(one, np.nan)).value == pytest.approx(R[column], rel=1e-12)


@pytest.mark.parametrize("name, by, column", LEVELS)
def test_of_levels_as_r_has_it(name, by, column):
    parts = halves(name, by, column)
    one, other = (
        [int((part == level).sum()) for level in np.unique(np.concatenate(parts))] for part in parts
    )
    assert of_levels(one, other).value == pytest.approx(R[column], rel=1e-12)
    # neither the order of the levels nor one that nobody has moves it
    assert of_levels([0, *one[::-1]], [0, *other[::-1]]).value == pytest.approx(R[column], rel=1e-12)


def test_by_hand():
    # 30% against 50%: 0.2 over the root of (0.21 + 0.25) / 2
    assert of_levels([3, 7], [5, 5]).value == pytest.approx(0.2 / 0.23**0.5)
    assert of_numbers(np.array([1.0, 2, 3]), np.array([2.0, 3, 4])).value == pytest.approx(1.0)
    assert of_levels([4, 0], [9, 0]).value == 0.0


def test_none_without_spread_and_of_two_patients():
    assert of_levels([4, 0], [0, 9]).code == "no_spread"
    assert of_numbers(np.full(4, 1.0), np.full(4, 2.0)).code == "no_spread"
    assert of_numbers(np.full(4, 2.0), np.full(4, 2.0)).value == 0.0
    for few in (of_levels([1, 1], [5, 5]), of_numbers(np.array([1.0, np.nan, 2.0]), np.arange(5.0))):
        assert few.value is None and few.code == "too_few_patients"
