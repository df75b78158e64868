"""What the name of an endpoint, or of a column that holds one, says of its events: death, relapse, or another."""

from __future__ import annotations

import re

from reportgen.cohort.mapping.keys import name_key

DEATH, RELAPSE, OTHER = "death", "relapse", "other"
# Acronyms and words → the kinds of events. A survival that is free of something ends with death, too.
_TOKENS = {
    "os": {DEATH}, "dss": {DEATH}, "css": {DEATH}, "oas": {DEATH}, "nrm": {DEATH}, "trm": {DEATH},
    "pfs": {DEATH, RELAPSE}, "dfs": {DEATH, RELAPSE}, "rfs": {DEATH, RELAPSE}, "efs": {DEATH, RELAPSE},
    "ffs": {DEATH, RELAPSE}, "mfs": {DEATH, RELAPSE}, "lfs": {DEATH, RELAPSE},
    "ttp": {RELAPSE}, "ttr": {RELAPSE}, "cir": {RELAPSE},
}  # fmt: skip
_DEATH = re.compile(r"death|dead|\bdied|deceas|mortal|\btod\b|verstorben|gestorben")
_RELAPSE = re.compile(r"relaps|recur|progress|rezidiv|rückfall|metasta")
_FREE = re.compile(r"free|frei(?:es|e|er)?\b")
_SURVIVAL = re.compile(r"surviv|überleb|ueberleb")
# "Survival after relapse" ends with death; "death without relapse" is one.
_BEHIND = re.compile(
    r"\b(?:after|since|from|following|without|post|non|nach|seit|ohne)[ -](?:the )?(?:first )?\w+"
)


def kinds_named(name: str) -> frozenset[str]:
    """The kinds of events of which a name speaks; none where it says nothing. A survival that is free of something may
    end with another event, too.

    >>> sorted(kinds_named("os_months")), sorted(kinds_named("Progression-free survival"))
    (['death'], ['death', 'other', 'relapse'])
    >>> sorted(kinds_named("Survival after relapse")), sorted(kinds_named("status"))
    (['death'], [])
    """
    words = name_key(name).replace("_", " ")
    free = bool(_FREE.search(words))
    found = {kind for token in words.split() for kind in _TOKENS.get(token, ())}
    rest = words if free else _BEHIND.sub(" ", words)
    if _SURVIVAL.search(rest):
        found |= {DEATH, OTHER} if free else {DEATH}
    if _DEATH.search(rest):
        found.add(DEATH)
    if _RELAPSE.search(rest):
        found.add(RELAPSE)
    return frozenset(found)
