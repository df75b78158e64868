"""Toxicities in columns of the patients, one per term, become rows of the table of toxicities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.sheet_of_terms import with_sheet_of_terms
from reportgen.cohort.clean.toxicities_in_words import in_words, said_of_words, told_of, unread_words
from reportgen.cohort.clean.toxicity_settings import unmatched_settings
from reportgen.cohort.clean.written_grades import Answers
from reportgen.cohort.mapping.dictionary import Dictionary, entry_for, read_dictionary
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import match_columns, match_sheets
from reportgen.cohort.mapping.schema import DICTIONARY
from reportgen.cohort.raw import RawSheet, RawWorkbook, with_more_columns
from reportgen.settings.model import Settings

HEADER = ("patient_id", "term", "grade")
# Between the terms of a cell of toxicity_unknown; a term of one column has none.
BETWEEN = "|"
MOST_WORDS = 10
NOTHING = message("Nothing to do")
# What a header says only of how the toxicity is written: "Fatigue (grade)", "worst grade of rash".
OF_GRADE = re.compile(
    r"^(?:(?:worst|max\w*)\s+)?(?:ctcae\s+)?(?:grade|grad)\s+(?:of\s+|for\s+)?"
    r"|[\s,]*[(\[]?\s*(?:(?:worst|max\w*|ctcae)\s+)*(?:grade|grad|gr\.?)\s*(?:\d\s*-\s*\d)?\s*[)\]]?$",
    re.IGNORECASE,
)


def with_long_toxicities(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook with a sheet of toxicities made of those columns of the patients that hold one term each.

    They are the columns with the role `toxicity` in the dictionary, those that [source] toxicity_columns of the
    settings names, and those whose names begin with its toxicity_prefix. A cell holds the worst grade of its
    patient; 0 is none, "yes" one without a grade. Of which terms nothing is known of a patient stands in a column
    toxicity_unknown of the patients. A patient of whom nothing is known was not assessed for toxicity, unless a
    column toxicity_assessed says so or otherwise.
    """
    book = replace(book, issues=(*book.issues, *_unread(book, settings), *unmatched_settings(book, settings)))
    book = with_sheet_of_terms(book, settings)
    sheets, _ = match_sheets(book, settings)
    if "patients" not in sheets:
        return book
    patients = sheets["patients"]
    dictionary, _ = read_dictionary(sheets.get("dictionary"))
    prefix = settings.source.toxicity_prefix
    named = frozenset(map(name_key, settings.source.toxicity_columns))
    terms = dict(_terms(patients, dictionary, prefix, named))
    if prefix and not any(text.casefold().startswith(prefix.casefold()) for text in patients.header):
        return replace(book, issues=(*book.issues, Issue(
            ERROR, "MISSING_COLUMN", patients.name, None, None,
            message("The settings say that columns of toxicities begin with {a}, but none does", a=repr(prefix)),
            message("Correct [source] toxicity_prefix in report.toml, or delete it"))))  # fmt: skip
    wanted = frozenset(map(name_key, settings.source.toxicity_text))
    words = [
        p for p, text in enumerate(patients.header) if text and name_key(text) in wanted and p not in terms
    ]
    if not terms and not words:
        return book
    if "toxicities" in sheets and len(sheets["toxicities"].frame):
        return replace(book, issues=(*book.issues, Issue(
            ERROR, "AMBIGUOUS_SHEET", sheets["toxicities"].name, None, None,
            message("Toxicities are given twice: as rows of this sheet, and as columns of the patients"),
            message("Remove one of the two, or the role `toxicity` from the columns in the dictionary"))))  # fmt: skip
    headers, _ = match_columns("patients", patients, settings, dictionary)
    known = {header.name: header.position for header in headers if header.how not in ("feature", "ignored")}
    if "patient_id" not in known:
        return book
    answers = _answers(patients, terms, settings)
    own = settings.columns.get("toxicities", {}).get("patient_id", HEADER[0])
    rows = [*_rows(patients, terms, answers), *_in_words(patients, words, settings)]
    long = replace(_long(patients, rows, known["patient_id"]), header=(own, *HEADER[1:]))
    narrow = _narrow(patients, terms, answers, known, words, _not_known(patients, words, settings))
    replaced = (patients, sheets.get("toxicities"), sheets.get("dictionary"))
    kept = [sheet for sheet in book.sheets if all(sheet is not other for other in replaced)]
    if "dictionary" in sheets:
        kept.append(
            _without_lines(sheets["dictionary"], {name_key(patients.header[place]) for place in terms})
        )
    issues = (
        *book.issues, *(_said(patients, answers) if terms else ()),
        *said_of_words(patients, words, known["patient_id"], settings),
    )  # fmt: skip
    return replace(book, sheets=(narrow, long, *kept), issues=issues)


def _unread(book: RawWorkbook, settings: Settings) -> Iterator[Issue]:
    """Questions about columns of the sheet of toxicities that hold some in words and that nothing names."""
    sheets, _ = match_sheets(book, settings)
    if "toxicities" in sheets:
        sheet, told = sheets["toxicities"], settings.source
        dictionary, _ = read_dictionary(sheets.get("dictionary"))
        headers, _ = match_columns("toxicities", sheet, settings, dictionary)
        known = {header.position for header in headers if header.how not in ("feature", "ignored")}
        named = set(map(name_key, (*told.toxicity_columns, *told.toxicity_text)))
        known |= {p for p, text in enumerate(sheet.header) if text and name_key(text) in named}
        yield from unread_words(sheet, frozenset(known))


def _answers(patients: RawSheet, terms: Mapping[int, str], settings: Settings) -> pd.DataFrame:
    """What each cell of the columns says: none, unknown, occurred or grade. A fault is left for the grade to say."""
    answers = Answers(settings.source.toxicity_none, settings.source.toxicity_unknown)
    said = patients.frame[list(terms)].map(answers.of)
    for row, position in patients.faults:
        if position in terms and row in said.index:
            said.at[row, position] = Answers.GRADE
    return said


def _said(patients: RawSheet, answers: pd.DataFrame) -> Iterator[Issue]:
    """Which cells were taken for none, and which for not known; and a doubt where none is never said."""

    def note(problem: Message, hint: Message = NOTHING) -> Issue:
        return Issue(NOTE, "WIDE_TOXICITIES", patients.name, None, None, problem, hint)

    many = len(answers.columns)
    yield note(
        message("{n} columns hold toxicities, one term each", n=many)
        if many > 1
        else message("1 column holds a toxicity")
    )
    none, words = _written(patients, answers, Answers.NONE)
    if none:
        one, more = (
            message("1 cell counts as no toxicity: {a}", a=words),
            message("{n} cells count as no toxicity: {a}", n=none, a=words),
        )
        hint = message(
            "Nothing to do; words that mean not known stand under [source] toxicity_unknown in report.toml"
        )
        yield note(one if none == 1 else more, hint)
    unknown, words = _written(patients, answers, Answers.UNKNOWN)
    if unknown:
        one = message("1 cell counts as not known, and not among the patients of that toxicity: {a}", a=words)
        more = message(
            "{n} cells count as not known, and not among the patients of that toxicity: {a}",
            n=unknown,
            a=words,
        )
        hint = message(
            "Nothing to do; words that mean none stand under [source] toxicity_none in report.toml"
        )
        yield note(one if unknown == 1 else more, hint)
    if unknown and not none:
        yield Issue(
            WARNING,
            "TOXICITY_NONE_UNSAID",
            patients.name,
            None,
            None,
            message(
                "No cell of the toxicities says that there was none, so only patients who had them are counted"
            ),
            message(
                'Enter 0 where there was none; where empty cells mean it, write toxicity_none = [""] under '
                "[source] in report.toml"
            ),
        )


def _written(patients: RawSheet, answers: pd.DataFrame, kind: str) -> tuple[int, str]:
    """How many cells answer so, and the words in which they do, each with its number: 0 (4), "" (1)."""
    found: dict[str, int] = {}
    for position in answers.columns:
        for cell in patients.frame[position][answers[position] == kind]:
            word = "" if cell is None else cells.text(cell)[0]
            shown = word if word.isdigit() else f'"{word}"'
            found[shown] = found.get(shown, 0) + 1
    words = sorted(found, key=lambda word: -found[word])
    named = [f"{word} ({found[word]})" for word in words[:MOST_WORDS]]
    return sum(found.values()), ", ".join([*named, *(["…"] if len(words) > MOST_WORDS else [])])


def _without_lines(dictionary: RawSheet, done: set[str]) -> RawSheet:
    """The dictionary without the columns that are no longer there."""
    names = ("column", *DICTIONARY["column"])
    place = next((k for k, text in enumerate(dictionary.header) if name_key(text) in names), None)
    if place is None:
        return dictionary
    gone = dictionary.frame[place].map(lambda cell: cell is not None and name_key(cell) in done).astype(bool)
    return replace(dictionary, frame=dictionary.frame[~gone])


def _terms(
    sheet: RawSheet, dictionary: Dictionary, prefix: str, named: frozenset[str]
) -> Iterator[tuple[int, str]]:
    """Position → the term that the column is about."""
    start = prefix.casefold()
    for position, text in enumerate(sheet.header):
        entry = entry_for(dictionary, "patients", name_key(text)) if text else None
        own = text[len(prefix) :] if start and text.casefold().startswith(start) else ""
        if (entry and entry.role == "toxicity") or (text and name_key(text) in named):
            yield position, (entry.label.replace(BETWEEN, "/") if entry else "") or _shown(own or text)
        elif own and not (entry and entry.role):
            yield position, (entry.label.replace(BETWEEN, "/") if entry else "") or _shown(own)


def _shown(name: str) -> str:
    shown = " ".join(cells.text(name)[0].replace("_", " ").replace(BETWEEN, "/").split())
    return OF_GRADE.sub("", shown) or shown


Row = tuple[int, int, str, object]


def _rows(patients: RawSheet, terms: Mapping[int, str], answers: pd.DataFrame) -> Iterator[Row]:
    """(row, position, term, grade as it stands) of each toxicity that occurred."""
    for row in patients.frame.index:
        for position, term in terms.items():
            answer = answers.at[row, position]
            if answer not in (Answers.NONE, Answers.UNKNOWN):
                yield (
                    row,
                    position,
                    term,
                    patients.frame.at[row, position] if answer == Answers.GRADE else None,
                )


def _in_words(patients: RawSheet, words: Iterable[int], settings: Settings) -> Iterator[Row]:
    for position in words:
        told = told_of(patients.header[position], settings)
        for row, cell in patients.frame[position].dropna().items():
            for term, grade in in_words(cell, told).found:
                yield int(str(row)), position, _shown(term), float(grade)


def _not_known(patients: RawSheet, words: Iterable[int], settings: Settings) -> pd.Series:
    """Of whom the columns in words leave open whether there was any toxicity: one does, and none names any or is clear.

    An empty cell is not known where there is nothing else.
    """
    said = pd.DataFrame(index=patients.frame.index)
    for position in words:
        told = told_of(patients.header[position], settings)
        said[position] = [None if cell is None else in_words(cell, told) for cell in patients.frame[position]]
    unclear = said.map(lambda one: one is not None and one.not_known).any(axis=1)
    named = said.map(lambda one: one is not None and bool(one.found)).any(axis=1)
    return (unclear & ~named) | said.isna().all(axis=1)


def _long(patients: RawSheet, found: list[Row], id_position: int) -> RawSheet:
    """One row per toxicity that occurred."""
    rows, faults, origin = [], {}, {}
    for number, (row, position, term, cell) in enumerate(found, 2):
        rows.append((patients.frame.at[row, id_position], term, cell))
        origin[number] = (row, position)
        fault = patients.faults.get((row, position))
        if fault is not None:
            faults[number, 2] = fault
    table = pd.DataFrame(rows, columns=range(3), index=range(2, len(rows) + 2), dtype=object)

    def place(row: int, column: int) -> tuple[str, str]:
        if row not in origin:
            return patients.cell(patients.header_row, id_position)
        source, position = origin[row]
        return patients.cell(source, (id_position, position, position)[column])

    return RawSheet("toxicities", HEADER, 1, table, faults, patients.typed, "toxicities", place)


def _narrow(
    patients: RawSheet, terms: Mapping[int, str], answers: pd.DataFrame, known: Mapping[str, int], words: list[int],
    open_words: pd.Series,
) -> RawSheet:  # fmt: skip
    """The patients without the columns, whose places stay empty; at the right who was assessed, and for what not."""
    header = ["" if position in (*terms, *words) else text for position, text in enumerate(patients.header)]
    frame = patients.frame.copy()
    frame[[*terms, *words]] = None
    # A remark below the table is alone in its row, and stays so.
    alone = patients.frame.notna().sum(axis=1) < 2
    unknown = (answers == Answers.UNKNOWN).mask(alone, False)
    if "toxicity_assessed" not in known:
        header.append("toxicity_assessed")
        nothing = unknown.all(axis=1) & open_words
        assessed = nothing.map({False: "yes", True: "no"}).astype(object)
        frame[len(header) - 1] = assessed.where(~alone, None)
    if unknown.to_numpy().any():
        of_whom = [_listed(terms[p] for p in terms if unknown.at[row, p]) for row in frame.index]
        place = known.get("toxicity_unknown")
        if place is None:
            header.append("toxicity_unknown")
            frame[len(header) - 1] = pd.Series(of_whom, index=frame.index, dtype=object)
        else:
            frame[place] = [_listed(filter(None, pair)) for pair in zip(frame[place], of_whom, strict=True)]
    faults = {place: fault for place, fault in patients.faults.items() if place[1] not in terms}
    place = with_more_columns(patients)
    return replace(patients, header=tuple(header), frame=frame, faults=faults, place=place, table="patients")


def _listed(terms: Iterable[str]) -> str | None:
    return f" {BETWEEN} ".join(terms) or None
