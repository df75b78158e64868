"""One patient out of a table: what counting the others would give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.events import event_table
from reportgen.stats.leave_out import without_one

PATIENT = st.tuples(st.sampled_from([0.0, 1.0, 2.0, 2.5, 7.1, 30.4375]), st.integers(0, 2))


@given(st.lists(PATIENT, min_size=1, max_size=12), st.data())
def test_it_is_the_table_of_the_others(patients, data):
    duration, status = (np.array(column) for column in zip(*patients, strict=True))
    out = data.draw(st.integers(0, len(patients) - 1))
    kept = np.arange(len(patients)) != out
    found = without_one(event_table(duration, status, causes=2), duration[out], int(status[out]))
    assert found == event_table(duration[kept], status[kept], causes=2)


def test_whole_days_that_were_counted_by_day():
    duration, status = np.array([3, 3, 5, 9]), np.array([1, 0, 1, 0])
    found = without_one(event_table(duration, status), 3.0, 1)
    assert found == event_table(duration[1:], status[1:])
    assert found.at_risk.tolist() == [3, 2, 1]


@pytest.mark.parametrize(("time", "status"), [(4.0, 1), (3.0, 0), (99.0, 0)])
def test_nobody_there(time, status):
    with pytest.raises(ValueError, match="nobody in the table"):
        without_one(event_table([3.0, 5.0], [1, 0]), time, status)


def test_late_entries_are_refused():
    table = event_table([3.0, 5.0], [1, 0], entry=[1.0, 0.0])
    with pytest.raises(ValueError, match="late entries"):
        without_one(table, 3.0, 1)
