"""Toxicities written in words into one cell: "G4 PE", "mucositis gr 2, epistaxis g1"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.column_reading import MISSING, mapped
from reportgen.cohort.clean.denied_terms import NOTHING, denies
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

_WORD = r"(?:(?:ctc(?:ae)?[\s.]*)?(?:grades?|grad|grado|gr|g|°)|ctc(?:ae)?)"
_GRADE = rf"{_WORD}[\s.:=-]*(?P<grade{{n}}>[1-5]|iv|v|i{{{{1,3}}}})(?![\w/])"
_TERM = r"(?P<term{n}>[^\W\d_][^\n]*?)"
_BEHIND = re.compile(rf"\s*{_TERM}[\s:=-]*[(\[]?\s*{_GRADE}\s*[)\]]?\s*".format(n=""), re.IGNORECASE)
_BEFORE = re.compile(rf"\s*[(\[]?\s*{_GRADE}\s*[)\]]?[\s:=-]*{_TERM}\s*".format(n=""), re.IGNORECASE)
_PARTS = re.compile(r"[,;\n]|\s\+\s|\.\s+(?=[^\W\d_])|(?<=[\d)\]])\s+(?:and|und|et|y|e|&)\s+")
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


@dataclass(frozen=True)
class InWords:
    """What a cell says: (term, grade) of each toxicity, the parts that name no grade, and whether one says that there
    was none, or that nothing is known.
    """

    found: tuple[tuple[str, int], ...] = ()
    unread: tuple[str, ...] = ()
    none: bool = False
    missing: bool = False

    @property
    def not_known(self) -> bool:
        """Whether the cell leaves open if its patient had any toxicity."""
        return not self.found and (bool(self.unread) or (self.missing and not self.none))


def told_of(column: str, settings: Settings) -> dict[str, str]:
    """What the settings say of the words of such a column: word → what is read in its place, such as "rash g2"."""
    own = mapped(settings.values.get(name_key(column), {}))
    none = dict.fromkeys(map(word_key, settings.source.toxicity_none), "none")
    return {**dict.fromkeys(map(word_key, settings.source.toxicity_unknown), MISSING), **none, **own}


def in_words(cell: object, told: Mapping[str, str] = MappingProxyType({})) -> InWords:
    """The toxicities in a cell, each a term with its grade; a part without a grade is left as it is. told: see above.

    A part that denies what it names ("no rash g2") is left as it is, too.

    >>> in_words("mucositis gr 2, epistaxis g1").found, in_words("G4 PE").found
    ((('mucositis', 2), ('epistaxis', 1)), (('PE', 4),))
    >>> in_words("rash (grade III); felt dizzy")
    InWords(found=(('rash', 3),), unread=('felt dizzy',), none=False, missing=False)
    >>> in_words("none").none, in_words("no rash g2").unread, in_words("Diarrhö CTC 3").found
    (True, ('no rash g2',), (('Diarrhö', 3),))
    """
    text = cells.text(cell)[0] if isinstance(cell, str) else ""
    text = told.get(word_key(text), text)
    found: list[tuple[str, int]] = []
    unread: list[str] = []
    none = missing = False
    for part in filter(None, (piece.strip(" .") for piece in _PARTS.split(text))):
        part = told.get(word_key(part), part)
        said = _BEHIND.fullmatch(part) or _BEFORE.fullmatch(part)
        if said and not denies(said["term"]):
            grade = said["grade"].casefold()
            found.append((said["term"].strip(), ROMAN.get(grade) or int(grade)))
        elif NOTHING.fullmatch(part):
            none = True
        elif part == MISSING or cells.missing(part):
            missing = True
        else:
            unread.append(part)
    return InWords(tuple(found), tuple(unread), none, missing)


def holds_words(content: Sequence[object]) -> bool:
    """Whether at least half of the cells of a column name a toxicity with its grade, in words."""
    told = [in_words(cell) for cell in content if isinstance(cell, str)]
    named = [one for one in told if one.found or one.unread]
    return (
        bool(named)
        and 2 * sum(bool(one.found) for one in named) >= len(named)
        and len(named) >= len(content) - sum(not (one.found or one.unread) for one in told)
    )


def said_of_words(sheet: RawSheet, positions: Sequence[int], ids: int, settings: Settings) -> Iterator[Issue]:
    """What was read in each cell, and a question about each part that names no grade."""
    for position in positions:
        header = cells.text(sheet.header[position])[0]
        told = told_of(header, settings)
        for row, cell in sheet.frame[position].dropna().items():
            said, where = in_words(cell, told), sheet.cell(int(row), position)
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
                if said.not_known:
                    problem = message(
                        "The cell names no toxicity with its grade; without others the patient counts as not assessed"
                    )
                hint = message(
                    'Write the grade behind each term, such as "rash g2", separated by commas; or say what the words '
                    'mean under [values.{a}] in report.toml: "rash g2" = […], none = […] or missing = […]',
                    a=name_key(header),
                )
                yield Issue(WARNING, "TOXICITY_IN_WORDS", *where, who, problem, hint)
            elif said.not_known:
                problem = message(
                    "The cell says that nothing is known; without others the patient counts as not assessed"
                )
                hint = message(
                    "Nothing to do; words that mean none stand under [source] toxicity_none in report.toml"
                )
                yield Issue(NOTE, "TOXICITY_IN_WORDS", *where, who, problem, hint)


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
