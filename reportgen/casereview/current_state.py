"""How a patient is now: relapsed or not, on treatment or not."""

from __future__ import annotations

from reportgen.analyses import given_durations as given
from reportgen.casereview.case import Case


def relapsed(case: Case) -> dict:
    """The date of relapse, or its day alone where the settings give it as a duration."""
    days = given.relapses(case.cohort)
    if days is None:
        return case.moment("relapse_date")
    day = float(days[case.position])
    return {"date": None, "day": None if day != day else day}


def treatment(case: Case) -> str:
    """stopped, continues or unknown."""
    if case.day("treatment_stop") is not None or case.word("stop_reason"):
        return "stopped"
    if "treatment_stop" not in case.cohort.patients.frame or not case.alive:
        return "unknown"
    return "continues"
