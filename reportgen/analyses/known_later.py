"""What became known only after the start (response, severe toxicity), compared from a landmark on.

Compared from the start, such a feature favours whoever lived long enough to show it (immortal time). So
the clock starts anew at a landmark, for those still at risk, by what was known then (Anderson, Cain &
Gelber, J Clin Oncol 1983).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses import toxicities
from reportgen.analyses.changing import changing_curves, time_dependent
from reportgen.analyses.outcomes import in_groups, landmark_days, log_rank, one_group
from reportgen.base.described import DescribedLandmark
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.distinct import slices
from reportgen.settings.model import Settings
from reportgen.stats.events import event_tables, rounded
from reportgen.stats.landmarks import at_landmark
from reportgen.stats.results import Results, label
from reportgen.stats.timedependent import landmark

SIX_MONTHS = 182.625
RESPONDERS = ("CR", "PR")
SEVERE = 3


@dataclass(frozen=True)
class Later:
    """A feature that becomes known after the start.

    known_at: per patient of the cohort the day it was known, inf where it never was, nan where that cannot
    be told. yes, no: those who had it by the landmark, and those who had not.
    """

    name: str
    label: str
    yes: str
    no: str
    known_at: np.ndarray


def landmark_day(settings: Settings) -> float:
    """Six months, or the first landmark of the settings where that is earlier."""
    return min([SIX_MONTHS, *(day for day in landmark_days(settings) if day > 0)])


def later_features(cohort: Cohort) -> tuple[Later, ...]:
    """Those whose dates the source has."""
    found = []
    if not cohort.lacks(("patients.best_response", "patients.response_date")):
        found.append(Later("response", "response", "response", "no response", _response(cohort)))
    if not cohort.lacks(("toxicities.grade", "toxicities.onset_date")):
        label = f"toxicity of grade ≥ {SEVERE}"
        found.append(
            Later("severe_toxicity", label, f"grade ≥ {SEVERE}", f"below grade {SEVERE}",
                  cohort.once("first severe toxicity", lambda: _severe(cohort)))
        )  # fmt: skip
    return tuple(found)


def _response(cohort: Cohort) -> np.ndarray:
    best, distinct = columns.word_codes(cohort.patients, "best_response")
    at = columns.days(cohort.patients, "response_date")
    responder = np.array([*(word in RESPONDERS for word in distinct), False], bool)
    return np.where(responder[best], at, np.where(best >= 0, np.inf, np.nan))


def _severe(cohort: Cohort) -> np.ndarray:
    events = toxicities.read(cohort)
    first = np.where(events.assessed, np.inf, np.nan)
    # minimum, unlike fmin, keeps nan: one severe event without a day leaves the patient's first one unknown.
    with np.errstate(invalid="ignore"):
        for part in slices(len(events)):
            severe = events.grade[part] >= SEVERE
            np.minimum.at(first, events.patient[part][severe], events.onset[part][severe])
    return first + columns.treatment_days(
        cohort
    )  # the landmark counts from time zero, an onset from treatment


def landmark_analysis(
    section: str, cohort: Cohort, endpoint: EndpointData, feature: Later
) -> tuple[Results, DescribedLandmark]:
    """Those at risk at the landmark by what was known then: events, survival, curves, and the exact test.

    The endpoint is named `<key>_after_landmark_by_<feature>` and its clock starts at the landmark; survival
    is given at the first landmark of the settings, counted from there. With late entry those who entered after the
    landmark were not at risk at it, and are left out. Facts: how many were, for want of a date alone.
    """
    day, gates = landmark_day(cohort.settings), cohort.settings.gates
    position = cohort.patients.frame.index.get_indexer(endpoint.rows)
    known_at = feature.known_at[position]
    # First what takes most memory, of ten million patients, while nothing else is held.
    model = time_dependent(section, cohort, endpoint, feature.name, known_at)
    key = f"{endpoint.key}_after_landmark_by_{feature.name}"
    curves = (
        changing_curves(section, cohort, endpoint, key, known_at, day, (feature.yes, feature.no))
        if any(row.exists for row in model)
        else ()
    )
    total = Results(model, curves)
    status = (endpoint.status == 1).astype(np.int8)
    under = np.ones(len(status), bool) if endpoint.entry is None else endpoint.entry <= day
    told = ~np.isnan(known_at) & under
    split = landmark(endpoint.duration[told], status[told], known_at[told], day)
    after = replace(
        endpoint,
        key=key,
        rows=endpoint.rows[told][split.kept],
        duration=split.duration,
        status=split.status,
        entry=None,
    )
    groups = {feature.yes: split.known, feature.no: ~split.known}
    for name, mask in groups.items():
        estimates, curve = one_group(after, mask, landmark_days(cohort.settings)[:1], cohort.settings)
        names = {"section": section, "endpoint": after.key, "group": name}
        total += Results(label(estimates, **names), label((curve,), **names))
    facts = DescribedLandmark(
        key=after.key,
        whole=endpoint.key,
        endpoint_label=endpoint.label,
        event=endpoint.event_label,
        name=feature.name,
        label=feature.label,
        yes=feature.yes,
        no=feature.no,
        n=len(split.known),
        untold=_at_risk(endpoint, np.isnan(known_at) & under, day),
    )
    if all(mask.any() for mask in groups.values()):
        rows = in_groups(split.duration, split.status, list(groups.values()))
        test = log_rank(event_tables(*rows), lambda: rows, gates)
        row = test.estimate(n=len(split.known), events=int(split.status.sum()))
        row = replace(row, method=message("{text}, from a landmark on", "from_landmark", text=test.name))
        total += Results(label((row,), section=section, endpoint=after.key, group=feature.name))
    return total, facts


def _at_risk(endpoint: EndpointData, mask: np.ndarray, day: float) -> int:
    """How many of the patients in mask were at risk at the landmark, by the rule of those whom the table counts."""
    return int(
        at_landmark(rounded(endpoint.duration[mask]), endpoint.status[mask] == 1, float(rounded(day))).sum()
    )
