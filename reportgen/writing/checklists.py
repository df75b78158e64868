"""Items of reporting guidelines, and where each stands in the report; "the author" where data cannot tell it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from reportgen.base.message import N_


@dataclass(frozen=True)
class Place:
    """Where something stands. when: the chapter, or one of CONDITIONS, without which it stands there in no report."""

    text: str
    when: str = ""


# What a report may hold besides its chapters: groups that are compared, features named beforehand, models of survival
# by feature, one of several features together, and the check of proportional hazards.
GROUPS, NAMED, SURVIVAL_MODELS, HAZARDS = (
    "groups",
    "named beforehand",
    "models of survival",
    "proportional hazards",
)
RELAPSE_TOGETHER, SURVIVAL_TOGETHER = "several features and relapse", "several features and survival"
CONDITIONS = (GROUPS, NAMED, SURVIVAL_MODELS, HAZARDS, RELAPSE_TOGETHER, SURVIVAL_TOGETHER)
NOWHERE = N_("not in this report")

# Item, what it asks for, where it stands.
Checklist = tuple[tuple[str, str, tuple[Place, ...]], ...]

AUTHOR = Place(N_("the author"))
PURPOSE = Place(N_("purpose in Abstract"))
DATA = Place(N_("Data and their questions"))
METHODS = Place(N_("Methods"))
LIMITS = Place(N_("Methods: limits"))
BESIDE = Place(N_("beside each number"))
AT_START = Place(N_("Patients at the start"), "baseline")
TREATMENT = Place(N_("Treatment"), "exposure")
FOLLOW_UP = Place(N_("Follow-up"), "follow_up")
RESPONSE = Place(N_("Response"), "response")
SURVIVAL = Place(N_("Survival"), "survival")
RELAPSE = Place(N_("Relapse"), "relapse")
TOXICITY = Place(N_("Toxicity"), "toxicity")


def standing(places: tuple[Place, ...], there: Container[str]) -> tuple[str, ...]:
    """The places, in words, at which something stands in a report that holds these chapters and CONDITIONS."""
    return tuple(place.text for place in places if not place.when or place.when in there) or (NOWHERE,)


STROBE: Checklist = (
    ("1", N_("Title and abstract"), (Place(N_("Title")), Place(N_("Abstract")))),
    ("2–3", N_("Background, objectives"), (AUTHOR, PURPOSE)),
    ("4", N_("Study design"), (AUTHOR,)),
    ("5", N_("Setting, dates"), (DATA, Place(N_("centre and recruitment: the author")))),
    ("6", N_("Eligibility, follow-up"), (DATA, Place(N_("criteria: the author")))),
    ("7", N_("Outcomes and their definitions"), (METHODS, BESIDE)),
    ("8", N_("Sources and measurement of data"),
     (Place(N_("Data and their questions: columns")), Place(N_("measurement: the author")))),
    ("9", N_("Bias"), (LIMITS, AUTHOR)),
    ("10", N_("Study size"), (AUTHOR,)),
    ("11–12", N_("Quantitative variables, statistical methods"), (METHODS,)),
    ("13", N_("Participants, flow with reasons"), (DATA,)),
    ("14", N_("Descriptive data, missing values, follow-up time"), (AT_START, DATA, FOLLOW_UP)),
    ("15", N_("Outcome data: events"), (RESPONSE, SURVIVAL, RELAPSE, TOXICITY)),
    ("16–17", N_("Main and other results, with precision"), (Place(N_("all chapters")),)),
    ("18–21", N_("Key results, limits, interpretation, generalisability"),
     (Place(N_("Findings (page one)")), LIMITS, AUTHOR)),
    ("22", N_("Funding"), (AUTHOR,)),
)  # fmt: skip

# Of ESMO-GROW the sections: its recommendations have no short names.
GROW: Checklist = (
    ("1", N_("Title: design, data, disease and treatment"), (Place(N_("Title")), Place(N_("wording: the author")))),
    ("2", N_("Introduction: rationale, objectives, hypotheses"), (PURPOSE, AUTHOR)),
    ("3", N_("Methods: sources and their quality, eligibility, dates and time zero, variables and outcomes"),
     (DATA, METHODS, BESIDE, Place(N_("choice of the source: the author")))),
    ("3", N_("Methods: statistical analysis, missing values, competing events, bias"),
     (METHODS, RELAPSE, SURVIVAL, Place(N_("confounding: the author")))),
    ("4", N_("Results: flow, characteristics, treatments, follow-up, outcomes, toxicity, with precision"),
     (DATA, AT_START, TREATMENT, FOLLOW_UP, RESPONSE, SURVIVAL, RELAPSE, TOXICITY)),
    ("5", N_("Discussion and conclusions: limits, bias, generalisability"), (LIMITS, AUTHOR)),
    ("6", N_("Final considerations: ethics, funding, interests, access to data and code"),
     (Place(N_("program and settings in Methods")), AUTHOR)),
)  # fmt: skip

REMARK: Checklist = (
    ("1", N_("Marker examined, objectives, hypotheses"), (Place(N_("named beforehand in Relapse"), NAMED), AUTHOR)),
    ("2–3", N_("Patients, eligibility, treatments and how they were chosen"),
     (DATA, AT_START, TREATMENT, Place(N_("choice: the author")))),
    ("4–5", N_("Material and assay"), (AUTHOR,)),
    ("6", N_("Selection of cases, period, end and median of follow-up"),
     (DATA, FOLLOW_UP, Place(N_("design: the author")))),
    ("7", N_("Endpoints defined"), (METHODS, BESIDE)),
    ("8", N_("All candidate variables"), (Place(N_("Relapse: every feature known at the start")), AT_START)),
    ("9", N_("Sample size"), (AUTHOR, Place(N_("what may be shown in Methods")))),
    ("10", N_("Statistical methods, selection of variables, assumptions, missing values"),
     (METHODS, Place(N_("Relapse: nothing is selected")), Place(N_("Survival: nothing is selected"), SURVIVAL_MODELS))),
    ("11", N_("How marker values were handled, cut-points"), (Place(N_("Relapse: numbers as they are, never cut")),)),
    ("12", N_("Flow of patients, numbers of patients and events"), (DATA, BESIDE)),
    ("13", N_("Distributions, missing values"), (AT_START, DATA)),
    ("14", N_("Marker in relation to other variables"),
     (AUTHOR, Place(N_("by group in Patients at the start"), GROUPS))),
    ("15", N_("Univariable analyses, with effects and curves by marker"),
     (RELAPSE, Place(N_("Survival"), SURVIVAL_MODELS))),
    ("16–17", N_("Multivariable analyses, with the marker and the usual variables"),
     (Place(N_("Relapse: those named beforehand"), RELAPSE_TOGETHER),
      Place(N_("Survival: those named beforehand"), SURVIVAL_TOGETHER))),
    ("18", N_("Further investigations, assumptions, sensitivity, validation"),
     (Place(N_("Survival: proportional hazards"), HAZARDS), Place(N_("validation: the author")))),
    ("19–20", N_("Interpretation, limits, implications"), (LIMITS, AUTHOR)),
)  # fmt: skip
