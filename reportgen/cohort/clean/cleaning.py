"""Raw cells → canonical columns: dates, numbers, words and text, each doubtful cell an Issue with its address.

A column is cleaned by its distinct cells, so that a million rows cost little more than what differs in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.checks.rule import MAX_SAID, and_more
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.cell_questions import OF_GRADES, QUESTIONS
from reportgen.cohort.clean.column_reading import WORDS, Reading, reading
from reportgen.cohort.clean.numeric_columns import is_score, missing_codes, thousands_or_decimals
from reportgen.cohort.coded import factorized, like
from reportgen.cohort.distinct import chosen, slices
from reportgen.cohort.mapping.dictionary import Entry
from reportgen.cohort.mapping.keys import word_key
from reportgen.cohort.mapping.legends import described, legend_words
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.mapping.schema import DAYS_PER, YES_NO, columns_of, spellings
from reportgen.cohort.raw import FORMULA_WITHOUT_VALUE, RawSheet, letter
from reportgen.cohort.whole_columns import in_pieces, inferred, surely
from reportgen.settings.model import Settings

# Columns whose values have limits of their own, outside which they are errors.
LIMITED = ("age_at_start", "grade", "line")
PLAIN_IDS = re.compile(r"[\w.-]{1,100}(?:\n[\w.-]{1,100})*", re.ASCII)


@dataclass(frozen=True)
class Cleaned:
    """A table before it has days: its frame (index = row numbers), the columns given as elapsed days, letters.

    kinds: the kind by which each column was cleaned.
    """

    name: str
    sheet: str
    frame: pd.DataFrame
    elapsed: Mapping[str, pd.Series]
    letters: Mapping[str, str]
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where a column stands and what its rows are called: all that an Issue needs to say."""

    sheet: str
    header: str
    name: str
    letter: str
    ids: pd.Series


def clean_table(
    name: str, sheet: RawSheet, headers: tuple[Header, ...], settings: Settings
) -> tuple[Cleaned, list[Issue]]:
    """The canonical columns of one table, without its features."""
    issues: list[Issue] = []
    known = columns_of(name)
    frame, elapsed, letters, kinds = {}, {}, {}, {}
    used = [header for header in headers if header.how not in ("feature", "ignored")]
    used.sort(key=lambda header: header.name != "patient_id")
    ids = pd.Series(np.full(len(sheet.frame), None), index=sheet.frame.index, dtype=object)
    for header in used:
        column = known[header.name]
        place = Place(sheet.name, header.text, header.name, letter(header.position), ids)
        kind = "number" if header.elapsed else column.kind
        how = reading(kind, column.name, settings, column.words)
        if kind in WORDS:
            explained = described(header.text, header.entry.codes if header.entry else {})
            told = legend_words(explained, spellings(column.words or YES_NO))
            how = replace(how, lookup={**how.lookup, **told, **how.own})
        cleaned, found = clean_column(sheet, header.position, how, place)
        if kind == "number" and column.name not in LIMITED:
            cleaned, asked = without_codes(cleaned, how, header.entry, place, bool(header.elapsed))
            found.extend(asked)
        if header.elapsed:
            elapsed[header.name] = cleaned * DAYS_PER[header.elapsed]
            cleaned = pd.Series(pd.NaT, index=cleaned.index)
        elif kind == "id":
            ids = cleaned
            found = [issue for issue in found if issue.code != cells.MISSING_WORD]
        frame[header.name], letters[header.name], kinds[header.name] = cleaned, place.letter, column.kind
        issues.extend(found)
    order = [column for column in known if column in frame]
    ordered = pd.DataFrame({column: frame[column] for column in order}, index=sheet.frame.index, copy=False)
    return Cleaned(name, sheet.name, ordered, elapsed, letters, kinds), issues


def clean_column(sheet: RawSheet, position: int, how: Reading, place: Place) -> tuple[pd.Series, list[Issue]]:
    """One column, read by its kind: datetime64 for dates, float for numbers, str or None for the rest."""
    raw, kind = _bools_as_words(sheet.frame[position]), how.kind
    if kind == "number" and how.plain and only_numbers(raw):
        return raw.astype(float), list(_faults(sheet, position, place))
    if kind == "id" and how.plain and surely(raw, "plain ids", _plain_ids):
        return raw, list(_faults(sheet, position, place))
    codes, distinct = factorized(raw)
    if kind == "id" and how.plain and _plain_ids(distinct):
        return raw, list(_faults(sheet, position, place))
    read = how.of(list(distinct), sheet.typed)
    results = [read(cell) for cell in distinct]
    if kind == "number" and not how.decimal and (doubtful := thousands_or_decimals(distinct, sheet)):
        results = [
            (None, "DECIMAL_POINT") if isinstance(cell, str) and cells.text(cell)[0] in doubtful else result
            for cell, result in zip(distinct, results, strict=True)
        ]
    values = np.empty(len(distinct) + 1, dtype=object)
    values[:-1] = [value for value, _ in results]
    if kind == "number":
        series = pd.Series(chosen(values.astype(float), codes), index=raw.index, copy=False)
    elif kind == "date":
        days = np.array(values, dtype="datetime64[D]").astype("datetime64[ns]")
        series = pd.Series(chosen(days, codes), index=raw.index, copy=False)
    else:
        if kind not in ("id", "word", "yes/no"):
            values[:-1], changed = one_spelling(values[:-1], codes)
        else:
            changed = np.zeros(len(distinct), dtype=bool)
        series = like(raw, codes, values[:-1])
    issues = list(_faults(sheet, position, place))
    if kind == "id":
        place = replace(place, ids=series)
    found = [_worst(cell, code, kind) for cell, (_, code) in zip(distinct, results, strict=True)]
    if any(found):
        problems = np.array([*found, None], dtype=object)[codes]
        issues.extend(_problems(problems, raw.index, how, place, sheet.typed))
    if kind not in ("number", "date", "id", "word", "yes/no") and changed.any():
        rows = raw.index[np.append(changed, False)[codes]]
        issues.append(_summary("VALUE_NORMALISED", rows, place))
    return series, issues


def one_spelling(values: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values that differ only in case become the most frequent of them; with a mask of those changed."""
    counts = np.zeros(len(values), int)
    for part in slices(len(codes)):
        counts += np.bincount(codes[part][codes[part] >= 0], minlength=len(values))
    best: dict[str, int] = {}
    keys = [value.casefold() if isinstance(value, str) else None for value in values]
    for place, key in enumerate(keys):
        if key is not None and (key not in best or counts[place] > counts[best[key]]):
            best[key] = place
    same = [value if key is None else values[best[key]] for value, key in zip(values, keys, strict=True)]
    changed = np.array([old != new for old, new in zip(values, same, strict=True)], dtype=bool)
    unified = np.empty(len(values), dtype=object)
    unified[:] = same
    return unified, changed


def softened(issues: list[Issue]) -> list[Issue]:
    """The same issues for a column that is no part of the vocabulary: doubtful, and taken as missing."""
    return [
        Issue(
            WARNING,
            i.code,
            i.sheet,
            i.cell,
            i.patient,
            message("{a}; it counts as missing", i.problem.code, a=i.problem),
            i.hint,
        )
        if i.severity == ERROR
        else i
        for i in issues
    ]


def _bools_as_words(raw: pd.Series) -> pd.Series:
    """True and False as "yes" and "no": otherwise they would be taken for 1 and 0."""
    if inferred(raw, skipna=True) not in ("boolean", "mixed", "mixed-integer"):
        return raw
    bools = np.fromiter((cell is True or cell is False for cell in raw), bool, len(raw))
    return raw.mask(bools, raw[bools].map({True: "yes", False: "no"})) if bools.any() else raw


def only_numbers(raw: pd.Series) -> bool:
    """Whether every filled cell is a finite number (and none is True or False)."""
    kinds = ("floating", "integer", "mixed-integer-float")
    return inferred(raw, skipna=True) in kinds and not (raw.astype(float).abs() >= cells.TOO_LARGE).any()


def _plain_ids(distinct: np.ndarray) -> bool:
    """Whether all are short words of letters, digits and the like, which are read as they are."""
    return len(distinct) > 0 and in_pieces(distinct, lambda lines: PLAIN_IDS.fullmatch(lines) is not None)


def _faults(sheet: RawSheet, position: int, place: Place) -> Iterator[Issue]:
    for (row, column), fault in sheet.faults.items():
        if column == position and row in sheet.frame.index:
            code = "FORMULA_NO_VALUE" if fault == FORMULA_WITHOUT_VALUE else "ERROR_CELL"
            yield _issue(code, row, place, fault=fault)


def _worst(cell: object, code: str | None, kind: str) -> str | None:
    """What is said of a cell: that it can't be read, or that it holds what can't be seen, or what its reading says."""
    unseen = cells.unseen(cell) if kind != "id" else None
    return code if not unseen or (code and QUESTIONS[code].severity == ERROR) else unseen


def without_codes(
    values: pd.Series, how: Reading, entry: Entry | None, place: Place, durations: bool
) -> tuple[pd.Series, list[Issue]]:
    """A column of numbers without those that may be codes for a missing one, and a question about each of them."""
    known = (
        tuple(edge if isinstance(edge, float) else None for edge in (entry.low, entry.high)) if entry else ()
    )
    codes = missing_codes(values, known, durations, is_score(place.name))
    return codes_asked(values, {code: f"{code:g}" for code in codes}, how, place)


def codes_asked(
    values: pd.Series, codes: Mapping[object, str], how: Reading, place: Place
) -> tuple[pd.Series, list[Issue]]:
    """A column without these values (→ as printed), and a question about each cell; not of those the settings name."""
    issues = []
    for code, shown in codes.items():
        if word_key(code) in how.own:
            continue
        rows = values.index[values == code]
        issues.extend(_issue("MISSING_CODE", row, place, value=shown) for row in rows[:MAX_SAID])
        values = values.mask(values == code)
    return values, issues


def _problems(
    problems: np.ndarray, rows: pd.Index, how: Reading, place: Place, typed: bool
) -> Iterator[Issue]:
    for code in filter(None, pd.unique(problems)):
        where = rows[problems == code]
        if code == "NUMBER_AS_TEXT" and not typed:
            continue
        if QUESTIONS[code].severity == NOTE:
            yield _summary(code, where, place)
        else:
            ours = [*dict.fromkeys(map(str, filter(None, how.lookup.values())))]
            said = {
                "words": ", ".join(ours),
                "ours": ours[-1] if ours else "",
                "fault": message("as text"),
            }
            for row in where[:MAX_SAID]:
                yield _issue(code, row, place, **said)
            if len(where) > MAX_SAID:
                more = _issue(code, where[MAX_SAID], place, **said)
                yield replace(more, patient=None, problem=and_more(more.problem, len(where) - MAX_SAID))


def _issue(code: str, row: int, place: Place, **said: object) -> Issue:
    """The question about one cell. What tells it apart is its column, whatever the cell or the vocabulary says."""
    asked = QUESTIONS[code]
    parts = {"header": cells.text(place.header)[0], "column": place.name, "most": cells.MAX_TEXT, **said}
    problem, hint = Message(asked.problem, parts, code), Message(asked.hint, parts)
    if code == "BAD_NUMBER" and place.name == "grade":
        hint = Message(OF_GRADES)
    return Issue(asked.severity, code, place.sheet, f"{place.letter}{row}", place.ids.get(row), problem, hint)


def _summary(code: str, rows: pd.Index, place: Place) -> Issue:
    asked = QUESTIONS[code]
    parts = {"header": place.header, "n": len(rows)}
    problem = Message(asked.problem if len(rows) > 1 else asked.one, parts, code)
    cell = f"{place.letter}{rows[0]}"
    return Issue(asked.severity, code, place.sheet, cell, None, problem, Message(asked.hint))
