"""What the checks of the data ask, in the language of the report: at the point of showing, as results are (see stated).

An Issue is English whatever the report speaks: the terminal prints it, and the id of a query is made of its text.
What is not recognised here, such as what only ever stops a run, stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from reportgen.base.message import Message
from reportgen.writing import messages
from reportgen.writing.doubts_of_checks import TEXTS
from reportgen.writing.language import SOURCE, _, active
from reportgen.writing.numbers import as_written

# Parts named in COUNTS stand for a number, the others for any words.
COUNTS = ("n", "k")


def doubt(text: str) -> str:
    """The problem or the hint of an Issue.

    >>> doubt("Correct the date")
    'Correct the date'
    """
    if isinstance(text, Message):
        return messages.said(text)
    return text if active() == SOURCE else _said(text) or text


def _said(text: str) -> str | None:
    """The text, whole or with its parts, or behind the name of a column; None for one that is none of ours."""
    if text in TEXTS:
        return _(text)
    for template, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match:
            parts = {
                name: as_written(part) if name in COUNTS else _said(part) or part
                for name, part in match.groupdict().items()
            }
            return _(template).format(**parts)
    for colon in re.finditer(": ", text):
        rest = text[colon.end() :]
        if rest and (said := _said(f"{rest[0].upper()}{rest[1:]}")):
            return text[: colon.end()] + said
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern], ...]:
    """Each text with parts and what it looks like filled; those with more words of their own first."""
    found = []
    for template in TEXTS:
        if "{" not in template:
            continue
        pattern = "".join(
            rf"(?P<{piece[1:-1]}>{'[0-9,]+' if piece[1:-1] in COUNTS else '.+'})"
            if piece.startswith("{")
            else re.escape(piece)
            for piece in re.split(r"(\{\w+\})", template)
        )
        found.append((template, re.compile(pattern, re.DOTALL)))
    return tuple(sorted(found, key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0]))))
