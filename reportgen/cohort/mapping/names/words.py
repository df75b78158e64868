"""What the words of a header speak of: known words and phrases, compounds, and words one slip away from a known one."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz import fuzz, process

from reportgen.cohort.mapping.word_lists import lists

LONGEST_PHRASE = 4
SHORTEST_PART, SHORTEST_MENDED = 3, 5
# Shorter parts of a compound that can be no part of another word: "dateofdeath", "dxdate".
SHORT_PARTS = frozenset(("of", "dt", "id", "fu", "dx", "tx", "rx", "no", "nr", "pd", "dc"))
LIKE = 84  # of 100, by rapidfuzz's ratio: one slip in a word of six letters
TIMES = {"1": "first"}
# Endings of international nonproprietary names, in the spelling of any of the languages: "Début imatinib".
DRUG = re.compile(
    r"\w{2,}(?:tinib|nib|mab|rafenib|metinib|ciclib|parib|lisib|degib|zomib|limus|taxel|platine?|platino|platin|rubicine?|"
    r"rubicina|tabine?|tabina|trexed|trexate|trexato|bulin|tecan|mustine?|mustina|phosphamide?|fosfamide?|fosfamida|"
    r"lidomide?|lidomida|lutamide?|lutamida|relix|cept|stat|leucel|vedotin|deruxtecan|oxifen[eo]?|trozole?|trozol)"
)
OTHER = "other"
AGAIN = re.compile(r"[2-9](?:nd|rd|th|e|eme|a|o|l)?|l[2-9]")
# An unknown word at the beginning; only an id of a patient may have one.
FOREIGN = frozenset(("foreign",))
# Words of a time elapsed, beside its unit: "days to death", "time from diagnosis to death".
ELAPSED = frozenset(
    ("time", "to", "until", "bis", "zeit", "interval", "jusqu", "hasta", "fino", "tempo", "tiempo")
)


def spoken(words: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """What each word or phrase speaks of, without those that change nothing; empty where one is not known.

    The first may be unknown; it is then FOREIGN.
    """
    return _spoken(words, mended=False)


def spoken_if_mended(words: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """The same with words that are one slip away from a known one taken for it."""
    return _spoken(words, mended=True)


@cache
def _spoken(words: tuple[str, ...], mended: bool) -> tuple[frozenset[str], ...]:
    known, found, place = lists().words, [], 0
    while place < len(words):
        for length in range(min(LONGEST_PHRASE, len(words) - place), 0, -1):
            phrase = "_".join(words[place : place + length])
            meaning = known.get(phrase) or (_word(phrase, mended) if length == 1 else None)
            if meaning:
                found.append((meaning, phrase))
                place += length
                break
        else:
            if place:
                return ()
            found.append((FOREIGN, words[0]))  # of a registry or study: "ICGC donor id"
            place = 1
    said = tuple(meaning for meanings, _ in found for meaning in _parts(meanings))
    return tuple(meaning for meaning in said if meaning != frozenset(("",)))


def _parts(meanings: frozenset[str] | tuple) -> tuple[frozenset[str], ...]:
    return meanings if isinstance(meanings, tuple) else (meanings,)


def _word(word: str, mended: bool) -> frozenset[str] | tuple[frozenset[str], ...] | None:
    if word in TIMES:
        return frozenset((TIMES[word],))
    if word in ELAPSED:
        return frozenset(("elapsed",))
    if DRUG.fullmatch(word):
        return frozenset(("treatment",))
    parts = _compound(word)
    if parts or not mended or len(word) < SHORTEST_MENDED:
        return parts or None
    like = process.extractOne(word, _long_words(), scorer=fuzz.ratio, score_cutoff=LIKE)
    return lists().words[like[0]] if like and like[0][0] == word[0] else None


def speaks_of_other(words: tuple[str, ...], dated: bool) -> bool:
    """Whether a word says that no column of ours is meant: of a relative, a second event, a form, the next visit.

    dated: of a column of dates, where a number above 1 counts the events ("Date of relapse 2").
    """
    known = lists().words
    said = phrases(words)
    return any(OTHER in known.get(phrase, ()) for phrase in said) or (
        dated and any(AGAIN.fullmatch(word) for word in said)
    )


def phrases(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words, those that together mean one thing as one: "1a linea" is no line of later."""
    known, found, place = lists().words, [], 0
    while place < len(words):
        longest = min(LONGEST_PHRASE, len(words) - place)
        ways = ("_".join(words[place : place + length]) for length in range(longest, 0, -1))
        phrase = next((way for way in ways if way in known), words[place])
        found.append(phrase)
        place += phrase.count("_") + 1
    return tuple(found)


@cache
def _long_words() -> tuple[str, ...]:
    return tuple(word for word in lists().words if len(word) >= SHORTEST_MENDED and "_" not in word)


def pieces(word: str) -> tuple[str, ...]:
    """The known words that a word is made of ("reason", "off"); empty where it is not made of such, or known itself."""
    known = lists().words
    return () if word in known else _pieces(word)


def _pieces(word: str) -> tuple[str, ...]:
    known = lists().words
    for length in range(len(word) - 2, 1, -1):
        first, rest = word[:length], word[length:]
        if first in known and (length >= SHORTEST_PART or first in SHORT_PARTS):
            if rest in known and (len(rest) >= SHORTEST_PART or rest in SHORT_PARTS):
                return first, rest
            behind = _pieces(rest) or (_pieces(rest[1:]) if rest[:1] == "s" else ())
            if behind:
                return first, *behind
    return ()


def _compound(word: str) -> tuple[frozenset[str], ...]:
    """The meanings of the known words that a word is made of."""
    return tuple(lists().words[piece] for piece in _pieces(word))
