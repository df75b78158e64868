"""How a patient is now: relapsed or not, on treatment or not."""

from __future__ import annotations

from typing import Literal

from reportgen.analyses import given_durations as given
from reportgen.casereview.case import Case, Moment
from reportgen.cohort.cohort import Cohort

Going = Literal["stopped", "continues", "unknown"]


def relapsed(case: Case) -> Moment:
    """The date of relapse, or its day alone where the settings give it as a duration."""
    days = given.relapses(case.cohort)
    if days is None:
        return case.moment("relapse_date")
    day = float(days[case.position])
    return Moment(day=None if day != day else day)


def relapse_known(cohort: Cohort) -> bool:
    """Whether the data tell of relapses, by a date or by a duration of the settings."""
    return "relapse_date" in cohort.patients.frame or given.given(cohort, "relapse") is not None


def treatment(case: Case) -> Going:
    """Whether the index treatment goes on."""
    if case.day("treatment_stop") is not None or case.word("stop_reason"):
        return "stopped"
    if "treatment_stop" not in case.cohort.patients.frame or not case.alive:
        return "unknown"
    return "continues"
