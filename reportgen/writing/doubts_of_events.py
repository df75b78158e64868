"""What is asked about endpoints that are given by a duration and an event column, for `doubts`."""

from __future__ import annotations

from reportgen.base.message import N_

OF_EVENTS = (
    N_("The duration is missing; the patient is left out of the endpoint {a}"),
    N_("The event is missing; the patient is left out of the endpoint {a}"),
    N_("Enter it"),
    N_("No list names {a}; {b} holds {c}"),
    N_("{n} different values"),
    N_("By its name, {a} may say who had no event; it holds {b}"),
    N_("What is named as the event usually says that there was none; {a} holds {b}"),
    N_("A 1 may as well be the code of who had no event; {a} holds {b}"),
    N_("No cell is {a}, as event_values says; {b} holds {c}"),
    N_("In {a} the event is {b}; nothing names {c}, which counts as censored"),
    N_("No cell of {a} is {b}, which the settings name"),
    N_("Nothing to do, or write {a}"),
    N_("Name the column that says what ended the time under event in report.toml"),
    N_("Write in report.toml {a} and {b}"),
    N_("Say which is the event; write in report.toml {a} and {b}, or the other way round"),
    N_(
        "Write all of them in report.toml: event_values, competing_values and censor_values together name every value "
        "of the column"
    ),
    N_(
        "Write in report.toml {a} and {b} in one of them: event_values, competing_values and censor_values together "
        "name every value of the column"
    ),
    N_(
        "Write in report.toml {a}: event_values, competing_values and censor_values together name every value of the "
        "column"
    ),
)
