"""What the desk's warm process does: read, propose, check, show rows. Each task is a function of plain data, and what
it gives is plain data, too, in the language of the desk."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from reportgen.cohort.load import load_cohort, read_source
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.desk.picks import Answer, Pick, answering, changed, offered
from reportgen.run import mapping
from reportgen.run.checking import check
from reportgen.writing.doubts import doubt
from reportgen.writing.language import _, speaking

FIRST_ROWS, PAGE_ROWS, WIDEST = 6, 30, 60
MOST_ISSUES = 400


@dataclass(frozen=True)
class ColumnShown:
    """A column over the first rows of its sheet. options: what it may be; values: of the first rows, as text."""

    header: str
    cell: str
    takes: str
    sure: bool
    reason: str
    options: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class SheetShown:
    name: str
    table: str
    rows: int
    header_row: int
    reason: str
    columns: tuple[ColumnShown, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class QuestionShown:
    """key: that of the choice taken now, "?" where it is open. choices: key and label of each."""

    sheet: str
    cell: str
    text: str
    choices: tuple[tuple[str, str], ...]
    key: str
    dangerous: bool


@dataclass(frozen=True)
class ChapterShown:
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
    severity: str
    code: str
    sheet: str
    cell: str
    patient: str
    problem: str
    hint: str
    count: int


@dataclass(frozen=True)
class Findings:
    """What check says. more: how many findings are not shown here, but stand in queries.xlsx."""

    findings: tuple[Finding, ...]
    more: int
    refused: bool
    rows: tuple[tuple[str, int], ...]
    kept: str


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


def understand(
    path: str, config: str, picks: Sequence[Pick], answers: Sequence[Answer], language: str, save: bool
) -> Understanding:
    """What `map` proposes with what was picked and answered; saved to report.toml only on request."""
    asked = answering(answers)
    mapped = mapping.map_source(Path(path), Path(config) if config else None, asked, changed(picks))
    if save:
        mapping.write(mapped)
    with speaking(language):
        return _understanding(mapped, asked)


def _understanding(mapped: mapping.Mapped, asked: mapping.Ask) -> Understanding:
    from reportgen.chapters import SECTIONS

    book = mapped.book
    assert book is not None
    raw = {sheet.name: sheet for sheet in book.sheets}
    sheets = tuple(
        SheetShown(s.sheet, s.table, s.rows, s.header_row, s.reason,
                   tuple(_column(c, s.table, raw[s.sheet]) for c in s.columns),
                   tuple(int(n) for n in raw[s.sheet].frame.index[:FIRST_ROWS]))
        for s in mapped.proposals.sheets
    )  # fmt: skip
    questions = []
    for q in mapped.proposals.questions:
        choice = asked(q)
        labels = tuple((c.key, c.label) for c in q.choices)
        questions.append(
            QuestionShown(q.sheet, q.cell, q.text, labels, choice.key if choice else "?", q.open)
        )
    titles = {section.KEY: section.TITLE for section in SECTIONS}
    chapters = tuple(
        ChapterShown(key, _(titles[key]), of.made, of.lacks)
        for key, of in (mapped.proposals.chapters or {}).items()
    )
    lines = difflib.unified_diff(mapped.before.splitlines(), mapped.settings.splitlines(), lineterm="", n=1)
    shown = tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))
    return Understanding(sheets, tuple(questions), chapters, shown, mapped.path.name, len(mapped.open))


def _column(column, table: str, sheet: RawSheet) -> ColumnShown:
    position = next(
        (p for p in range(len(sheet.header)) if sheet.cell(sheet.header_row, p)[1] == column.cell), None
    )
    values = () if position is None else tuple(_shown(cell) for cell in sheet.frame[position][:FIRST_ROWS])
    options = offered(table)
    if column.takes not in options:
        options = (column.takes, *options)
    return ColumnShown(column.header, column.cell, column.takes, column.sure, column.reason, options, values)


def examine(path: str, config: str, output: str, language: str) -> Findings:
    """What `check` says; it writes queries.xlsx beside the reports, as it always does."""
    found = check(Path(path), Path(config) if config else None, Path(output))
    with speaking(language):
        shown = tuple(
            Finding(i.severity, i.code, i.sheet or "", i.cell or "", (i.patient or "") if found.named else "",
                    doubt(i.problem), doubt(i.hint), i.count)
            for i in found.issues[:MOST_ISSUES]
        )  # fmt: skip
    more = max(0, len(found.issues) - MOST_ISSUES)
    return Findings(shown, more, found.refused, tuple(found.rows.items()), found.kept)


def rows(path: str, config: str, sheet: int, first: int, place: tuple[str, str]) -> Rows:
    """A page of a sheet, from its first-th row on; with a place (sheet and cell) that where it stands, marked."""
    book = _book(path, config, _stamp(path, config))
    names = tuple(s.name for s in book.sheets)
    row, column = 0, -1
    for number, one in enumerate(book.sheets) if any(place) else ():
        found = _place(one, place)
        if found:
            sheet, (row, column) = number, found
            index = list(one.frame.index)
            first = max(0, (index.index(row) if row in index else 0) - PAGE_ROWS // 3)
            break
    shown = book.sheets[min(max(sheet, 0), len(book.sheets) - 1)]
    part = shown.frame.iloc[max(first, 0) : max(first, 0) + PAGE_ROWS]
    return Rows(
        names, min(max(sheet, 0), len(names) - 1), tuple(map(_shown, shown.header)), tuple(int(n) for n in part.index),
        tuple(tuple(_shown(cell) for cell in line) for line in part.itertuples(index=False, name=None)),
        max(first, 0), len(shown.frame), row, column,
    )  # fmt: skip


def patients(path: str, config: str, output: str, profile: str, language: str) -> tuple[str, ...]:
    """What the patients are called in case reviews: ids, or, for a board, pseudonyms."""
    overrides = {"privacy.profile": profile} if profile else {}
    cohort = load_cohort(Path(path), config=Path(config) if config else None, overrides=overrides)
    ids = tuple(str(patient) for patient in cohort.patients.frame["patient_id"])
    if cohort.settings.privacy.profile == "internal":
        return ids
    from reportgen.privacy.keys import read_key
    from reportgen.privacy.pseudonyms import pseudonyms

    named = pseudonyms(read_key(Path(output)), list(ids))
    return tuple(named[patient] for patient in ids)


def _place(sheet: RawSheet, place: tuple[str, str]) -> tuple[int, int] | None:
    """The row and column of a cell named as the source names it; row 0 where only a column was named."""
    name, cell = place
    if sheet.place is None and sheet.name != name:
        return None
    for position in range(len(sheet.header)):
        if sheet.cell(sheet.header_row, position) == (name, cell):
            return sheet.header_row, position
        for row in sheet.frame.index if sheet.place else _row_of(cell):
            if sheet.cell(int(row), position) == (name, cell):
                return int(row), position
    return None


def _row_of(cell: str) -> tuple[int, ...]:
    digits = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return (int(digits),) if digits.isdecimal() else ()


def _stamp(path: str, config: str) -> tuple:
    """Other when the source or its settings were saved again."""
    files = (Path(path), Path(config) if config else Path(path).parent / "report.toml")
    return tuple((s.st_mtime_ns, s.st_size) for s in (f.stat() for f in files if f.exists()))


@lru_cache(maxsize=1)
def _book(path: str, config: str, stamp: tuple) -> RawWorkbook:
    return read_source(Path(path), Path(config) if config else None)


def _shown(cell: object) -> str:
    """A cell as text of one line, not longer than a column is wide."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(str(cell).removesuffix(" 00:00:00").split())
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


@dataclass(frozen=True)
class Meanings:
    """What the word of one cell may be said to mean in its column. column: as [values] names it."""

    column: str
    header: str
    word: str
    words: tuple[str, ...]


def meanings(path: str, config: str, place: tuple[str, str]) -> Meanings | None:
    """What the word in a cell may be said to mean; None where the cell is empty, or none that can be found."""
    from reportgen.cohort.load import overview
    from reportgen.cohort.mapping.schema import TABLES, columns_of, name_key
    from reportgen.cohort.mapping.source_settings import settings_for

    book = _book(path, config, _stamp(path, config))
    for sheet in book.sheets:
        found = _place(sheet, place)
        if found is None or found[0] not in sheet.frame.index:
            continue
        row, position = found
        word, header = _shown(sheet.frame.at[row, position]), _shown(sheet.header[position])
        if not word:
            return None
        settings = settings_for(book, Path(path), Path(config) if config else None)
        _counted, matches = overview(book, settings)
        canonical = next(
            ((m.table, m.column) for m in matches if name_key(m.header) == name_key(header) and m.table in TABLES
             and m.column in columns_of(m.table)), None,
        )  # fmt: skip
        allowed = tuple(columns_of(canonical[0])[canonical[1]].words) if canonical else ()
        return Meanings(canonical[1] if canonical else name_key(header), header, word, ("missing", *allowed))
    return None


def let_mean(path: str, config: str, place: tuple[str, str], meaning: str) -> None:
    """Write to the settings that the word of a cell has this meaning in its column. Nothing where it may not."""
    from reportgen.settings.writing import Line, merged

    found = meanings(path, config if config and Path(config).is_file() else "", place)
    if found is None or meaning not in found.words:
        return
    mapped = mapping.map_source(Path(path), Path(config) if config else None)
    line = Line(("values", found.column, meaning), found.word, "as said at the desk", adds=True)
    mapping.write(replace(mapped, settings=merged(mapped.before, (line,))))
