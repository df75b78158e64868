"""Sentences from rules: templates filled with numbers that know where they come from.

No sentence here knows a statistic or a chapter; those are written in sections, with these few verbs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import Formatter

from reportgen.present import numbers
from reportgen.report import Link, Text, Value


def say(template: str, /, **parts: Text | Value | str | int) -> Text:
    """Fill a template; the parts keep their trace to the Estimates.

    >>> say("{k} of {n} responded.", k=Value("8", "response.x"), n="8")
    (Value(text='8', ref='response.x', quiet=False), ' of 8 responded.')
    """
    pieces: list[str | Value] = []
    for literal, name, _, _ in Formatter().parse(template):
        pieces.append(literal)
        if name is not None:
            part = parts[name]
            pieces.extend(
                part if isinstance(part, tuple) else (part if isinstance(part, Value | Link) else str(part),)
            )
    return merge(pieces)


def merge(pieces: Iterable[str | Value]) -> Text:
    """Neighbouring strings as one, empty ones gone."""
    merged: list[str | Value] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece != "":
            merged.append(piece)
    return tuple(merged)


def join(items: Sequence[Text | Value | str], between: str = ", ", last: str = " and ") -> Text:
    """A list in words: "a, b and c".

    >>> join(["a", "b", "c"])
    ('a, b and c',)
    """
    pieces: list[str | Value] = []
    for place, item in enumerate(items):
        if place:
            pieces.append(last if place == len(items) - 1 else between)
        pieces.extend(item if isinstance(item, tuple) else (item,))
    return merge(pieces)


def paragraph(*sentences: Text | None) -> Text:
    """Sentences one after the other, each beginning with a capital; None is left out."""
    pieces: list[str | Value] = []
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
        first = Value(first.text[:1].upper() + first.text[1:], first.ref, first.quiet)
    elif isinstance(first, str):
        first = first[:1].upper() + first[1:]
    return (first, *rest)


def plural(n: int, one: str, many: str | None = None) -> str:
    """The noun that fits n.

    >>> plural(1, "patient"), plural(2, "patient"), plural(2, "death")
    ('patient', 'patients', 'deaths')
    """
    return one if n == 1 else (many or one + "s")


def counted(n: int, one: str, many: str | None = None) -> str:
    """A number in words with its noun.

    >>> counted(1, "patient"), counted(12, "patient"), counted(0, "death")
    ('one patient', '12 patients', 'no deaths')
    """
    return f"{numbers.spelled(n)} {plural(n, one, many)}"


def patients_of(n: int, total: int) -> str:
    """How many of all patients: "two of eight patients", "both patients", "the one patient".

    >>> patients_of(2, 8), patients_of(2, 2), patients_of(0, 1), patients_of(1, 1)
    ('two of eight patients', 'both patients', 'none of one patient', 'the one patient')
    """
    return f"{article(n, total)} {plural(total, 'patient')}"


def article(n: int, total: int) -> str:
    """How many of all, as a reader would say it: "all eight", "both", "five of eight", "none of eight".

    >>> article(8, 8), article(2, 2), article(5, 8), article(0, 3), article(1, 1)
    ('all eight', 'both', 'five of eight', 'none of three', 'the one')
    """
    if n == total:
        return {1: "the one", 2: "both"}.get(n, f"all {numbers.spelled(n)}")
    if n == 0:
        return f"none of {numbers.spelled(total)}"
    return f"{numbers.spelled(n)} of {numbers.spelled(total)}"
