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
    row = column = last_row = last_column = values = at_row = at_column = 0
    concealed, hidden, ordered = False, [], True
    kind, formula, text, inside = "", False, [], False
    faults, merged, texts, nearly = {}, [], {}, []
    stored = False
    local, column_of = _Local(), _ColumnNumbers()

    def start(name, given):
        nonlocal row, column, kind, formula, text, inside, stored, concealed, at_row, at_column, ordered
        name = local[name]
        if name == "c":
            place = given.get("r")
            if place is None:
                column += 1
            else:
                letters = place.rstrip("0123456789")
                column = column_of[letters]
                row = int(place[len(letters) :] or 0) if len(place) <= LONGEST else 0
                if row < 1:
                    raise Unreadable("BAD_XML", IMPOSSIBLE)
            if row < at_row or (row == at_row and column <= at_column):
                ordered = False
            at_row, at_column = row, column
            kind, formula, text, stored = given.get("t", ""), False, [], False
        elif name in ("v", "t"):
            inside = stored = True
        elif name == "f":
            formula = True
        elif name == "row":
            number = given.get("r", "")
            row = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else row + 1
            column = 0
            concealed = given.get("hidden") in ("1", "true")
        elif name == "mergeCell" and len(merged) < MAX_MERGED:
            merged.append(given.get("ref", "")[:30])

    def characters(data):
        if inside:
            text.append(data)

    def end(name):
        nonlocal inside, last_row, last_column, values
        name = local[name]
        if name == "c":
            if kind == "e":
                faults[row, column - 1] = "".join(text)[:20] or "#ERROR"
            elif formula and not text and not (kind == "str" and stored):
                faults[row, column - 1] = FORMULA_WITHOUT_VALUE
            elif not text:
                return
            elif kind == "s":
                index = text[0]
                texts[index] = texts.get(index, 0) + 1
            elif kind in ("", "n") and _before_midnight("".join(text)):
                nearly.append((row, column - 1))
            values += 1
            if concealed and (not hidden or hidden[-1] != row):
                hidden.append(row)
            if len(faults) > MAX_FAULTS:
                raise Unreadable(
                    "ERROR_CELL",
                    message("Over {n:,} cells hold errors or formulas without values", n=MAX_FAULTS),
                    message("Mend or clear them; look at formulas that were dragged down too far"),
                )
            if row > last_row:
                last_row = row
            if column > last_column:
                last_column = column
        elif name in ("v", "t"):
            inside = False

    parse(xml, start, end, characters)
    return Scan(
        last_row, last_column, values, faults, tuple(merged), texts, tuple(hidden), ordered, tuple(nearly)
    )


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
