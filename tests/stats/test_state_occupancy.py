import numpy as np
import pytest

from reportgen.stats.state_occupancy import Moves, occupancy_curves, state_occupancy
from tests.golden_data import load

NAMES = ("start", "response", "relapsed", "dead")


def golden():
    columns, answers = load("states")
    to = np.array([-1 if name == "censored" else NAMES.index(name) for name in columns["to"]])
    patient, day = columns["patient"].astype(int), columns["to_day"]
    # Who moves on the last day on which he is seen is gone after it, as in R.
    last = np.append(np.diff(patient) > 0, True) & ~np.isin(columns["to"], ["censored", "dead"])
    patient, day = np.append(patient, patient[last]), np.append(day, day[last])
    return Moves(
        patient, day, np.append(to, np.full(last.sum(), -1)), np.zeros(patient.max() + 1, int)
    ), answers


def test_shares_and_standard_errors_equal_r():
    """R: survfit(Surv(tstart, tstop, factor(to)) ~ 1, id = id, istate = from) (tests/golden/states.R)."""
    moves, answers = golden()
    found = state_occupancy(moves, len(NAMES))
    at = np.searchsorted(found.time, answers["time"])
    np.testing.assert_array_equal(found.time[at], answers["time"])
    for k, name in enumerate(NAMES):
        np.testing.assert_allclose(found.share[at, k], answers[name], atol=1e-12)
        np.testing.assert_allclose(found.se[at, k], answers[f"se_{name}"], atol=1e-12)
    for name in ("response", "relapsed"):
        np.testing.assert_array_equal(found.at_risk[at, NAMES.index(name)], answers[f"n_risk_{name}"])


def test_three_patients_counted_by_hand():
    """One dies on day 5, one responds on day 10 and is seen to 20, one is last seen on day 10 without either."""
    moves = Moves(
        np.array([0, 1, 1, 2]), np.array([5.0, 10, 20, 10]), np.array([2, 1, -1, -1]), np.zeros(3, int)
    )
    found = state_occupancy(moves, 3)
    np.testing.assert_allclose(
        found.share, [[1, 0, 0], [2 / 3, 0, 1 / 3], [1 / 3, 1 / 3, 1 / 3], [1 / 3, 1 / 3, 1 / 3]]
    )
    np.testing.assert_array_equal(found.at_risk, [[3, 0, 0], [3, 0, 0], [2, 0, 1], [0, 1, 1]])
    curves = occupancy_curves(found, ("a", "b", "c"))
    assert [c.id for c in curves] == [f".all.all.state_occupancy.{s}" for s in "abc"]
    np.testing.assert_allclose(sum(c.steps.estimate for c in curves), 1)


def test_nobody_and_a_move_to_where_one_is_are_errors():
    nothing = np.array([], int)
    with pytest.raises(ValueError, match="at least one patient"):
        state_occupancy(Moves(nothing, nothing, nothing, nothing), 2)
    with pytest.raises(ValueError, match="state that he is in"):
        state_occupancy(Moves(np.array([0]), np.array([1.0]), np.array([0]), np.array([0])), 2)
