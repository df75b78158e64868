"""Follow-up: how long, by which measure, and how completely the patients were observed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import counted_only
from reportgen.analyses.groups import grouping
from reportgen.analyses.maturity import BOUNDED, extreme_bounds, known_at_landmarks, mature_after
from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.chapters.follow_up.facts import KEY, FollowUpFacts
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.cohort.mapping.keys import name_key
from reportgen.stats import followup, reverse_kaplan_meier
from reportgen.stats.descriptive import summarise
from reportgen.stats.results import Estimate, Results, label

REVERSE = "reverse"


def analyse(cohort: Cohort) -> Results:
    """Observation times (plain, reverse Kaplan–Meier), person-time, completeness, early censoring."""
    os, context = _observed(cohort), vars(outcomes.context(cohort))
    if os is None:
        return Results(facts={KEY: FollowUpFacts(**context, absent=cohort.unavailable["os"])})
    observed, died = os.duration, _ended(cohort, os).astype(int)
    alive, level = observed[died == 0], cohort.settings.confidence_level
    estimates: list[Estimate] = [
        *label(
            (
                replace(e, method=message("plain distribution of the time to last contact or death"))
                for e in summarise(observed)
            ),
            section=KEY,
        ),
        *label(
            (
                replace(e, method=message("time to last contact of patients alive at last contact"))
                for e in summarise(alive, statistics=("count", "median", "minimum", "maximum"))
            ),
            section=KEY,
            variable="survivors",
        ),
        *label(
            counted_only(
                [reverse_kaplan_meier.reverse_median(observed, died, entry=os.entry, level=level)],
                len(observed),
            ),
            section=KEY,
            endpoint=REVERSE,
        ),
        Estimate(
            "person_time",
            section=KEY,
            value=followup.person_time(observed, entry=os.entry),
            n=len(observed),
            method=message("sum of the times to last contact or death, in days"),
        ),
    ]
    estimates += [
        replace(followup.censored_before(observed, died, t), section=KEY, variable="censored", time=t)
        for t in outcomes.landmark_days(cohort.settings)
    ]
    possible = _possible(cohort)
    if possible is not None:
        estimates.append(
            replace(followup.completeness(_seen(os), possible), section=KEY, variable="completeness")
        )
    rows = (*extreme_bounds(cohort), *known_at_landmarks(cohort), *mature_after(cohort))
    estimates += label(rows, section=KEY)
    by_group = _by_group(cohort, os, died)
    estimates += by_group
    curve = reverse_kaplan_meier.reverse_kaplan_meier(observed, died, entry=os.entry, level=level)
    curve = replace(curve, section=KEY, endpoint=REVERSE)
    labels = {key: cohort.endpoints[key].label for key in BOUNDED if key in cohort.endpoints}
    facts = FollowUpFacts(
        **context, labels=labels, cutoff=cohort.cutoff, groups=tuple(e.group for e in by_group)
    )
    return Results(tuple(estimates), (curve,), {KEY: facts})


def _observed(cohort: Cohort) -> EndpointData | None:
    """Overall survival; where it cannot be derived, the first endpoint given as a duration; else None."""
    given = [cohort.endpoints[rule.key] for rule in cohort.settings.endpoint if rule.time]
    return cohort.endpoints.get("os") or next(iter(given), None)


def _by_group(cohort: Cohort, os: EndpointData, died: np.ndarray) -> list[Estimate]:
    """Median follow-up by the reverse Kaplan–Meier in each group that the settings name, by its own curve."""
    found = []
    for group, mask in grouping(cohort, os.rows).items():
        row = reverse_kaplan_meier.reverse_median(
            os.duration[mask], died[mask], entry=os.entry_of(mask), level=cohort.settings.confidence_level
        )
        found += label(counted_only([row], int(mask.sum())), section=KEY, endpoint=REVERSE, group=group)
    return found


def _seen(os: EndpointData) -> np.ndarray:
    """Days under observation: from the origin, or with late entry from the start of treatment on."""
    return os.duration if os.entry is None else os.duration - os.entry


def _possible(cohort: Cohort) -> np.ndarray | None:
    """Days until the cut-off, or until death, that could have been observed (see _seen); None without dates."""
    if cohort.cutoff is None:
        return None
    os = required(_observed(cohort))
    start = cohort.patients.start.loc[os.rows].to_numpy("datetime64[D]")
    if np.isnat(start).any():
        return None
    days = (np.datetime64(cohort.cutoff) - start).astype(float)
    origin = next(
        (rule.origin for rule in cohort.settings.endpoint if rule.key == os.key and not rule.time), ""
    )
    if origin and name_key(origin) in cohort.patients.days:
        days -= cohort.patients.days.loc[os.rows, name_key(origin)].to_numpy()
    days -= 0.0 if os.entry is None else os.entry
    return np.where(_ended(cohort, os), _seen(os), np.maximum(days, _seen(os)))


def _ended(cohort: Cohort, endpoint: EndpointData) -> np.ndarray:
    """Whose observation ended by an event or by death, whatever code ended the endpoint: none of them is alive."""
    here = cohort.patients.frame.index.get_indexer(endpoint.rows)
    return (endpoint.status != 0) | columns.dead(cohort)[here]
