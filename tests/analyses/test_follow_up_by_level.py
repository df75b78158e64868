"""The level that all share who had the event, and whether enough of the others were still observed by then."""

from __future__ import annotations

import pytest

from reportgen.analyses.follow_up_by_level import shared_level
from reportgen.stats.events import event_table


@pytest.mark.parametrize(("observed", "still"), [([200, 200, 50, 50], True), ([200, 50, 50, 50], False)])
def test_half_of_the_others_must_be_observed_at_the_median_time_of_the_events(observed, still):
    """Events on days 80, 100 and 120; of four others two or one are followed beyond day 100."""
    levels = {
        "fusion": event_table([80, 100, 120], [1, 1, 1]),
        "none": event_table(observed, [0] * len(observed)),
    }
    assert shared_level(levels, 3) == ("fusion", still)


def test_no_level_is_shared_where_one_who_had_the_event_has_another():
    levels = {"fusion": event_table([80, 100], [1, 1]), "none": event_table([90, 300], [1, 0])}
    assert shared_level(levels, 3) == ("", False)
