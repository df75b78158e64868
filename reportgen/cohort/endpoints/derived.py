"""The endpoints that are derived without any setting: what begins, ends and competes, who is left out, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reportgen.base.message import N_, Message
from reportgen.cohort.cohort import Table
from reportgen.cohort.endpoints.next_lines import LINES_FROM, NEXT_LINE, SECOND_PROGRESSION, UNDATED_LINE
from reportgen.settings.model import EndpointRule

RESPONDED = ("CR", "PR")
WITH_TREATMENT = "treatment_start"
Exclusion = tuple[str, pd.Series]


@dataclass(frozen=True)
class Wording:
    """The templates of a derived endpoint's definition, by what the settings and the source make of it.

    from_start: the clock starts with the treatment. assessed: and it ends at the last adequate assessment. from_origin
    and from_origin_assessed: it starts at another date, the part {origin}.
    """

    from_start: str
    assessed: str = ""
    from_origin: str = ""
    from_origin_assessed: str = ""

    def of(self, origin: str, by_assessment: bool) -> Message:
        """The definition. origin: the label of the date at which the clock starts, "" for the start of treatment."""
        if not origin:
            return Message(self.assessed if by_assessment else self.from_start)
        template = self.from_origin_assessed if by_assessment else self.from_origin
        return Message(template, {"origin": Message(origin)})


@dataclass(frozen=True)
class Definition:
    """An endpoint in data and words. who: the patients to whom it does not apply, with reasons, in order.

    text: a Message; of those that are derived their Wording, until settings and source are known.
    population: what these have in common, in words; "" for all.
    needs: columns without which it can't be derived, beyond those of the rule. optional: where they are absent it is
    passed over in silence, as nobody who keeps no lines of treatment misses the time to the next one.
    """

    rule: EndpointRule
    text: Message | Wording
    event_label: str
    competing_label: str = ""
    needs: tuple[str, ...] = ()
    who: Callable[[Table], list[Exclusion]] | None = None
    population: str = ""
    optional: bool = False


def _not_responding(patients: Table) -> list[Exclusion]:
    response, days = patients.frame["best_response"], patients.days
    responder = response.isin(RESPONDED)
    undated = responder & days["response_date"].isna()
    relapse = days.get("relapse_date", pd.Series(np.nan, index=days.index))
    return [
        (N_("response not recorded"), response.isna()),
        (N_("no response"), response.notna() & ~responder),
        (N_("date of response not recorded"), undated),
        (N_("relapse before the response"), relapse < days["response_date"]),
    ]


def _not_stopped_in_response(patients: Table) -> list[Exclusion]:
    frame, days = patients.frame, patients.days
    stop = days["treatment_stop"]
    reason = frame.get("stop_reason", pd.Series(None, index=frame.index, dtype=object))
    response = frame["best_response"]
    return [
        (
            N_("relapse on treatment"),
            (days["relapse_date"] <= stop) | (days["relapse_date"].notna() & stop.isna()),
        ),
        (N_("treatment not stopped, or no date of stopping"), stop.isna()),
        (N_("stopped for progression"), reason.eq("progression")),
        (N_("treatment ended by death"), reason.eq("death") | (days["death_date"] <= stop)),
        (N_("response not recorded"), response.isna()),
        (N_("never in response"), response.notna() & ~response.isin(RESPONDED)),
    ]


def _no_relapse(patients: Table) -> list[Exclusion]:
    return [(N_("no relapse"), patients.days["relapse_date"].isna())]


def _stop_unknown(patients: Table) -> list[Exclusion]:
    frame = patients.frame
    if "stop_reason" not in frame:
        return []
    return [
        (
            N_("date of stopping not recorded"),
            frame["stop_reason"].notna() & patients.days["treatment_stop"].isna(),
        )
    ]


def _lines_unknown(patients: Table) -> list[Exclusion]:
    return [
        (N_("lines of treatment not recorded"), patients.days[LINES_FROM].isna()),
        (N_("start of the next line not recorded"), patients.days[UNDATED_LINE].notna()),
    ]


DERIVED = (
    Definition(
        EndpointRule("os", N_("Overall survival"), events=("death_date",)),
        Wording(
            N_(
                "Time from the start of treatment to death from any cause; patients not known to have died are "
                "censored at their last contact."
            ),
            from_origin=N_(
                "Time from the {origin} to death from any cause; patients not known to have died are censored at "
                "their last contact."
            ),
        ),
        N_("death"),
    ),
    Definition(
        EndpointRule("pfs", N_("Progression-free survival"), events=("relapse_date", "death_date")),
        Wording(
            N_(
                "Time from the start of treatment to relapse, progression or death from any cause, whichever comes "
                "first; patients without any of these are censored at their last contact."
            ),
            assessed=N_(
                "Time from the start of treatment to relapse, progression or death from any cause, whichever comes "
                "first; patients without any of these are censored at their last adequate assessment (with a date "
                "and a response other than NE), or on day 0 where none followed."
            ),
            from_origin=N_(
                "Time from the {origin} to relapse, progression or death from any cause, whichever comes first; "
                "patients without any of these are censored at their last contact."
            ),
            from_origin_assessed=N_(
                "Time from the {origin} to relapse, progression or death from any cause, whichever comes first; "
                "patients without any of these are censored at their last adequate assessment (with a date and a "
                "response other than NE), or on day 0 where none followed."
            ),
        ),
        N_("relapse, progression or death"),
    ),
    Definition(
        EndpointRule("relapse", N_("Relapse"), events=("relapse_date",), competing=("death_date",)),
        Wording(
            N_(
                "Time from the start of treatment to relapse or progression; death without relapse is a competing "
                "event; patients with neither are censored at their last contact."
            ),
            from_origin=N_(
                "Time from the {origin} to relapse or progression; death without relapse is a competing event; "
                "patients with neither are censored at their last contact."
            ),
        ),
        N_("relapse or progression"),
        N_("death without relapse"),
    ),
    Definition(
        EndpointRule("duration_of_response", N_("Duration of response"), "response_date",
                     ("relapse_date", "death_date")),
        Wording(
            N_(
                "In patients with a complete or partial response: time from the first response to relapse, "
                "progression or death; patients without any of these are censored at their last contact."
            ),
            assessed=N_(
                "In patients with a complete or partial response: time from the first response to relapse, "
                "progression or death; patients without any of these are censored at their last adequate assessment."
            ),
        ),
        N_("relapse, progression or death"),
        needs=("best_response", "response_date"),
        who=_not_responding,
        population=N_("patients with a complete or partial response"),
    ),
    Definition(
        EndpointRule("time_on_treatment", N_("Time on treatment"), WITH_TREATMENT,
                     ("treatment_stop", "death_date")),
        Wording(
            N_(
                "Time from the start of treatment to the day it was stopped for any reason, or to death on "
                "treatment; patients still on treatment are censored at their last contact."
            ),
        ),
        N_("end of treatment"),
        needs=("treatment_stop",),
        who=_stop_unknown,
    ),
    Definition(
        EndpointRule("survival_after_relapse", N_("Survival after relapse"), "relapse_date", ("death_date",)),
        Wording(
            N_(
                "In patients with relapse or progression: time from it to death from any cause; patients not known "
                "to have died are censored at their last contact."
            ),
        ),
        N_("death"),
        needs=("relapse_date",),
        who=_no_relapse,
        population=N_("patients with relapse or progression"),
    ),
    Definition(
        EndpointRule("relapse_free_after_stopping", N_("Relapse-free survival after stopping"), "treatment_stop",
                     ("relapse_date", "death_date")),
        Wording(
            N_(
                "In patients who stopped treatment while in complete or partial response, without relapse until then "
                "and not because of progression or death: time from the stop to relapse, progression or death; "
                "patients without any of these are censored at their last contact."
            ),
            assessed=N_(
                "In patients who stopped treatment while in complete or partial response, without relapse until then "
                "and not because of progression or death: time from the stop to relapse, progression or death; "
                "patients without any of these are censored at their last adequate assessment."
            ),
        ),
        N_("relapse, progression or death"),
        needs=("best_response", "treatment_stop", "relapse_date", "death_date"),
        who=_not_stopped_in_response,
        population=N_("patients who stopped treatment in response"),
    ),
    Definition(
        EndpointRule("ttp", N_("Time to progression"), events=("relapse_date",)),
        Wording(
            N_(
                "Time from the start of treatment to relapse or progression; patients without it, also those who "
                "died, are censored at their last contact."
            ),
            assessed=N_(
                "Time from the start of treatment to relapse or progression; patients without it, also those who "
                "died, are censored at their last adequate assessment."
            ),
            from_origin=N_(
                "Time from the {origin} to relapse or progression; patients without it, also those who died, are "
                "censored at their last contact."
            ),
            from_origin_assessed=N_(
                "Time from the {origin} to relapse or progression; patients without it, also those who died, are "
                "censored at their last adequate assessment."
            ),
        ),
        N_("relapse or progression"),
        optional=True,
    ),
    Definition(
        EndpointRule("ttnt", N_("Time to next treatment"), events=(NEXT_LINE, "death_date")),
        Wording(
            N_(
                "Time from the start of treatment to the start of the next line of treatment or death from any "
                "cause; patients with neither are censored at their last contact."
            ),
            from_origin=N_(
                "Time from the {origin} to the start of the next line of treatment or death from any cause; patients "
                "with neither are censored at their last contact."
            ),
        ),
        N_("next line of treatment or death"),
        needs=(NEXT_LINE,),
        who=_lines_unknown,
        optional=True,
    ),
    Definition(
        EndpointRule("pfs2", N_("Progression-free survival 2 (PFS2)"), events=(SECOND_PROGRESSION, "death_date")),
        Wording(
            N_(
                "Time from the start of treatment to progression on the next line of treatment or death from any "
                "cause; where that progression has no date of its own, the start of the line after counts; patients "
                "with none of these are censored at their last contact."
            ),
            from_origin=N_(
                "Time from the {origin} to progression on the next line of treatment or death from any cause; where "
                "that progression has no date of its own, the start of the line after counts; patients with none of "
                "these are censored at their last contact."
            ),
        ),
        N_("progression on the next line or death"),
        needs=(NEXT_LINE,),
        who=_lines_unknown,
        optional=True,
    ),
)  # fmt: skip
