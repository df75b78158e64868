import csv

import numpy as np
import pytest

from reportgen.stats.mean_count import Recurrent, mean_count, mean_count_at, mean_count_curve
from tests.golden_data import FOLDER, load


def golden():
    columns, answers = load("mean_count")
    text = (FOLDER / "mean_count_events.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    who, when = np.array([int(r["patient"]) for r in rows]), np.array([float(r["day"]) for r in rows])
    return Recurrent(who, when, columns["end"], columns["died"] == 1), answers


def test_mean_and_standard_error_equal_r():
    """R: tests/golden/mean_count.R; the standard error is there a numerical derivative."""
    data, answers = golden()
    found = mean_count(data)
    rows = [mean_count_at(found, t) for t in answers["at"]]
    np.testing.assert_allclose([r.value for r in rows], answers["mean"], atol=1e-12)
    np.testing.assert_allclose([r.se for r in rows], answers["se"], rtol=1e-5)


def test_without_death_it_is_events_over_patients_and_death_lowers_it():
    who, when = np.array([0, 0, 1]), np.array([10.0, 20, 30])
    alive = mean_count(Recurrent(who, when, np.array([100.0, 100]), np.array([False, False])))
    assert mean_count_at(alive, 50).value == 1.5
    # One of two dies on day 15: from then on an event of the other counts a half.
    died = mean_count(Recurrent(who, when, np.array([15.0, 100]), np.array([True, False])))
    assert mean_count_at(died, 50).value == 1.0
    assert mean_count_curve(died).kind == "mean_cumulative_count"


def test_no_event_has_no_interval_and_nothing_is_said_beyond_the_follow_up():
    found = mean_count(
        Recurrent(np.array([], int), np.array([]), np.array([50.0, 60]), np.array([False, True]))
    )
    row = mean_count_at(found, 30)
    assert (row.value, row.low) == (0, None) and row.note.code == "no_events"
    assert mean_count_at(found, 61).code == "beyond_follow_up"
    with pytest.raises(ValueError, match="at least one"):
        mean_count(Recurrent(np.array([], int), np.array([]), np.array([]), np.array([], bool)))
