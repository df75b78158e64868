"""Columns that are by their names the time of something and its status: "prtime" and "prstat", "ae" and "ae.s".

What they tell of is known to nobody but the source; that it happened later is known.
"""

from __future__ import annotations

import re
from functools import lru_cache

from reportgen.cohort.mapping.keys import name_key

_TIMES = re.compile(r"(?P<stem>.+?)_?(?:time|tm)")
_STATES = re.compile(r"(?P<stem>.+?)(?:_(?:s|stat|cens|event)|stat|event|cens)|(?P<of>.+?)_?time_?status")


@lru_cache(maxsize=8)
def timed(headers: tuple[str, ...]) -> frozenset[str]:
    """The keys of the headers that are such a time or such a status.

    >>> sorted(timed(("PRTIME", "PRSTAT", "ae", "ae.s", "age", "er", "er_status")))
    ['ae', 'ae_s', 'prstat', 'prtime']
    """
    keys = {name_key(header) for header in headers if header}
    states = {found["stem"] or found["of"]: key for key in keys if (found := _STATES.fullmatch(key))}
    pairs = ((key, states.get(_stem(key))) for key in keys)
    return frozenset(name for key, state in pairs if state and state != key for name in (key, state))


def _stem(key: str) -> str:
    found = _TIMES.fullmatch(key)
    return found["stem"] if found else key
