"""What no report can do without and no column was taken for: asked, with the dates that nothing else claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.intervals import interval_issue
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.proposal.headers import named
from reportgen.cohort.mapping.proposal.samples import header_cell, holds_dates, holds_numbers, known_cells
from reportgen.cohort.mapping.proposal.types import FEATURE, LATER, Choice, Column, Line, Question, Sheet
from reportgen.cohort.mapping.proposal.values import answers, says_deaths
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.raw import RawSheet
from reportgen.settings.model import Settings

ORIGIN = ("report", "origin")
STATUS = ("columns", "patients", "vital_status")
MOST = 8
NOTHING = Choice("n", message("this table has none"))


def only_status(proposed: Sheet, questions: list[Question]) -> Iterator[Question]:
    """The questions, open the one whether a column is the vital status, where nothing else tells who died."""
    taken = {part for column in proposed.columns for part in column.takes.split("+")}
    told = bool(taken & {"patients.vital_status", "patients.death_date"}) or any(
        part.startswith("endpoint.") for part in taken
    )
    for question in questions:
        asked = any(line.path == STATUS for choice in question.choices for line in choice.lines)
        yield replace(question, open=True) if asked and not told else question


def asked_once(questions: Sequence[Question], further: Iterable[Question]) -> Iterator[Question]:
    """All questions, but of the further ones that which column is the vital status where one of the first asks that."""
    yield from questions
    told = {line.path for question in questions for choice in question.choices for line in choice.lines}
    for question in further:
        asked = {line.path for choice in question.choices for line in choice.lines}
        if STATUS not in asked or STATUS not in told:
            yield question


def required_questions(sheet: RawSheet, proposed: Sheet, settings: Settings) -> Iterator[Question]:
    """A question for the start of the clock and one for the last contact, each if no column is it.

    None where times and their status are given, or times since the start: these need no dates.
    """
    apart = interval_issue(sheet)
    if apart is not None:
        text = message("{problem}. {hint}.", problem=apart.problem, hint=apart.hint)
        nothing = Choice("n", message("I shall make one row per patient"))
        yield Question(sheet.name, apart.cell or "", text, (nothing,), open=True)
        return
    taken = {part for column in proposed.columns for part in column.takes.split("+")}
    if any(part.startswith("endpoint.") for part in taken) or any(rule.time for rule in settings.endpoint):
        return
    if not taken & {"patients.last_contact", "patients.death_date", f"patients.{name_key(settings.origin)}"}:
        dated = any(_is_free(sheet, column) for column in proposed.columns)
        if not dated:
            text = message(
                "No column was recognised as a date, nor as a time with its status: no survival can be reported."
            )
            yield Question(sheet.name, _where(sheet, []), text, (NOTHING,), open=True)
            return
    free = [column for column in proposed.columns if _is_free(sheet, column)]
    elapsed = any(line.path[-1].endswith(("_days", "_months")) for c in proposed.columns for line in c.lines)
    origin = name_key(settings.origin)
    if f"patients.{origin}" not in taken and origin in columns_of("patients") and not elapsed:
        diagnosed = "patients.diagnosis_date" in taken and origin == "treatment_start"
        choices = _choices(free, origin)
        if diagnosed:
            line = Line(ORIGIN, "diagnosis_date", "no column is the start of treatment")
            choices.insert(0, Choice("d", message("the clock begins at diagnosis"), (line,)))
        if choices:
            text = message("No column was recognised as the start of treatment. Which is it?")
            only = diagnosed and not free
            yield Question(
                sheet.name, _where(sheet, free), text, tuple(choices), "d" if only else "", not only
            )
    if "patients.last_contact" not in taken:
        text = message("No column was recognised as the last contact. Which is it?")
        choices = tuple(_choices(free, "last_contact")) or (NOTHING,)
        yield Question(sheet.name, _where(sheet, free), text, choices, open=True)
    elif not taken & {"patients.vital_status", "patients.death_date"}:
        called = [
            column
            for column in proposed.columns
            if column.takes in (LATER, FEATURE) and (_tells_of_death(column) or _holds_deaths(sheet, column))
        ]
        if called:
            text = message("No column was recognised as the vital status. Which is it?")
            choices = (*_choices(called, "vital_status"), NOTHING)
            yield Question(
                sheet.name, called[0].cell, text, choices, "1" if len(called) == 1 else "", open=True
            )


def _holds_deaths(sheet: RawSheet, column: Column) -> bool:
    """Whether a column of few words has one that says that somebody died."""
    named = [p for p, text in enumerate(sheet.header) if text and cells.text(text)[0] == column.header]
    return bool(named) and says_deaths(column.header, known_cells(sheet, named[0]))


def _tells_of_death(column: Column) -> bool:
    """Whether a column is called as the vital status, or its name asks for death or life, whatever its words are."""
    status = columns_of("patients")["vital_status"]
    called = any(one.column == status.name for one in named("patients", column.header))
    return called or bool(answers(status, column.header))


def _choices(free: list[Column], name: str) -> list[Choice]:
    return [
        Choice(str(number), f"{column.header} ({column.cell})",
               (Line(("columns", "patients", name), column.header, "as answered"),))
        for number, column in enumerate(free[:MOST], 1)
    ]  # fmt: skip


def _is_free(sheet: RawSheet, column: Column) -> bool:
    """Whether a column of dates is nothing of ours yet."""
    if not column.takes.startswith("patients.") or column.takes.split(".")[1] not in (
        "ignored",
        "later",
        "feature",
    ):
        return False
    named = [p for p, text in enumerate(sheet.header) if text and cells.text(text)[0] == column.header]
    places = [p for p in named if header_cell(sheet, p) == column.cell]
    content = known_cells(sheet, places[0]) if places else []
    return holds_dates(content) and not holds_numbers(content)


def _where(sheet: RawSheet, free: list[Column]) -> str:
    named = [p for p, text in enumerate(sheet.header) if text]
    return free[0].cell if free else header_cell(sheet, named[0])
