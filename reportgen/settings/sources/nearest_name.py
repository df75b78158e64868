"""What to do about a name that nobody knows: the nearest known one, or all of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from reportgen.base.message import Message, message


def nearest(problem: Message, word: str, known: Iterable[str]) -> Message:
    """What is wrong with a word, and the nearest known one or, where nothing is near, the known words.

    >>> str(nearest(message("unknown key"), "tite", ["title", "treatment"]))
    "unknown key; did you mean 'title'?"
    """
    names = [str(k) for k in known]
    match = _nearest(word, names)
    if match:
        return message("{problem}; did you mean {a}?", problem=problem, a=repr(match[0]))
    return message("{problem}; known are {a}", problem=problem, a=", ".join(names))


def correction(word: str, known: Iterable[str]) -> Message:
    """What to do about a name that the source does not know.

    >>> str(correction("tite", ["title", "treatment"]))
    "Correct it in report.toml; did you mean 'title'?"
    """
    names = [str(k) for k in known]
    match = _nearest(word, names)
    if match:
        return message("Correct it in report.toml; did you mean {a}?", a=repr(match[0]))
    return message("Correct it in report.toml; known are {a}", a=", ".join(names))


def _nearest(word: str, known: list[str]) -> list[str]:
    return difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
