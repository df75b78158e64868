"""The XML inside a workbook, read element by element without a document tree and without entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from reportgen.base.message import Message, message
from reportgen.cohort.raw import FORMULA_WITHOUT_VALUE

COLUMN = re.compile("[A-Z]{1,3}")
LONGEST = len("XFD1048576")
MAX_FAULTS, MAX_MERGED = 200_000, 2_000
MILLISECOND = 1 / 86_400_000
SMALLEST = 1e-11  # days; below lies what only the arithmetic of a spreadsheet leaves of a whole day
NEARLY = re.compile(r"\d+\.9999999\d*")
IMPOSSIBLE = message("The file is damaged: a cell has an impossible address")


class Unreadable(Exception):
    """A part of the file that must not be read on."""

    def __init__(self, code: str, problem: Message, hint: Message | None = None):
        super().__init__(problem)
        self.code, self.problem, self.hint = code, problem, hint


@dataclass(frozen=True)
class Scan:
    """A sheet's extent (of the cells that hold something), how many they are, and its faulty cells.

    faults: (row number, position from 0) → error text or FORMULA_WITHOUT_VALUE. merged: its ranges.
    texts: index of a shared text → how many cells hold it. hidden: rows that hold something but are not shown.
    ordered: whether each cell stands once, and in its place. before_midnight: the cells that hold a number less than
    a millisecond before a whole day, which would be read as the next one.
    """

    last_row: int
    last_column: int
    values: int
    faults: Mapping[tuple[int, int], str]
    merged: tuple[str, ...]
    texts: Mapping[str, int] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()
    ordered: bool = True
    before_midnight: tuple[tuple[int, int], ...] = ()


def attributes(xml: bytes, elements: tuple[str, ...]) -> list[dict]:
    """The attributes of the named elements, in order, without namespace prefixes; all of it is checked."""
    found = []

    def start(name, values):
        if _local(name) in elements:
            found.append({_local(key): value for key, value in values.items()})

    parse(xml, start if elements else None)
    return found


def shared_strings(xml: bytes) -> tuple[int, list[int]]:
    """How many shared texts the part declares, and how long each is that it holds."""
    declared, found = 0, []

    def start(name, values):
        nonlocal declared
        name = _local(name)
        if name == "si":
            found.append(0)
        elif name == "sst":
            number = values.get("uniqueCount", "0")
            declared = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 10**9

    def characters(text):
        if found:
            found[-1] += len(text)

    parse(xml, start, None, characters)
    return declared, found


def scan_sheet(xml: bytes) -> Scan:
    """Walk all cells of a sheet; those without an address stand one to the right of the one before."""
    walk = _SheetWalk()
    parse(xml, walk.start, walk.end, walk.characters)
    return Scan(
        walk.last_row, walk.last_column, walk.values, walk.faults, tuple(walk.merged), walk.texts,
        tuple(walk.hidden), walk.ordered, tuple(walk.nearly),
    )  # fmt: skip


@dataclass(slots=True)
class _SheetWalk:
    """Where the parser is on its way through a sheet, and what was found so far: see Scan.

    row, column: of the cell, from 1. before: those of the cell before it. kind, formula, stored, text: what the cell
    is said to hold. inside: whether characters are its content. concealed: whether its row is hidden.
    """

    row: int = 0
    column: int = 0
    before: tuple[int, int] = (0, 0)
    kind: str = ""
    formula: bool = False
    stored: bool = False
    inside: bool = False
    concealed: bool = False
    text: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    values: int = 0
    ordered: bool = True
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    texts: dict[str, int] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    nearly: list[tuple[int, int]] = field(default_factory=list)
    local: _Local = field(default_factory=lambda: _Local())
    column_of: _ColumnNumbers = field(default_factory=lambda: _ColumnNumbers())

    def start(self, name: str, given: dict[str, str]) -> None:
        name = self.local[name]
        if name == "c":
            self._begin_cell(given)
        elif name in ("v", "t"):
            self.inside = self.stored = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            number = given.get("r", "")
            self.row = (
                int(number) if number.isascii() and number.isdigit() and len(number) < 10 else self.row + 1
            )
            self.column = 0
            self.concealed = given.get("hidden") in ("1", "true")
        elif name == "mergeCell" and len(self.merged) < MAX_MERGED:
            self.merged.append(given.get("ref", "")[:30])

    def characters(self, data: str) -> None:
        if self.inside:
            self.text.append(data)

    def end(self, name: str) -> None:
        name = self.local[name]
        if name == "c":
            self._end_cell()
        elif name in ("v", "t"):
            self.inside = False

    def _begin_cell(self, given: dict[str, str]) -> None:
        place = given.get("r")
        if place is None:
            self.column += 1
        else:
            letters = place.rstrip("0123456789")
            self.column = self.column_of[letters]
            self.row = int(place[len(letters) :] or 0) if len(place) <= LONGEST else 0
            if self.row < 1:
                raise Unreadable("BAD_XML", IMPOSSIBLE)
        here = (self.row, self.column)
        if here <= self.before:
            self.ordered = False
        self.before = here
        self.kind, self.formula, self.text, self.stored = given.get("t", ""), False, [], False

    def _end_cell(self) -> None:
        kind, text = self.kind, self.text
        if kind == "e":
            self.faults[self.row, self.column - 1] = "".join(text)[:20] or "#ERROR"
        elif self.formula and not text and not (kind == "str" and self.stored):
            self.faults[self.row, self.column - 1] = FORMULA_WITHOUT_VALUE
        elif not text:
            return
        elif kind == "s":
            self.texts[text[0]] = self.texts.get(text[0], 0) + 1
        elif kind in ("", "n") and _before_midnight("".join(text)):
            self.nearly.append((self.row, self.column - 1))
        self.values += 1
        if self.concealed and (not self.hidden or self.hidden[-1] != self.row):
            self.hidden.append(self.row)
        if len(self.faults) > MAX_FAULTS:
            raise Unreadable(
                "ERROR_CELL",
                message("Over {n:,} cells hold errors or formulas without values", n=MAX_FAULTS),
                message("Mend or clear them; look at formulas that were dragged down too far"),
            )
        if self.row > self.last_row:
            self.last_row = self.row
        if self.column > self.last_column:
            self.last_column = self.column


def _before_midnight(number: str) -> bool:
    if not NEARLY.match(number):
        return False
    return SMALLEST < 1 - float(number) % 1 < MILLISECOND


class _ColumnNumbers(dict):
    """Column letters → number from 1, each worked out once."""

    def __missing__(self, letters: str) -> int:
        if not COLUMN.fullmatch(letters):
            raise Unreadable("BAD_XML", IMPOSSIBLE)
        number = 0
        for character in letters:
            number = 26 * number + ord(character) - 64
        self[letters] = number
        return number


class _Local(dict):
    """Element names → the same without namespace prefix, each worked out once."""

    def __missing__(self, name: str) -> str:
        self[name] = _local(name)
        return self[name]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def parse(xml: bytes, start=None, end=None, characters=None) -> None:
    """Walk the XML with these handlers; raises Unreadable where it is none, or defines entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def declaration(version, encoding, standalone):
        if encoding and encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
            raise Unreadable(
                "BAD_XML", message("The file is written in an encoding that workbooks don't use")
            )

    def doctype(*_):
        hint = message("No spreadsheet program writes such a file: ask where it comes from")
        raise Unreadable(
            "XML_DTD", message("The file defines XML entities, which a workbook never does"), hint
        )

    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    if xml.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")):
        raise Unreadable("BAD_XML", message("The file is written in an encoding that workbooks don't use"))
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Unreadable("BAD_XML", message("The file is damaged: a part of it is no valid XML")) from error
