"""Sentences from rules: templates filled with numbers that know where they come from.

No sentence here knows a statistic or a chapter; those are written in sections, with these few verbs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from string import Formatter

from reportgen.base.message import N_
from reportgen.report import Dots, Link, Text, Value
from reportgen.writing import numbers
from reportgen.writing.language import SOURCE, Words, _, _c, _n, active, inflected, inflected_n, words

SHORTEST = 3  # letters of a word that is no abbreviation, such as Hb


def say(template: str, /, **parts: Text | Value | Link | str | int) -> Text:
    """Fill a template in the active language; the parts keep their trace to the Estimates.

    >>> say("{k} of {n} responded.", k=Value("8", "response.x"), n="8")
    (Value(text='8', ref='response.x', quiet=False), ' of 8 responded.')
    """
    return filled(_(template), parts)


def say_n(one: str, many: str, n: int, /, **parts: Text | Value | Link | str | int) -> Text:
    """The same with the template that fits a number.

    >>> say_n("{k} patient was seen.", "{k} patients were seen.", 1, k="one")
    ('one patient was seen.',)
    """
    return filled(_n(one, many, n), parts)


def filled(template: str, parts: Mapping[str, Text | Value | Link | str | int]) -> Text:
    """A template of the active language with its parts, each in the form that the template names."""
    pieces: list[str | Value | Link | Dots] = []
    for literal, name, form, _conversion in Formatter().parse(template):
        pieces.append(literal)
        if name is not None:
            part = parts[name]
            several = part if isinstance(part, tuple) else (part,)
            if not several and isinstance(pieces[-1], str):
                pieces[-1] = pieces[-1].removesuffix(" ")  # what is not said leaves no blank
            pieces.extend(_in_form(one, form or "") for one in several)
    return merge(pieces)


def _in_form(part: Value | Link | Dots | str | int, form: str) -> Value | Link | Dots | str:
    if isinstance(part, Value):
        return replace(part, text=f"{part.text:{form}}") if isinstance(part.text, Words) and form else part
    if isinstance(part, Words):
        return f"{part:{form}}" if form else part
    return part if isinstance(part, Link | Dots) else str(part)


def merge(pieces: Iterable[str | Value | Link | Dots]) -> Text:
    """Neighbouring strings as one, empty ones gone; words with forms stay by themselves, to be asked for them."""
    merged: list[str | Value | Link | Dots] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if type(piece) is str and type(last) is str:
            merged[-1] = last + piece
        elif piece != "":
            merged.append(piece)
    return tuple(merged)


def join(items: Sequence[Text | Value | str], between: str = ", ", last: str = N_(" and ")) -> Text:
    """A list in words: "a, b and c".

    >>> join(["a", "b", "c"])
    ('a, b and c',)
    """
    pieces: list[str | Value | Link | Dots] = []
    for place, item in enumerate(items):
        if place:
            pieces.append(_(last) if place == len(items) - 1 else between)
        pieces.extend(item if isinstance(item, tuple) else (item,))
    return merge(pieces)


def the_table(id: str) -> Link:
    """A table that a sentence speaks of; where it has a number it is called by that (run.arranging)."""
    return Link(_("the table"), f"#{id}")


def paragraph(*sentences: Text | None) -> Text:
    """Sentences one after the other, each beginning with a capital; None is left out."""
    pieces: list[str | Value | Link | Dots] = []
    for sentence in sentences:
        if not sentence:
            continue
        if pieces:
            pieces.append(" ")
        pieces.extend(capital(sentence))
    return merge(pieces)


def capital(text: Text) -> Text:
    """The text with its first letter a capital.

    >>> capital(("five of 8",))
    ('Five of 8',)
    """
    if not text:
        return text
    first, *rest = text
    if isinstance(first, Value):
        first = Value(head(first.text), first.ref, first.quiet)
    elif isinstance(first, str):
        first = head(first)
    return (first, *rest)


def head(label: str) -> str:
    """A label at the head of a row or sentence, with a capital; a name that is spelled otherwise stays as it is.

    >>> head("fusion partner"), head("mTOR inhibitor"), head("p53 mutation"), head("t(9;22)")
    ('Fusion partner', 'mTOR inhibitor', 'p53 mutation', 't(9;22)')
    """
    return label if _spelled(label) else label[:1].upper() + label[1:]


def lower(label: str) -> str:
    """An English label within a sentence; a name or an abbreviation stays as it is. Other languages, whose
    nouns may have capitals, leave every label as it is written.

    >>> lower("Overall survival"), lower("OS"), lower("ALK fusion"), lower("Ki-67"), lower("Hb")
    ('overall survival', 'OS', 'ALK fusion', 'Ki-67', 'Hb')
    """
    if active() != SOURCE or _spelled(label) or len(_first_word(label)) < SHORTEST:
        return label
    return label[:1].lower() + label[1:]


def _spelled(label: str) -> bool:
    """Whether the first word has capitals or figures within, so that its first letter means something too."""
    return any(sign.isupper() or sign.isdigit() for sign in _first_word(label)[1:])


def _first_word(label: str) -> str:
    return label.split(maxsplit=1)[0] if label.strip() else ""


def plural(n: int, one: str, many: str | None = None) -> str:
    """The noun that fits n.

    >>> plural(1, "patient"), plural(2, "patient"), plural(2, "death")
    ('patient', 'patients', 'deaths')
    """
    return inflected_n(one, many or one + "s", n)


def counted(n: int, one: str, many: str | None = None) -> str:
    """A number in words with its noun.

    >>> counted(1, "patient"), counted(12, "patient"), counted(0, "death")
    ('one patient', '12 patients', 'no deaths')
    """
    many = many or one + "s"
    if n == 1:
        single = f"one {one}"
        return words(lambda form: _c(form, single))
    noun = inflected_n(one, many, n)
    if n == 0:
        return inflected(N_("no {nouns}"), nouns=noun)
    return words(lambda form: f"{numbers.spelled(n)} {_form(noun, form)}")


def _form(text: str, form: str) -> str:
    return f"{text:{form}}" if isinstance(text, Words) else text


def patients_of(n: int, total: int) -> str:
    """How many of all patients: "two of eight patients", "both patients", "the one patient".

    >>> patients_of(2, 8), patients_of(2, 2), patients_of(0, 1), patients_of(1, 1)
    ('two of eight patients', 'both patients', 'none of one patient', 'the one patient')
    """
    return of_all(n, total, "patient")


def of_all(n: int, total: int, one: str, many: str | None = None) -> str:
    """How many of all, with their noun: "five of eight deaths", "all eight deaths", "none of eight deaths".

    >>> of_all(5, 8, "death"), of_all(8, 8, "death"), of_all(0, 8, "death")
    ('five of eight deaths', 'all eight deaths', 'none of eight deaths')
    """
    noun = plural(total, one, many)
    return words(lambda form: _c(form, _share(n, total), **_counts(n, total), noun=noun))


def opening(n: int, total: int, one: str, many: str | None = None) -> str:
    """The same where a sentence begins with it: a number in figures never stands first.

    >>> opening(66, 120, "patient"), opening(2, 8, "patient")
    ('of 120 patients, 66', 'two of eight patients')
    """
    if n == total or n < len(numbers.SMALL_WORDS):
        return of_all(n, total, one, many)
    noun = plural(total, one, many)
    return words(lambda form: _c(form, N_("of {n} {noun}, {k}"), **_counts(n, total), noun=noun))


def _share(n: int, total: int) -> str:
    """The pattern by which a number of all is said.

    In a language with genders the nouns of all of them must be of the same one, or the patterns avoid it.
    """
    if n == total:
        return {1: N_("the one {noun}"), 2: N_("both {noun}")}.get(n, N_("all {n} {noun}"))
    if n == 0:
        return N_("none of one {noun}") if total == 1 else N_("none of {n} {noun}")
    return N_("one of {n} {noun}") if n == 1 else N_("{k} of {n} {noun}")


def _counts(n: int, total: int) -> dict[str, str]:
    return {"k": numbers.spelled(n), "n": numbers.spelled(total)}


def article(n: int, total: int) -> str:
    """How many of all, as a reader would say it: "all eight", "both", "five of eight", "none of eight".

    >>> article(8, 8), article(2, 2), article(5, 8), article(0, 3), article(1, 1), article(0, 1)
    ('all eight', 'both', 'five of eight', 'none of three', 'the one', 'nobody')
    """
    return words(lambda form: _c(form, _article(n, total), **_counts(n, total)))


def _article(n: int, total: int) -> str:
    if n == total:
        return {1: N_("the one"), 2: N_("both")}.get(n, N_("all {n}"))
    if n == 0:
        return N_("none of {n}") if total > 1 else N_("nobody")
    return N_("one of {n}") if n == 1 else N_("{k} of {n}")
