"""The language that a report speaks: every text that its reader sees passes through here.

English stands in the code, as whole sentences with named parts; the other languages each in one file,
languages/<code>.po, by the English text (catalogues.py hands them to gettext). What is not English is looked
up when it is said, never when a module is loaded, so that texts in constants are marked with N_ and looked up
with _ where they are used.

A language inflects: a part of a sentence may have forms, and the sentence of that language names the one it
needs ("bei {who:dat}"). The forms of a text stand in the same file, under the form's name as msgctxt. English
has no forms, and what has none in the file stays as it is.

docs/languages.md says how to add one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

from reportgen.writing.catalogues import catalogue

SOURCE = "en"
NOUN = "noun"
FOLDER = Path(__file__).parent / "languages"

_active: ContextVar[str] = ContextVar("language", default=SOURCE)


def languages() -> tuple[str, ...]:
    """The codes of all languages there are; English first."""
    written = sorted(path.stem for path in FOLDER.glob("*.po"))  # a wheel has only what was compiled of them
    return (SOURCE, *(written or sorted(path.stem for path in FOLDER.glob("*.mo"))))


def active() -> str:
    """The code of the language that is spoken now."""
    return _active.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within this, every text is said in the language of this code. ValueError for one that has no file."""
    if code != SOURCE:
        _catalogue(code)
    token = _active.set(code)
    try:
        yield
    finally:
        _active.reset(token)


def _(text: str, /, **parts) -> str:
    """The text in the active language, its {parts} filled in; a text that no file knows stays as it is.

    >>> _("{n} of {total} fields", n=3, total=8)
    '3 of 8 fields'
    """
    return _filled(_found("", text), parts)


def _c(context: str, text: str, /, **parts) -> str:
    """The same for a text that means more than one thing in English; context: which, for the translator.

    >>> _c("best response", "NE")
    'NE'
    """
    return _filled(_found(context, text), parts)


def _n(one: str, many: str, n: int, /, **parts) -> str:
    """The text that fits a number; languages with more than two forms have them all in their file.

    >>> _n("{n} row", "{n} rows", 1, n=1), _n("{n} row", "{n} rows", 0, n=0)
    ('1 row', '0 rows')
    """
    return _filled(_fitting("", one, many, n), parts)


class Words(str):
    """Words with forms: itself as said by default, and `form` gives it as a sentence asks for it."""

    __slots__ = ("form",)
    form: Callable[[str], str]

    def __format__(self, form: str) -> str:
        return str(self.form(form)) if form else str(self)


def words(form: Callable[[str], str]) -> str:
    """Words whose form is made by a function of its name; "" is the form by default, and English has no other."""
    said = form("")
    if active() == SOURCE:
        return str(said)
    made = Words(said)
    made.form = form
    return made


def inflected(text: str, /, context: str = "", **parts) -> str:
    """The text as _c gives it, with its forms: a part asked for as {name:form} in another sentence.

    >>> inflected("years")
    'years'
    """
    return words(lambda form: _filled(_found(form or context, text, context), parts))


def inflected_n(one: str, many: str, n: int, /, **parts) -> str:
    """The noun that fits a number, with its forms; in the file its msgctxt is "noun".

    >>> inflected_n("patient", "patients", 2)
    'patients'
    """
    return words(lambda form: _filled(_fitting(form or NOUN, one, many, n, NOUN), parts))


class _Sentence(Formatter):
    """{name:form} of words that have no forms is the words."""

    def format_field(self, value: object, form: str) -> str:
        return format(value, form) if isinstance(value, Words) else str(value)


def _filled(text: str, parts: dict) -> str:
    if not parts:
        return text
    pieces = _pieces(text)
    if pieces is None:
        return _Sentence().vformat(text, (), parts)
    field = _Sentence().format_field
    return "".join(
        [words if name is None else words + field(parts[name], form) for words, name, form in pieces]
    )


@lru_cache(maxsize=8192)
def _pieces(text: str) -> tuple[tuple[str, str | None, str], ...] | None:
    """The words of a sentence, and behind each the part that follows and its form; None where a part is more than
    a name. A report says some thousand sentences ten times."""
    pieces = []
    for words, name, form, turned in _Sentence().parse(text):
        if turned or (form and "{" in form) or not (name is None or name.isidentifier()):
            return None
        pieces.append((words, name, form or ""))
    return tuple(pieces)


def _found(context: str, text: str, otherwise: str = "") -> str:
    code = _active.get()
    if code == SOURCE or not text:
        return text
    known = _catalogue(code)
    for one in (context, otherwise):
        if one and (said := known.pgettext(one, text)):
            return said
    return known.gettext(text) or text


def _fitting(context: str, one: str, many: str, n: int, otherwise: str = "") -> str:
    code = _active.get()
    english = one if n == 1 else many
    if code == SOURCE:
        return english
    known = _catalogue(code)
    for name in (context, otherwise):
        said = known.npgettext(name, one, many, n) if name else known.ngettext(one, many, n)
        if said:
            return said
    return english


@cache
def _catalogue(code: str) -> GNUTranslations:
    if code not in languages():
        raise ValueError(f"there is no language {code!r}")
    return catalogue(FOLDER, code)


@dataclass(frozen=True)
class Rules:
    """How a language writes numbers and dates. percent: with {n} for the number."""

    decimal: str
    group: str
    percent: str
    date: Callable[[date], str]
    short_date: Callable[[date], str]
    month: Callable[[date], str]
    short_month: Callable[[date], str]

    @cached_property
    def signs(self) -> dict[int, str]:
        """What stands for the signs of a number as Python writes it, with a true minus; for str.translate."""
        return str.maketrans({",": self.group, ".": self.decimal, "-": "−"})


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
ENGLISH = Rules(
    ".",
    ",",
    "{n}%",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: day.isoformat(),
    lambda day: f"{MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{MONTHS[day.month - 1][:3]} {day.year}",
)


def rules() -> Rules:
    """Those of the active language; English dates are written so that no country takes them for others."""
    return ENGLISH if active() == SOURCE else _rules(active())


@cache
def _rules(code: str) -> Rules:
    from babel import Locale
    from babel.dates import format_date, format_skeleton

    locale = Locale.parse(code)
    symbols = locale.number_symbols[locale.default_numbering_system]
    return Rules(
        symbols["decimal"],
        symbols["group"],
        re.sub("[#0,.]+", "{n}", locale.percent_formats[None].pattern),
        lambda day: format_date(day, "long", locale=locale),
        lambda day: format_skeleton("yMMdd", day, locale=locale),
        lambda day: format_skeleton("yMMMM", day, locale=locale),
        lambda day: format_skeleton("yMMM", day, locale=locale),
    )
