"""What the desk's warm process does, besides `cells`: read, propose, check. Each task is a function of plain data, and
what it gives is plain data, too, in the language of the desk."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reportgen.base.errors import ERROR, DataRefused, Issue
from reportgen.base.exits import ESSENTIALS
from reportgen.cohort.checks.exclusion import leaves_some
from reportgen.cohort.cohort import MOST_GROUPS, Cohort
from reportgen.cohort.load import check_cohort, read_source
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.mapping.source_settings import settings_for
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.source import SETTINGS, beside
from reportgen.desk.column_words import called
from reportgen.desk.hints import hint_of, spoken
from reportgen.desk.option_words import windowed
from reportgen.desk.settings_lines import Answer, Pick, answering, changed, offered
from reportgen.desk.source_cells import book_of, cell_text
from reportgen.desk.source_view import (
    ChapterShown,
    Closed,
    ColumnShown,
    Finding,
    Findings,
    QuestionShown,
    SheetShown,
    Understanding,
)
from reportgen.run import answered_queries, mapping, question_list
from reportgen.run.checking import check
from reportgen.writing.language import _, speaking
from reportgen.writing.messages import said

FIRST_ROWS = 6
MOST_ISSUES, MOST_CLOSED = 400, 200


def understand(
    path: str, config: str, picks: Sequence[Pick], answers: Sequence[Answer], language: str, save: bool
) -> Understanding:
    """What `map` proposes with what was picked and answered; saved to report.toml only on request."""
    asked = answering(answers)
    mapped = mapping.map_source(Path(path), Path(config) if config else None, asked, changed(picks), _read)
    if save:
        mapping.write(mapped)
    with speaking(language):
        return _understanding(mapped, asked)


def _read(source: Path | str, used: Path | None, overrides: Mapping | None = None) -> RawWorkbook:
    """As `read_source`; a large workbook takes seconds, and nothing of it changes while it is picked and answered."""
    return read_source(source, used, overrides) if overrides else book_of(str(source), str(used or ""))


def _understanding(mapped: mapping.Mapped, asked: mapping.Ask) -> Understanding:
    from reportgen.chapters import SECTIONS

    book = mapped.book
    assert book is not None
    raw = {sheet.name: sheet for sheet in book.sheets}
    sheets = tuple(
        SheetShown(s.sheet, s.table, called(s.table), s.rows, s.header_row, said(s.reason),
                   tuple(_column(c, s.table, raw[s.sheet]) for c in s.columns),
                   tuple(int(n) for n in raw[s.sheet].frame.index[:FIRST_ROWS]))
        for s in mapped.proposals.sheets
    )  # fmt: skip
    questions, tables = [], {s.sheet: s.table for s in mapped.proposals.sheets}
    for q in mapped.proposals.questions:
        choice, table = asked(q), tables.get(q.sheet, "")
        labels = tuple((c.key, spoken(c.label, table)) for c in q.choices)
        questions.append(
            QuestionShown(q.sheet, q.cell, spoken(q.text, table), str(q.text), labels,
                          choice.key if choice else "?", q.open)
        )  # fmt: skip
    titles = {section.KEY: section.TITLE for section in SECTIONS}
    chapters = tuple(
        ChapterShown(key, _(titles[key]), of.made, tuple(map(called, of.lacks)))
        for key, of in (mapped.proposals.chapters or {}).items()
    )
    lines = difflib.unified_diff(mapped.before.splitlines(), mapped.settings.splitlines(), lineterm="", n=1)
    shown = tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))
    return Understanding(sheets, tuple(questions), chapters, shown, mapped.path.name, len(mapped.open))


def _column(column, table: str, sheet: RawSheet) -> ColumnShown:
    position = next(
        (p for p in range(len(sheet.header)) if sheet.cell(sheet.header_row, p)[1] == column.cell), None
    )
    values = () if position is None else tuple(cell_text(cell) for cell in sheet.frame[position][:FIRST_ROWS])
    options = offered(table)
    if column.takes not in options:
        options = (column.takes, *options)
    named = tuple((option, called(option)) for option in options)
    return ColumnShown(
        column.header, column.cell, column.takes, column.sure, said(column.reason), named, values
    )


def examine(path: str, config: str, output: str, language: str, writes: str = "") -> Findings:
    """What `check` says; it writes queries.xlsx beside the reports, as it always does. writes: the settings file of
    a dropped source, there or not."""
    used = Path(config) if config else None
    found = check(Path(path), used, Path(output), read=lambda: book_of(path, config))
    asked = question_list.told_of(found)
    settings = Path(writes) if writes else beside(Path(path)) or Path(path).with_name(SETTINGS)
    opened = [place for place in range(len(found.issues)) if place not in asked.answered]
    places = [*opened[:MOST_ISSUES], *list(asked.answered)[:MOST_CLOSED]]
    with speaking(language):
        shown = tuple(
            Finding(i.severity, i.code, i.sheet or "", i.cell or "", (i.patient or "") if found.named else "",
                    spoken(i.problem, ""), *_hint(i, settings.name), answered=place in asked.answered)
            for place, i in ((place, found.issues[place]) for place in places)
        )  # fmt: skip
        closed = tuple(_closed(shown, places, asked, found.named))
    more = max(0, len(opened) - MOST_ISSUES)
    errors = any(i.severity == ERROR and i.code in ESSENTIALS for i in found.issues)
    unsettled = errors and not settings.is_file()
    return Findings(
        shown, more, found.refused, tuple(found.rows.items()), windowed(said(found.kept)), unsettled,
        settings.name, closed, len(asked.answered) + len(asked.gone) - len(closed), leaves_some(found.issues),
    )  # fmt: skip


def _closed(
    shown: Sequence[Finding], places: Sequence[int], asked: question_list.OfChecked, named: bool
) -> Iterator[Closed]:
    """The closed questions: first those that the data still ask, then the others as they were last asked."""
    still = [(number, place) for number, place in enumerate(places) if place in asked.answered]
    for number, place in still:
        f, story = shown[number], asked.answered[place]
        yield Closed(f.problem, f.hint, f.sheet, f.cell, f.patient, story.settled, story.answers, number)
    for story in asked.gone[: MOST_CLOSED - len(still)]:
        sheet, cell, patient, problem = (
            str(story.row.get(name) or "") for name in ("sheet", "cell", "patient", "problem")
        )
        yield Closed(problem, "", sheet, cell, patient if named else "", story.settled, story.answers)


def _hint(issue: Issue, settings: str) -> tuple[str, int, str]:
    hint, where = hint_of(issue, settings)
    return hint, issue.count, where


def is_returned(path: str) -> bool:
    """Whether a dropped file is a queries.xlsx that comes back."""
    return answered_queries.is_returned(Path(path))


def take_in(
    path: str, askers: Sequence[answered_queries.Asker], output: str, language: str
) -> tuple[str, tuple[str, ...]]:
    """The id of the source whose questions a file answers, and what is said of it; no id where it was not taken."""
    found = answered_queries.take(Path(path), askers, Path(output))
    with speaking(language):
        return found.source, tuple(
            f"{windowed(said(text)).rstrip('.')}." for text in found.wrong or found.said
        )


def _cohort(path: str, config: str, overrides: Mapping[str, str] | None = None) -> Cohort:
    """The patients without errors, of the source as it was read for another page. DataRefused where none are left."""
    book = book_of(path, config)
    settings = settings_for(book, Path(path), Path(config) if config else None, overrides)
    cohort, issues = check_cohort(book, settings, on_invalid="exclude")
    if cohort is None:
        raise DataRefused(issues, settings.privacy.profile)
    return cohort


def groups(path: str, config: str, language: str) -> tuple[tuple[str, str], ...]:
    """Name and label of every column whose levels can be set side by side; none where the data are refused."""
    try:
        cohort = _cohort(path, config)
    except DataRefused:
        return ()
    ours = columns_of("patients")
    with speaking(language):
        return tuple(
            (f.name, called(f"patients.{f.name}") if f.name in ours else f.label)
            for f in cohort.features if 1 < len(f.levels) <= MOST_GROUPS
        )  # fmt: skip


def patients(path: str, config: str, output: str, profile: str, language: str) -> tuple[str, ...]:
    """What the patients without errors are called in case reviews: ids, or, for a board, pseudonyms."""
    cohort = _cohort(path, config, {"privacy.profile": profile} if profile else {})
    ids = tuple(str(patient) for patient in cohort.patients.frame["patient_id"])
    if cohort.settings.privacy.profile == "internal":
        return ids
    from reportgen.privacy.key_file import read_key
    from reportgen.privacy.pseudonyms import pseudonyms

    named = pseudonyms(read_key(Path(output)), list(ids))
    return tuple(named[patient] for patient in ids)
