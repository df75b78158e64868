"""Bounds of shares where levels are missing: against every way in which they could fall."""

from __future__ import annotations

from itertools import product

import pytest

from reportgen.stats.missing_values import missing_bounds


@pytest.mark.parametrize(
    ("events", "n", "unknown_events", "unknown"), [(2, 3, 1, 3), (0, 4, 2, 2), (5, 5, 0, 4), (1, 2, 0, 1)]
)
def test_they_are_the_least_and_the_most_of_all_ways(events, n, unknown_events, unknown):
    shares = []
    for has in product((0, 1), repeat=unknown):
        with_event = sum(has[:unknown_events])
        shares.append((events + with_event) / (n + sum(has)))
    low, high = missing_bounds(events, n, unknown_events, unknown)
    assert (low.value, high.value) == (min(shares), max(shares))
