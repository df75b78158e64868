"""Items of reporting guidelines, and where each stands in the report; "the author" where data cannot tell it."""

from __future__ import annotations

from reportgen.base.message import N_

# Item, what it asks for, where it stands.
Checklist = tuple[tuple[str, str, str], ...]

STROBE: Checklist = (
    ("1", N_("Title and abstract"), N_("Title; Abstract")),
    ("2–3", N_("Background, objectives"), N_("the author; purpose in Abstract")),
    ("4", N_("Study design"), N_("the author")),
    ("5", N_("Setting, dates"), N_("Data and their questions; centre and recruitment: the author")),
    ("6", N_("Eligibility, follow-up"), N_("Data and their questions; criteria: the author")),
    ("7", N_("Outcomes and their definitions"), N_("Methods; beside each number")),
    (
        "8",
        N_("Sources and measurement of data"),
        N_("Data and their questions: columns; measurement: the author"),
    ),
    ("9", N_("Bias"), N_("Methods: limits; the author")),
    ("10", N_("Study size"), N_("the author")),
    ("11–12", N_("Quantitative variables, statistical methods"), N_("Methods")),
    ("13", N_("Participants, flow with reasons"), N_("Data and their questions")),
    (
        "14",
        N_("Descriptive data, missing values, follow-up time"),
        N_("Patients at the start; Data and their questions; Follow-up"),
    ),
    ("15", N_("Outcome data: events"), N_("Survival; Relapse; Toxicity")),
    ("16–17", N_("Main and other results, with precision"), N_("all chapters")),
    (
        "18–21",
        N_("Key results, limits, interpretation, generalisability"),
        N_("Findings (page one); Methods: limits; the author"),
    ),
    ("22", N_("Funding"), N_("the author")),
)

# Of ESMO-GROW the sections: its recommendations have no short names.
GROW: Checklist = (
    ("1", N_("Title: design, data, disease and treatment"), N_("Title; wording: the author")),
    ("2", N_("Introduction: rationale, objectives, hypotheses"), N_("purpose in Abstract; the author")),
    (
        "3",
        N_("Methods: sources and their quality, eligibility, dates and time zero, variables and outcomes"),
        N_("Data and their questions; Methods; beside each number; choice of the source: the author"),
    ),
    (
        "3",
        N_("Methods: statistical analysis, missing values, competing events, bias"),
        N_("Methods; Relapse; Survival; confounding: the author"),
    ),
    (
        "4",
        N_("Results: flow, characteristics, treatments, follow-up, outcomes, toxicity, with precision"),
        N_(
            "Data and their questions; Patients at the start; Treatment; Follow-up; Survival; Relapse; Toxicity"
        ),
    ),
    (
        "5",
        N_("Discussion and conclusions: limits, bias, generalisability"),
        N_("Methods: limits; the author"),
    ),
    (
        "6",
        N_("Final considerations: ethics, funding, interests, access to data and code"),
        N_("program and settings in Methods; the author"),
    ),
)

REMARK: Checklist = (
    ("1", N_("Marker examined, objectives, hypotheses"), N_("named beforehand in Relapse; the author")),
    ("2–3", N_("Patients, eligibility, treatments and how they were chosen"),
     N_("Data and their questions; Patients at the start; Treatment; choice: the author")),
    ("4–5", N_("Material and assay"), N_("the author")),
    ("6", N_("Selection of cases, period, end and median of follow-up"),
     N_("Data and their questions; Follow-up; design: the author")),
    ("7", N_("Endpoints defined"), N_("Methods; beside each number")),
    ("8", N_("All candidate variables"), N_("Relapse: every feature known at the start; Patients at the start")),
    ("9", N_("Sample size"), N_("the author; what may be shown in Methods")),
    ("10", N_("Statistical methods, selection of variables, assumptions, missing values"),
     N_("Methods; Relapse; Survival: nothing is selected")),
    ("11", N_("How marker values were handled, cut-points"), N_("Relapse: numbers as they are, never cut")),
    ("12", N_("Flow of patients, numbers of patients and events"), N_("Data and their questions; beside each number")),
    ("13", N_("Distributions, missing values"), N_("Patients at the start; Data and their questions")),
    ("14", N_("Marker in relation to other variables"), N_("the author; by group in Patients at the start")),
    ("15", N_("Univariable analyses, with effects and curves by marker"), N_("Relapse; Survival")),
    ("16–17", N_("Multivariable analyses, with the marker and the usual variables"),
     N_("Relapse; Survival: those named beforehand")),
    ("18", N_("Further investigations, assumptions, sensitivity, validation"),
     N_("Survival: proportional hazards; validation: the author")),
    ("19–20", N_("Interpretation, limits, implications"), N_("Methods: limits; the author")),
)  # fmt: skip
