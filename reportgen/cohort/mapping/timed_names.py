"""Columns that are by their names the time of something and its status: "prtime" and "prstat", "ae" and "ae.s".

What they tell of is known to nobody but the source; that it happened later is known.
"""

from __future__ import annotations

import re
from functools import lru_cache

from reportgen.cohort.mapping.keys import name_key

_TIMES = re.compile(r"(?P<stem>.+?)_?(?:time|tm)")
_STATES = re.compile(r"(?P<stem>.+?)(?:_(?:s|stat|cens|event)|stat|event|cens)|(?P<of>.+?)_?time_?status")
_TIME_TO = re.compile(r"tt(?P<stem>[a-z]{1,4}?)(?:_(?:days?|weeks?|wks?|months?|mo|years?|yrs?|[dwmy]))?")
_STATE_ENDS = ("status", "stat", "event", "ind", "yn", "censor", "cens")
_IN_SHORT = re.compile(r"t\w{1,2}")
_LETTERS = "dsce"  # death or delta, status, censored, event


@lru_cache(maxsize=8)
def timed(headers: tuple[str, ...]) -> frozenset[str]:
    """The keys of the headers that are such a time or such a status.

    >>> sorted(timed(("PRTIME", "PRSTAT", "ae", "ae.s", "age", "er", "er_status")))
    ['ae', 'ae_s', 'prstat', 'prtime']
    >>> sorted(timed(("TTLF (months)", "LF status", "HER2 status")))
    ['lf_status', 'ttlf_months']
    """
    keys = {name_key(header) for header in headers if header}
    states = {found["stem"] or found["of"]: key for key in keys if (found := _STATES.fullmatch(key))}
    pairs = ((key, states.get(_stem(key))) for key in keys)
    found = {name for key, state in pairs if state and state != key for name in (key, state)}
    for key in keys:
        to = _TIME_TO.fullmatch(key)
        own = {f"{to['stem']}_{end}" for end in _STATE_ENDS} & keys if to else frozenset()
        found |= {key, *own} if own else set()
    return frozenset(found) | lettered(headers)


@lru_cache(maxsize=8)
def lettered(headers: tuple[str, ...]) -> frozenset[str]:
    """The keys of the headers that are times and their states by a letter each: t1 and d1, ta and da, of several.

    One such pair may be anything (tx and dx); a further state of the same kind (d3) has its time among the others.

    >>> sorted(lettered(("t1", "d1", "ta", "da", "d3", "z1"))), lettered(("tx", "dx", "age"))
    (['d1', 'd3', 'da', 't1', 'ta'], frozenset())
    """
    keys = {name_key(header) for header in headers if header}
    for letter in _LETTERS:
        ends = {
            key[1:]
            for key in keys
            if _IN_SHORT.fullmatch(key) and key[0] == "t" and f"{letter}{key[1:]}" in keys
        }
        if len(ends) > 1:
            numbered = (
                {key for key in keys if key[0] == letter and key[1:].isdigit()}
                if any(map(str.isdigit, ends))
                else {}
            )
            return frozenset((*(f"t{end}" for end in ends), *(f"{letter}{end}" for end in ends), *numbered))
    return frozenset()


def _stem(key: str) -> str:
    found = _TIMES.fullmatch(key)
    return found["stem"] if found else key
