"""Endpoints beside survival and relapse that follow from what the data hold: the next line, and the line before.

Time to progression, time to next treatment and PFS2 are survival endpoints as any other (see endpoints.rules); the
growth modulation index sets the time without progression on this treatment against that on the line before.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen.analyses import incidences, outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.groups import compared_groups
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.endpoints.next_lines import lines_before
from reportgen.cohort.endpoints.rules import unasked
from reportgen.stats import gates as gate
from reportgen.stats.growth_modulation import METHOD, growth_modulation
from reportgen.stats.notes import refused
from reportgen.stats.results import Estimate, Results, label

PFS = "pfs"


def further_keys(cohort: Cohort) -> tuple[str, ...]:
    """The further endpoints that the data hold and the settings do not define, in printed order."""
    return tuple(key for key in unasked(cohort.settings) if key in cohort.endpoints)


def further_analysis(section: str, cohort: Cohort) -> Results:
    """Events, survival at the landmarks and median of each further endpoint, and the growth modulation index."""
    results = Results()
    times = outcomes.landmark_days(cohort.settings)
    for key in further_keys(cohort):
        if len(cohort.endpoints[key].rows):
            results += incidences.endpoint_analysis(section, cohort, key, times)
    return results + Results(label(growth_modulation_rows(cohort), section=section, endpoint=PFS))


def growth_modulation_rows(cohort: Cohort) -> tuple[Estimate, ...]:
    """Median ratio, share above 1.33, and how many had a line before without progression; nothing without lines."""
    if PFS not in cohort.endpoints or cohort.endpoints[PFS].competes:
        return ()
    rules = [rule for rule in cohort.settings.endpoint if rule.key == PFS]
    if any(rule.time or rule.origin or rule.events or rule.competing or rule.censor for rule in rules):
        return ()
    endpoint = cohort.endpoints[PFS]
    before = lines_before(cohort.patients, cohort.treatments, cohort.assessments).loc[endpoint.rows]
    had = before["began"].notna().to_numpy()
    spell = (before["progression"] - before["began"]).to_numpy(float)
    place = cohort.patients.frame.index.get_indexer(endpoint.rows)
    since = endpoint.duration - columns.treatment_days(cohort)[place]
    known = had & (spell > 0) & (since >= 0)
    if not known.any():
        return ()
    rows: list[Estimate] = []
    groups = {"all": np.ones(len(endpoint.rows), bool)} | compared_groups(cohort, endpoint.rows)
    for name, mask in groups.items():
        mine = known & mask
        rows += [
            replace(e, group=name) for e in _of_pairs(cohort, since[mine], endpoint.status[mine], spell[mine])
        ]
        unpaired = Estimate(
            "growth_modulation_unpaired",
            group=name,
            value=int((had & mask & ~known).sum()),
            n=int((had & mask).sum()),
            method=message("patients whose line before ended without a recorded progression"),
        )
        rows.append(unpaired)
    return tuple(rows)


def _of_pairs(
    cohort: Cohort, since: np.ndarray, statuses: np.ndarray, spell: np.ndarray
) -> tuple[Estimate, ...]:
    """since: days from the start of this treatment to its event or censoring, as the ratio has it."""
    status = (statuses == 1).astype(int)
    pair = growth_modulation(
        since,
        status,
        spell,
        level=cohort.settings.confidence_level,
        rule=outcomes.interval_rule(cohort.settings),
    )
    limits = gate.curve(len(status), int(status.sum()), cohort.settings.gates), gate.interval(len(status))
    allowed = next((one for one in limits if not one.allowed), None)
    if allowed is None:
        return pair
    nothing = {"value": None, "low": None, "high": None, "se": None, "note": refused(allowed.reason)}
    return tuple(
        replace(e, method=METHOD, **nothing) if e.exists else replace(e, low=None, high=None) for e in pair
    )
