"""The summary: a structured abstract of what the other chapters found, and the numbers at a glance.

It computes nothing. It quotes the estimates of the other chapters, and draws no conclusion beyond them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.analyses import outcomes
from reportgen.analyses import patient_columns as columns
from reportgen.chapters.summary.facts import KEY, SummaryFacts
from reportgen.cohort.cohort import Cohort
from reportgen.stats.results import Results


def analyse(cohort: Cohort) -> Results:
    """Nothing is computed here; the facts that open the abstract."""
    dated = _treated(cohort)
    settings = cohort.settings
    facts = SummaryFacts(
        **vars(outcomes.context(cohort)),
        n=cohort.n,
        diagnosis=settings.diagnosis or _single(cohort, "diagnosis"),
        treatment=settings.treatment or _single(cohort, "treatment"),
        years=(int(dated.min().year), int(dated.max().year)) if len(dated) else None,
        cutoff=cohort.cutoff.isoformat() if cohort.cutoff else None,
        has_relapses=bool((~np.isnan(columns.relapse_days(cohort))).any()),
        has_toxicities=not cohort.lacks(("toxicities.term",)),
    )
    return Results(facts={KEY: facts})


def _treated(cohort: Cohort) -> pd.Series:
    """The days on which treatment started, as far as they are dated, whatever the day is from which times count."""
    starts = cohort.patients.frame.get("treatment_start")
    if starts is None or not pd.api.types.is_datetime64_any_dtype(starts):
        return pd.Series(dtype="datetime64[ns]")
    return starts.dropna()


def _single(cohort: Cohort, column: str) -> str:
    """The one value of a column that is the same for all; "" otherwise."""
    values = cohort.patients.frame.get(column)
    found = [] if values is None else values.dropna().unique()
    return str(found[0]) if len(found) == 1 else ""
