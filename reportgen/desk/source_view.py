"""What the desk shows of a source, as plain data that goes from the process that reads to the one that serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnShown:
    """A column over the first rows of its sheet. options: what it may be, and what that is called; values: of the
    first rows, as text."""

    header: str
    cell: str
    takes: str
    sure: bool
    reason: str
    options: tuple[tuple[str, str], ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class SheetShown:
    """A sheet, the table it was taken for, and what that is called. header_row: from 1; reason: why that table;
    numbers: of its first rows."""

    name: str
    table: str
    called: str
    rows: int
    header_row: int
    reason: str
    columns: tuple[ColumnShown, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class QuestionShown:
    """text: as it is asked; name: its words in English, by which it is known again. key: that of the choice taken now,
    "?" where it is open. choices: key and label of each."""

    sheet: str
    cell: str
    text: str
    name: str
    choices: tuple[tuple[str, str], ...]
    key: str
    dangerous: bool


@dataclass(frozen=True)
class ChapterShown:
    """Whether a chapter can be made of the source. lacks: the columns for want of which it can't, or only in part."""

    key: str
    title: str
    made: bool
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """What is proposed of a source. difference: of the settings file, line by line."""

    sheets: tuple[SheetShown, ...]
    questions: tuple[QuestionShown, ...]
    chapters: tuple[ChapterShown, ...]
    difference: tuple[str, ...]
    settings_name: str
    open: int


@dataclass(frozen=True)
class Finding:
    """An Issue as the desk shows it. count: how many cells have it; cell: the first of them; where: the page that
    can do what the hint says, "" for none; answered: whether its question is closed by an answer."""

    severity: str
    code: str
    sheet: str
    cell: str
    patient: str
    problem: str
    hint: str
    count: int
    where: str = ""
    answered: bool = False


@dataclass(frozen=True)
class Closed:
    """A question that is closed. day: since when; answers: day and words of each, the first one first; number: of its
    finding among all, where the data still ask it, else None."""

    problem: str
    hint: str
    sheet: str
    cell: str
    patient: str
    day: str
    answers: tuple[tuple[str, str], ...]
    number: int | None = None


@dataclass(frozen=True)
class Findings:
    """What check says. more: how many findings are not shown here, but stand in queries.xlsx; unsettled: whether
    errors come of columns that nobody said anything about yet; settings: the name of the settings file; closed: the
    questions that were answered or are asked no more, more_closed: how many of them are not shown; rest: whether a
    report can be made without the patients who have errors."""

    findings: tuple[Finding, ...]
    more: int
    refused: bool
    rows: tuple[tuple[str, int], ...]
    kept: str
    unsettled: bool = False
    settings: str = ""
    closed: tuple[Closed, ...] = ()
    more_closed: int = 0
    rest: bool = False


@dataclass(frozen=True)
class Alike:
    """Findings that say the same of several places. places: each with its number among all findings, no cell twice."""

    first: Finding
    places: tuple[tuple[int, Finding], ...]

    @property
    def cells(self) -> int:
        """How many cells it is about."""
        return sum(place.count for _number, place in self.places)


@dataclass(frozen=True)
class OfSeverity:
    """All findings of one severity, those that say the same together."""

    severity: str
    alike: tuple[Alike, ...]

    @property
    def cells(self) -> int:
        """How many cells they are about."""
        return sum(one.cells for one in self.alike)


def gathered(findings: Sequence[Finding]) -> list[OfSeverity]:
    """Severity by severity, as they come, findings that say the same of a sheet together; answered ones left out."""
    by_severity: dict[str, dict[tuple[str, ...], list[tuple[int, Finding]]]] = {}
    for number, f in enumerate(findings):
        if f.answered:
            continue
        same = (f.code, f.sheet, f.problem, f.hint, "" if f.cell else str(number))
        places = by_severity.setdefault(f.severity, {}).setdefault(same, [])
        if not f.cell or all(
            f.cell != other.cell for _number, other in places
        ):  # a column may be read as two
            places.append((number, f))
    return [
        OfSeverity(severity, tuple(Alike(places[0][1], tuple(places)) for places in alike.values()))
        for severity, alike in by_severity.items()
    ]


@dataclass(frozen=True)
class Rows:
    """A page of a sheet: row numbers and cells as text. sheets: the names of all."""

    sheets: tuple[str, ...]
    sheet: int
    header: tuple[str, ...]
    numbers: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]
    first: int
    total: int
    marked_row: int
    marked_column: int


@dataclass(frozen=True)
class Meanings:
    """What the word of one cell may be said to mean in its column. column: as [values] names it."""

    column: str
    header: str
    word: str
    words: tuple[str, ...]
