"""A source as found → proposals: its sheets, their columns, the words in these, the order of its dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from reportgen.base.message import Message, message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.dictionary import Dictionary, Entry, entry_for, read_dictionary
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.legends import described
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.mapping.proposal import types
from reportgen.cohort.mapping.proposal.ages import with_asked_ages
from reportgen.cohort.mapping.proposal.alike_ids import alike_ids
from reportgen.cohort.mapping.proposal.columns import Sense, by_words, canonical_of, senses
from reportgen.cohort.mapping.proposal.date_order import (
    no_dates,
    order_lines,
    partial_dates,
    serial_question,
    short_years,
)
from reportgen.cohort.mapping.proposal.endpoints import endpoint_columns
from reportgen.cohort.mapping.proposal.event_dates import clock_questions, unclaimed
from reportgen.cohort.mapping.proposal.id_columns import Ids
from reportgen.cohort.mapping.proposal.required_columns import asked_once, only_status
from reportgen.cohort.mapping.proposal.rival_columns import PIVOTAL, all_of, rivals_question
from reportgen.cohort.mapping.proposal.rival_sheets import rival_sheets
from reportgen.cohort.mapping.proposal.samples import (
    header_cell,
    holds_dates,
    holds_serials,
    known_cells,
    not_told_missing,
    samples,
    without_totals,
)
from reportgen.cohort.mapping.proposal.sheet_layout import whose_rows
from reportgen.cohort.mapping.proposal.sheets import Taken, tables_of
from reportgen.cohort.mapping.proposal.told_apart import OBSERVED, told_apart
from reportgen.cohort.mapping.proposal.toxicity_columns import (
    columns_in_words,
    graded_columns,
    toxicity_columns,
)
from reportgen.cohort.mapping.proposal.types import Choice, Line, Proposals, Question
from reportgen.cohort.mapping.proposal.values import grade_lines, value_lines
from reportgen.cohort.mapping.schema import TABLES, columns_of
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.settings.model import Settings

LISTS = {"feature": "at_start", "later": "later", "findings": "lists"}
MASKED = ("patient_id", "birth_date")


def propose(book: RawWorkbook, settings: Settings) -> Proposals:
    """What is proposed of a source, beyond what its settings already say."""
    known, _ = match_sheets(book, settings)
    dictionary, _ = read_dictionary(known.get("dictionary"))
    dictionary = {**_labelled(book), **dictionary}
    proposed, questions, dated = {}, [], []
    found = tables_of(book, settings)
    ids: Ids | None = None
    for taken in sorted(found, key=lambda one: one.table != "patients"):
        sheet, asked, dates = _sheet(taken, settings, dictionary, ids)
        ids = ids or _ids(sheet, taken.sheet)
        proposed[taken.sheet.name] = sheet
        questions.extend(asked)
        dated.extend(dates)
    proposed, asked = rival_sheets(found, proposed, settings)
    questions[:0] = [*asked, *alike_ids(found, proposed, settings)]
    lines: list[Line] = []
    counted = next((column for column in dated if holds_serials(column[3])), None)
    if counted and not settings.source.date_serials:
        questions.insert(0, serial_question(counted))
    until = settings.source.two_digit_years
    dated, asked = short_years(dated, until or date.today().year)
    questions[:0] = [] if until else asked
    if not settings.source.date_order:
        lines, asked = order_lines(dated)
        questions[:0] = asked
    return Proposals(tuple(proposed[taken.sheet.name] for taken in found), tuple(questions), tuple(lines))


def _labelled(book: RawWorkbook) -> dict[tuple[str, str], Entry]:
    """What the source itself calls its columns in words, as Stata and SPSS do, where no reader knows the table."""
    return {
        ("", name_key(text)): Entry(label=label)
        for sheet in book.sheets
        if not sheet.table and sheet.labels
        for text, label in zip(sheet.header, sheet.labels, strict=False)
        if text and label
    }


def _ids(proposed: types.Sheet, sheet: RawSheet) -> Ids | None:
    """The header and the values of the column of the patients that was taken for their id."""
    texts = [cells.text(text)[0] for text in sheet.header]
    header = next((c.header for c in proposed.columns if c.takes == "patients.patient_id"), None)
    return Ids(header, frozenset(map(word_key, known_cells(sheet, texts.index(header))))) if header else None


def _sheet(taken: Taken, settings: Settings, dictionary: Dictionary, ids: Ids | None):
    """The proposal of a sheet, the questions about it, and its columns of dates."""
    sheet, table = without_totals(taken.sheet), taken.table
    rows = len(sheet.frame)
    if table not in TABLES:
        lines = () if table else (Line(("tables", "ignore"), sheet.name, taken.reason, adds=True),)
        return types.Sheet(sheet.name, table, sheet.header_row, rows, taken.reason, (), lines), [], []
    lines = () if taken.how == "settings" else (Line(("tables", table), sheet.name, taken.reason),)
    lines += _header_row(sheet, settings)
    graded = graded_columns(taken, settings)
    words = columns_in_words(taken, settings, graded)
    wide = (*graded, *words)
    found, rivals = senses(table, sheet, settings, dictionary, frozenset(wide), ids)
    columns, questions, dated, born = [], [], [], []
    if table == "patients":
        columns, questions, places = endpoint_columns(sheet, settings, _names(found), dictionary)
        if places:
            found, rivals = senses(table, sheet, settings, dictionary, frozenset((*wide, *places)), ids)
        found = told_apart(sheet, found)
        alone = not sheet.place or (not sheet.table and not sheet.header_row)
        if alone and not any("patient_id" in sense.names for sense in found):
            told, asked = whose_rows(sheet)
            lines += told
            questions = [*questions, *asked]
    for sense in found:
        column, asked = _column(table, sheet, sense, settings, rivals, dictionary)
        columns.append(column)
        questions.extend(asked)
        content = known_cells(sheet, sense.position)
        if holds_dates(content) or (_is_dated(table, sense) and holds_serials(content)):
            into = (
                born if "birth_date" in sense.names else dated
            )  # a question shows a date of birth only where no other is
            into.append((sheet.name, column.cell, column.header, content))
    columns.extend(toxicity_columns(sheet, graded, words, settings))
    columns.sort(
        key=lambda column: [*sheet.header].index(column.header) if column.header in sheet.header else 0
    )
    proposed = types.Sheet(sheet.name, table, sheet.header_row, rows, taken.reason, tuple(columns), lines)
    if table == "patients":
        proposed, of_age = with_asked_ages(sheet, unclaimed(sheet, proposed), settings)
        questions.extend(of_age)
        questions = [*only_status(proposed, questions)]
        questions = [*asked_once(questions, clock_questions(sheet, proposed, settings))]
    return proposed, questions, [*dated, *born]


def _names(found: Iterable[Sense]) -> frozenset[str]:
    return frozenset(name for sense in found for name in sense.names)


def _header_row(sheet: RawSheet, settings: Settings) -> tuple[Line, ...]:
    told = {name_key(name) for name in settings.source.header_rows}
    if sheet.header_row <= 1 or sheet.place or name_key(sheet.name) in told:
        return ()
    return (Line(("source", "header_rows", sheet.name), sheet.header_row, "the first row of names"),)


def _column(
    table: str, sheet: RawSheet, sense: Sense, settings: Settings, rivals: Mapping[str, tuple[int, ...]],
    dictionary: Dictionary,
) -> tuple[types.Column, list[Question]]:  # fmt: skip
    content = known_cells(sheet, sense.position)
    cell, header = header_cell(sheet, sense.position), cells.text(sense.header)[0]
    masked = sense.use in ("identifier", "text", "ignored") or any(name in MASKED for name in sense.names)
    joined = "+".join(sense.names)
    claimed = rivals.get(joined, ())
    # Until it is said that a column is not one thing it is not taken for another.
    contested = any(sense.position in at for name, at in rivals.items() if name != joined)
    sure = (sense.sure or joined not in PIVOTAL) and not claimed and (sense.sure or not sense.use)
    sure = sure and not (contested and sense.names)
    takes = "+".join(f"{table}.{canonical_of(table, name)}" for name in sense.names) or f"{table}.{sense.use}"
    column = types.Column(header, cell, takes, sense.how, sure, sense.reason, samples(content, masked))
    unsaid = contested and not sense.names
    lines = () if sense.how == "settings" or unsaid else tuple(_lines(table, sheet, sense, header))
    if by_words(sense):
        return _told_by_words(table, sheet, sense, settings, column, lines)
    questions: list[Question] = []
    if claimed:
        questions.append(rivals_question(table, joined, sheet, claimed))
    elif sure:
        column = replace(column, lines=lines)
    else:
        doubt = _doubt(table, sheet.name, sense, column, lines)
        questions.append(replace(doubt, open=doubt.open or contested))
    for name in sense.names:
        canonical = columns_of(table).get(name)
        said = settings.values.get(name, {})
        if canonical is not None and canonical.kind == "date":
            questions.extend(partial_dates(name, said, (sheet.name, cell, header, content)))
            column = replace(column, lines=(*column.lines, *(no_dates(name, said, content) if sure else ())))
        if name == "grade":
            column = replace(column, lines=(*column.lines, *grade_lines(content, said)))
        if canonical is not None and canonical.kind in ("word", "yes/no"):
            entry = entry_for(dictionary, table, name_key(header))
            explained = described(header, entry.codes if entry else {})
            known = not_told_missing(content, settings.source)
            told, asked = value_lines(canonical, known, said, sheet.name, cell, header, explained)
            column = replace(column, lines=(*column.lines, *told))
            questions.extend(asked)
    return column, questions


def _told_by_words(
    table: str, sheet: RawSheet, sense: Sense, settings: Settings, column: types.Column, lines: tuple[Line, ...]
) -> tuple[types.Column, list[Question]]:  # fmt: skip
    """A column that its words alone make one of ours. Where one of them is not known it is proposed as known later, and
    counts as missing if the column is ours all the same.
    """
    (name,) = sense.names
    content = not_told_missing(known_cells(sheet, sense.position), settings.source)
    said = settings.values.get(name, {})
    told, asked = value_lines(columns_of(table)[name], content, said, sheet.name, column.cell, column.header)
    unknown = [line for question in asked for line in question.choices[-1].lines]
    question = _doubt(table, sheet.name, sense, column, (*lines, *told, *unknown))
    if unknown and table == "patients":
        words = ", ".join(str(line.value) for line in unknown)
        question = replace(
            question,
            proposal="l",
            text=_doubtful(
                column.header, sense, message("{reason}, but not: {words}", reason=sense.reason, words=words)
            ),
        )
        column = replace(
            column, takes=types.LATER, reason=message("{reason}, but not all", reason=sense.reason)
        )
    return replace(column, sure=False), [question]


def _lines(table: str, sheet: RawSheet, sense: Sense, header: str) -> Iterator[Line]:
    """What the settings get. Where a reader knows the table, neither what it leaves out needs a line nor what it
    names: some of its columns are made of several, and settings that name them would ask for them in the source.
    """
    known = sheet.table and sense.how in ("name", "dictionary") and not sense.proposed
    for name in () if known else sense.names:
        yield Line(("columns", table, name), header, sense.reason)
    if not sense.names and table == "patients" and (sense.use in LISTS or not sheet.table):
        yield Line(("features", LISTS.get(sense.use, "exclude")), name_key(header), sense.reason, adds=True)


def _doubt(table: str, sheet: str, sense: Sense, column: types.Column, lines: tuple[Line, ...]) -> Question:
    """What a doubtful column is: as proposed, known at the start, known later, or left out."""
    key = name_key(column.header)

    def listed(name: str) -> tuple[Line, ...]:
        return (Line(("features", name), key, "as answered", adds=True),) if table == "patients" else ()

    choices = [Choice("y", message("yes, {what}", what=_what(sense)), lines)]
    if table == "patients":
        choices.append(Choice("s", message("known at the start"), listed("at_start")))
        if sense.use != "later":
            choices.append(Choice("l", message("known only later"), listed("later")))
    choices.append(Choice("n", message("leave it out"), listed("exclude")))
    text = _doubtful(column.header, sense, sense.reason)
    return Question(sheet, column.cell, text, tuple(choices), "y", open=sense.names == (OBSERVED,))


def _what(sense: Sense) -> str:
    """What a column is said to be: its canonical names, or its use."""
    if sense.names:
        return all_of(sense.names)
    return message("known only after the start") if sense.use == "later" else sense.use


def _doubtful(header: str, sense: Sense, why: str) -> Message:
    return message("{header}: is it {what}? ({why})", header=header, what=_what(sense), why=why)


def _is_dated(table: str, sense: Sense) -> bool:
    """Whether a column is one of dates, and of no time elapsed."""
    return any(name in columns_of(table) and columns_of(table)[name].kind == "date" for name in sense.names)
