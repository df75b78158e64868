"""The words of event columns: which say that there was no event, which that nothing is known; and doubtful names.

All stand here as `value_key` and `name_key` give them. A word that belongs to none of these lists is never guessed.
"""

from __future__ import annotations

import re

from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import YES_NO, spellings

# What says of itself that there was no event, in any column.
NO_EVENT = frozenset(
    ("alive", "living", "still alive", "alive at last contact", "alive at last follow-up", "lebend", "lebt", "vivant",
     "censored", "censor", "cens", "zensiert", "censuré", "none", "no event", "no events", "without event",
     "event-free", "event free", "no death", "not dead", "no relapse", "not relapsed", "relapse-free", "relapse free",
     "no recurrence", "not recurred", "recurrence-free", "recurrence free", "no progression", "not progressed",
     "progression-free", "progression free", "disease-free", "disease free", "diseasefree", "ned",
     "no evidence of disease", "kein", "keine", "kein ereignis", "ohne ereignis", "kein rezidiv", "rezidivfrei",
     "keine progression")
)  # fmt: skip
# Codes by which a column of events says that there was none.
NOTHING = frozenset(("0", "no"))
# Of the words behind a code ("1:DECEASED"): those that speak of an event, and those that deny one.
HAPPENED = frozenset(
    ("dead", "deceased", "died", "death", "expired", "dod", "verstorben", "tot", "gestorben", "tod", "event",
     "relapse", "relapsed", "recurrence", "recurred", "progression", "progressed", "progressive", "rezidiv",
     "ereignis", "rückfall", "rechute", "récidive", "recidiva", "recaída", "recaida", "ricaduta", "progresión",
     "progresion", "progressione", "événement", "évènement", "evenement", "evento", "yes")
)  # fmt: skip
DENIED = frozenset(
    ("alive", "living", "lebt", "lebend", "censored", "zensiert", "no", "not", "free", "without", "none", "ned",
     "kein", "keine", "ohne", "nicht", "diseasefree", "vivant", "vivante", "vivo", "viva", "sans", "sin", "senza",
     "aucun", "aucune", "ninguno", "ninguna", "nessuno", "nessuna", "censuré", "censurado", "censurato")
)  # fmt: skip
# Words of a death, and what takes them back.
DEATHS = frozenset(
    ("dead", "deceased", "died", "death", "expired", "dod", "doc", "verstorben", "tot", "gestorben", "tod", "nrm",
     "trm", "décès", "décédé", "décédée", "dcd", "muerto", "muerta", "muerte",
     "fallecido", "fallecida", "exitus", "éxitus",
     "deceduto", "deceduta", "decesso", "morto", "morta", "morte")
)  # fmt: skip
CROSSES = ("†", "✝")
BEFORE_DEATH = frozenset(
    ("not", "no", "non", "kein", "keine", "nicht", "without", "ohne", "sans", "sin", "senza", "pas", "or")
)
# What stands beside a death in the header of its date, and adds nothing.
BESIDE_DEATH = frozenset(
    ("", "date", "dates", "day", "dt", "of", "datum", "des", "de", "fecha", "data", "patient")
)
OTHER_CAUSE = re.compile(
    r"\b(?:other|another|unrelated|intercurrent|non|not|doc|nrm|trm|toxic\w*|treatment|ander\w*|nicht|autre\w*|otr[ao]s?|altr[aeio])\b"
)
# What an event column says where nothing is known, beyond what counts as missing in every column.
NOTHING_KNOWN = frozenset(
    ("[not available]", "[unknown]", "[not applicable]", "[not evaluated]", "[discrepancy]", "[completed]",
     "not reported", "not documented", "not specified", "not evaluated", "not evaluable", "not assessed", "not done",
     "not applicable", "unspecified", "undetermined", "indeterminate", "no information", "no data", "missing data",
     "unk", "unkn", "ukn", "uk", "u/k", "n.k.", "n/k", "n.d.", "ni", "n.i.", "n.a", "<na>", "(blank)", "blank",
     "empty", "unbekannt", "nicht bekannt", "keine angabe", "k.a.", "k. a.", "inconnu")
)  # fmt: skip

# Names of columns in which 1 may say that there was no event: with codes alone, both readings are in use.
OPPOSITE = re.compile(r"(?<!un)(?:cens|cnsr|zens)")
OPPOSITE_TOKENS = frozenset(
    ("alive", "living", "lebt", "lebend", "lebendig", "vivant", "vital", "vitalstatus", "vitstat", "survived",
     "survivor", "surviving", "survives", "ned", "remission", "ongoing", "lost", "ltfu", "no", "not", "non",
     "without", "ohne", "kein", "keine", "nicht")
)  # fmt: skip
# What a header says of its answers: "Décès (oui/non)" denies nothing.
ANSWERS = re.compile(r"yes_no|no_yes|y_n|ja_nein|nein_ja|j_n|oui_non|non_oui|o_n|s[iíì]_no|no_s[iíì]|s_n")
SURVIVAL = re.compile(r"surviv|überleb|ueberleb|(?:free|frei)(?:_|$)")
FREE = re.compile(r"(?:free|frei)$")  # "event_free", but "event_free_survival_status"
EVENT_TOKENS = frozenset(("status", "event", "events", "ereignis", "death", "dead", "died", "deceased"))

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(?:[.,]0*)?")
_CODED = re.compile(r"([0-9]{1,3})\s*[:=]\s*(\S.*)")
_YES_NO = {spelling: word for spelling, word in spellings(YES_NO).items() if not spelling.isdigit()}


def event_word(cell: object) -> tuple[str | None, str | None]:
    """A cell of an event column, as `cells.category`; more words than elsewhere say that nothing is known."""
    value, code = cells.category(cell)
    return (None, cells.MISSING_WORD) if value and word_key(value) in NOTHING_KNOWN else (value, code)


def value_key(value: object) -> str:
    """A value of an event column as it is compared: numbers by value, yes and no in every spelling alike.

    >>> value_key("1.0"), value_key(1), value_key(True), value_key("Ja"), value_key(" Dead ")
    ('1', '1', 'yes', 'yes', 'dead')
    """
    key = word_key(cells.text(value)[0] if isinstance(value, str) else value)
    if _WHOLE.fullmatch(key):
        return str(int(re.split("[.,]", key)[0]))
    return _YES_NO.get(key, key)


def is_number(key: str) -> bool:
    """Whether a key of a value is a whole number."""
    return bool(_WHOLE.fullmatch(key))


def code_and_word(value: object) -> tuple[str, str]:
    """The code and the word of a value such as "1:DECEASED"; the key of any other value, and no word.

    >>> code_and_word("0 = Living"), code_and_word("dead")
    (('0', 'living'), ('dead', ''))
    """
    key = value_key(value)
    coded = _CODED.fullmatch(key)
    return (value_key(coded[1]), value_key(coded[2])) if coded else (key, "")


def speaks_of_event(word: str) -> bool:
    """Whether a word behind a code says that something happened."""
    tokens = _tokens(word)
    return bool(tokens & HAPPENED) and not tokens & DENIED


def speaks_of_another_cause(word: str) -> bool:
    """Whether a word of a death says that it was not of the disease.

    >>> [speaks_of_another_cause(word) for word in ("dead of other causes", "doc", "tod, nicht tumorbedingt", "dod")]
    [True, True, True, False]
    """
    return OTHER_CAUSE.search(word) is not None


def speaks_of_death(word: str) -> bool:
    """Whether a word says that somebody died, whatever else it denies.

    >>> [speaks_of_death(word) for word in ("died without relapse", "dead", "no death", "alive", "relapse or death")]
    [True, True, False, False, False]
    """
    tokens = re.split(r"[^\w]+", word)
    return word.strip() in CROSSES or any(
        token in DEATHS and before not in BEFORE_DEATH
        for before, token in zip(("", *tokens), tokens, strict=False)
    )


def names_only_deaths(header: str) -> bool:
    """Whether a header speaks of the day of death and of nothing else, so that who has one has died.

    >>> [names_only_deaths(header) for header in ("Death", "date of death", "last seen or death", "exit date")]
    [True, True, False, False]
    """
    words = [word for word in re.split(r"[\W_\d]+", header.casefold()) if word not in BESIDE_DEATH]
    return bool(words) and DEATHS.issuperset(words)


def denies_event(word: str) -> bool:
    """Whether a word behind a code says that nothing happened."""
    return word in NO_EVENT or bool(_tokens(word) & DENIED)


def is_no_event(value: object) -> bool:
    """Whether a value says by itself, whatever its column is called, that there was no event."""
    code, word = code_and_word(value)
    return (word or code) in NO_EVENT | NOTHING


def may_mean_the_opposite(column: str) -> bool:
    """Whether the name of a column says that 1 may stand for no event.

    >>> [may_mean_the_opposite(name) for name in ("CNSR", "Alive", "event_free", "progression_free_survival")]
    [True, True, True, True]
    >>> [may_mean_the_opposite(name) for name in ("status", "survival_status", "uncensored", "Décès (oui/non)")]
    [False, False, False, False]
    """
    name = ANSWERS.sub("", name_key(column))
    tokens = set(name.split("_"))
    if OPPOSITE.search(name) or FREE.search(name) or tokens & OPPOSITE_TOKENS:
        return True
    return bool(SURVIVAL.search(name)) and not tokens & EVENT_TOKENS


def _tokens(word: str) -> set[str]:
    return set(re.split(r"[^\w]+", word))
