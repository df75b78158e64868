"""Rows of toxicities that say there was none: "none", "no adverse events", "denies pain". They are no toxicities."""

from __future__ import annotations

import re
from dataclasses import replace

from reportgen.base.errors import WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean.cleaning import Cleaned
from reportgen.cohort.rows import filled


def _words(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


NO = _words("no", "nil", "none", "without", "denie[sd]")
KEINE = _words("kein(?:e|er|en)?", "nichts", "ohne", "nein")
SAID = _words(
    "reported", "recorded", "observed", "noted", "seen", "known", "berichtet", "bekannt", "beobachtet"
)
ANYTHING = "(?:adverse )?" + _words(
    "events?", "effects?", "reactions?", "toxicit(?:y|ies)", "aes?", "side[- ]?effects?", "symptoms?", "complaints?",
    "complications?",
)  # fmt: skip
IRGENDETWAS = "(?:unerwünschte[nr]? )?" + _words(
    "ereignisse?", "wirkungen", "nebenwirkung(?:en)?", "toxizität(?:en)?", "beschwerden", "komplikationen"
)
AUCUN = _words("aucune?", "pas d['’e] ?", "sans", "nessun[ao']?", "senza", "ning[uú]n[oa]?", "sin")
RIEN = _words(
    "effets?(?: indésirables?| secondaires?)?", "ei", "toxicités?", "événements?(?: indésirables?)?", "symptômes?",
    "toxicidad(?:es)?", "efectos?(?: adversos?| secundarios?)?", "eventos?(?: adversos?)?", "síntomas?",
    "tossicità", "effett[oi](?: collateral[ei])?", "event[oi](?: avvers[oi])?", "sintom[oi]",
)  # fmt: skip
# The whole term says that there was nothing.
NOTHING = re.compile(
    _words(
        "no", "none", "nil", "nothing", "nihil", "negative", "absent", "not present", "nad",
        f"{NO} (?:any |further |new |known )?{ANYTHING}(?: {SAID})?",
        f"(?:none|nothing|nichts|keine) {SAID}",
        f"{ANYTHING}[:=-]? ?(?:no|none|nil)",
        f"{KEINE}(?: {IRGENDETWAS})?(?: {SAID})?",
        "keine (?:nw|uaw)",
        "unauffällig",
        r"o\. ?b\.?",
        "néant",
        "rien(?: à signaler)?",
        "ras",
        r"r\.a\.s\.?",
        "niente",
        "nulla",
        "nada",
        "nessun[ao]?",
        "aucune?",
        "ning[uú]n[oa]?",
        f"{AUCUN} ?{RIEN}",
    ),
    re.IGNORECASE,
)  # fmt: skip
# It denies a toxicity that it names.
DENIES = re.compile(
    _words(
        "denie[sd]",
        "negative for",
        "absence of",
        "no evidence of",
        "no signs? of",
        "verneint",
        "kein hinweis auf",
    )
    + " .+|.+: ?(?:no|none|denied|absent|nein)",
    re.IGNORECASE,
)
# Words that begin so may name a toxicity all the same: no appetite, no taste.
MAY_DENY = re.compile(f"(?:no|not|without|keine?|ohne|{AUCUN}) .+", re.IGNORECASE)
LACKED = _words(
    "appetite", "taste", "smell", "sleep", "energy", "libido", "sensation", "feeling", "urine", "stool", "bowel",
    "menses", "periods?", "able", "otherwise", "elsewhere", "specified", "coded", "applicable", "classified",
    "appetit", "geschmack", "antrieb", "schlaf", "gefühl", "appétit", "goût", "sommeil", "appetito", "gusto", "apetito",
)  # fmt: skip
LACKING = re.compile(rf"(?:no|not|without|keine?|ohne|{AUCUN}) (?:\w+ )?{LACKED}\b.*", re.IGNORECASE)


def without_denied(table: Cleaned) -> tuple[Cleaned, list[Issue]]:
    """The toxicities without rows whose term says that there was none; each is named, and so is who may deny one.

    A patient of whom nothing but such rows is known has no toxicity, as one without any row.
    """
    if "term" not in table.frame:
        return table, []
    words = {term: _says(term) for term in filled(table.frame["term"]).unique()}
    if not any(words.values()):
        return table, []
    said = table.frame["term"].map(words, na_action="ignore").fillna("")
    issues = [_issue(table, row, said[row]) for row in table.frame.index[said != ""]]
    return replace(table, frame=table.frame[said != "none"]), issues


def _says(term: str) -> str:
    """ "none" of a term that denies a toxicity, "perhaps" of one that may; "" of all others.

    >>> [_says(term) for term in ("No adverse events", "Denies pain", "no rash", "No appetite", "Nausea")]
    ['none', 'none', 'perhaps', '', '']
    >>> [_says(term) for term in ("RAS", "aucune toxicité", "nessuno", "pas de nausées", "pas d'appétit", "sinusitis")]
    ['none', 'none', 'none', 'perhaps', '', '']
    """
    if NOTHING.fullmatch(term) or DENIES.fullmatch(term):
        return "none"
    return "perhaps" if MAY_DENY.fullmatch(term) and not LACKING.fullmatch(term) else ""


def denies(term: str) -> bool:
    """Whether a term denies a toxicity, or may: "no rash", but not "no appetite"."""
    return _says(term) != ""


def _issue(table: Cleaned, row: int, said: str) -> Issue:
    problem = (
        message("The term says that there was no toxicity; the row was left out")
        if said == "none"
        else message("The term may say that there was no toxicity; it counts as one")
    )
    hint = message('Delete the row, or write what happened ("loss of appetite", not "no appetite")')
    patient = table.frame.at[row, "patient_id"] if "patient_id" in table.frame else None
    cell = f"{table.letters['term']}{row}"
    return Issue(
        WARNING,
        "TERM_DENIES",
        table.sheet,
        cell,
        patient if isinstance(patient, str) else None,
        problem,
        hint,
    )
