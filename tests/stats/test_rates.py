import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.rates import DAYS_PER_YEAR, rate, rate_ratio
from tests.golden_data import load


def test_rates_equal_r():
    """R: poisson.test(events, T)."""
    for answer in load("grid_poisson")[1]["one_sample"]:
        row = rate(answer["events"], answer["person_time"] * DAYS_PER_YEAR)
        assert row.value == pytest.approx(answer["rate"], rel=1e-12)
        np.testing.assert_allclose([row.low, row.high], answer["exact_garwood_ci"], rtol=1e-8)


def test_rate_ratios_equal_r():
    """R: poisson.test(c(x1, x2), c(T1, T2))."""
    answers = load("grid_poisson")[1]["two_sample"] + load("tox_sim")[1]["rate_ratio_B_vs_A"]
    for answer in answers:
        events, days = tuple(answer["events"]), tuple(t * DAYS_PER_YEAR for t in answer["person_time"])
        expected = answer["poisson_test"]
        row = rate_ratio(events, days)
        low, high = expected["ci"]
        if sum(events) == 0:
            assert (low, high, row.note) == (0, np.inf, "NE: no events")
            continue
        assert row.low == pytest.approx(low, rel=1e-8)
        if np.isfinite(high):
            np.testing.assert_allclose([row.value, row.high], [expected["rate_ratio"], high], rtol=1e-8)
        else:
            assert (row.value, row.high) == (None, None)
            assert row.note == "NE: no events in the second group"


def test_exposure_adjusted_incidence_of_toxicity_equals_r():
    """R: poisson.test(patients with an event, patient-years to the first event or the end of exposure)."""
    for answer in load("tox_sim")[1]["eair"].values():
        row = rate(answer["n_with_event"], answer["person_years_to_first_event"] * DAYS_PER_YEAR)
        assert 100 * row.value == pytest.approx(answer["eair_per_100py"], rel=1e-12)
        np.testing.assert_allclose([100 * row.low, 100 * row.high], answer["ci_per_100py"], rtol=1e-8)


def test_no_event_in_eleven_patient_years():
    """−ln 0.025 / 11.70 years."""
    row = rate(0, 4273)
    assert (row.value, row.low, round(row.high, 3)) == (0, 0, 0.315)
    assert row.high == pytest.approx(-np.log(0.025) / (4273 / 365.25), rel=1e-12)
    assert row.method == "exact Poisson (Garwood) 95% CI"


def test_no_person_time_is_a_reason():
    assert (rate(0, 0).value, rate(0, 0).note) == (None, "NE: no person-time")
    assert rate_ratio((0, 1), (0, 9)).note == "NE: a group without person-time"


def test_no_events_is_a_reason():
    assert rate_ratio((0, 0), (5, 9)).note == "NE: no events"


@pytest.mark.parametrize(
    ("events", "days", "fault"),
    [
        (-1, 5, "events must not be negative"),
        (1, -5, "person_days must not be negative"),
        (1, float("nan"), "person_days must not be negative"),
        (2, 0, "2 events in no person-time"),
    ],
)
def test_impossible_counts_are_refused(events, days, fault):
    with pytest.raises(ValueError, match=fault):
        rate(events, days)


@given(a=st.integers(0, 30), b=st.integers(1, 30), t=st.floats(1, 1e5), u=st.floats(1, 1e5))
@settings(max_examples=40, deadline=None)
def test_swapping_the_groups_inverts_the_ratio(a, b, t, u):
    one, other = rate_ratio((a + 1, b), (t, u)), rate_ratio((b, a + 1), (u, t))
    np.testing.assert_allclose(
        [one.value, one.low, one.high], [1 / other.value, 1 / other.high, 1 / other.low], rtol=1e-9
    )


@given(st.integers(0, 200), st.floats(1, 1e6), st.floats(0.001, 1000))
@settings(max_examples=40, deadline=None)
def test_a_rate_scales_with_time(events, days, factor):
    one, other = rate(events, days), rate(events, days * factor)
    np.testing.assert_allclose(
        [one.low, one.value, one.high], np.array([other.low, other.value, other.high]) * factor, rtol=1e-9
    )
    assert one.low <= one.value <= one.high
