"""Which columns a header may be, best first: by name, by a listed spelling, by its words, by likeness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.legends import without_legend
from reportgen.cohort.mapping.names.words import ELAPSED, phrases, spoken, spoken_if_mended
from reportgen.cohort.mapping.schema import TABLES, Column, columns_of, synonyms_of
from reportgen.cohort.mapping.word_lists import Heard, columns, heard, lists, plain_words

NAME, SYNONYM, SIMILAR = "name", "synonym", "similar"
# How sure each way is. Only a name or a listed spelling is ever taken without asking.
AS_LISTED, BY_WORDS, ELAPSED_BY_WORDS, MENDED, TWO_MEANINGS = 0.95, 0.85, 0.6, 0.6, 0.5
OF_PATIENTS = frozenset(("patient", "patients", "pt", "subject", "donor", "participant", "person"))
BESIDE = 0.1  # less where brackets say more than a unit


@dataclass(frozen=True)
class Candidate:
    """What a header may be. column: canonical, with _days or _months behind it where it is time elapsed.

    how: "name", "synonym" (a listed spelling that means one thing), "similar" (to be asked). sure: 0 to 1.
    """

    table: str
    column: str
    how: str
    sure: float


@lru_cache(maxsize=4096)
def takes_of(header: str) -> tuple[Candidate, ...]:
    """The columns that a header may be, the best first; none where nothing speaks for any.

    >>> [(c.table, c.column, c.how) for c in takes_of("Date of Death (dd/mm/yyyy)")]
    [('patients', 'death_date', 'synonym')]
    >>> takes_of("Haemoglobin (g/dl)")
    ()
    """
    found: dict[tuple[str, str], Candidate] = {}
    for candidate in _all(header):
        found.setdefault((candidate.table, candidate.column), candidate)
    return tuple(sorted(found.values(), key=lambda candidate: -candidate.sure))


def _all(header: str) -> Iterator[Candidate]:
    key, said = name_key(without_legend(header)), heard(header)
    for table in TABLES:
        known = columns_of(table)
        if key in known and (table == "patients" or key not in columns_of("patients")):
            yield Candidate(table, key, NAME, 1.0)
        stem, _, unit = key.rpartition("_")
        for name in (stem, f"{stem}_date") if unit in ("days", "months") else ():
            if name in known and known[name].kind == "date":
                yield Candidate(table, f"{name}_{unit}", NAME, 1.0)
    full = Heard((*said.words, *said.aside), said.unit)
    for way, less in ((full, 0.0), (said, BESIDE if said.aside else 0.0)):
        yield from _listed(way, less)
    if said.unit:  # "DiagnosisYear" is listed as it stands
        yield from _listed(Heard(plain_words(without_legend(header))), BESIDE)
    for table in TABLES:
        for place, column in enumerate(_bags(table).get(_bag(full.words), ())):
            yield from _with_unit(table, column, full, SIMILAR, TWO_MEANINGS - BESIDE / 2 - place / 100)
    yield from _by_words(full, 0.0, spoken(full.words))
    if said.aside:
        yield from _by_words(said, BESIDE, spoken(said.words))
    yield from _by_words(said, BY_WORDS - MENDED, spoken_if_mended(said.words))


def _listed(said: Heard, less: float) -> Iterator[Candidate]:
    for table in TABLES:
        safe = _names(table, True).get(said.key, ()) + synonyms_of(table).get(said.key, ())
        for column in safe:
            yield from _with_unit(table, column, said, SYNONYM if not less else SIMILAR, AS_LISTED - less)
        for place, column in enumerate(_names(table, False).get(said.key, ())):
            yield from _with_unit(table, column, said, SIMILAR, TWO_MEANINGS - less - place / 100)


@cache
def _names(table: str, safe: bool) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    known = lists().safe if safe else lists().doubtful
    for column, spellings in known.get(table, {}).items():
        for spelling in spellings:
            found[spelling] = (*found.get(spelling, ()), column)
    return found


def _bag(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that say something, in no order: "Patient status at the last follow-up" is "status last follow up"."""
    known = lists().words
    return tuple(
        sorted(word for word in phrases(words) if "" not in known.get(word, ()) and word not in OF_PATIENTS)
    )


@cache
def _bags(table: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for safe in (True, False):
        for spelling, meant in _names(table, safe).items():
            bag = _bag(tuple(spelling.split("_")))
            if len(bag) > 1:
                found[bag] = tuple(dict.fromkeys((*found.get(bag, ()), *meant)))
    return found


def _by_words(said: Heard, less: float, meanings: tuple[frozenset[str], ...]) -> Iterator[Candidate]:
    """Columns that a header names by words each of which is known, whatever their order."""
    if not meanings:
        return
    for table, known in columns().items():
        for column, ways in known.items():
            if any(_says(way, meanings, said.unit) for way in ways):
                yield from _with_unit(table, column, said, SIMILAR, BY_WORDS - less)


def _says(way: frozenset[str], meanings: tuple[frozenset[str], ...], unit: str) -> bool:
    """Whether every word has a place in the way, and all that the way needs is said."""
    may = {part.rstrip("?") for part in way}
    needs = {part for part in way if not part.endswith("?")}
    if unit:
        may, needs = may | {"elapsed"}, needs - {"date"}
    return all(meaning & may for meaning in meanings) and all(
        any(need in meaning for meaning in meanings) for need in needs
    )


def _with_unit(table: str, name: str, said: Heard, how: str, sure: float) -> Iterator[Candidate]:
    """The candidate, where the unit of the header suits the column: ages are years, dates have none."""
    column: Column = columns_of(table)[name]
    if not said.unit or (column.unit == said.unit and said.unit):
        yield Candidate(table, name, how, round(sure, 3))
    elif name == "treatment_start" and not ELAPSED & set(said.words):
        return  # "months on treatment" is how long, not when
    elif column.kind == "date" and said.unit in ("days", "months"):
        yield Candidate(table, f"{name}_{said.unit}", SIMILAR, round(min(sure, ELAPSED_BY_WORDS), 3))
