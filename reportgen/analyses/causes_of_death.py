"""Deaths by their cause: the cumulative incidence of each, all other causes competing."""

from __future__ import annotations

from collections import Counter

import numpy as np

from reportgen.analyses import outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import counted_only
from reportgen.analyses.groups import compared_groups
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort, EndpointData
from reportgen.settings.model import Settings
from reportgen.stats.events import event_table
from reportgen.stats.incidence import cumulative_incidence_at
from reportgen.stats.results import Estimate, label, subgroup

KEY, VARIABLE = "os", "cause_of_death"
NO_CAUSE, OTHER = "cause not recorded", "other cause"
MOST = 8  # causes; the rarer ones of more are one


def causes_of_death(section: str, cohort: Cohort) -> tuple[Estimate, ...]:
    """Per cause the deaths and their incidence at the landmarks, of all (`….cause_of_death.infection.…`) and by group.

    Nothing where no cause is recorded, or one alone, of which the incidence is 1 − overall survival.
    """
    endpoint = cohort.endpoints.get(KEY)
    if cohort.lacks((f"patients.{VARIABLE}",)) or endpoint is None or endpoint.competes:
        return ()
    cause, names = _by_cause(cohort, endpoint)
    if len(names) < 2 or names == [NO_CAUSE]:
        return ()
    found: list[Estimate] = []
    groups = {"all": np.ones(len(cause), bool)} | compared_groups(cohort, endpoint.rows)
    for group, mask in groups.items():
        for k, rows in enumerate(_of_group(endpoint, cause, len(names), mask, cohort.settings)):
            found += label(rows, section=section, variable=VARIABLE, group=subgroup(group, names[k]))
    return tuple(found)


def _by_cause(cohort: Cohort, endpoint: EndpointData) -> tuple[np.ndarray, list[str]]:
    """Per patient of the endpoint 0 without death, else the place of the cause from 1 on; the most frequent first."""
    place = cohort.patients.frame.index.get_indexer(endpoint.rows)
    died = np.flatnonzero(endpoint.status == 1)
    words = columns.words(cohort.patients, VARIABLE)
    said = [str(words[k] or NO_CAUSE) for k in place[died]]
    count = Counter(said)
    order = sorted(count, key=lambda name: (name == NO_CAUSE, -count[name], name))
    known = [name for name in order if name != NO_CAUSE]
    if len(known) > MOST:
        kept = [name for name in known if name != OTHER][: MOST - 1]
        said = [name if name in (*kept, NO_CAUSE) else OTHER for name in said]
        order = [*kept, OTHER, *([NO_CAUSE] if NO_CAUSE in count else [])]
    number = {name: k for k, name in enumerate(order, 1)}
    cause = np.zeros(len(endpoint.rows), int)
    cause[died] = [number[name] for name in said]
    return cause, order


def _of_group(
    endpoint: EndpointData, cause: np.ndarray, causes: int, mask: np.ndarray, settings: Settings
) -> list[list[Estimate]]:
    """Of each cause its deaths, and its incidence at each landmark."""
    table = event_table(endpoint.duration[mask], cause[mask], causes=causes, entry=endpoint.entry_of(mask))
    rule, level, n = outcomes.interval_rule(settings), settings.confidence_level, int(mask.sum())
    found = []
    for k in range(1, causes + 1):
        died = int((cause[mask] == k).sum())
        count = Estimate("count", value=died, n=n, events=died, method=message("patients who died of it"))
        at = [
            cumulative_incidence_at(table, k, time, level=level, rule=rule)
            for time in outcomes.landmark_days(settings)
        ]
        found.append([count, *counted_only(at, n)])
    return found
