"""What the desk says of a finding or a question: as a person would, and with what the window offers to do.

The command line's own hints name lines of report.toml. In the window most of them are a list to pick from, or a word
that is said to mean something; where none is, the line stays, and the settings file has its name.
"""

from __future__ import annotations

from reportgen.base.errors import Issue
from reportgen.base.message import Message, message
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.source import SETTINGS
from reportgen.desk.column_words import called
from reportgen.desk.option_words import windowed
from reportgen.writing.language import _
from reportgen.writing.messages import said

COLUMNS, CELL, BUILD = "map", "cell", "build"
_WORD = message("Correct it in your file; or show the cell, and say there what the word means in its column")
_COLUMN = message("Say over the column what it is; or add it to your file")
_PICK = message("Say over the column what it is")
_ORDER = message("Enter it as a date; or answer there which comes first, the day or the month")
_GROUP = message("Pick another column to compare by, or enter the groups into your file")

# Code → what to do, and where in the window. What a cell is about needs one.
OFFERED: dict[str, tuple[Message, str]] = {
    **dict.fromkeys(
        ("UNKNOWN_VALUE", "UNKNOWN_REASON", "BAD_NUMBER", "BAD_GRADE", "DATE_RANGE", "DATE_OF_1900", "MISSING_CODE"),
        (_WORD, CELL),
    ),
    **dict.fromkeys(("MISSING_COLUMN", "MISSING_SHEET", "HEADER_NOT_FOUND", "GIVEN_TIMES"), (_COLUMN, COLUMNS)),
    **dict.fromkeys(
        ("AMBIGUOUS_COLUMN", "ASK_LATER", "ASSUMED_LATER", "FEATURE_TWICE", "LIST_COLUMN", "RELAPSE_DENIED",
         "STOP_DENIED", "GROUP_LATER"),
        (_PICK, COLUMNS),
    ),
    **dict.fromkeys(("AMBIGUOUS_DATE", "DATE_AS_TEXT", "SHORT_YEAR"), (_ORDER, COLUMNS)),
    "GROUP_MISSING": (_GROUP, BUILD),
    "NOT_A_PATIENT": (message("Nothing to do; if it is a patient, enter an id into the row"), ""),
    "SHEET_NOT_USED": (message("Nothing to do, unless it holds patients or toxicities"), ""),
}  # fmt: skip
NAMING = ("what", "a", "b", "part0", "part1")


def hint_of(issue: Issue, settings: str) -> tuple[str, str]:
    """What to do of a finding, in the active language, and where: "map", "build", or "" where the window has no place
    for it. settings: the name of the settings file."""
    hint, where = OFFERED.get(issue.code, (None, ""))
    if hint is None or (where == CELL and not issue.cell) or not _asks_settings(issue.hint):
        return windowed(said(issue.hint)).replace(SETTINGS, settings), ""
    return said(hint), "" if where == CELL else where


def _asks_settings(hint: str) -> bool:
    """Whether the hint is a line to write: where it says to correct a cell it is right as it is."""
    template = hint.template if isinstance(hint, Message) else hint
    return SETTINGS in template


def spoken(text: str, table: str) -> str:
    """A question in the active language, in which columns and the words of a vocabulary are called what they mean.

    >>> spoken(message("{header}: is it {what}?", header="DOB", what="birth_date"), "patients")
    'DOB: is it date of birth?'
    """
    return windowed(said(_spoken(text, table)))


def _spoken(text: str, table: str) -> str:
    if not isinstance(text, Message):
        return text
    parts = {name: _part(name, part, table) for name, part in text.parts.items()}
    return Message(text.template, parts, text.code)


def _part(name: str, part: object, table: str) -> object:
    if isinstance(part, Message):
        return _spoken(part, table)
    if name == "words" and isinstance(part, str):
        return ", ".join(_(word) for word in part.split(", "))
    named = name in NAMING and isinstance(part, str) and table in TABLES
    return called(f"{table}.{part}") if named and part in (*columns_of(table), "patient_id") else part
