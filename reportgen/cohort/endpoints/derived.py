"""The endpoints that are derived without any setting: what begins, ends and competes, who is left out, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints.next_lines import LINES_FROM, NEXT_LINE, SECOND_PROGRESSION, UNDATED_LINE
from reportgen.settings.model import EndpointRule

RESPONDED = ("CR", "PR")
START = "the start of treatment"
WITH_TREATMENT = "treatment_start"
Exclusion = tuple[str, pd.Series]


@dataclass(frozen=True)
class Definition:
    """An endpoint in data and words. who: the patients to whom it does not apply, with reasons, in order.

    needs: columns without which it can't be derived, beyond those of the rule. optional: where they are absent it is
    passed over in silence, as nobody who keeps no lines of treatment misses the time to the next one.
    """

    rule: EndpointRule
    text: str
    event_label: str
    competing_label: str = ""
    needs: tuple[str, ...] = ()
    who: Callable[[Table], list[Exclusion]] | None = None
    optional: bool = False


def _not_responding(patients: Table) -> list[Exclusion]:
    response, days = patients.frame["best_response"], patients.days
    responder = response.isin(RESPONDED)
    undated = responder & days["response_date"].isna()
    relapse = days.get("relapse_date", pd.Series(np.nan, index=days.index))
    return [
        ("response not recorded", response.isna()),
        ("no response", response.notna() & ~responder),
        ("date of response not recorded", undated),
        ("relapse before the response", relapse < days["response_date"]),
    ]


def _not_stopped_in_response(patients: Table) -> list[Exclusion]:
    frame, days = patients.frame, patients.days
    stop = days["treatment_stop"]
    reason = frame.get("stop_reason", pd.Series(None, index=frame.index, dtype=object))
    response = frame["best_response"]
    return [
        (
            "relapse on treatment",
            (days["relapse_date"] <= stop) | (days["relapse_date"].notna() & stop.isna()),
        ),
        ("treatment not stopped, or no date of stopping", stop.isna()),
        ("stopped for progression", reason.eq("progression")),
        ("treatment ended by death", reason.eq("death") | (days["death_date"] <= stop)),
        ("response not recorded", response.isna()),
        ("never in response", response.notna() & ~response.isin(RESPONDED)),
    ]


def _no_relapse(patients: Table) -> list[Exclusion]:
    return [("no relapse", patients.days["relapse_date"].isna())]


def _stop_unknown(patients: Table) -> list[Exclusion]:
    frame = patients.frame
    if "stop_reason" not in frame:
        return []
    return [
        (
            "date of stopping not recorded",
            frame["stop_reason"].notna() & patients.days["treatment_stop"].isna(),
        )
    ]


def _lines_unknown(patients: Table) -> list[Exclusion]:
    return [
        ("lines of treatment not recorded", patients.days[LINES_FROM].isna()),
        ("start of the next line not recorded", patients.days[UNDATED_LINE].notna()),
    ]


DERIVED = (
    Definition(
        EndpointRule("os", "Overall survival", events=("death_date",)),
        f"Time from {START} to death from any cause; patients not known to have died are censored at their "
        "last contact.",
        "death",
    ),
    Definition(
        EndpointRule("pfs", "Progression-free survival", events=("relapse_date", "death_date")),
        f"Time from {START} to relapse, progression or death from any cause, whichever comes first; "
        "patients without any of these are censored at their last contact.",
        "relapse, progression or death",
    ),
    Definition(
        EndpointRule("relapse", "Relapse", events=("relapse_date",), competing=("death_date",)),
        f"Time from {START} to relapse or progression; death without relapse is a competing event; "
        "patients with neither are censored at their last contact.",
        "relapse or progression",
        "death without relapse",
    ),
    Definition(
        EndpointRule("duration_of_response", "Duration of response", "response_date",
                     ("relapse_date", "death_date")),
        "In patients with a complete or partial response: time from the first response to relapse, progression "
        "or death; patients without any of these are censored at their last contact.",
        "relapse, progression or death",
        needs=("best_response", "response_date"),
        who=_not_responding,
    ),
    Definition(
        EndpointRule("time_on_treatment", "Time on treatment", WITH_TREATMENT, events=("treatment_stop", "death_date")),
        f"Time from {START} to the day it was stopped for any reason, or to death on treatment; patients still "
        "on treatment are censored at their last contact.",
        "end of treatment",
        needs=("treatment_stop",),
        who=_stop_unknown,
    ),
    Definition(
        EndpointRule("survival_after_relapse", "Survival after relapse", "relapse_date", ("death_date",)),
        "In patients with relapse or progression: time from it to death from any cause; patients not known to have "
        "died are censored at their last contact.",
        "death",
        needs=("relapse_date",),
        who=_no_relapse,
    ),
    Definition(
        EndpointRule("relapse_free_after_stopping", "Relapse-free survival after stopping", "treatment_stop",
                     ("relapse_date", "death_date")),
        "In patients who stopped treatment while in complete or partial response, without relapse until then and "
        "not because of progression or death: time from the stop to relapse, progression or death; patients "
        "without any of these are censored at their last contact.",
        "relapse, progression or death",
        needs=("best_response", "treatment_stop", "relapse_date", "death_date"),
        who=_not_stopped_in_response,
    ),
    Definition(
        EndpointRule("ttp", "Time to progression", events=("relapse_date",)),
        f"Time from {START} to relapse or progression; patients without it, also those who died, are censored at "
        "their last contact.",
        "relapse or progression",
        optional=True,
    ),
    Definition(
        EndpointRule("ttnt", "Time to next treatment", events=(NEXT_LINE, "death_date")),
        f"Time from {START} to the start of the next line of treatment or death from any cause; patients with "
        "neither are censored at their last contact.",
        "next line of treatment or death",
        needs=(NEXT_LINE,),
        who=_lines_unknown,
        optional=True,
    ),
    Definition(
        EndpointRule("pfs2", "Progression-free survival 2 (PFS2)", events=(SECOND_PROGRESSION, "death_date")),
        f"Time from {START} to progression on the next line of treatment or death from any cause; where that "
        "progression has no date of its own, the start of the line after counts; patients with none of these are "
        "censored at their last contact.",
        "progression on the next line or death",
        needs=(NEXT_LINE,),
        who=_lines_unknown,
        optional=True,
    ),
)  # fmt: skip
