"""Which codes of a status column are the event: where one reading alone is possible; else the likelier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.cohort.mapping.event_words import (
    NOTHING_KNOWN,
    code_and_word,
    denies_event,
    is_number,
    may_mean_the_opposite,
    speaks_of_another_cause,
    speaks_of_death,
    speaks_of_event,
    value_key,
)
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.legends import legend

# Endpoints of which a death is an event, and those with which it competes.
WITH_DEATH = frozenset(("os", "death", "pfs", "dfs", "efs", "rfs", "lfs", "mfs", "ffs", "dor", "ttf"))
OF_ONE_CAUSE = frozenset(("dss",))
WITHOUT_DEATH = frozenset(("ttp", "ttr", "pfi", "dfi"))


@dataclass(frozen=True)
class Readings:
    """The values of a status column as report.toml has them. open: they may as well mean something else."""

    event: tuple
    censored: tuple
    competing: tuple
    open: bool


def read_codes(header: str, values: Sequence[str], key: str = "") -> Readings:
    """What the distinct values of a column mean. key: of names/endpoints.toml, the endpoint that they end.

    Sure: 0 beside 1 (unless the column's name speaks of censoring or of life), and words. Likely, and to be asked: 1
    beside 2 (R's own coding: 2 is the event), 0, 1 and 2 (2 competes), and all else. A death competes with an event
    that it is none of, and is one for a survival free of something; for an endpoint without a name it is asked.
    """
    keys = {value: value_key(value) for value in values if value_key(value) not in NOTHING_KNOWN}
    explained = legend(header)
    if keys and all(key in explained for key in keys.values()):
        keys = {value: f"{key}: {word_key(explained[key])}" for value, key in keys.items()}
    if all(is_number(key) for key in keys.values()):
        return _numbers(header, sorted({int(key) for key in keys.values()}))
    event, censored, competing, unsure = [], [], [], []
    words = {value: code_and_word(said)[1] or said for value, said in keys.items()}
    deaths = {value for value, word in words.items() if speaks_of_death(word)}
    others = [value for value, word in words.items() if speaks_of_event(word) and value not in deaths]
    for value, word in words.items():
        if value in deaths:
            own = (not others or key in WITH_DEATH) and not (
                key in OF_ONE_CAUSE and speaks_of_another_cause(word)
            )
            (event if own else competing if key in (*WITHOUT_DEATH, *OF_ONE_CAUSE) else unsure).append(
                _written(value)
            )
            continue
        denied, said = denies_event(word), speaks_of_event(word)
        into = censored if denied and not said else event if said and not denied else unsure
        into.append(_written(value))
    opposite = may_mean_the_opposite(header) and set(keys.values()) <= {"yes", "no"}
    if opposite:
        event, censored = censored, event
    return Readings(tuple(event), tuple(censored), tuple(competing), bool(unsure or opposite or not event))


def _numbers(header: str, codes: list[int]) -> Readings:
    opposite = may_mean_the_opposite(header)
    if codes in ([0, 1], [0]):
        return Readings((0,), (1,), (), True) if opposite else Readings((1,), (0,), (), False)
    if codes == [1, 2]:
        return Readings((2,), (1,), (), True)
    if codes == [1]:
        return Readings((1,), (), (), True)
    if codes == [0, 1, 2]:
        return Readings((1,), (0,), (2,), True)
    return Readings((), (), (), True)


def _written(value: str) -> object:
    key = value_key(value)
    return int(key) if is_number(key) else value
