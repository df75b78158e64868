"""Episodes of very many patients: counted, they give what their rows give, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats import counted_episodes as counted
from reportgen.stats import design, timedependent
from reportgen.stats.collapsed_likelihood import collapse
from reportgen.stats.timedependent import time_dependent_cox


def patients(seed: int, n: int, from_zero: bool, last: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Durations, status and when it became known: before the start, on the last day, later, and never among them."""
    random = np.random.default_rng(seed)
    duration = random.integers(0 if from_zero else 1, last, n).astype(float)
    known = random.integers(-2, last + 20, n).astype(float)
    same, never = random.random(n) < 0.1, random.random(n) < 0.3
    known = np.where(never, np.nan, np.where(same, duration, known))
    return duration, (random.random(n) < 0.3).astype(int), known


def by_rows(monkeypatch, *data, **more):
    """The same without counting."""
    with monkeypatch.context() as patch:
        patch.setattr(timedependent, "counted_episodes", lambda *args: None)
        return time_dependent_cox(*data, **more)


@pytest.mark.parametrize("from_zero", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_a_model_of_counted_episodes_is_that_of_their_rows_to_the_last_digit(monkeypatch, seed, from_zero):
    duration, status, known = patients(seed, 150_000, from_zero)
    found = counted.counted_episodes("it", duration, status, known)
    assert found is not None and len(found[0].x) < 500
    assert time_dependent_cox(duration, status, {"it": known}) == by_rows(
        monkeypatch, duration, status, {"it": known}
    )


@given(st.integers(0, 10_000), st.booleans(), st.integers(2, 30))
@settings(max_examples=40, deadline=None)
def test_as_many_of_each_kind_are_at_risk_and_have_the_event_at_each_time(seed, from_zero, last):
    duration, status, known = patients(seed, 20_500, from_zero, last)
    rows = timedependent.episodes(duration, status, known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "MANY", 20_000)
        found = counted.counted_episodes("it", duration, status, known)
    whole = design.design(rows.exit, rows.status, {"it": rows.known}, entry=rows.entry)
    assert found is not None and found[1] == len(duration)
    one, other = collapse(found[0]), collapse(whole)
    assert one is not None and other is not None
    assert (one.at_risk == other.at_risk).all() and (one.events == other.events).all()
    assert (one.x == other.x).all() and (found[0].scale == whole.scale).all()
    assert found[0].patients == whole.patients and found[0].events == whole.events
    assert (found[0].entry < found[0].duration).all()


def test_days_that_are_not_whole_are_left_to_their_rows():
    duration, status, known = patients(1, 150_000, False)
    assert counted.counted_episodes("it", duration, status, known + 0.5) is None
    assert counted.counted_episodes("it", duration + 0.25, status, known) is None
