"""What settings change in the derived endpoints, and those that they add, in data and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.base.errors import UNSAID, UsageError
from reportgen.cohort.endpoints.assessed import LAST_ASSESSMENT, LAST_CONTACT
from reportgen.cohort.endpoints.derived import DERIVED, START, WITH_TREATMENT, Definition
from reportgen.cohort.mapping.schema import name_key
from reportgen.settings.model import EndpointRule, Settings

# Behind the definition of an endpoint whose clock starts before the treatment.
LATE_ENTRY = (
    " Patients are at risk from the start of treatment on (late entry): who died before it was never treated."
)
NO_LATE_ENTRY = (
    " Patients are taken as at risk from the origin on, on the assumption that nobody had to reach the start of "
    "treatment to be in this cohort."
)
AT_ASSESSMENT = (
    "at their last adequate assessment (with a date and a response other than NE), "
    "or on day 0 where none followed."
)
OWN_LABELS = {LAST_ASSESSMENT: "last adequate assessment"}
NO_COMPETING = (
    "The endpoint 'relapse' is the cumulative incidence of relapse, with which death competes: give it "
    "competing_values, the values of its event column that say death without relapse; or give the endpoint a key of "
    'its own, such as key = "ttr".'
)
# Derived in addition, where the data hold what they need: shown in one table, not each with a curve of its own.
FURTHER = ("ttp", "ttnt", "pfs2")


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
    from_origin = [_from_origin(definition, settings, labels) for definition in DERIVED]
    by_key = {definition.rule.key: _censored(definition, by_assessment) for definition in from_origin}
    for rule in settings.endpoint:
        origin = rule.origin or _origin_of(rule.key, by_key, settings)
        rule = replace(rule, origin=origin, late_entry=rule.late_entry and settings.late_entry)
        if not (rule.time or rule.events or rule.key in by_key):
            raise UsageError(
                f'The endpoint {rule.key!r} says no event: give it events, such as ["death_date"], or time and '
                f"event. Derived without any are {', '.join(by_key)}.",
                UNSAID,
            )
        by_key[rule.key] = _from_rule(rule, by_key.get(rule.key), labels, by_assessment)
    return tuple(by_key.values())


def _from_origin(definition: Definition, settings: Settings, labels: Mapping[str, str]) -> Definition:
    """A derived endpoint whose clock starts with the cohort's, in data and words."""
    origin = name_key(settings.origin)
    if definition.rule.origin:
        return definition
    rule = replace(definition.rule, origin=origin, late_entry=settings.late_entry)
    if origin == WITH_TREATMENT:
        return replace(definition, rule=rule)
    return replace(
        definition, rule=rule, text=definition.text.replace(START, f"the {labels.get(origin, origin)}", 1)
    )


def _origin_of(key: str, by_key: Mapping[str, Definition], settings: Settings) -> str:
    """Where the clock of a rule starts that names no origin: that of a derived endpoint stays where it is."""
    return by_key[key].rule.origin if key in by_key else name_key(settings.origin)


def _censored(definition: Definition, by_assessment: bool) -> Definition:
    """A derived endpoint with the place at which it ends without an event, in data and words."""
    censor = _censor(definition.rule, by_assessment)
    text = definition.text
    if censor == LAST_ASSESSMENT:
        text = text.replace("at their last contact.", AT_ASSESSMENT)
    return replace(definition, rule=replace(definition.rule, censor=censor), text=text)


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
        text = (f"Time as given in the column {rule.time} (in {rule.unit}); event where {rule.event} is "
                f"{_either(rule.event_values)}")  # fmt: skip
        if rule.competing_values:
            text += f", competing event where it is {_either(rule.competing_values)}"
        text += (
            f"; censored where it is {_either(rule.censor_values)}."
            if rule.censor_values
            else "; otherwise censored."
        )
        label = rule.label or (before.rule.label if before else "")
        competing = ""
        if rule.competing_values:
            competing = before.competing_label if before else ""
            competing = competing or f"{rule.event} = {', '.join(map(str, rule.competing_values))}"
        return Definition(
            replace(rule, label=label), text, before.event_label if before else "event", competing
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
        return _either([labels.get(column, OWN_LABELS.get(column, column)) for column in columns])

    text = f"Time from {named((rule.origin,))} to {named(rule.events)}"
    text += f"; competing event: {named(rule.competing)}" if rule.competing else ""
    text += f"; otherwise censored at {named((rule.censor,))}."
    return Definition(
        rule, text, named(rule.events), named(rule.competing) if rule.competing else "",
        before.needs if before and not before.optional else (),
        before.who if before and not before.optional else None,
    )  # fmt: skip


def _either(values) -> str:
    return " or ".join(str(value) for value in values)
