import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.events import event_table, event_tables, pooled
from tests.golden_data import endpoint, floats

ENDPOINTS = [
    ("aml", "rfs"), ("colon_wide", "os"), ("colon_wide", "pfs"), ("freireich_6mp", "remission"),
    ("gbsg", "rfs"), ("lung", "os"), ("mgus2", "os"), ("myeloma_late_entry", "os"), ("ovarian", "os"), ("tiny8", "os"),
    ("tiny8", "pfs"), ("veteran", "os"),
]  # fmt: skip
PATIENTS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 12)), min_size=0, max_size=30
)


def table_of(patients, *, late=False, scale=1.0):
    """Patients as (duration, status, entry); with late, an entry before the end is a late entry."""
    duration = np.array([d for d, _, _ in patients], dtype=float) * scale
    status = np.array([s for _, s, _ in patients], dtype=int)
    entry = np.array([e if e < d else 0 for d, _, e in patients], dtype=float) * scale
    return event_table(duration, status, entry=entry if late else None, causes=2)


def test_eight_patients_counted_by_hand():
    table = event_table([5, 5, 5, 7, 7, 9, 9, 12], [1, 0, 2, 0, 0, 1, 1, 0], causes=2)
    assert table.time.tolist() == [5, 7, 9, 12]
    assert table.at_risk.tolist() == [8, 5, 3, 1]
    assert table.events.tolist() == [[1, 0, 2, 0], [1, 0, 0, 0]]
    assert table.censored.tolist() == [1, 2, 0, 1]
    assert (table.n, table.total_events, table.last_time) == (8, 4, 12)
    assert table.any_event.tolist() == [2, 0, 2, 0]
    assert table.at_risk_at([0, 5, 5.5, 12, 13]).tolist() == [8, 8, 5, 1, 0]
    assert table.events_by(7).tolist() == [1, 1]


def test_late_entry_counted_by_hand():
    table = event_table([4, 6, 8], [1, 1, 0], entry=[0, 4, 5])
    # at 4 the second patient has just come in: at risk only of what comes later, #{entry < t <= T}
    assert table.at_risk.tolist() == [1, 2, 1]
    assert table.at_risk_at([0, 4, 4.5, 5.5, 9]).tolist() == [1, 1, 1, 2, 0]


@pytest.mark.parametrize(("name", "key"), ENDPOINTS)
def test_counts_equal_r(name, key):
    """R: survfit(Surv(time, event) ~ 1)$n.risk, $n.event, $n.censor; Surv(entry, time, event) for myeloma."""
    block, duration, status, entry, _ = endpoint(name, key)
    table = event_table(duration, status, entry=entry)
    answer = block["km_overall"]
    rows = np.searchsorted(table.time, floats(answer["time"]))
    assert table.time[rows].tolist() == answer["time"]
    assert table.at_risk[rows].tolist() == answer["n_risk"]
    assert table.any_event[rows].tolist() == answer["n_event"]
    assert table.censored[rows].tolist() == answer["n_censor"]
    if not answer["rows_thinned"]:
        assert table.time.size == len(answer["time"])


def test_times_equal_to_rounding_are_tied():
    """As R's survfit(timefix = TRUE), which finds 0.1 + 0.2 and 0.3 tied."""
    table = event_table([0.1 + 0.2, 0.3, 1e6 + 1e-9, 1e6], [1, 1, 0, 0])
    assert table.time.tolist() == [0.3, 1e6]
    assert table.any_event.tolist() == [2, 0]


def test_times_of_a_millionth_and_a_million_days_stay_apart():
    table = event_table([1e-6, 2e-6, 1e6], [1, 0, 1])
    assert table.time.tolist() == [1e-6, 2e-6, 1e6]


@pytest.mark.parametrize("scale", [1.0, 30.4375])
@pytest.mark.parametrize("late", [False, True])
@settings(max_examples=60, deadline=None)
@given(first=PATIENTS, second=PATIENTS)
def test_the_tables_of_two_halves_add_up_to_the_table_of_the_whole(first, second, late, scale):
    a, b = table_of(first, late=late, scale=scale), table_of(second, late=late, scale=scale)
    whole = table_of(first + second, late=late, scale=scale)
    assert a + b == whole
    assert b + a == whole
    assert pooled([a, b, table_of([])]) == whole


@settings(max_examples=40, deadline=None)
@given(patients=PATIENTS, seed=st.integers(0, 99))
def test_row_order_does_not_matter(patients, seed):
    shuffled = [patients[i] for i in np.random.default_rng(seed).permutation(len(patients))]
    assert table_of(patients) == table_of(shuffled)


@settings(max_examples=40, deadline=None)
@given(patients=PATIENTS)
def test_whole_days_and_fractions_are_counted_alike(patients):
    """The two ways of counting (by day, by sorting) give the same numbers."""
    days, half = table_of(patients), table_of(patients, scale=0.5)
    assert (days.time / 2).tolist() == half.time.tolist()
    assert days.at_risk.tolist() == half.at_risk.tolist()
    assert days.events.tolist() == half.events.tolist()


@pytest.mark.parametrize("scale", [1.0, 0.3])
@settings(max_examples=40, deadline=None)
@given(patients=PATIENTS, groups=st.integers(1, 4))
def test_groups_counted_together_are_the_groups_counted_apart(patients, groups, scale):
    duration, status, _ = np.array(patients, dtype=float).reshape(-1, 3).T
    group = np.arange(duration.size) % groups
    together = event_tables(duration * scale, status, group, causes=2)
    for g, table in enumerate(together):
        assert table == event_table(duration[group == g] * scale, status[group == g], causes=2)
    assert len(together) == min(groups, duration.size)


def test_a_group_of_nobody_has_an_empty_table():
    assert [table.n for table in event_tables([4, 7], [1, 0], [2, 0])] == [1, 0, 1]
    with pytest.raises(ValueError, match="group must be 0 or more"):
        event_tables([4, 7], [1, 0], [-1, 0])
    with pytest.raises(ValueError, match="one length"):
        event_tables([4, 7], [1, 0], [0])


def test_different_tables_are_not_equal():
    assert event_table([1, 2], [1, 0]) != event_table([1, 2], [1, 1])
    assert event_table([1], [1]) != "a table"


def test_an_empty_cohort_is_an_empty_table():
    table = event_table([], [])
    assert (table.n, table.total_events, table.last_time, table.time.size) == (0, 0, 0.0, 0)
    assert table.at_risk_at([0, 5]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("duration", "status", "more", "fault"),
    [
        ([1, np.nan], [1, 0], {}, "missing or infinite"),
        ([1, np.inf], [1, 0], {}, "missing or infinite"),
        ([1, -2], [1, 0], {}, "as low as -2"),
        ([1, 2], [1, 2], {}, "ranges over 1 … 2"),
        ([1, 2], [-1, 0], {}, "ranges over -1 … 0"),
        ([1, 2], [0.5, 0], {}, "whole numbers"),
        ([1, 2], [np.nan, 0], {}, "whole numbers"),
        ([1, 2], [1], {}, "one length"),
        ([[1, 2]], [1, 0], {}, "one-dimensional"),
        ([1, 2], [[1, 0]], {}, "one-dimensional"),
        ([1, 2], [1, 0], {"entry": [0, 2]}, "entry must be before"),
        ([1, 2], [1, 0], {"entry": [0]}, "one length"),
        ([1, 2], [1, 0], {"entry": [-1, 0]}, "entry must be days"),
    ],
)
def test_what_is_not_a_time_or_a_status_is_refused(duration, status, more, fault):
    with pytest.raises(ValueError, match=fault):
        event_table(duration, status, **more)


def test_tables_of_different_causes_are_not_added():
    with pytest.raises(ValueError, match="1 and 2 causes"):
        event_table([1], [1]) + event_table([1], [1], causes=2)
