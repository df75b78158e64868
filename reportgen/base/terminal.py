"""Text for a terminal: names of files and words of the data are anybody's, and must not steer it."""

from __future__ import annotations


def printable(text: str) -> str:
    """Text without what could steer a terminal, end a line or turn the direction of writing.

    >>> printable("a\\x1b[2J"), printable("P\\u202e1"), printable("Müller → 1 µm")
    ('a�[2J', 'P�1', 'Müller → 1 µm')
    """
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def printable_lines(text: str) -> str:
    """The same of several lines, whose ends stay.

    >>> printable_lines("a\\x1b]0;b\\x07\\nc")
    'a�]0;b�\\nc'
    """
    return "\n".join(map(printable, text.split("\n")))
