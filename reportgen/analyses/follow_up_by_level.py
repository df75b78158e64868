"""How long the patients of each level of a feature were followed, and whether levels can be compared for it.

A proportion with the event compares like with like only where all were under observation for about as long:
of ten patients followed for four months none can have relapsed at nine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.stats.events import EventTable, pooled
from reportgen.stats.notes import not_estimable
from reportgen.stats.results import Estimate
from reportgen.stats.whole_days import median

# Conventions of this project. Of fewer than three patients the median says nothing of how they were followed.
LONGER, FEWEST = 1.5, 3
STILL_OBSERVED = 0.5
METHOD = message("median of the times to last contact or death")


def observed_days(cohort: Cohort, endpoint: EndpointData) -> np.ndarray:
    """Per patient of the endpoint the days to last contact or death; without these, those of the endpoint."""
    days = columns.end_of_observation(cohort)[cohort.patients.frame.index.get_indexer(endpoint.rows)]
    return np.where(np.isnan(days), endpoint.duration, days)


def median_follow_up(days: np.ndarray, **labels) -> Estimate:
    """The median time under observation, in days."""
    if not len(days):
        return Estimate(
            "median_follow_up",
            n=0,
            method=METHOD,
            note=not_estimable(message("no patients", "no_patients")),
            **labels,
        )
    return Estimate("median_follow_up", value=median(days), n=len(days), method=METHOD, **labels)


def differs(days: Sequence[np.ndarray]) -> bool:
    """Whether one side was followed for more than LONGER times as long as another, by the medians."""
    medians = [median(side) for side in days if len(side) >= FEWEST]
    return len(medians) > 1 and max(medians) > LONGER * min(medians)


def shared_level(levels: Mapping[str, EventTable], total: int) -> tuple[str, bool]:
    """The level of all who had the event, and whether half of the others were still observed by then.

    Then: the median time of these events. "" where they share none, or all patients are alike, or of some of those
    who had it the level is not recorded. total: how many had it.
    """
    events = {level: table.events[0] for level, table in levels.items()}
    carrying = [level for level, happened in events.items() if total and happened.sum() == total]
    if not carrying or len(levels) < 2:
        return "", False
    table = levels[carrying[0]]
    others = pooled([one for level, one in levels.items() if level != carrying[0]])
    middle = float(np.median(np.repeat(table.time, events[carrying[0]])))
    return carrying[0], bool(others.at_risk_at(middle) >= STILL_OBSERVED * others.n)
