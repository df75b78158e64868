"""A survival counted by the column vital_status itself: the words that its endpoint names are words of that column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reportgen.cohort.clean.column_reading import mapped
from reportgen.cohort.mapping.endpoint_names import DEATH, kinds_named
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import columns_of, spellings
from reportgen.settings.model import EndpointRule, Settings

VITAL = "vital_status"
LIVING_CODE = 0  # beside an event of another code it can mean nothing else, see cohort.endpoints.event_values


def with_status_words(settings: Settings) -> Settings:
    """The settings with `event_values` and `censor_values` of such an endpoint as words for dead and alive.

    The column is read in our words, so that an endpoint that names its codes (1, "DOD") would find none of them.
    """
    said: dict[str, Mapping[str, tuple]] = {**settings.values}
    rules = []
    for rule in settings.endpoint:
        words = _words(rule, said.get(VITAL, {}))
        if words:
            own = said.get(VITAL, {})
            said[VITAL] = {**own, **{ours: (*own.get(ours, ()), *theirs) for ours, theirs in words.items()}}
            rule = replace(
                rule, event_values=("dead",), censor_values=("alive",) if rule.censor_values else ()
            )
        rules.append(rule)
    return replace(settings, values=said, endpoint=tuple(rules))


def _words(rule: EndpointRule, own: Mapping[str, tuple]) -> dict[str, tuple]:
    """Our word → those of the endpoint, none where it is no survival by this column, or all of them are known."""
    if not rule.time or name_key(rule.event) != VITAL or rule.competing_values:
        return {}
    if rule.key != "os" and kinds_named(rule.label) != {DEATH}:
        return {}
    known = spellings(columns_of("patients")[VITAL].words) | mapped(own)
    if all(word_key(value) in known for value in (*rule.event_values, *rule.censor_values)):
        return {}
    living = rule.censor_values or (
        () if word_key(LIVING_CODE) in map(word_key, rule.event_values) else (LIVING_CODE,)
    )
    return {"dead": rule.event_values, "alive": living}
