"""Words that come with the data and the numbers, for a reader of another language.

The layers below know no language: their results name fields, levels, groups and reasons in English. Whatever of
that a report shows is marked here, to be looked up where it is shown; a test holds this list against the schema and
the endpoints.
"""

from __future__ import annotations

from reportgen.base.message import N_

# Fields of the schema.
FIELDS = (
    N_("patient"),
    N_("sex"),
    N_("date of birth"),
    N_("age at the start"),
    N_("diagnosis"),
    N_("date of diagnosis"),
    N_("treatment"),
    N_("start of treatment"),
    N_("end of treatment"),
    N_("reason for stopping"),
    N_("best response"),
    N_("date of first response"),
    N_("date of relapse or progression"),
    N_("site of relapse"),
    N_("vital status"),
    N_("disease status at last contact"),
    N_("date of death"),
    N_("cause of death"),
    N_("last contact"),
    N_("assessed for toxicity"),
    N_("toxicities not known"),
    N_("toxicity"),
    N_("system organ class"),
    N_("grade"),
    N_("onset"),
    N_("resolved"),
    N_("relation to treatment"),
    N_("serious"),
    N_("action taken"),
    N_("line"),
    N_("start"),
    N_("stop"),
    N_("date"),
    N_("response"),
    N_("sum of diameters"),
)
# Values of its words, and units.
VALUES = (
    N_("female"),
    N_("male"),
    N_("other"),
    N_("years"),
    N_("completed"),
    N_("toxicity"),
    N_("progression"),
    N_("death"),
    N_("patient choice"),
    N_("alive"),
    N_("dead"),
    N_("yes"),
    N_("no"),
    N_("unrelated"),
    N_("unlikely"),
    N_("possible"),
    N_("probable"),
    N_("definite"),
    N_("mm"),
)
# Endpoints: labels, definitions and events.
ENDPOINTS = (
    N_("Overall survival"),
    N_("Progression-free survival"),
    N_("Disease-free survival"),
    N_("Disease-specific survival"),
    N_("Event-free survival"),
    N_("Relapse-free survival"),
    N_("Relapse"),
    N_("Duration of response"),
    N_("Time on treatment"),
    N_("Survival after relapse"),
    N_("Relapse-free survival after stopping"),
    N_("Time to progression"),
    N_("Time to next treatment"),
    N_("Progression-free survival 2 (PFS2)"),
    N_(
        "Time from the start of treatment to relapse or progression; patients without it, also those who died, are "
        "censored at their last contact."
    ),
    N_(
        "Time from the start of treatment to relapse or progression; patients without it, also those who died, are "
        "censored at their last adequate assessment (with a date and a response other than NE), or on day 0 where "
        "none followed."
    ),
    N_(
        "Time from the start of treatment to the start of the next line of treatment or death from any cause; "
        "patients with neither are censored at their last contact."
    ),
    N_(
        "Time from the start of treatment to progression on the next line of treatment or death from any cause; "
        "where that progression has no date of its own, the start of the line after counts; patients with none of "
        "these are censored at their last contact."
    ),
    N_("next line of treatment or death"),
    N_("progression on the next line or death"),
    N_(
        "Time from the start of treatment to death from any cause; patients not known to have died are "
        "censored at their last contact."
    ),
    N_(
        "Time from the start of treatment to relapse, progression or death from any cause, whichever comes "
        "first; patients without any of these are censored at their last contact."
    ),
    N_(
        "Time from the start of treatment to relapse or progression; death without relapse is a competing "
        "event; patients with neither are censored at their last contact."
    ),
    N_(
        "In patients with a complete or partial response: time from the first response to relapse, "
        "progression or death; patients without any of these are censored at their last contact."
    ),
    N_(
        "Time from the start of treatment to the day it was stopped for any reason, or to death on "
        "treatment; patients still on treatment are censored at their last contact."
    ),
    N_(
        "In patients with relapse or progression: time from it to death from any cause; patients not known "
        "to have died are censored at their last contact."
    ),
    N_(
        "In patients who stopped treatment while in complete or partial response, without relapse until then "
        "and not because of progression or death: time from the stop to relapse, progression or death; "
        "patients without any of these are censored at their last contact."
    ),
    # … where assessments are given
    N_(
        "Time from the start of treatment to relapse, progression or death from any cause, whichever comes "
        "first; patients without any of these are censored at their last adequate assessment (with a date and a "
        "response other than NE), or on day 0 where none followed."
    ),
    N_(
        "Time from the start of treatment to relapse or progression; death without relapse is a competing "
        "event; patients with neither are censored at their last adequate assessment (with a date and a response "
        "other than NE), or on day 0 where none followed."
    ),
    N_(
        "In patients with a complete or partial response: time from the first response to relapse, "
        "progression or death; patients without any of these are censored at their last adequate assessment (with a "
        "date and a response other than NE), or on day 0 where none followed."
    ),
    N_(
        "In patients who stopped treatment while in complete or partial response, without relapse until then "
        "and not because of progression or death: time from the stop to relapse, progression or death; "
        "patients without any of these are censored at their last adequate assessment (with a date and a response "
        "other than NE), or on day 0 where none followed."
    ),
    N_("last adequate assessment"),
    N_("death"),
    N_("relapse, progression or death"),
    N_("relapse or progression"),
    N_("end of treatment"),
    N_("death without relapse"),
    N_("event"),
    N_("competing event"),
)
# Why a patient does not count in an endpoint.
LEFT_OUT = (
    N_("lines of treatment not recorded"),
    N_("start of the next line not recorded"),
    N_("response not recorded"),
    N_("no response"),
    N_("date of response not recorded"),
    N_("relapse before the response"),
    N_("relapse on treatment"),
    N_("treatment not stopped, or no date of stopping"),
    N_("stopped for progression"),
    N_("treatment ended by death"),
    N_("never in response"),
    N_("no relapse"),
    N_("date of stopping not recorded"),
    N_("vital status not recorded"),
    N_("date not recorded"),
    N_("event before the origin"),
    N_("not observed free of the event after the start of treatment"),
    N_("duration not recorded"),
    N_("event not recorded"),
    N_("negative duration"),
)
# Groups, steps, states and reasons of the chapters.
OTHERS = (
    N_("not recorded"),
    N_("recorded"),
    N_("missing"),
    N_("all patients"),
    N_("who died"),
    N_("who stopped treatment"),
    N_("who responded"),
    N_("who relapsed"),
    N_("Patients in the source"),
    N_("Started treatment by the cut-off"),
    N_("Under observation by the cut-off"),
    N_("Without errors in the data"),
    N_("Patients analysed"),
    N_("error"),
    N_("warning"),
    N_("note"),
    N_("alive"),
    N_("dead"),
    N_("on treatment"),
    N_("off treatment"),
    N_("alive on treatment"),
    N_("no further treatment recorded"),
    N_("response not recorded"),
    N_("cause not recorded"),
    N_("relapsed"),
    N_("response"),
    N_("no response"),
    N_("toxicity of grade ≥ 3"),
    N_("grade ≥ 3"),
    N_("below grade 3"),
    N_("corrected"),
    N_("deleted"),
    N_("entered late"),
    N_("row deleted"),
    N_("row entered late"),
    N_("column deleted"),
    N_("column entered late"),
    N_("no tumour size recorded"),
    N_("measured once only"),
    N_("nothing measurable at the baseline"),
    N_("disease"),
    N_("none"),
    N_("some"),
    N_("treatment started after the cut-off"),
    N_("observation began after the cut-off"),
    N_("patient id not unique"),
    N_("no patient id"),
    N_("start of treatment or last contact missing"),
    N_("dates in an impossible order"),
    N_("negative time"),
    N_("contradictory status"),
    N_("value outside its vocabulary"),
    N_("invalid toxicity grade"),
    N_("error in a cell"),
    N_("formula without a value"),
    N_("unreadable number"),
    N_("rounded patient id"),
    N_("patient id in doubt"),
    N_("merged cells"),
    N_("unreadable date"),
    N_("event after the last contact"),
    N_("progressive"),
    N_("in remission"),
    N_("unknown"),
    N_("over 89"),
    N_("other cause"),
)
# What the page says of a number that is asked, where no field or endpoint names it.
ASKED = (
    N_("stopped"),
    N_("stopped for toxicity"),
    N_("age band"),
    N_("continuing"),
    N_("treatment duration"),
    N_("time off treatment"),
    N_("time on treatment"),
    N_("toxicities"),
    N_("treatments"),
    N_("assessments"),
    N_("flow"),
    N_("overdue"),
    N_("issues"),
    N_("completeness"),
    N_("censored"),
    N_("survivors"),
    N_("reverse"),
    N_("lines"),
    N_("action"),
    N_("time to response"),
    N_("time to relapse"),
    N_("best change"),
    N_("not drawn"),
    N_("time since relapse"),
    N_("next treatment"),
    N_("person time"),
    N_("after CR"),
    N_("after PR"),
    N_("treated again"),
    N_("died"),
    N_("died of the disease"),
    N_("responded"),
    N_("on treatment at relapse"),
    N_("with event"),
    N_("without event"),
)
# Profiles.
PROFILES = (N_("internal"), N_("board"), N_("partner"), N_("external"))
