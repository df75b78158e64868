"""Response by measured size alone: the share of all patients whose tumour shrank as much as the settings ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportgen.analyses import patient_columns as columns
from reportgen.analyses.exact_shares import share
from reportgen.analyses.tumours import Course
from reportgen.base.message import joined, message
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Estimate


def size_rates(cohort: Cohort, courses: Sequence[Course]) -> tuple[Estimate, ...]:
    """size_response, and size_response_confirmed where a confirmation is asked for, for all and per group.

    Of all treated patients: who was not measured twice counts as without it. confirmed: as small again so many days
    after the first time or later.
    """
    settings = cohort.settings
    threshold, days = settings.size_thresholds[0], settings.confirmation_days
    kinds = [("size_response", 0, message("smaller by {n}% of the baseline or more", n=f"{-threshold:g}"))]
    if days:
        again = message("smaller by {n}% of the baseline or more, again {k} days later or more",
                        n=f"{-threshold:g}", k=days)  # fmt: skip
        kinds.append(("size_response_confirmed", days, again))
    found = []
    for statistic, after, how in kinds:
        answered = np.zeros(cohort.n, bool)
        answered[[course.patient for course in courses if course.reached(threshold / 100, after)]] = True
        for group, mask in columns.groups(cohort).items():
            row = share(int((answered & mask).sum()), int(mask.sum()), settings.confidence_level)
            found.append(replace(row, statistic=statistic, group=group, method=joined([how, row.method])))
    return tuple(found)
