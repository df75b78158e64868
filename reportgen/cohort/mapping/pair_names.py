"""What a header says of an endpoint: which one, whether it is its time or its status, and the unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reportgen.cohort.mapping.event_words import may_mean_the_opposite
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.word_lists import UNIT_OF, endpoint_names, heard, plain_words

TIME, EVENT, BARE = "time", "event", "bare"
GENERIC = "event"

TIMES = frozenset(
    ("time", "times", "duration", "dur", "t", "interval", "zeit", "temps", "tiempo", "tempo", "length", "tte", "surv",
     "days", "months", "years", "weeks", "month", "mo", "dauer", "aval", "duree", "delai", "duracion", "durata")
)  # fmt: skip
EVENTS = frozenset(
    ("status", "stat", "event", "events", "censor", "censored", "censoring", "cens", "cnsr", "cen", "indicator", "ind",
     "flag", "code", "e", "evt", "ev", "delta", "ereignis", "evenement", "evento", "statut", "estado", "stato",
     "yn", "outcome", "endpoint", "endpunkt", "esito", "desenlace", "estatus", "etat", "occurred", "observed",
     "happened", "d", "s", "death", "dead", "died", "zensiert", "status01")
)  # fmt: skip
# The same of an endpoint that ends by more than death: "PFS reason", never the reason of a death.
REASONS = frozenset(("reason", "type", "cause", "grund", "art", "raison", "motif", "motivo"))
# What may stand beside these without another meaning.
BESIDE = frozenset(
    ("to", "of", "in", "from", "at", "the", "last", "free", "patient", "total", "is", "was", "or", "until", "und",
     "der", "de", "del", "di", "du", "la", "lfu", "ltfu", "new", "updated", "recalculated")
)  # fmt: skip
# Acronyms that mean an endpoint only beside a unit or a status: SG is the specific gravity, too.
IN_SHORT = frozenset(("sg", "slp", "ssp", "ssr", "ssm"))
FOLLOWED = frozenset(
    ("up", "followup", "fu", "fup", "suivi", "seguimiento", "nachsorge", "nachbeobachtung", "nachbeobachtungszeit",
     "beobachtungszeit", "osservazione", "observacion")
)  # fmt: skip
# "… from diagnosis": where the clock begins.
FROM = frozenset(("from", "since", "after", "post", "ab", "seit", "nach", "depuis", "desde", "da", "dal"))
ORIGINS = frozenset(
    ("the", "start", "of", "date", "first", "initial", "treatment", "therapy", "tx", "rx", "diagnosis", "dx", "surgery",
     "resection", "operation", "op", "transplant", "transplantation", "sct", "hsct", "randomization", "randomisation",
     "enrolment", "enrollment", "registration", "baseline", "entry", "c1d1", "study", "diagnose", "erstdiagnose",
     "therapiebeginn", "beginn", "therapie", "diagnostic", "diagnostico", "diagnosi", "hct", "bmt", "dose", "line")
)  # fmt: skip
OF_DIAGNOSIS = frozenset(
    ("diagnosis", "dx", "diagnose", "erstdiagnose", "diagnostic", "diagnostico", "diagnosi")
)
# Written together: "futime", "fustat", "rfstime", "stime", "ostime", "osevent", "survtime", "censrec".
TOGETHER = re.compile(
    r"(os|pfs|dfs|efs|rfs|lfs|mfs|dmfs|ttp|ttr|fu|surv|srv|survival|rec|event|follow|followup|s|d|death|dead|rel|prog|"
    r"pg)"
    r"(time|tm|stat|status|event|cens|days|months|mo|years|yrs|ind|censor|month|day|mos|evt|dt)"
)
# With a letter or two only these: "rstatus" is that of a resection, "pr status" that of a receptor.
SHORT = re.compile(r"(r|rl|p|f)(time)|(p|f)(stat)(?:us)?")
PATIENT_STATUS: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("patientstatus", "vitalstatus", "lifestatus", "survstat"), ("vital", "status")
)
# "daystodeath_or_LFU".
UNTIL = re.compile(r"(days|weeks|months|years|time)(to)(\w{2,})")
SAID_IN_SHORT = {"r": ("rec",), "f": ("fu",), "rl": ("rel",), "p": ("progression",), "s": ("survival",),
                 "d": ("death",), "pg": ("progression",), "follow": ("fu",), "tm": ("time",)}  # fmt: skip
CENSORED_FIRST = re.compile(
    r"(cens|censor|cnsr|event|status|stat|time|t|e)(os|pfs|dfs|efs|rfs|rec|dead|death|prog)"
)


@dataclass(frozen=True)
class Role:
    """key: of names/endpoints.toml. kind: TIME, EVENT, or BARE where the name leaves it to what the column holds."""

    key: str
    kind: str
    unit: str = ""


@lru_cache(maxsize=4096)
def role_of(header: str) -> Role | None:
    """What a header says of an endpoint; None where it says nothing.

    >>> role_of("OS_MONTHS"), role_of("PFS Status").kind, role_of("futime")
    (Role(key='os', kind='time', unit='months'), 'event', Role(key='event', kind='time', unit=''))
    >>> role_of("time"), role_of("Disease Free (Months)").key, role_of("Age")
    (Role(key='event', kind='time', unit=''), 'dfs', None)
    """
    said = heard(header)
    words = _without_origin(_parted(plain_words(" ".join(said.words))))
    if len(said.words) == 1 and said.unit == "" and said.words[0] in ("days", "months", "years", "weeks"):
        return Role(GENERIC, TIME, said.words[0])
    key, rest = _stem(words)
    beside = BESIDE | FOLLOWED if key in ("death", "os") else BESIDE  # "days to death or last follow-up"
    rest = tuple(word for word in rest if word not in beside)
    if not key and not rest and not said.unit:
        return None
    unit = said.unit or next((UNIT_OF[word] for word in rest if len(word) > 1 and word in UNIT_OF), "")
    known = EVENTS | REASONS if key in OF_RELAPSE_TOO else EVENTS
    times, events = [w for w in rest if w in TIMES], [w for w in rest if w in known]
    if len(times) + len(events) < len(rest):
        return None
    if not key:
        key = "death" if set(rest) & {"death", "dead", "died"} else GENERIC
    if key == "death" and (times or unit) and not events:
        key = "os"
    if events and not unit:
        return Role(key, EVENT)
    if times or unit:
        return Role(key, TIME, unit)
    if set(words) <= IN_SHORT:
        return None
    return Role(key, EVENT if key in ("death", GENERIC) and not set(words) & FOLLOWED else BARE)


# How a header asks for yes or no without brackets.
ASKED = re.compile(r"_(?:y_n|yes_no|0_1|1_0|j_n|ja_nein|o_n|oui_non|s_n|s[ií]_no)$")
# Endpoints that a relapse or progression ends: of a patient without the event of any of them there was none.
OF_RELAPSE = frozenset(("ttp", "ttr", "pfi", "dfi"))
OF_RELAPSE_TOO = frozenset(("pfs", "dfs", "efs", "rfs", "lfs", "ffs"))


def says_who_relapsed(header: str) -> bool:
    """Whether a column of this name, if it holds codes, tells those who relapsed or progressed from the others.

    >>> says_who_relapsed("Progression"), says_who_relapsed("PFS status"), says_who_relapsed("pfs_months")
    (True, True, False)
    >>> says_who_relapsed("Rezidiv ja/nein"), says_who_relapsed("relapse_y_n"), says_who_relapsed("Relapsed on")
    (True, True, False)
    """
    key = name_key(header)
    role = role_of(ASKED.sub("", key) if ASKED.search(key) else header)
    if role is None or role.kind == TIME:
        return False
    free = may_mean_the_opposite(header)  # "Relapse-free"
    return role.key in OF_RELAPSE or (role.key in OF_RELAPSE_TOO and (role.kind == EVENT or free))


def counts_deaths(header: str) -> bool:
    """Whether the events that a status column of this name tells may be deaths, as those of a survival are."""
    role = role_of(header)
    return role is not None and role.key not in OF_RELAPSE


def counts_from_diagnosis(header: str) -> bool:
    """Whether a time is counted from the diagnosis by its name.

    >>> counts_from_diagnosis("OS from diagnosis (months)"), counts_from_diagnosis("OS (months)")
    (True, False)
    """
    words = plain_words(" ".join(heard(header).words))
    begins = next((place for place, word in enumerate(words) if word in FROM), len(words))
    return bool(OF_DIAGNOSIS & set(words[begins + 1 : begins + 4]))


def _without_origin(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without what they say of where the clock begins: "OS from start of treatment" is OS.

    >>> _without_origin(("os", "from", "start", "of", "treatment")), _without_origin(("time", "to", "treatment"))
    (('os',), ('time', 'to', 'treatment'))
    """
    for place, word in enumerate(words):
        if word in FROM and place and place + 1 < len(words):
            end = place + 1
            while end < len(words) and words[end] in ORIGINS:
                end += 1
            if end > place + 1:
                return _without_origin((*words[:place], *words[end:]))
    return words


def _stem(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The endpoint whose spelling stands first and is longest, and the words beside it."""
    best: tuple[int, str, tuple[str, ...]] = (0, "", words)
    for key, spellings in endpoint_names()["spellings"].items():
        for spelling in spellings:
            parts = tuple(spelling.split())
            for place in range(len(words) - len(parts) + 1):
                if words[place : place + len(parts)] == parts and len(parts) > best[0]:
                    best = (len(parts), key, words[:place] + words[place + len(parts) :])
    return best[1], best[2]


def _parted(words: tuple[str, ...]) -> tuple[str, ...]:
    found: list[str] = []
    for word in words:
        together = (
            TOGETHER.fullmatch(word)
            or CENSORED_FIRST.fullmatch(word)
            or SHORT.fullmatch(word)
            or UNTIL.fullmatch(word)
        )
        if not together:
            found.extend(PATIENT_STATUS.get(word, (word,)))
            continue
        for part in filter(None, together.groups()):
            found.extend(SAID_IN_SHORT.get(part, (part,)))
    return tuple(found)
