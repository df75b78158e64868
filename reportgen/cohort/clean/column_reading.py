"""How the cells of a column are read: by its kind, by what the settings say, and by what it shows as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from reportgen.cohort.clean import cells, dates
from reportgen.cohort.clean import written_grades as graded
from reportgen.cohort.clean.written_lines import line
from reportgen.cohort.mapping.event_words import event_word
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.schema import NOT_DONE, ONGOING, YES_NO, spellings
from reportgen.settings.model import Settings

Read = Callable[[object], tuple]
WORDS = ("word", "yes/no")
# Of [values.x]: what means that nothing is known in this column alone.
MISSING = "missing"
# A word of ours that means another one beside these: M is a man beside F, a woman ("Mujer") beside H or V.
UNCLEAR = {"sex": ("m", frozenset(("h", "v", "hombre", "varón", "varon")))}
# Numbers beside which words may stand, whatever table they are of.
WRITTEN: Mapping[str, Read] = {"grade": graded.grade, "line": line}
# An age is in years, whether a cell says so or not: "65 J.", "65y". One in months stays a question.
IN_YEARS = frozenset(("age_at_start",))
OF_YEARS = re.compile(
    r"\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:y|yr|yrs|yo|y/o|years?(?: old)?|j|jahre?|a|ans?|años?|anni|anno)\.?\s*",
    re.IGNORECASE,
)
# Dates in whose place a word may say that there is none yet.
STOPS = ("treatment_stop", "stop_date", "resolved_date")


@dataclass(frozen=True)
class Reading:
    """kind: as in schema, or "category", or "event". lookup: spelling → value; a closed vocabulary has nothing else.

    own: those of the lookup that the settings give for this column. missing, date_order, decimal: as in [source].
    written: reads numbers that may have words beside them, as grades and lines have. unclear: a spelling that is not
    taken where one of others stands in the column, unless it is own. measured: they are those of a characteristic.
    years_until: [source] two_digit_years. serials: [source] date_serials. in_years: they are years, whether a cell says
    so or not.
    """

    kind: str
    lookup: Mapping[str, str | None] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    date_order: str = ""
    decimal: str = ""
    written: Read | None = None
    unclear: tuple[str, frozenset[str]] = ("", frozenset())
    measured: bool = False
    years_until: int = 0
    serials: int = 0
    in_years: bool = False
    otherwise: str = ""

    @property
    def plain(self) -> bool:
        """Whether nothing is told of the column, so that its numbers and ids can be taken as they are."""
        return not self.lookup and not self.missing

    def of(self, column: Sequence[object], typed: bool) -> Read:
        """The function that reads a cell: (value, code). column: its distinct cells; typed: as in RawSheet."""
        read = self._by_kind(column, typed)
        if self.lookup and self.kind not in WORDS:
            nothing = "STILL_GOING_ON" if self.kind == "date" else cells.MISSING_WORD
            read = partial(_looked_up, read=read, lookup=self.lookup, nothing=nothing)
        return partial(_unless_missing, read=read, missing=self.missing) if self.missing else read

    def _by_kind(self, column: Sequence[object], typed: bool) -> Read:
        if self.in_years and self.kind == "number":
            column = [_without_years(cell) for cell in column]
            return partial(_in_years, read=replace(self, in_years=False)._by_kind(column, typed))
        if self.kind in WORDS:
            known = without_unclear(self.lookup, self.own, self.unclear, column)
            return partial(_word_or, lookup=known, otherwise=self.otherwise)
        if self.kind == "date":
            order = self.date_order or dates.order_of(column, self.years_until)
            return partial(dates.day, order=order, until=self.years_until, serials=self.serials)
        if self.kind == "number" and self.written:
            return self.written
        if self.kind == "number":
            if self.decimal:
                read: Read = partial(cells.number, decimal=self.decimal)
            else:
                # Beside true numbers a comma is asked about; where all of a column is text, the column tells.
                told = (not typed or all(isinstance(cell, str) for cell in column)) and cells.decimal_commas(
                    column
                )
                read = cells.comma_number if told else cells.number
            return partial(_unless_not_done, read=read) if self.measured else read
        others = {"id": cells.identifier, "text": cells.free_text, "terms": cells.terms, "event": event_word}
        return others.get(self.kind, cells.category)


def reading(
    kind: str, column: str, settings: Settings, words: Mapping[str, tuple[str, ...]] | None = None
) -> Reading:
    """The reading of a column by its normalised name. words: of a closed vocabulary (yes and no if it has none)."""
    theirs = settings.values.get(column, {})
    none_of_ours = kind not in WORDS or MISSING not in spellings(words or YES_NO)
    gone = frozenset(map(word_key, theirs.get(MISSING, ()))) if none_of_ours else frozenset()
    own = _of_kind(
        mapped({word: others for word, others in theirs.items() if not gone or word != MISSING}), kind
    )
    lookup: dict[str, str | None] = dict(own)
    if kind in WORDS:
        lookup = dict(spellings(words or YES_NO))
        if column == "stop_reason":
            lookup |= dict.fromkeys(ONGOING, ONGOING[0])
        lookup |= own
    if kind == "date" and column in STOPS:
        lookup = dict.fromkeys(ONGOING, None) | own
    told = settings.source
    missing = frozenset() if kind == "id" else frozenset(map(word_key, told.missing)) | gone
    written = WRITTEN.get(column) if kind == "number" else None
    unclear = UNCLEAR.get(column, ("", frozenset()))
    return Reading(
        kind,
        lookup,
        own,
        missing,
        told.date_order,
        told.decimal,
        written,
        unclear,
        years_until=told.two_digit_years,
        serials=told.date_serials,
        in_years=column in IN_YEARS,
        otherwise="other" if column == "stop_reason" and kind in WORDS else "",
    )


def without_unclear(
    lookup: Mapping[str, str | None],
    own: Mapping[str, str],
    unclear: tuple[str, frozenset[str]],
    column: Sequence[object],
) -> Mapping[str, str | None]:
    """The lookup without what means something else beside the other words of the column, unless the settings say it.

    >>> known = {"m": "male", "h": "male"}
    >>> without_unclear(known, {}, UNCLEAR["sex"], ["H", "M"])
    {'h': 'male'}
    >>> without_unclear(known, {}, UNCLEAR["sex"], ["M"])
    {'m': 'male', 'h': 'male'}
    """
    spelling, rivals = unclear
    if spelling in lookup and spelling not in own and rivals & set(map(word_key, column)):
        return {word: ours for word, ours in lookup.items() if word != spelling}
    return lookup


def mapped(theirs: Mapping[str, tuple]) -> dict[str, str]:
    """The settings' {"dead": ("DOD", 1)} as spelling → word. What they say of a word of ours counts before the word.

    >>> mapped({"yes": ("no",), "no": ("yes",)})
    {'yes': 'no', 'no': 'yes'}
    """
    said = {word_key(spelling): word for word, others in theirs.items() for spelling in others}
    return {word_key(word): word for word in theirs} | said


def _of_kind(own: Mapping[str, str], kind: str) -> dict:
    """The settings' own values as numbers or days in a column of these; what is neither reads nothing."""
    parse = {"number": cells.number, "date": dates.day}.get(kind)
    if parse is None:
        return dict(own)
    values = {spelling: parse(value)[0] for spelling, value in own.items()}
    return {spelling: value for spelling, value in values.items() if value is not None}


def _looked_up(cell: object, read: Read, lookup: Mapping[str, str | None], nothing: str) -> tuple:
    key = word_key(cell)
    if key not in lookup:
        return read(cell)
    return lookup[key], nothing if lookup[key] is None else None


def _unless_not_done(cell: object, read: Read) -> tuple:
    told = isinstance(cell, str) and cells.text(cell)[0].casefold() in NOT_DONE
    return (None, "BAD_NUMBER") if told else read(cell)


def _without_years(cell: object) -> object:
    found = OF_YEARS.fullmatch(cell) if isinstance(cell, str) else None
    return found[1] if found else cell


def _in_years(cell: object, read: Read) -> tuple:
    return read(_without_years(cell))


def _word_or(cell: object, lookup: Mapping[str, str | None], otherwise: str) -> tuple:
    """A word of the vocabulary; or what any other word is, where there is such a thing."""
    value, code = cells.word(cell, lookup)
    return (otherwise, "UNKNOWN_REASON") if otherwise and code == "UNKNOWN_VALUE" else (value, code)


def _unless_missing(cell: object, read: Read, missing: frozenset[str]) -> tuple:
    number = cells.number(cell)[0]
    told = word_key(cell) in missing or (number is not None and word_key(number) in missing)
    return (None, "TOLD_MISSING") if told else read(cell)
