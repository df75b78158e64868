"""What an Estimate says of itself, its method and its note, in the language of the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from reportgen.base.message import Message, pieces
from reportgen.stats.notes import CAUSE_SPECIFIC, Note, Status, split
from reportgen.stats.results import Estimate
from reportgen.writing import messages
from reportgen.writing.language import SOURCE, _, active, inflected
from reportgen.writing.numbers import as_written, shortened

NUMBER = "[0-9.,]+(?:e[+-]?[0-9]+)?"


def why(estimate: Estimate) -> str:
    """The reason for which a number does not exist: "2 events are fewer than 5"."""
    note = estimate.note
    return messages.said(note.reason) if isinstance(note, Note) else method(note)


def method(text: str, between: str = "; ", own: Mapping[str, str] | None = None) -> str:
    """A method, or a remark, its pieces joined again; behind a colon, what is compared (see compared)."""
    how, what = split(text)
    said = between.join(_piece(piece) for piece in pieces(how))
    return f"{said}: {compared(what, own)}" if what else said


def _piece(piece: str) -> str:
    if not isinstance(piece, Message):
        return earlier(piece)
    if piece.code == "smallest_p":  # a number of many digits
        return _(piece.template, n=as_written(shortened(str(piece.parts["n"]))))
    # results.json has the apostrophe of a typewriter, print that of a book.
    return messages.said(piece).replace("'", "’")


def methods(texts: Iterable[str]) -> str:
    """Several methods in a note below a table: "Kaplan–Meier with log-log 95% CI; …"."""
    named = {
        how: [p for p in pieces(how) if p != CAUSE_SPECIFIC] for how in (split(text)[0] for text in texts)
    }
    said = {"; ".join(parts): _(" with ").join(_piece(piece) for piece in parts) for parts in named.values()}
    return "; ".join(said[name] for name in sorted(said)) or _("none")


def compared(what: str, own: Mapping[str, str] | None = None) -> str:
    """What is set against what: "B against A".

    own: level → its word, of the levels that are words of ours; others stay as they are written. None: all are ours.
    """
    if not isinstance(what, Message):
        return what
    return _(what.template, **{name: _side(name, part, own) for name, part in what.parts.items()})


def _side(name: str, part: object, own: Mapping[str, str] | None) -> str:
    if isinstance(part, Message):
        return compared(part, own)
    if not isinstance(part, str):
        return as_written(str(part))
    if own is not None and name in ("a", "b"):
        return own.get(part, part)
    return part if _(part) == part else inflected(part)


def note(text: str) -> str:
    """A whole note, as the page shows it of a number that is asked."""
    if not isinstance(text, Note):
        return method(text)
    if active() == SOURCE:
        return str(text)
    return _("not reached") if text.status is Status.NOT_REACHED else messages.said(text.reason)


def earlier(text: str) -> str:
    """A method as the results of an earlier report have it, which keep no template: looked up by its numbers."""
    if active() == SOURCE:
        return text
    if "; " in text:
        return "; ".join(map(earlier, text.split("; ")))
    found = re.findall(NUMBER, text)
    template = re.sub(NUMBER, "{n}", text)
    if len(found) != 1 or _(template) == template:
        return _(text)
    return _(template, n=as_written(found[0]))
