import numpy as np
import pytest

from reportgen.stats.treatment_free import treatment_free_survival
from reportgen.stats.treatment_free_toxicity import Spells, split_by_toxicity
from tests.golden_data import floats, load


def data():
    columns, _ = load("tfs_sim")
    answers = load("treatment_free_toxicity")[1]
    begun, ended = floats(answers["from"]), floats(answers["to"])
    who = np.flatnonzero(~np.isnan(begun))
    sides = [(columns[f"{key}_time"], columns[key]) for key in ("stop", "subs")]
    return sides, Spells(who, begun[who], ended[who]), answers


@pytest.mark.parametrize("tau", [12, 20])
def test_both_parts_and_their_standard_errors_equal_r(tau):
    """R: tests/golden/treatment_free_toxicity.R."""
    sides, spells, answers = data()
    rows = split_by_toxicity(*sides, spells, tau)
    for name, row in zip(("with", "without"), rows, strict=True):
        value, se = answers[f"{name}_{tau}"]
        assert row.value == pytest.approx(value, rel=1e-10) and row.se == pytest.approx(se, rel=1e-6)
        assert row.low < value < row.high
    whole = treatment_free_survival(*sides, tau)
    assert sum(row.value for row in rows) == pytest.approx(whole.value, rel=1e-12)


def test_two_patients_counted_by_hand():
    """Off treatment for 20 and 20 of 40 days, the first with toxicity for 5 of them and again for 3: a mean of 4."""
    spells = Spells(np.array([0, 0]), np.array([12.0, 20.0]), np.array([17.0, 23.0]))
    toxic, free = split_by_toxicity(([10, 20], [1, 1]), ([30, 40], [1, 0]), spells, 40)
    assert (toxic.value, free.value) == (4, 16)


def test_nobody_with_toxicity_leaves_all_of_it():
    sides, _spells, _answers = data()
    none = Spells(np.zeros(0, int), np.zeros(0), np.zeros(0))
    toxic, free = split_by_toxicity(*sides, none, 20)
    whole = treatment_free_survival(*sides, 20)
    assert (toxic.value, toxic.low) == (0, None)
    assert (free.value, free.se) == (pytest.approx(whole.value), pytest.approx(whole.se))
    assert not any(row.exists for row in split_by_toxicity(*sides, none, 500))


def test_where_only_rounding_varies_the_variance_is_0():
    """Everybody off treatment for 2.1 days, all of them with toxicity."""
    stop, ones = np.array([3.3, 4.7, 5.1, 7.9, 9.2, 11.3, 12.7, 13.1, 14.9, 17.3]), np.ones(10, int)
    sides, spells = [(stop, ones), (stop + 2.1, ones)], Spells(np.arange(10), stop, stop + 2.1)
    rows = [treatment_free_survival(*sides, 25), *split_by_toxicity(*sides, spells, 25)]
    assert [row.value for row in rows] == [pytest.approx(2.1), pytest.approx(2.1), 0]
    assert {(row.low, row.se, row.note) for row in rows} == {(None, 0, "no interval: the variance is 0")}
