"""When the dose was first reduced, and when treatment was first interrupted: cumulative incidences from its start.

Of the patients whose doses are known. The stop of treatment and death compete, for whoever has no treatment left has no
dose that could be changed; who is still on treatment is censored at the last contact.
"""

from __future__ import annotations

import numpy as np

from reportgen.analyses import incidences, outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.analyses.doses import Level, dose_levels, is_interruption, is_reduction
from reportgen.analyses.groups import comparable
from reportgen.cohort.cohort import Cohort
from reportgen.stats.events import event_table
from reportgen.stats.results import Results, label

KINDS = {"dose_reduction": is_reduction, "dose_interruption": is_interruption}
MONTH = 30.4375
FEWEST = 3


def times(cohort: Cohort) -> tuple[float, ...]:
    """One, three, six and twelve months, and the landmarks of the report."""
    months = (k * MONTH for k in (1, 3, 6, 12))
    return tuple(sorted({*months, *outcomes.landmark_days(cohort.settings)}))


def dose_changes_over_time(section: str, cohort: Cohort) -> Results:
    """Both, for all and per group known at the start; nothing without doses, or without one such change.

    R: survfit(Surv(time, factor(status)) ~ 1), tests/golden/dose_changes.R.
    """
    levels, observed = dose_levels(cohort), columns.exposure_days(cohort)
    known = np.zeros(cohort.n, bool)
    known[list(levels)] = True
    known &= ~np.isnan(observed) & (observed > 0)
    died = columns.death_days(cohort) - columns.treatment_days(cohort) <= observed
    ended = columns.stopped(cohort) & ~died
    groups = columns.groups(cohort) if comparable(cohort) else {"all": np.ones(cohort.n, bool)}
    results = Results()
    for key, holds in KINDS.items():
        first = _first(cohort, levels, holds)
        had = known & (first <= observed)
        if not had.any():
            continue
        time, status = np.where(had, first, observed), np.where(had, 1, np.where(died | ended, 2, 0))
        for name, mask in groups.items():
            who = mask & known
            if who.sum() >= FEWEST:
                table = event_table(time[who], status[who], causes=2)
                estimates, curve = incidences.of_incidence(table, times(cohort), cohort.settings, True)
                names = {"section": section, "endpoint": key, "group": name}
                results += Results(label(estimates, **names), label((curve,), **names))
    return results


def _first(cohort: Cohort, levels: dict[int, tuple[Level, ...]], holds) -> np.ndarray:
    """Per patient the days from the start of treatment to the first such level; inf where there is none."""
    begun, found = columns.treatment_days(cohort), np.full(cohort.n, np.inf)
    for i, some in levels.items():
        starts = [level.start for level in some if holds(level.dose)]
        found[i] = max(min(starts) - begun[i], 0.0) if starts else np.inf
    return found
