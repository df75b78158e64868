"""Times with a toxicity of grade 3 or more, off treatment and before the next line."""

from __future__ import annotations

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses import toxicities
from reportgen.cohort.cohort import Cohort
from reportgen.stats.treatment_free_toxicity import Spells

NEEDED = ("toxicities.onset_date", "toxicities.resolved_date", "toxicities.grade")


def known_toxicity(cohort: Cohort) -> np.ndarray | None:
    """Which patients were assessed and have a day of onset for each grade ≥ 3; None where the columns are absent."""
    if cohort.lacks(NEEDED):
        return None
    events = toxicities.read(cohort)
    known = events.assessed.copy()
    known[events.patient[(events.grade >= toxicities.SEVERE) & np.isnan(events.onset)]] = False
    return known


def toxic_spells(cohort: Cohort, place: np.ndarray, off: np.ndarray, until: np.ndarray) -> Spells:
    """Of each patient the days with any event of grade ≥ 3, those that overlap as one.

    place: (n,) positions of the patients in the cohort; off, until: the days between which they are off treatment
    without a next line. An event without a day of resolution goes on.
    """
    events = toxicities.read(cohort)
    resolved = toxicities.resolved(cohort, events)
    resolved = resolved - columns.treatment_days(cohort)[events.patient]
    mine = {int(whose): k for k, whose in enumerate(place)}
    found: list[tuple[int, float, float]] = []
    severe = np.flatnonzero((events.grade >= toxicities.SEVERE) & ~np.isnan(events.onset))
    for row in severe[np.lexsort((events.onset[severe], events.patient[severe]))].tolist():
        k = mine.get(int(events.patient[row]))
        if k is None:
            continue
        start = max(float(events.onset[row]), float(off[k]))
        stop = min(float(np.inf if np.isnan(resolved[row]) else resolved[row]), float(until[k]))
        if found and found[-1][0] == k and start <= found[-1][2]:
            start, stop = found[-1][1], max(stop, found.pop()[2])
        if stop > start:
            found.append((k, start, stop))
    who, start, stop = zip(*found, strict=True) if found else ((), (), ())
    return Spells(np.array(who, int), np.array(start, float), np.array(stop, float))
