"""What is proposed of a source: of its sheets, columns and words; what stays open; and the settings that say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen.settings.writing import Line

# Of a column of the patients that is nothing canonical.
FEATURE, LATER, FINDINGS, IDENTIFIER, TEXT, IGNORED = (
    "patients.feature",
    "patients.later",
    "patients.findings",
    "patients.identifier",
    "patients.text",
    "patients.ignored",
)


@dataclass(frozen=True)
class Choice:
    """An answer to a question and what it writes. key: the one that is pressed for it."""

    key: str
    label: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is doubtful. proposal: the key of the choice that is proposed, "" where none is.

    open: it is never answered unasked, for a wrong answer would turn the dead into the living, move every date or
    make two patients of one.
    """

    sheet: str
    cell: str
    text: str
    choices: tuple[Choice, ...]
    proposal: str = ""
    open: bool = False


@dataclass(frozen=True)
class Column:
    """What a column is taken for. takes: "patients.relapse_date", "endpoint.os.time", "patients.feature", …; two
    joined by "+" where one column is both. how: name, dictionary, settings, synonym, similar, content or pair.
    values: three samples, masked where they may identify. lines: what the settings get.
    """

    header: str
    cell: str
    takes: str
    how: str
    sure: bool
    reason: str
    values: tuple[str, ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet as understood. table: "" where it is none. header_row: from 1, 0 where the source has no such rows."""

    sheet: str
    table: str
    header_row: int
    rows: int
    reason: str = ""
    columns: tuple[Column, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Lacking:
    """Whether a chapter would say something, and the columns that it lacks ("patients.relapse_date")."""

    made: bool
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposals:
    """All that is proposed of a source. lines: those that belong to no sheet or column, such as the order of dates."""

    sheets: tuple[Sheet, ...]
    questions: tuple[Question, ...] = ()
    lines: tuple[Line, ...] = ()
    chapters: Mapping[str, Lacking] | None = None

    def all_lines(self) -> tuple[Line, ...]:
        """What is written without an answer, in the order of the source."""
        return (
            *(line for sheet in self.sheets for line in sheet.lines),
            *self.lines,
            *(line for sheet in self.sheets for column in sheet.columns for line in column.lines),
        )
