"""What became known only after the start as a covariate that changes during follow-up, beside the landmark."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses.outcomes import interval_rule
from reportgen.base import aside
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.stats import gates as gate
from reportgen.stats.design import no_ratios
from reportgen.stats.notes import compared, refused
from reportgen.stats.results import Curve, Estimate, label
from reportgen.stats.simon_makuch import simon_makuch
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
    aside.rest()
    duration, event, known = _told(endpoint, known_at)
    after = int(event[known <= duration].sum())
    allowed = gate.model(int(event.sum()), 1, (after, int(event.sum()) - after), cohort.settings.gates)
    if allowed.method == "cox":
        rows = time_dependent_cox(duration, event, {name: known}, level=cohort.settings.confidence_level)
    else:
        facts = {"n": len(event), "events": int(event.sum())}
        rows = no_ratios((name,), "hazard_ratio", refused(allowed.reason), CHANGING, facts)
    words = message("once known against before or never")
    labels = {"section": section, "endpoint": endpoint.key, "group": name, "variable": None}
    return tuple(
        replace(row, statistic=STATISTICS[row.statistic], method=compared(row.method, words), **labels)
        for row in rows
    )


def _told(endpoint: EndpointData, known_at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Duration, whether the event happened (0, 1), and when it became known, nan where never, of whom that is told."""
    told = ~np.isnan(known_at)
    told = slice(None) if told.all() else told
    known = known_at[told]
    return (
        endpoint.duration[told],
        (endpoint.status[told] == 1).astype(np.int8),
        np.where(np.isinf(known), np.nan, known),
    )


def changing_curves(
    section: str,
    cohort: Cohort,
    endpoint: EndpointData,
    key: str,
    known_at: np.ndarray,
    day: float,
    groups: tuple[str, str],
) -> tuple[Curve, ...]:
    """The Simon–Makuch curves of those at risk at the landmark: with the feature and without it, at each time.

    key: of the endpoint after the landmark; groups: what the two are called there. Drawn only where `time_dependent`
    fits a model: nothing where it is refused, or where either curve would stand on too little (see simon_makuch).
    """
    aside.rest()
    duration, event, known = _told(endpoint, known_at)
    rule, level = interval_rule(cohort.settings), cohort.settings.confidence_level
    found = simon_makuch(duration, event, known, day, level=level, rule=rule) or ()
    return tuple(
        curve
        for name, one in zip(groups, found, strict=False)
        for curve in label((one,), section=section, endpoint=key, group=name)
    )
