"""What the world calls our columns: the lists in names/, a file per language, and a header in the form they have it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reportgen.cohort.mapping.legends import without_legend

FOLDER = Path(__file__).parent / "names"
COLUMNS, ENDPOINTS = "columns.toml", "endpoints.toml"

# Units of time in a header, and what says only how a value is written. As `plain_words` gives them.
UNITS = {
    "days": ("days", "d", "tage", "tagen", "jours", "dias", "giorni"),
    "weeks": ("weeks", "wk", "wks", "wochen", "semaines", "semanas", "settimane"),
    "months": ("months", "month", "mo", "mos", "mths", "mth", "mon", "monate", "monaten", "mois", "meses", "mesi"),
    "years": ("years", "year", "yr", "yrs", "y", "jahre", "jahren", "ans", "annees", "anos", "anni"),
}  # fmt: skip
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
FORMATS = frozenset(
    ("dd", "mm", "yyyy", "yy", "mmm", "ddmmyyyy", "ddmmyy", "mmddyyyy", "yyyymmdd", "mmyyyy", "iso", "iso8601", "8601",
     "tt", "jj", "jjjj", "aaaa", "aa", "date", "dates", "datum", "fecha", "data", "number", "text", "string",
     "category", "yn", "char", "num", "numeric", "dmy", "mdy", "ymd")
)  # fmt: skip
# Only within brackets are these a unit; a header may be called D or Y.
SHORT_UNITS = frozenset(("d", "y"))
SINGULAR = frozenset(("year", "month"))
BRACKET = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\{([^{}]*)\}|<([^<>]*)>")


@dataclass(frozen=True)
class Heard:
    """A header in plain words. unit: of time, "" where it names none. aside: words of brackets that say more."""

    words: tuple[str, ...]
    unit: str = ""
    aside: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The words as the lists have them, joined by underscores."""
        return "_".join(self.words)


@dataclass(frozen=True)
class Lists:
    """All languages together. safe, doubtful: table → column → headers, words joined by "_".

    words: a word, or some joined by "_" → what it may speak of; "" where it changes nothing. missing: "anywhere",
    "not_done", "measured" or "no_date" → words that say that nothing is known. values: column → our word → theirs.
    """

    safe: Mapping[str, Mapping[str, tuple[str, ...]]]
    doubtful: Mapping[str, Mapping[str, tuple[str, ...]]]
    words: Mapping[str, frozenset[str]] = field(repr=False)
    missing: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    values: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict, repr=False)


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a header: without accents, punctuation and case; "DateOfDeath" is three.

    >>> plain_words("Date de décès"), plain_words("DateOfDeath"), plain_words("Überlebensstatus")
    (('date', 'de', 'deces'), ('date', 'of', 'death'), ('uberlebensstatus',))
    """
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", text)
    letters = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+|#", bare))


def heard(header: str) -> Heard:
    """A header without units, formats and what is only said of its values.

    >>> heard("Date of Death (dd/mm/yyyy)"), heard("DOB [date]").key, heard("Time to death, days").unit
    (Heard(words=('date', 'of', 'death'), unit='', aside=()), 'dob', 'days')
    """
    unit, aside, header = "", [], without_legend(header)
    for found in BRACKET.finditer(header):
        inside = plain_words(next(filter(None, found.groups()), ""))
        if len(inside) == 1 and inside[0] in UNIT_OF:
            unit = UNIT_OF[inside[0]]
        elif not all(word in FORMATS for word in inside):
            aside.extend(word for word in inside if not word.isdigit())
    bare = BRACKET.sub(" ", header)
    words = list(plain_words(bare) or plain_words(header))
    for place in _places_of_units(words):
        if len(words) > 1 and not unit:
            unit = UNIT_OF[words.pop(place)]
    while (
        len(words) > 1
        and len(words[-1]) > 1
        and words[-1] in FORMATS - {"date", "datum", "fecha", "data", "num", "number"}
    ):
        words.pop()
    return Heard(tuple(words), unit, tuple(aside))


def _places_of_units(words: list[str]) -> list[int]:
    """Where a word is a unit: at the end, at the beginning in the plural ("year of birth" is none), before "to"."""
    last = len(words) - 1
    return [
        place
        for place, word in enumerate(words)
        if word in UNIT_OF
        and word not in SHORT_UNITS
        and (place == last or (place == 0 and word not in SINGULAR) or words[place + 1] == "to")
    ]


@cache
def lists() -> Lists:
    """The word lists of every language in names/."""
    safe: dict[str, dict[str, list[str]]] = {}
    doubtful: dict[str, dict[str, list[str]]] = {}
    words: dict[str, set[str]] = {}
    missing: dict[str, set[str]] = {}
    values: dict[str, dict[str, list[str]]] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        if file.name in (COLUMNS, ENDPOINTS):
            continue
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        for meaning, spellings in content.pop("words", {}).items():
            for spelling in spellings:
                words.setdefault(_joined(spelling), set()).add("" if meaning == "empty" else meaning)
        for where, said in content.pop("missing", {}).items():
            missing.setdefault(where, set()).update(said)
        for column, ours in content.pop("values", {}).items():
            for word, theirs in ours.items():
                values.setdefault(column, {}).setdefault(word, []).extend(theirs)
        for into, tables in ((doubtful, content.pop("doubtful", {})), (safe, content)):
            for table, columns in tables.items():
                for column, spellings in columns.items():
                    into.setdefault(table, {}).setdefault(column, []).extend(map(_joined, spellings))
    return Lists(
        _settled(safe), _settled(doubtful), {word: frozenset(said) for word, said in words.items()},
        {where: frozenset(said) for where, said in missing.items()}, _settled(values),
    )  # fmt: skip


@cache
def columns() -> Mapping[str, Mapping[str, tuple[frozenset[str], ...]]]:
    """Table → column → what must be said, a set per alternative; what may stand beside it ends with "?"."""
    content = tomllib.loads((FOLDER / COLUMNS).read_text(encoding="utf-8"))
    return {
        table: {column: tuple(frozenset(said.split()) for said in ways) for column, ways in known.items()}
        for table, known in content.items()
    }


@cache
def endpoint_names() -> Mapping[str, Mapping]:
    """label: endpoint → what the report calls it; spellings: endpoint → how headers name it."""
    return tomllib.loads((FOLDER / ENDPOINTS).read_text(encoding="utf-8"))


def _joined(spelling: str) -> str:
    return "_".join(plain_words(spelling))


def _settled(found: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        table: {column: tuple(dict.fromkeys(spellings)) for column, spellings in known.items()}
        for table, known in found.items()
    }
