"""What became known only after the start as a covariate that changes during follow-up, beside the landmark."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses.outcomes import limits
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.stats import gates as gate
from reportgen.stats.design import no_ratios
from reportgen.stats.notes import compared, refused
from reportgen.stats.results import Estimate
from reportgen.stats.timedependent import CHANGING, time_dependent_cox

STATISTICS = {"hazard_ratio": "hazard_ratio_time_dependent", "p_value": "p_value_time_dependent"}


def time_dependent(
    section: str, cohort: Cohort, endpoint: EndpointData, name: str, known_at: np.ndarray
) -> tuple[Estimate, ...]:
    """hazard_ratio_time_dependent and p_value_time_dependent from the start on, under the feature's name in ids.

    known_at: per patient of the endpoint, as Later.known_at has it; who cannot be told is left out. A patient counts
    as without the feature until the day it became known, and as with it afterwards. Refused where the events are too
    few for Cox's model, or all before, or all after it became known; nothing with late entry, and of endpoints with a
    competing event, which have no landmark analysis either.
    """
    if endpoint.entry is not None or endpoint.competes:
        return ()
    told = ~np.isnan(known_at)
    duration, event = endpoint.duration[told], (endpoint.status[told] == 1).astype(int)
    known = np.where(np.isinf(known_at[told]), np.nan, known_at[told])
    after = int(event[known <= duration].sum())
    allowed = gate.model(int(event.sum()), 1, (after, int(event.sum()) - after), limits(cohort.settings))
    if allowed.method == "cox":
        rows = time_dependent_cox(duration, event, {name: known}, level=cohort.settings.confidence_level)
    else:
        facts = {"n": int(told.sum()), "events": int(event.sum())}
        rows = no_ratios((name,), "hazard_ratio", refused(allowed.reason), CHANGING, facts)
    words = message("once known against before or never")
    labels = {"section": section, "endpoint": endpoint.key, "group": name, "variable": None}
    return tuple(
        replace(row, statistic=STATISTICS[row.statistic], method=compared(row.method, words), **labels)
        for row in rows
    )
