import numpy as np
import pytest

from reportgen.stats.beta_product import beta_product_limits, quantile_limits
from reportgen.stats.events import event_table
from tests.golden_data import endpoint, floats

ENDPOINTS = [
    ("aml", "rfs"), ("freireich_6mp", "remission"), ("lung", "os"), ("ovarian", "os"), ("tiny8", "os"),
    ("tiny8", "pfs"), ("veteran", "os"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "key"), ENDPOINTS)
@pytest.mark.parametrize(("kind", "tolerance"), [("standard", 1e-10), ("midp", 1e-6)])
def test_limits_equal_r(name, key, kind, tolerance):
    """R: bpcp::bpcp(time, event, midp = FALSE/TRUE), limits on [L, R), and quantile(…, 0.5)."""
    block, duration, status, _, _ = endpoint(name, key)
    table = event_table(duration, status)
    answer = block["bpcp_overall"][kind]
    low, high = beta_product_limits(table, midp=kind == "midp")
    assert [0.0, *table.time] == answer["L"]
    np.testing.assert_allclose(low, floats(answer["lower"]), rtol=0, atol=tolerance)
    np.testing.assert_allclose(high, floats(answer["upper"]), rtol=0, atol=tolerance)
    median = quantile_limits(table.time, low, high, 0.5)
    assert median == (answer["median"]["lower"], answer["median"]["upper"])


def test_without_censoring_it_is_clopper_pearson():
    """4 of 10 have failed after the fourth event; R: binom.test(6, 10)$conf.int."""
    low, high = beta_product_limits(event_table(np.arange(1, 11), np.ones(10)))
    np.testing.assert_allclose([low[4], high[4]], [0.262378103, 0.878447674], atol=1e-9)


def test_by_hand_at_time_zero_and_after_one_event():
    """Of 8 at risk: 0.025^(1/8) from below before any event; 0.975^(1/8) from above after the first."""
    low, high = beta_product_limits(event_table(np.arange(1, 9), [1, 0, 0, 0, 0, 0, 0, 0]))
    np.testing.assert_allclose(
        [low[0], high[0], high[1]], [0.025 ** (1 / 8), 1.0, 0.975 ** (1 / 8)], rtol=1e-12
    )


def test_it_widens_as_patients_leave():
    low, high = beta_product_limits(event_table(np.arange(1, 9), np.zeros(8)))
    assert (np.diff(low) < 0).all()
    assert low[-1] == 0
    assert (high == 1).all()


@pytest.mark.parametrize("midp", [False, True])
@pytest.mark.parametrize(
    ("duration", "status"),
    [([3], [1]), ([3], [0]), ([3, 3], [1, 1]), ([0, 0, 4], [1, 0, 1]), (np.ones(40), np.ones(40)), ([], [])],
)
def test_limits_are_always_proper(duration, status, midp):
    low, high = beta_product_limits(event_table(duration, status), midp=midp)
    assert ((low >= 0) & (low < high) & (high <= 1)).all()


def test_a_million_patients_lose_no_precision():
    """The limits approach the normal ones: 0.5 ± 1.96 · sqrt(0.25 / 10⁶)."""
    low, high = beta_product_limits(event_table(np.repeat([1.0, 2.0], 500_000), np.repeat([1, 0], 500_000)))
    np.testing.assert_allclose([low[1], high[1]], [0.49902, 0.50098], atol=2e-6)


def test_wanted_steps_only():
    table = event_table([1, 2, 3], [1, 1, 0])
    wanted = np.array([True, False, False, True])
    some, every = beta_product_limits(table, where=wanted), beta_product_limits(table)
    for part, whole in zip(some, every, strict=True):
        assert part[wanted].tolist() == whole[wanted].tolist()
        assert np.isnan(part[~wanted]).all()


def test_a_level_beyond_one_is_refused():
    with pytest.raises(ValueError, match="level must be within"):
        beta_product_limits(event_table([1], [1]), level=95)
