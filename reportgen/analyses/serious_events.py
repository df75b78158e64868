"""Serious adverse events: patients with one, in all, per category and per term.

Serious is what the sheet says is (ICH E2A: death, danger to life, hospital, disability), whatever the grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.analyses.toxicities import Events, largest, unknown_of, variables
from reportgen.base.message import message
from reportgen.base.required import required
from reportgen.cohort.cohort import Cohort
from reportgen.cohort.distinct import chosen
from reportgen.stats.results import Estimate


def serious_events(
    section: str, cohort: Cohort, events: Events, groups: Mapping[str, np.ndarray]
) -> tuple[Estimate, ...]:
    """`serious` of the total and of each category and term with one, for all and per group; nothing where no row says
    whether its event was serious. Of rows that say one event several times it is serious if any says so.

    Of the assessed patients, as any grade is; an event of which it is not recorded counts as not serious, and how many
    these are is noted. R: binom.test(k, n).
    """
    if cohort.lacks(("toxicities.serious",)):
        return ()
    table = required(cohort.toxicities)
    word, words = columns.word_codes(table, "serious")
    worth = np.array([float(one == "yes") for one in words] + [np.nan], np.float16)
    said = largest(events, chosen(worth, word))
    open_ones = int(np.isnan(said).sum())
    if open_ones == len(said):
        return ()
    unknown = message("events for which this is not recorded count as not serious: {k}", k=open_ones)
    serious, found = said == 1.0, []
    for place, (variable, mine) in enumerate(variables(events)):
        rows = mine & serious
        if place and not rows.any():
            continue
        having = np.bincount(events.patient[rows], minlength=cohort.n) > 0
        known = events.assessed & (having | ~unknown_of(events, place, mine))
        for group, mask in groups.items():
            row = share(
                int((having & mask).sum()), int((known & mask).sum()), cohort.settings.confidence_level
            )
            note = row.note or (unknown if open_ones and not place else "")
            found.append(
                replace(row, statistic="serious", section=section, variable=variable, group=group, note=note)
            )
    return tuple(found)
