"""What settings change in the derived endpoints, and those that they add, in data and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reportgen.base.errors import UNSAID, UsageError
from reportgen.base.message import N_, Message, message
from reportgen.cohort.endpoints.assessed import LAST_ASSESSMENT, LAST_CONTACT
from reportgen.cohort.endpoints.competing_deaths import in_words_of_the_source
from reportgen.cohort.endpoints.derived import DERIVED, WITH_TREATMENT, Definition, Wording
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import EndpointRule, Settings

# Behind the definition of an endpoint whose clock starts before the treatment.
LATE_ENTRY = message(
    " Patients are at risk from the start of treatment on (late entry): whoever died before that is not in this cohort."
)
NO_LATE_ENTRY = message(
    " Patients are taken as at risk from the origin on, on the assumption that nobody had to reach the start of "
    "treatment to be in this cohort."
)
OWN_LABELS = {LAST_ASSESSMENT: N_("last adequate assessment")}
NO_COMPETING = (
    "The endpoint 'relapse' is the cumulative incidence of relapse, with which death competes: give it "
    "competing_values, the values of its event column that say death without relapse; or give the endpoint a key of "
    'its own, such as key = "ttr".'
)
OWN_KEY = "An endpoint with states needs a key of its own."
# Derived in addition, where the data hold what they need: shown in one table, not each with a curve of its own.
FURTHER = ("ttp", "ttnt", "pfs2")


def given_entry(column: str) -> Message:
    """Behind the definition of an endpoint whose given duration has late entry."""
    return message(
        " Patients are at risk from the time in the column {column} on (late entry): who had the event before it is "
        "not in these data.",
        column=column,
    )


def unasked(settings: Settings) -> tuple[str, ...]:
    """Those of FURTHER that the settings do not define themselves."""
    return tuple(key for key in FURTHER if key not in {rule.key for rule in settings.endpoint})


def definitions(
    settings: Settings, labels: Mapping[str, str], assessments: bool = False
) -> tuple[Definition, ...]:
    """The derived endpoints with what the settings change in them, and those that the settings add.

    assessments: whether the source has adequate ones, by which endpoints with a relapse then end (see `assessed`).
    UsageError where one of these says no event: nobody could ever reach it, and its curve would stay at 100%.
    """
    by_assessment = assessments and settings.pfs_censor == LAST_ASSESSMENT
    by_key = {one.rule.key: _derived(one, settings, labels, by_assessment) for one in DERIVED}
    for rule in settings.endpoint:
        if rule.states:
            if rule.key in by_key:
                raise UsageError(
                    message("The endpoint {key} has states: give it a key of its own.", key=repr(rule.key)),
                    OWN_KEY,
                )
            continue
        origin = rule.origin or _origin_of(rule.key, by_key, settings)
        rule = replace(rule, origin=origin, late_entry=rule.late_entry and settings.late_entry)
        if not (rule.time or rule.events or rule.key in by_key):
            raise UsageError(
                message(
                    'The endpoint {key} says no event: give it events, such as ["death_date"], or time and event. '
                    "Derived without any are {a}.",
                    key=repr(rule.key),
                    a=", ".join(by_key),
                ),  # fmt: skip
                UNSAID,
            )
        by_key[rule.key] = _from_rule(rule, by_key.get(rule.key), labels, by_assessment)
    return tuple(by_key.values())


def _derived(
    definition: Definition, settings: Settings, labels: Mapping[str, str], by_assessment: bool
) -> Definition:
    """A derived endpoint whose clock starts with the cohort's, with the place at which it ends without an event."""
    rule, origin = definition.rule, name_key(settings.origin)
    moved = not rule.origin and origin != WITH_TREATMENT
    if not rule.origin:
        rule = replace(rule, origin=origin, late_entry=settings.late_entry)
    rule = replace(rule, censor=_censor(rule, by_assessment))
    text = definition.text
    if isinstance(text, Wording):
        text = text.of(labels.get(origin, origin) if moved else "", rule.censor == LAST_ASSESSMENT)
    return replace(definition, rule=rule, text=text)


def _origin_of(key: str, by_key: Mapping[str, Definition], settings: Settings) -> str:
    """Where the clock of a rule starts that names no origin: that of a derived endpoint stays where it is."""
    return by_key[key].rule.origin if key in by_key else name_key(settings.origin)


def _censor(rule: EndpointRule, by_assessment: bool) -> str:
    """What the rule says; else the last assessment for whatever counts relapses, as only these are looked for.

    Where death competes the patient stays at risk of it until the last contact: ending at an assessment would drop
    deaths that were seen, and an endpoint that is defined as relapse is must give the same incidence.
    """
    if rule.censor or rule.time:
        return name_key(rule.censor)
    looked_for = "relapse_date" in map(name_key, rule.events) and not rule.competing
    return LAST_ASSESSMENT if by_assessment and looked_for else LAST_CONTACT


def _from_rule(
    rule: EndpointRule, before: Definition | None, labels: Mapping[str, str], by_assessment: bool
) -> Definition:
    if rule.time:
        if rule.key == "relapse" and not rule.competing_values:
            raise UsageError(NO_COMPETING)
        label = rule.label or (before.rule.label if before else "")
        competing = ""
        if rule.competing_values:
            competing = before.competing_label if before else ""
            competing = competing or in_words_of_the_source(rule)
        return Definition(
            replace(rule, label=label), _given(rule), before.event_label if before else N_("event"), competing
        )
    if before:
        rule = replace(rule, label=rule.label or before.rule.label, events=rule.events or before.rule.events,
                       competing=rule.competing or before.rule.competing)  # fmt: skip
        if rule.key == "relapse" and "death_date" not in map(name_key, (*rule.events, *rule.competing)):
            # Whoever died can have no relapse any more, whatever else competes with it.
            rule = replace(rule, competing=(*rule.competing, "death_date"))
    rule = replace(
        rule, origin=name_key(rule.origin), censor=_censor(rule, by_assessment),
        events=tuple(map(name_key, rule.events)), competing=tuple(map(name_key, rule.competing)),
    )  # fmt: skip

    def named(columns: tuple[str, ...]) -> str:
        return _either([Message(labels.get(column, OWN_LABELS.get(column, column))) for column in columns])

    parts = {"origin": named((rule.origin,)), "event": named(rule.events), "censor": named((rule.censor,))}
    text = message("Time from {origin} to {event}; otherwise censored at {censor}.", **parts)
    if rule.competing:
        text = message(
            "Time from {origin} to {event}; competing event: {competing}; otherwise censored at {censor}.",
            competing=named(rule.competing),
            **parts,
        )
    return Definition(
        rule, text, named(rule.events), named(rule.competing) if rule.competing else "",
        before.needs if before and not before.optional else (),
        before.who if before and not before.optional else None,
        before.population if before else "",
    )  # fmt: skip


def _given(rule: EndpointRule) -> Message:
    """The definition of an endpoint that is given by a duration and an event column."""
    parts = {
        "column": rule.time,
        "unit": Message(rule.unit),
        "event": rule.event,
        "values": _either(rule.event_values),
        "competing": _either(rule.competing_values),
        "censored": _either(rule.censor_values),
    }
    if rule.competing_values and rule.censor_values:
        return message(
            "Time as given in the column {column} (in {unit}); event where {event} is {values}, competing event where "
            "it is {competing}; censored where it is {censored}.",
            **parts,
        )
    if rule.competing_values:
        return message(
            "Time as given in the column {column} (in {unit}); event where {event} is {values}, competing event where "
            "it is {competing}; otherwise censored.",
            **parts,
        )
    if rule.censor_values:
        return message(
            "Time as given in the column {column} (in {unit}); event where {event} is {values}; censored where it is "
            "{censored}.",
            **parts,
        )
    return message(
        "Time as given in the column {column} (in {unit}); event where {event} is {values}; otherwise censored.",
        **parts,
    )


def _either(values: Iterable[object]) -> str:
    """Values as they are, and labels as they are said: "1", or "date of death or date of relapse"."""
    found = [value if isinstance(value, Message) else str(value) for value in values]
    said: str = found[0] if found else ""
    for value in found[1:]:
        said = message("{a} or {b}", a=said, b=value)
    return said
