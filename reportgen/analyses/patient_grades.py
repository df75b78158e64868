"""The worst grade of toxicity of each patient, as listings show it."""

from __future__ import annotations

import numpy as np

from reportgen.analyses import toxicities
from reportgen.cohort.cohort import Cohort

NOT_GRADED = "not graded"


def worst_grades(cohort: Cohort) -> dict[str, np.ndarray]:
    """worst_grade and, where the data tell relations, worst_related_grade: a cell per patient; {} without toxicities.

    A cell is a grade, 0 for none, NOT_GRADED, or None where the patient was not assessed or not all is known.
    """
    if cohort.lacks(("toxicities.term",)):
        return {}
    events = toxicities.read(cohort)
    which = {"worst_grade": np.ones(len(events), bool)}
    if events.facts["has_attribution"]:
        which["worst_related_grade"] = events.related
    found = {}
    for name, mine in which.items():
        cells = toxicities.worst_grades(events, mine).astype(object)
        cells[cells == toxicities.NO_GRADE] = NOT_GRADED
        cells[~events.assessed] = None
        cells[toxicities.partly_known(events)] = None
        found[name] = cells
    return found
