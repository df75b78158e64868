"""What somebody says on the page of columns and questions, against what was proposed → lines for report.toml."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.proposal import types
from reportgen.cohort.mapping.proposal.types import Choice, Column, Line, Proposals, Question, Sheet
from reportgen.cohort.mapping.schema import TABLES
from reportgen.settings.writing import released

KINDS = (types.FEATURE, types.LATER, types.FINDINGS, types.IDENTIFIER, types.TEXT, types.IGNORED)
LISTED = {types.FEATURE: "at_start", types.LATER: "later", types.FINDINGS: "lists"}
OPEN = "?"
WHY = "as picked at the desk"


@dataclass(frozen=True)
class Pick:
    """A column, and what it is said to be: "patients.relapse_date", "patients.feature"."""

    sheet: str
    cell: str
    takes: str


@dataclass(frozen=True)
class Answer:
    """A question by its place and words, and the key of the choice; OPEN leaves it open."""

    sheet: str
    cell: str
    text: str
    key: str


def changed(picks: Iterable[Pick]) -> Callable[[Proposals, str], tuple[Proposals, str]]:
    """What `map_source` is to do with its proposals: columns are what they were picked to be, whatever was proposed
    or stood in the settings, and no question is asked of them any more."""
    wanted = {(pick.sheet, pick.cell): pick.takes for pick in picks}

    def change(proposals: Proposals, text: str) -> tuple[Proposals, str]:
        settled: set[tuple[str, str]] = set()
        sheets = []
        for sheet in proposals.sheets:
            picked = {
                column.cell: wanted[sheet.sheet, column.cell]
                for column in sheet.columns
                if wanted.get((sheet.sheet, column.cell), column.takes) != column.takes
            }
            claimed = {takes for takes in picked.values() if takes not in KINDS}
            for column in sheet.columns:
                if column.cell in picked or column.takes in claimed:
                    text = released(text, sheet.table, column.header, name_key(column.header))
                    settled.add((sheet.sheet, column.cell))
            sheets.append(_with(sheet, picked))
        questions = tuple(q for q in proposals.questions if (q.sheet, q.cell) not in settled)
        return replace(proposals, sheets=tuple(sheets), questions=questions), text

    return change


def answering(answers: Iterable[Answer]) -> Callable[[Question], Choice | None]:
    """What `map_source` asks: as answered; what was not is as proposed, and what is dangerous stays open."""
    given: Mapping[tuple[str, str, str], str] = {(a.sheet, a.cell, a.text): a.key for a in answers}

    def ask(question: Question) -> Choice | None:
        proposal = OPEN if question.open else question.proposal
        key = given.get((question.sheet, question.cell, question.text), proposal)
        return next((choice for choice in question.choices if choice.key == key), None)

    return ask


def offered(table: str) -> tuple[str, ...]:
    """All that a column of a table may be: its canonical columns, dates also as elapsed time, and, of patients, the
    kinds that are none."""
    names = []
    for column in TABLES.get(table, ()):
        names.append(f"{table}.{column.name}")
        if column.kind == "date":
            stem = column.name.removesuffix("_date")
            names += [f"{table}.{stem}_{unit}" for unit in ("days", "months")]
    return (*names, *(KINDS if table == "patients" else (f"{table}.ignored",)))


def _with(sheet: Sheet, picked: Mapping[str, str]) -> Sheet:
    if not picked:
        return sheet
    new = {
        column.cell: replace(
            column, takes=picked[column.cell], how="settings", sure=True, reason=WHY,
            lines=tuple(_lines(sheet.table, column.header, picked[column.cell])),
        )
        for column in sheet.columns
        if column.cell in picked
    }  # fmt: skip
    said = {line.path for column in new.values() for line in column.lines if not line.adds}

    def kept(column: Column) -> Column:
        lost = any(line.path in said for line in column.lines)
        if not lost:
            return column
        lines = tuple(line for line in column.lines if line.path not in said)
        return replace(column, takes=f"{sheet.table}.ignored", reason=WHY, lines=lines)

    return replace(sheet, columns=tuple(new.get(c.cell) or kept(c) for c in sheet.columns))


def _lines(table: str, header: str, takes: str) -> Iterable[Line]:
    if takes in offered(table):
        name = takes.partition(".")[2]
        if takes in KINDS:
            yield Line(("features", LISTED.get(takes, "exclude")), name_key(header), WHY, adds=True)
        elif name != "ignored":
            yield Line(("columns", table, name), header, WHY)
