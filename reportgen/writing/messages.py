"""A Message in the language of the report: its template looked up, its parts said likewise."""

from __future__ import annotations

from reportgen.base.message import Message
from reportgen.writing.language import SOURCE, active, inflected, words
from reportgen.writing.numbers import as_written


def said(message: str) -> str:
    """The message in the active language; a plain text is of the data, and stays as it is.

    >>> said(Message("{n} events are fewer than {limit}", {"n": 2, "limit": 5}))
    '2 events are fewer than 5'
    """
    if active() == SOURCE or not isinstance(message, Message):
        return str(message)
    return str(formed(message))


def formed(message: Message) -> str:
    """With its forms: a sentence may ask for a part in one, as "in {unit:dat}"."""
    if active() == SOURCE:
        return str(message)
    return inflected(message.template, **{name: _part(part) for name, part in message.parts.items()})


def _part(part: object) -> str:
    """A part as a sentence of the language asks for it; "{n:,}" is a number with its thousands marked."""
    if isinstance(part, Message):
        return formed(part)
    if isinstance(part, (int, float)):
        return words(lambda form: as_written(format(part, form) if form == "," else str(part)))
    return str(part)
