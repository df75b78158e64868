"""What an Estimate says of itself, its method and its note, in the language of the report.

Definitions of endpoints are plain English still: they are recognised here, part by part, and said again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from reportgen.base.message import N_, Message, pieces
from reportgen.stats.notes import CAUSE_SPECIFIC, Note, Status, split
from reportgen.stats.results import Estimate
from reportgen.writing import messages
from reportgen.writing.language import SOURCE, _, active, inflected
from reportgen.writing.numbers import as_written, shortened

# Names in WORDS stand for any words, the others for a number.
WORDS = ("text", "a", "b", "unit", "columns", "censored")
ANY, NUMBER = "(?:(?!: ).)+", "[0-9.,]+(?:e[+-]?[0-9]+)?"
# Behind the definition of an endpoint whose clock starts before the treatment.
AT_RISK_FROM = (
    N_(
        " Patients are at risk from the start of treatment on (late entry): who died before it was never treated."
    ),
    N_(
        " Patients are taken as at risk from the origin on, on the assumption that nobody had to reach the start of "
        "treatment to be in this cohort."
    ),
)
PARTS = (
    N_("Time as given in the column {text} (in {unit}); event where {a} is {b}; otherwise censored."),
    N_(
        "Time as given in the column {text} (in {unit}); event where {a} is {b}, competing event where it is "
        "{columns}; otherwise censored."
    ),
    N_(
        "Time as given in the column {text} (in {unit}); event where {a} is {b}; censored where it is {censored}."
    ),
    N_(
        "Time as given in the column {text} (in {unit}); event where {a} is {b}, competing event where it is "
        "{columns}; censored where it is {censored}."
    ),
    N_(
        "Time from the {a} to death from any cause; patients not known to have died are censored at their last contact."
    ),
    N_(
        "Time from the {a} to relapse, progression or death from any cause, whichever comes first; patients without "
        "any of these are censored at their last contact."
    ),
    N_(
        "Time from the {a} to relapse or progression; death without relapse is a competing event; patients with "
        "neither are censored at their last contact."
    ),
    N_(
        "Time from the {a} to relapse, progression or death from any cause, whichever comes first; patients without "
        "any of these are censored at their last adequate assessment (with a date and a response other than NE), or on "
        "day 0 where none followed."
    ),
    N_("Time from {a} to {b}; otherwise censored at {text}."),
    N_("Time from {a} to {b}; competing event: {columns}; otherwise censored at {text}."),
)


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
    return messages.said(piece)


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


def said(text: str) -> str:
    """A definition that is known, in the language of the report; its own parts likewise."""
    if active() == SOURCE or _(text) != text:
        return _(text)
    found = recognised(text)
    return text if found is None else found


@cache
def _patterns() -> tuple[tuple[str, re.Pattern], ...]:
    """Each template and what it looks like filled; those with more words of their own first."""
    found = []
    for template in PARTS:
        pattern = "".join(
            rf"(?P<{piece[1:-1]}>{ANY if piece[1:-1] in WORDS else NUMBER})"
            if piece.startswith("{")
            else re.escape(piece)
            for piece in re.split(r"(\{\w+\})", template)
        )
        found.append((template, re.compile(pattern)))
    return tuple(sorted(found, key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0]))))


def recognised(text: str) -> str | None:
    """The text said again; None where it is none of ours."""
    for template, pattern in _patterns():
        match = pattern.fullmatch(text)
        if match:
            parts = {
                name: _formed(part) if name in WORDS else as_written(part)
                for name, part in match.groupdict().items()
            }
            # A translation may ask for a part in a case that words of the data do not have.
            return str(inflected(template, **parts))
    return None


def _formed(part: str) -> str:
    """A part in the language of the report, with its forms where it is a word of ours: "in {unit:dat}"."""
    return said(part) if _(part) == part else inflected(part)
