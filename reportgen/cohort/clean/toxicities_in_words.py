"""Toxicities written in words into one cell: "G4 PE", "mucositis gr 2, epistaxis g1"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.denied_terms import NOTHING
from reportgen.cohort.raw import RawSheet

_GRADE = r"(?:ctcae[\s.]*)?(?:grades?|grad|grado|gr|g|°)[\s.:=-]*(?P<grade{n}>[1-5]|iv|v|i{{1,3}})(?![\w/])"
_TERM = r"(?P<term{n}>[^\W\d_][^\n]*?)"
_BEHIND = re.compile(rf"\s*{_TERM}[\s:=-]*[(\[]?\s*{_GRADE}\s*[)\]]?\s*".format(n=""), re.IGNORECASE)
_BEFORE = re.compile(rf"\s*[(\[]?\s*{_GRADE}\s*[)\]]?[\s:=-]*{_TERM}\s*".format(n=""), re.IGNORECASE)
_PARTS = re.compile(r"[,;\n]|\s\+\s|\.\s+(?=[^\W\d_])|(?<=[\d)\]])\s+(?:and|und|et|y|e|&)\s+")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


@dataclass(frozen=True)
class InWords:
    """What a cell says: (term, grade) of each toxicity, and the parts that name no grade."""

    found: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()


def in_words(cell: object) -> InWords:
    """The toxicities in a cell, each a term with its grade; a part without a grade is left as it is.

    >>> in_words("mucositis gr 2, epistaxis g1").found, in_words("G4 PE").found
    ((('mucositis', 2), ('epistaxis', 1)), (('PE', 4),))
    >>> in_words("rash (grade III); felt dizzy"), in_words("none")
    (InWords(found=(('rash', 3),), unread=('felt dizzy',)), InWords(found=(), unread=()))
    """
    text = cells.text(cell)[0] if isinstance(cell, str) else ""
    found: list[tuple[str, int]] = []
    unread: list[str] = []
    for part in filter(None, (piece.strip(" .") for piece in _PARTS.split(text))):
        said = _BEHIND.fullmatch(part) or _BEFORE.fullmatch(part)
        if said:
            grade = said["grade"].casefold()
            found.append((said["term"].strip(), ROMAN.get(grade) or int(grade)))
        elif not (NOTHING.fullmatch(part) or cells.missing(part)):
            unread.append(part)
    return InWords(tuple(found), tuple(unread))


def holds_words(content: Sequence[object]) -> bool:
    """Whether at least half of the cells of a column name a toxicity with its grade, in words."""
    told = [in_words(cell) for cell in content if isinstance(cell, str)]
    named = [one for one in told if one.found or one.unread]
    return (
        bool(named)
        and 2 * sum(bool(one.found) for one in named) >= len(named)
        and len(named) >= len(content) - sum(not (one.found or one.unread) for one in told)
    )


def said_of_words(sheet: RawSheet, positions: Sequence[int], ids: int) -> Iterator[Issue]:
    """What was read in each cell, and a question about each part that names no grade."""
    for position in positions:
        for row, cell in sheet.frame[position].dropna().items():
            said, where = in_words(cell), sheet.cell(int(row), position)
            written = sheet.frame.at[row, ids]
            who = cells.text(written)[0] if written is not None else None
            if said.found:
                many, one = (
                    message("The cell holds {n} toxicities in words, which were read", n=len(said.found)),
                    message("The cell holds a toxicity in words, which was read"),
                )
                read = one if len(said.found) == 1 else many
                yield Issue(
                    NOTE, "TOXICITY_IN_WORDS", *where, who, read, message("Nothing to do if this is right")
                )
            if said.unread:
                problem = message("The cell names a toxicity without a grade, which is not counted")
                hint = message('Write the grade behind each term, such as "rash g2", separated by commas')
                yield Issue(WARNING, "TOXICITY_IN_WORDS", *where, who, problem, hint)


def unread_words(sheet: RawSheet, known: frozenset[int]) -> Iterator[Issue]:
    """A question about each column of a sheet of toxicities that holds some in words and is not read."""
    for position, text in enumerate(sheet.header):
        if not text or position in known:
            continue
        content = sheet.frame[position].dropna()
        if not holds_words(content.tolist()):
            continue
        problem = message("{a} holds toxicities in words, which are not counted: {n}",
                          a=cells.text(text)[0], n=len(content))  # fmt: skip
        hint = message(
            "Write toxicity_text = [{a}] under [source] in report.toml", a=f'"{cells.text(text)[0]}"'
        )
        for row in content.index:
            yield Issue(WARNING, "TOXICITY_IN_WORDS", *sheet.cell(int(row), position), None, problem, hint)
