"""The order of `map`: read → propose → ask → settings → which chapters they make → write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from reportgen.base.errors import DataRefused, MachineFailed, UsageError, reason
from reportgen.base.message import message
from reportgen.cohort.load import check_tables, read_source
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.proposal.alike_ids import ids_of_joined
from reportgen.cohort.mapping.proposal.encoding import encoding_question
from reportgen.cohort.mapping.proposal.line_sheets import index_lines
from reportgen.cohort.mapping.proposal.propose import propose
from reportgen.cohort.mapping.proposal.sheet_layout import layout_lines
from reportgen.cohort.mapping.proposal.stacks import stack_lines
from reportgen.cohort.mapping.proposal.turned_sheets import turn_lines
from reportgen.cohort.mapping.proposal.types import (
    FEATURE,
    FINDINGS,
    LATER,
    Choice,
    Column,
    Line,
    Proposals,
    Question,
)
from reportgen.cohort.mapping.proposal.visit_sheets import visit_lines
from reportgen.cohort.mapping.source_settings import report_sheet, settings_for
from reportgen.cohort.raw import RawWorkbook
from reportgen.cohort.readers.index_line import with_index_line
from reportgen.cohort.readers.layout import with_joined, with_turned
from reportgen.cohort.readers.stacking import with_stacked
from reportgen.cohort.readers.told_by_visits import with_told_by_visits
from reportgen.cohort.source import SETTINGS, beside, is_url, own_settings
from reportgen.run.missing_columns import lacking
from reportgen.settings.model import Settings
from reportgen.settings.sources import load_settings, settings_of_text
from reportgen.settings.writing import merged

Ask = Callable[[Question], Choice | None]
# Proposals and the text of the settings file → both as somebody wants them instead, before questions are answered.
Change = Callable[[Proposals, str], tuple[Proposals, str]]
OPEN_STATUS = 3
ENDPOINT = "endpoint"
# Lines that say how the sheets lie, and the sheets as they then lie; each step sees what the one before left.
STEPS = ((turn_lines, with_turned), (stack_lines, with_stacked), (layout_lines, with_joined),
         (index_lines, with_index_line), (visit_lines, with_told_by_visits))  # fmt: skip
UNREAD = "BAD_ENCODING"
TITLE = "What everything in {name} is, as proposed by reportgen map; a line of yours is never changed."


@dataclass(frozen=True)
class Mapped:
    """What came of it. path: the settings file; settings: its text as it is to be; open: what nobody answered.

    before: the text of the settings file as it is; book: the source as read.
    """

    proposals: Proposals
    path: Path
    settings: str
    open: tuple[Question, ...]
    before: str = ""
    book: RawWorkbook | None = field(default=None, repr=False, compare=False)


def map_source(
    source: Path | str, config: Path | None = None, ask: Ask | None = None, change: Change | None = None,
    read: Callable[..., RawWorkbook] = read_source,
) -> Mapped:  # fmt: skip
    """The proposals for a source and the settings that say them; nothing is written.

    ask: answers a question, None leaves it open; without it each proposal is taken, but for what is dangerous.
    change: what somebody says of columns against the proposals and the settings that there are. read: reads the source.
    """
    path = config or _default(source)
    used = path if path.is_file() else None
    book, first = _read(source, used, ask, read)
    if used is not None and config is None and _of_another(used, book):
        path, used = own_settings(source), Path(os.devnull)
        book, first = _read(source, used, ask, read)
    settings = settings_for(book, source, used, {".".join(line.path): line.value for line in first})
    layout, apart = [], book
    for lines_of, laid in STEPS:
        lines = lines_of(book, settings)
        if lines:
            layout += lines
            settings = settings_of_text(path.name, merged(_text(path), (*first, *layout)), report_sheet(book))
            book = laid(book, settings)
    proposals = propose(book, settings)
    asked = _once((*ids_of_joined(apart, settings), *proposals.questions), book)
    proposals = replace(proposals, lines=(*first, *layout, *proposals.lines), questions=asked)
    held = text = _text(path)
    if change is not None:
        proposals, text = change(proposals, text)
    answered, left = _answers(proposals.questions, ask)
    said, title = report_sheet(book), TITLE.format(name=book.name)
    before = merged(text, _without_features((*proposals.all_lines(), *answered)), title)
    proposals = _checked_later(proposals, book, settings_of_text(path.name, before, said))
    lines = (*proposals.all_lines(), *answered)
    ours = {name_key(line.value) for line in lines if line.path[:2] == ("columns", "patients")}
    written = merged(text, lines, title, ours)
    chapters = lacking(book, settings_of_text(path.name, written, said))
    left = tuple(_in_the_source(question, book) for question in left)
    return Mapped(replace(proposals, chapters=chapters), path, written, left, held, book)


def _once(questions: tuple[Question, ...], book: RawWorkbook) -> tuple[Question, ...]:
    """The questions, but one about a column that two tables have, of which the last counts all of its rows."""
    found = {(_in_the_source(question, book).sheet, question.cell, repr(question.choices)): number
             for number, question in enumerate(questions)}  # fmt: skip
    return tuple(questions[number] for number in sorted(found.values()))


def _in_the_source(question: Question, book: RawWorkbook) -> Question:
    """The question with the file that holds its cell, where a reader made the table of several."""
    for sheet in book.sheets:
        if sheet.name == question.sheet and sheet.place:
            cells = (sheet.cell(sheet.header_row, position) for position in range(len(sheet.header)))
            files = [name for name, cell in cells if cell == question.cell]
            return replace(question, sheet=files[0]) if files else question
    return question


def _read(
    source: Path | str, used: Path | None, ask: Ask | None, read: Callable[..., RawWorkbook]
) -> tuple[RawWorkbook, tuple[Line, ...]]:
    """The source, and the settings without which it can't be read: the encoding of a text that leaves several."""
    try:
        return read(source, used), ()
    except DataRefused as refused:
        unread = {issue.code for issue in refused.issues} == {UNREAD} and not is_url(source)
        question = encoding_question(Path(source)) if unread else None
        choice = (ask or _proposed)(question) if question else None
        if choice is None:
            raise
    return read(source, used, {".".join(line.path): line.value for line in choice.lines}), choice.lines


def write(mapped: Mapped) -> None:
    """The settings file, written whole or not at all. Raises MachineFailed where it can't be."""
    draft = mapped.path.with_name(f".{mapped.path.name}.new")
    try:
        draft.unlink(missing_ok=True)  # of a run that was killed; or a link, which would be followed
        with draft.open("x", encoding="utf-8") as file:
            file.write(mapped.settings)
        draft.replace(mapped.path)
    except OSError as failure:
        raise MachineFailed(
            message("{name} can't be written: {why}.", name=repr(mapped.path.name), why=reason(failure))
        ) from failure


def _said_as(takes: str) -> str:
    """What a column is taken for, in the words that machines know: a list of findings is read as features."""
    return FEATURE if takes == FINDINGS else takes


def as_json(mapped: Mapped) -> dict[str, object]:
    """As machines read it."""
    found = mapped.proposals
    return {
        "sheets": [
            {"sheet": s.sheet, "table": s.table, "header_row": s.header_row, "rows": s.rows,
             "columns": [{"header": c.header, "cell": c.cell, "takes": _said_as(c.takes), "how": c.how, "sure": c.sure,
                          "reason": c.reason, "values": list(c.values)} for c in s.columns]}
            for s in found.sheets
        ],
        "open": [{"sheet": q.sheet, "cell": q.cell, "question": q.text, "choices": [c.label for c in q.choices]}
                 for q in mapped.open],
        "chapters": {key: {"made": of.made, "lacks": list(of.lacks)} for key, of in (found.chapters or {}).items()},
        "settings": mapped.settings,
    }  # fmt: skip


def _answers(questions: tuple[Question, ...], ask: Ask | None) -> tuple[list[Line], tuple[Question, ...]]:
    lines: list[Line] = []
    left: list[Question] = []
    for question in questions:
        choice = ask(question) if ask else None if question.open else _proposed(question)
        if choice is None:
            left.append(question)
        else:
            lines.extend(choice.lines)
    return [*_whole(lines)], tuple(left)


def _whole(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, those of one endpoint as one; an endpoint of which an answer is still lacking is not written."""
    endpoints: dict[tuple[str, ...], Line] = {}
    for line in lines:
        if line.path[0] != ENDPOINT:
            yield line
        elif line.path in endpoints:
            value = {**cast("dict", endpoints[line.path].value), **cast("dict", line.value)}
            endpoints[line.path] = replace(line, value=value)
        else:
            endpoints[line.path] = line
    for line in endpoints.values():
        said = cast("dict", line.value)
        if {"time", "unit", "event"} <= {*said}:
            ordered = {name: said[name] for name in ("label", "time", "unit")}
            yield replace(line, value={**ordered, **said})


def _proposed(question: Question) -> Choice | None:
    return next((choice for choice in question.choices if choice.key == question.proposal), None)


def _checked_later(proposals: Proposals, book: RawWorkbook, settings: Settings) -> Proposals:
    """The proposals, those columns known later whose values or dates show that they are, whatever their names say."""
    draft, issues = check_tables(book, settings)
    if draft is None:
        return proposals
    asked = {issue.cell for issue in issues if issue.code in ("ASSUMED_LATER", "ASK_LATER")}

    def checked(column: Column) -> Column:
        key = name_key(column.header)
        if (
            column.takes != FEATURE
            or column.how == "settings"
            or key not in draft.later.names
            or column.cell not in asked
        ):
            return column
        why = message("its values or its date follow what happened later")
        lines = tuple(Line(("features", "later"), line.value, why, adds=True) for line in column.lines)
        return replace(column, takes=LATER, reason=why, lines=lines)

    sheets = tuple(replace(s, columns=tuple(map(checked, s.columns))) for s in proposals.sheets)
    return replace(proposals, sheets=sheets)


def _without_features(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.path != ("features", "at_start")]


def _default(source: Path | str) -> Path:
    """report.toml beside a source, for which an address of a database has no place."""
    found = beside(source)
    if found is not None:
        return found
    if is_url(source):
        raise UsageError(message("An address has no place beside it; name the settings file by --config."))
    path = Path(source)
    if not path.exists():
        raise UsageError(message("There is no source {name}.", name=repr(path.name)))
    return path.resolve().parent / SETTINGS


def _of_another(path: Path, book: RawWorkbook) -> bool:
    """Whether settings belong to another table: most of the columns that they name are none of this one's."""
    settings = load_settings(path)
    named = {name_key(theirs) for columns in settings.columns.values() for theirs in columns.values()}
    named |= {name_key(theirs) for rule in settings.endpoint for theirs in (rule.time, rule.event) if theirs}
    here = {name_key(text) for sheet in book.sheets for text in sheet.header if text}
    return len(named) > 1 and 2 * len(named & here) < len(named)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    except OSError as failure:
        raise MachineFailed(
            message("{name} can't be read: {why}.", name=repr(path.name), why=reason(failure))
        ) from failure


def as_text(mapped: Mapped):
    """What was taken for what, in lines, and what is still open."""
    from reportgen.base.terminal import printable

    if mapped.path.name != SETTINGS and mapped.path.name.endswith(f".{SETTINGS}"):
        yield f"The report.toml beside it is of another table; what is said here stands in {mapped.path.name}"
    for sheet in mapped.proposals.sheets:
        yield printable(f"{sheet.sheet}: {sheet.table or 'no table'} ({sheet.reason})")
        for column in sheet.columns:
            yield printable(f"  {column.cell:<6} {column.header} → {column.takes} ({column.reason})")
    for question in mapped.open:
        yield printable(f"OPEN  {question.sheet} {question.cell}: {question.text}")
    missing = [
        f"{key} ({', '.join(of.lacks)})"
        for key, of in (mapped.proposals.chapters or {}).items()
        if not of.made
    ]
    if missing:
        yield f"Chapters without their columns: {'; '.join(missing)}"
