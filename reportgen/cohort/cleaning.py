"""Raw cells → canonical columns: dates, numbers, words and text, each doubtful cell an Issue with its address.

A column is cleaned by its distinct cells, so that a million rows cost little more than what differs in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from reportgen.cohort import cells
from reportgen.cohort.matching import Header
from reportgen.cohort.raw import FORMULA_WITHOUT_VALUE, RawSheet, letter
from reportgen.cohort.rule import MAX_SAID
from reportgen.cohort.schema import DAYS_PER, ONGOING, YES_NO, columns_of, spellings, word_key
from reportgen.errors import ERROR, NOTE, WARNING, Issue

# code → (severity, what was found, what to do)
SAID = {
    "ERROR_CELL": (ERROR, "The cell holds an error ({fault})", "Mend or clear the cell"),
    "FORMULA_NO_VALUE": (ERROR, "The cell holds a formula whose value was never stored",
                         "Open the workbook in a spreadsheet program, save it, and try again"),
    "DATE_AS_NUMBER": (ERROR, "The cell holds a number where a date is expected",
                       "Format the column as a date and check what it shows"),
    "DATE_AS_TEXT": (ERROR, "The cell holds a date written as text", "Enter it as a date, or as YYYY-MM-DD"),
    "AMBIGUOUS_DATE": (ERROR, "The date can be read in two ways (day first or month first)",
                       "Enter it as a date, or as YYYY-MM-DD"),
    "PARTIAL_DATE": (ERROR, "The date lacks its day or month",
                     "Enter a full date, or leave it empty and note the rule by which it was completed"),
    "BAD_DATE": (ERROR, "The cell can't be read as a date", "Enter a date, or leave the cell empty"),
    "DATE_RANGE": (ERROR, "The date lies before 1900 or after 2100", "Correct the date"),
    "DATE_HAS_TIME": (NOTE, "cells hold a time of day, which was left out", "Nothing to do"),
    "BAD_NUMBER": (ERROR, "The cell can't be read as a number", "Enter a plain number such as 1.5"),
    "NUMBER_AS_TEXT": (NOTE, "cells hold numbers written as text, which were read as numbers",
                       "Nothing to do, or convert them to numbers"),
    "DECIMAL_COMMA": (NOTE, "cells hold numbers with a decimal comma", "Nothing to do"),
    "UNKNOWN_VALUE": (ERROR, "The value is not one of {words}",
                      "Use one of these, or map it under [values.{column}] in report.toml"),
    "ID_PRECISION": (ERROR, "The id is a number of more than 15 digits, which spreadsheets round",
                     "Enter the ids as text"),
    "CELL_TOO_LONG": (WARNING, f"The text is longer than {cells.MAX_TEXT} characters and was cut",
                      "Shorten it"),
    cells.MISSING_WORD: (NOTE, "cells say in words that nothing is known and count as missing",
                         "Nothing to do, or leave them empty"),
    "VALUE_NORMALISED": (NOTE, "cells differ only in upper and lower case from others and were made equal",
                         "Nothing to do, or use one spelling"),
}  # fmt: skip
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
    name: str, sheet: RawSheet, headers: tuple[Header, ...], values: Mapping[str, Mapping[str, tuple]]
) -> tuple[Cleaned, list[Issue]]:
    """The canonical columns of one table, without its features. values: the settings' own words."""
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
        read = reader(kind, column.name, column.words, values)
        cleaned, found = clean_column(sheet, header.position, kind, read, place)
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


def reader(
    kind: str, column: str, words: Mapping[str, tuple[str, ...]], values: Mapping[str, Mapping[str, tuple]]
) -> Callable:
    """The function of `cells` for a kind; for closed vocabularies with the settings' own words."""
    if kind in ("word", "yes/no"):
        lookup = spellings(words or YES_NO)
        if column == "stop_reason":
            lookup |= dict.fromkeys(ONGOING, ONGOING[0])
        return partial(cells.word, lookup=lookup | mapped(values.get(column, {})))
    simple = {"date": cells.day, "number": cells.number, "id": cells.identifier, "text": cells.free_text}
    read = simple.get(kind, cells.category)
    return partial(_mapped_or, read=read, lookup=mapped(values[column])) if column in values else read


def mapped(theirs: Mapping[str, tuple]) -> dict[str, str]:
    """The settings' {"dead": ("DOD", 1)} as spelling → word."""
    return {word_key(spelling): word for word, others in theirs.items() for spelling in (word, *others)}


def _mapped_or(cell: object, read: Callable, lookup: Mapping[str, str]):
    key = word_key(cell)
    return (lookup[key], None) if key in lookup else read(cell)


def clean_column(
    sheet: RawSheet, position: int, kind: str, read: Callable, place: Place
) -> tuple[pd.Series, list[Issue]]:
    """One column, read by its kind: datetime64 for dates, float for numbers, str or None for the rest."""
    raw = _bools_as_words(sheet.frame[position])
    if kind == "number" and read is cells.number and only_numbers(raw):
        return raw.astype(float), list(_faults(sheet, position, place))
    codes, distinct = pd.factorize(raw)
    if read is cells.number and not sheet.typed and cells.decimal_commas(distinct):
        read = cells.comma_number
    if read is cells.identifier and _plain_ids(distinct):
        return raw, list(_faults(sheet, position, place))
    results = [read(cell) for cell in distinct]
    values = np.empty(len(distinct) + 1, dtype=object)
    values[:-1] = [value for value, _ in results]
    if kind == "number":
        series = pd.Series(values.astype(float)[codes], index=raw.index)
    elif kind == "date":
        days = np.array(values, dtype="datetime64[D]").astype("datetime64[ns]")
        series = pd.Series(days[codes], index=raw.index)
    else:
        if kind not in ("id", "word", "yes/no"):
            values[:-1], changed = one_spelling(values[:-1], codes)
        else:
            changed = np.zeros(len(distinct), dtype=bool)
        series = pd.Series(values[codes], index=raw.index, dtype=object)
    issues = list(_faults(sheet, position, place))
    if kind == "id":
        place = replace(place, ids=series)
    found = [code for _, code in results]
    if any(found):
        problems = np.array([*found, None], dtype=object)[codes]
        issues.extend(_problems(problems, raw.index, read, place, sheet.typed))
    if kind not in ("number", "date", "id", "word", "yes/no") and changed.any():
        rows = raw.index[np.append(changed, False)[codes]]
        issues.append(_summary("VALUE_NORMALISED", rows, place))
    return series, issues


def one_spelling(values: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values that differ only in case become the most frequent of them; with a mask of those changed."""
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
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
        Issue(WARNING, i.code, i.sheet, i.cell, i.patient, f"{i.problem}; it counts as missing", i.hint)
        if i.severity == ERROR
        else i
        for i in issues
    ]


def _bools_as_words(raw: pd.Series) -> pd.Series:
    """True and False as "yes" and "no": otherwise they would be taken for 1 and 0."""
    if pd.api.types.infer_dtype(raw, skipna=True) not in ("boolean", "mixed", "mixed-integer"):
        return raw
    bools = np.fromiter((cell is True or cell is False for cell in raw), bool, len(raw))
    return raw.mask(bools, raw[bools].map({True: "yes", False: "no"})) if bools.any() else raw


def only_numbers(raw: pd.Series) -> bool:
    """Whether every filled cell is a finite number (and none is True or False)."""
    kinds = ("floating", "integer", "mixed-integer-float")
    return pd.api.types.infer_dtype(raw, skipna=True) in kinds and not np.isinf(raw.astype(float)).any()


def _plain_ids(distinct: np.ndarray) -> bool:
    """Whether all are short words of letters, digits and the like, which are read as they are."""
    return pd.api.types.infer_dtype(distinct, skipna=False) == "string" and bool(
        PLAIN_IDS.fullmatch("\n".join(distinct))
    )


def _faults(sheet: RawSheet, position: int, place: Place) -> Iterator[Issue]:
    for (row, column), fault in sheet.faults.items():
        if column == position and row in sheet.frame.index:
            code = "FORMULA_NO_VALUE" if fault == FORMULA_WITHOUT_VALUE else "ERROR_CELL"
            yield _issue(code, row, place, fault=fault)


def _problems(
    problems: np.ndarray, rows: pd.Index, read: Callable, place: Place, typed: bool
) -> Iterator[Issue]:
    for code in filter(None, pd.unique(problems)):
        where = rows[problems == code]
        if code == "NUMBER_AS_TEXT" and not typed:
            continue
        if SAID[code][0] == NOTE:
            yield _summary(code, where, place)
        else:
            words = getattr(read, "keywords", {}).get("lookup", {}).values()
            said = {"words": ", ".join(dict.fromkeys(words)), "column": place.name, "fault": "as text"}
            for row in where[:MAX_SAID]:
                yield _issue(code, row, place, **said)
            if len(where) > MAX_SAID:
                more = _issue(code, where[MAX_SAID], place, **said)
                yield replace(
                    more, patient=None, problem=f"{more.problem}: {len(where) - MAX_SAID:,} more rows"
                )


def _issue(code: str, row: int, place: Place, **said) -> Issue:
    severity, problem, hint = SAID[code]
    patient = place.ids.get(row)
    cell = f"{place.letter}{row}"
    found = problem.format(**said)
    found = f"{cells.text(place.header)[0]}: {found[0].lower()}{found[1:]}"
    return Issue(severity, code, place.sheet, cell, patient, found, hint.format(**said))


def _summary(code: str, rows: pd.Index, place: Place) -> Issue:
    severity, problem, hint = SAID[code]
    count = f"{len(rows)} {problem}" if len(rows) > 1 else f"1 {_singular(problem)}"
    cell = f"{place.letter}{rows[0]}"
    return Issue(severity, code, place.sheet, cell, None, f"{place.header}: {count}", hint)


def _singular(problem: str) -> str:
    for many, one in (("cells hold", "cell holds"), ("cells say", "cell says"), ("cells differ", "cell differs"),
                      ("numbers", "a number"), ("were", "was"), ("and count", "and counts")):  # fmt: skip
        problem = problem.replace(many, one)
    return problem
