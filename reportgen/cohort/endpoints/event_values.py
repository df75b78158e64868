"""What each value of an event column means: the event, a competing event, or censored; never guessed.

event_values, competing_values and censor_values of an endpoint together name every value of its column. Where
censor_values are not given, values that can be read in one way only count as named: 0 beside 1, "alive", "no",
and the codes of cBioPortal ("0:LIVING", "1:DECEASED"). All else would turn the dead into the living, or the
other way round, without anybody seeing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from reportgen.cohort.mapping.event_words import (
    NO_EVENT,
    NOTHING,
    code_and_word,
    denies_event,
    is_number,
    may_mean_the_opposite,
    speaks_of_event,
    value_key,
)
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import EndpointRule

CENSORED, EVENT, COMPETING = 0, 1, 2
LISTS = {EVENT: "event_values", COMPETING: "competing_values", CENSORED: "censor_values"}
# Doubts, where names of events alone don't settle which patients had one: the column's name may say who had none; what
# is named as the event usually says that there was none; 1 is the only value, and may be the 1 of a coding by 1 and 2.
BY_NAME, NO_EVENT_NAMED, ONLY_ONE = "by name", "no event named", "only one"


@dataclass(frozen=True)
class Coding:
    """What the values of an event column are to an endpoint.

    meaning: value as it stands in the column → CENSORED, EVENT or COMPETING. assumed: those of them that no setting
    names. unnamed: values of which nothing says what they are. absent: named values that no cell has, as the
    settings write them, by list. doubt: BY_NAME, NO_EVENT_NAMED, ONLY_ONE, or "" where there is none.
    """

    meaning: Mapping[str, int]
    assumed: tuple[str, ...]
    unnamed: tuple[str, ...]
    absent: Mapping[str, tuple]
    doubt: str

    def of(self, meaning: int) -> tuple[str, ...]:
        """The values that mean this: CENSORED, EVENT or COMPETING."""
        return tuple(value for value, found in self.meaning.items() if found == meaning)


def coding(rule: EndpointRule, values: Iterable[str]) -> Coding:
    """What each of the distinct values of the column is by the names in the rule, in the order of the values."""
    named = {value_key(value): meaning for meaning, name in LISTS.items() for value in getattr(rule, name)}
    meaning, assumed, unnamed, used = {}, [], [], set()
    for value in values:
        found, key = _by_name(value, named)
        if found is None and not rule.censor_values and _is_censored(value, rule):
            found = CENSORED
            assumed.append(value)
        if found is None:
            unnamed.append(value)
        else:
            meaning[value] = found
            used.add(key)
    absent = {
        name: tuple(value for value in getattr(rule, name) if value_key(value) not in used)
        for name in LISTS.values()
    }
    doubt = "" if rule.censor_values else _doubt(rule, meaning)
    return Coding(meaning, tuple(assumed), tuple(unnamed), absent, doubt)


def fully_named(rule: EndpointRule, column: pd.Series) -> EndpointRule:
    """The rule with the values of the column itself in its three lists, those that no cell has behind them."""
    found = coding(rule, distinct(column))
    return replace(
        rule, **{name: (*found.of(meaning), *found.absent[name]) for meaning, name in LISTS.items()}
    )


def distinct(column: pd.Series) -> list[str]:
    """The distinct values that are filled in: numbers in their order, then words."""

    def order(value: str) -> tuple:
        key = value_key(value)
        return (0, int(key), value) if is_number(key) else (1, 0, key)

    return sorted(pd.unique(column.dropna().map(str)), key=order)


def named_twice(rule: EndpointRule) -> tuple[object, ...]:
    """Values that stand in more than one list of an endpoint."""
    seen: dict[str, str] = {}
    return tuple(
        value
        for name in LISTS.values()
        for value in getattr(rule, name)
        if seen.setdefault(value_key(value), name) != name
    )


def _by_name(value: str, named: Mapping[str, int]) -> tuple[int | None, str]:
    """What the settings say of a value, and by which name: as it stands, by its code, or by its word."""
    key, (code, word) = value_key(value), code_and_word(value)
    if key in named:
        return named[key], key
    said = {named[part] for part in (code, word) if part in named}
    if len(said) != 1 or not word:
        return None, key
    (meaning,) = said
    against = speaks_of_event(word) if meaning == CENSORED else denies_event(word)
    return (None, key) if against else (meaning, code if code in named else word)


def _is_censored(value: str, rule: EndpointRule) -> bool:
    """Whether a value that no setting names can mean nothing but that there was no event."""
    code, word = code_and_word(value)
    events = {value_key(event) for event in rule.event_values}
    opposite = may_mean_the_opposite(rule.event)
    if word:
        settled = denies_event(word) and word != "no" if opposite else not speaks_of_event(word)
        return settled and code == "0" and "0" not in events
    if code in NO_EVENT:
        return not events & NO_EVENT
    if not opposite:
        return code in NOTHING and not events & (NO_EVENT | NOTHING)
    # Under such a name only an event that is named 0 (or no) leaves one reading: 1 is censored; in CDISC 2, 3 … too.
    above = code == "1" or (code.isdigit() and code != "0" and "cnsr" in name_key(rule.event))
    return bool(events) and events <= NOTHING and (code == "yes" or above)


def _doubt(rule: EndpointRule, meaning: Mapping[str, int]) -> str:
    """The doubt that the names leave, see above."""
    opposite = may_mean_the_opposite(rule.event)
    events = {value_key(value) for value in rule.event_values}
    parts = [code_and_word(value) for value, found in meaning.items() if found != CENSORED]
    bare = any(word == "yes" or not speaks_of_event(word) if word else _is_code(code) for code, word in parts)
    if opposite and bare and not events <= NOTHING:
        return BY_NAME
    words = {word or code for code, word in parts}
    if words & (NO_EVENT if opposite else NO_EVENT | NOTHING):
        return NO_EVENT_NAMED
    if events == {"1"} and parts == [("1", "")] and len(meaning) == 1 and not rule.competing_values:
        return ONLY_ONE
    return ""


def _is_code(key: str) -> bool:
    return is_number(key) or key in ("yes", "no")
