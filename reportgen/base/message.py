"""Message: what is said, as data. A template and its parts; `str()` is English, another language is a look-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self


def N_(text: str) -> str:
    """Marks a text in a constant, to be looked up in another language where it is said."""
    return text


def NC_(context: str, text: str) -> str:
    """Marks a text that means more than one thing; context says which, for the translator."""
    return text


class Message(str):
    """A sentence, or a part of one, that knows what it was made of.

    template: English, with named parts in braces, under which the catalogues of other languages have it.
    parts: name → a Message (said in the language of the report, too), a number (written as that language
    writes it) or a text of the data (said as it is). code: a fixed word by which machines know it, empty
    where there is none. Itself it is the English text, so that a file or a terminal that speaks English
    writes it as it is; nothing may be decided by its words, only by `code` and `parts`.

    >>> message = Message("{n} events are fewer than {limit}", {"n": 2, "limit": 5}, "too_few_events")
    >>> str(message), message.code, message.parts["n"]
    ('2 events are fewer than 5', 'too_few_events', 2)
    """

    __slots__ = ("code", "parts", "template")
    template: str
    parts: Mapping[str, object]
    code: str

    def __new__(cls, template: str, parts: Mapping[str, object] | None = None, code: str = "") -> Self:
        """The sentence in English. parts: by name, as in str.format; code: one fixed word for machines."""
        self = super().__new__(cls, template.format(**parts) if parts else template)
        self.template = template
        self.parts = dict(parts or {})
        self.code = code
        return self

    def __getnewargs__(self) -> tuple[str, Mapping[str, object], str]:
        return self.template, self.parts, self.code

    def __str__(self) -> str:
        return str.__str__(self)


def message(template: str, /, code: str = "", **parts: object) -> Message:
    """A Message whose parts are given by name; what translators see is the template, a literal.

    >>> str(message("{a} against {b}", a="B", b="A"))
    'B against A'
    """
    return Message(template, parts, code)


def joined(messages: Iterable[str], between: str = "; ") -> Message:
    """Several messages as one, each said by itself; empty ones are left out.

    >>> str(joined([message("Kaplan–Meier"), message("log-log {n}% CI", n=95)]))
    'Kaplan–Meier; log-log 95% CI'
    """
    given = [one for one in messages if one]
    if len(given) == 1 and isinstance(given[0], Message):
        return given[0]
    parts = {f"part{place}": one for place, one in enumerate(given)}
    code = next((one.code for one in given if isinstance(one, Message) and one.code), "")
    return Message(between.join(f"{{{name}}}" for name in parts), parts, code)


def sentences(messages: Iterable[str], between: str = "\n  ") -> Message:
    """Several messages as one text, each with its full stop unless it ends a sentence already.

    >>> str(sentences([message("{a} is wrong", a="x"), message("did you mean {b}?", b="y")], " "))
    'x is wrong. did you mean y?'
    """
    given = list(messages)
    parts = {f"part{place}": one for place, one in enumerate(given)}
    stops = ["" if str(one)[-1:] in ".?!" else "." for one in given]
    template = between.join(f"{{{name}}}{stop}" for name, stop in zip(parts, stops, strict=True))
    return Message(template, parts)


def pieces(text: str) -> list[str]:
    """The messages that were joined to this one; of one that was not joined, itself.

    >>> pieces(joined([message("Kaplan–Meier"), joined([message("late entry"), message("Wald test")])]))
    ['Kaplan–Meier', 'late entry', 'Wald test']
    """
    parts = text.parts if isinstance(text, Message) else {}
    if "part0" not in parts:
        return [text]
    return [
        piece for part in parts.values() for piece in pieces(str(part) if not isinstance(part, str) else part)
    ]


def as_data(text: str) -> object:
    """A message as JSON keeps it, to be made again by `from_data`; a plain text as itself.

    >>> as_data(message("{n} of {all}", "some", n=2, all=message("all")))
    {'template': '{n} of {all}', 'parts': {'n': 2, 'all': {'template': 'all', 'parts': {}, 'code': ''}}, 'code': 'some'}
    """
    if not isinstance(text, Message):
        return text
    parts = {name: as_data(part) if isinstance(part, str) else part for name, part in text.parts.items()}
    return {"template": text.template, "parts": parts, "code": text.code}


def from_data(data: object) -> str:
    """The text of which `as_data` made these."""
    if not isinstance(data, Mapping):
        return str(data)
    parts = {name: from_data(p) if isinstance(p, str | Mapping) else p for name, p in data["parts"].items()}
    return Message(data["template"], parts, data["code"])


def codes(text: object) -> set[str]:
    """The codes of a message and of all that it is made of; none of a plain text.

    >>> sorted(codes(joined([message("Wald test", "wald"), message("{how}, twice", how=message("Cox", "cox"))])))
    ['cox', 'wald']
    """
    if not isinstance(text, Message):
        return set()
    return {text.code, *(code for part in text.parts.values() for code in codes(part))} - {""}


def with_stop(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already.

    >>> with_stop("Nothing to do"), with_stop("did you mean 'title'?"), with_stop("")
    ('Nothing to do.', "did you mean 'title'?", '')
    """
    return text if not text or text[-1] in ".?!" else f"{text}."
