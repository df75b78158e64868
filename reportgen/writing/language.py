"""The language that a report speaks: every text that its reader sees passes through here.

English stands in the code, as whole sentences with named parts; the other languages each in one file,
languages/<code>.po, by the English text. What is not English is looked up when it is said, never when a
module is loaded, so that texts in constants are marked with N_ and looked up with _ where they are used.

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
from functools import cache
from pathlib import Path
from string import Formatter

SOURCE = "en"
NOUN = "noun"
FOLDER = Path(__file__).parent / "languages"

_active: ContextVar[str] = ContextVar("language", default=SOURCE)


def languages() -> tuple[str, ...]:
    """The codes of all languages there are; English first."""
    return (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))


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
    return _Sentence().vformat(text, (), parts) if parts else text


def _found(context: str, text: str, otherwise: str = "") -> str:
    code = _active.get()
    if code == SOURCE:
        return text
    known = _catalogue(code).texts
    return known.get((context, text)) or known.get((otherwise, text)) or known.get(("", text), text)


def _fitting(context: str, one: str, many: str, n: int, otherwise: str = "") -> str:
    code = _active.get()
    if code == SOURCE:
        return one if n == 1 else many
    catalogue = _catalogue(code)
    texts = catalogue.plurals.get((context, one)) or catalogue.plurals.get((otherwise, one))
    return texts[catalogue.plural(n)] if texts else one if n == 1 else many


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language, by (context, English text). plural: number → which of the plural texts."""

    texts: dict[tuple[str, str], str]
    plurals: dict[tuple[str, str], tuple[str, ...]]
    plural: Callable[[int], int]


@cache
def _catalogue(code: str) -> Catalogue:
    path = FOLDER / f"{code}.po"
    if code not in languages():
        raise ValueError(f"there is no language {code!r}")
    return parsed(path.read_text(encoding="utf-8"))


LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) )?"(.*)"$')
ESCAPES = {"n": "\n", "t": "\t"}


def parsed(text: str) -> Catalogue:
    """A .po file, as gettext defines it; what is fuzzy or not translated yet is left out.

    Babel reads such a file too, but in ten times the time; a test compares the two.
    """
    from gettext import c2py

    texts: dict[tuple[str, str], str] = {}
    plurals: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in entry.splitlines():
            if line.startswith("#"):
                continue
            found = LINE.match(line.strip())
            if not found:
                raise ValueError(f"this line belongs in no .po file: {line!r}")
            name = found[1] or name
            fields[name] = fields.get(name, "") + re.sub(
                r"\\(.)", lambda sign: ESCAPES.get(sign[1], sign[1]), found[2]
            )
        if "msgid" not in fields or re.search(r"^#,.*\bfuzzy\b", entry, re.MULTILINE):
            continue
        key = (fields.get("msgctxt", ""), fields["msgid"])
        if "msgid_plural" in fields:
            forms = tuple(value for name, value in sorted(fields.items()) if name.startswith("msgstr["))
            plurals |= {key: forms} if all(forms) else {}
        elif fields["msgstr"]:
            texts[key] = fields["msgstr"]
    rule = re.search(r"plural=([^;]+);", texts.pop(("", ""), ""))
    if not rule:
        raise ValueError("the head of a .po file must have its Plural-Forms")
    return Catalogue(texts, plurals, c2py(rule[1]))


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
