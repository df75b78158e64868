"""The dictionary sheet: what the team says about its columns."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reportgen.base.errors import ERROR, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.clean import cells, dates
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.schema import DICTIONARY, MISSING_WORDS, ROLES, SHEETS, TABLES, TYPES, spellings
from reportgen.cohort.raw import RawSheet, letter


@dataclass(frozen=True)
class Entry:
    """One row of the dictionary. target: the canonical column that the role names, if it names one.

    codes: normalised code → level, where levels are written as "0 = no | 1 = yes". low, high: the plausible
    range, of numbers or of dates.
    """

    label: str = ""
    unit: str = ""
    type: str = ""
    levels: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    role: str = ""
    target: str = ""
    low: float | date | None = None
    high: float | date | None = None


Dictionary = Mapping[tuple[str, str], Entry]


def read_dictionary(sheet: RawSheet | None) -> tuple[Dictionary, tuple[Issue, ...]]:
    """(table or "", normalised column) → Entry, and what is wrong with the sheet."""
    if sheet is None:
        return {}, ()
    places = {}
    for name, others in DICTIONARY.items():
        for position, header in enumerate(sheet.header):
            if name_key(header) in (name, *others):
                places.setdefault(name, position)
    if "column" not in places:
        problem = message("The dictionary has no column named `column`")
        hint = message("Name its columns {a}", a=", ".join(DICTIONARY))
        return {}, (Issue(ERROR, "MISSING_COLUMN", sheet.name, f"A{sheet.header_row}", None, problem, hint),)
    entries: dict = {}
    issues: list[Issue] = []
    for row, values in zip(sheet.frame.index, sheet.frame.itertuples(index=False), strict=True):
        given = {
            name: cells.text(values[place])[0] for name, place in places.items() if values[place] is not None
        }
        if given.get("column"):
            entry, faults = _entry(given)
            limits, wrong = _limits(given)
            entry, faults = replace(entry, **limits), [*faults, *wrong]
            table = _table(given.get("table", ""))
            entries[table, name_key(given["column"])] = entry
            for name, problem, hint in faults:
                cell = f"{letter(places[name])}{row}"
                issues.append(Issue(ERROR, "UNKNOWN_VALUE", sheet.name, cell, None, problem, hint))
    return entries, tuple(issues)


def entry_for(dictionary: Dictionary, table: str, key: str) -> Entry | None:
    """The entry of a column: the one written for its table, else the one written for no table."""
    return dictionary.get((table, key)) or dictionary.get(("", key))


def _entry(given: Mapping[str, str]) -> tuple[Entry, list[tuple[str, Message, Message]]]:
    faults = []
    kind = _known(given.get("type", ""), TYPES)
    if kind is None:
        faults.append(
            (
                "type",
                message("The type is not one of the known types"),
                message("Use one of {a}", a=", ".join(TYPES)),
            )
        )
    role, target = _known(given.get("role", ""), ROLES), ""
    if role is None:
        canonical = {column.name for columns in TABLES.values() for column in columns}
        target = name_key(given["role"])
        if target not in canonical:
            known = (*ROLES, *sorted(canonical))
            near = difflib.get_close_matches(target, known, n=1)
            roles = ", ".join(ROLES)
            hint = (
                message(
                    "Use one of {a}, or the name of a canonical column; did you mean {b}?",
                    a=roles,
                    b=repr(near[0]),
                )
                if near
                else message("Use one of {a}, or the name of a canonical column", a=roles)
            )
            faults.append(("role", message("The role is not known"), hint))
            target = ""
    levels, codes = _levels(given.get("levels", ""))
    entry = Entry(
        given.get("label", ""), given.get("unit", ""), kind or "", levels, codes, role or "", target
    )  # fmt: skip
    return entry, faults


def _limits(given: Mapping[str, str]) -> tuple[dict, list[tuple[str, Message, Message]]]:
    """The min and max of an entry: numbers or dates."""
    limits, faults = {}, []
    for name, field_name in (("min", "low"), ("max", "high")):
        written = given.get(name, "")
        value = cells.number(written)[0] if written else None
        if value is None and written:
            value = dates.day(written)[0]
        if value is None and written and not cells.missing(written):
            faults.append(
                (
                    name,
                    message("The {a} is neither a number nor a date", a=name),
                    message("Enter 1.5 or 2015-04-20"),
                )
            )
        limits[field_name] = value
    return limits, faults


def _known(word: str, vocabulary: Mapping[str, tuple[str, ...]]) -> str | None:
    return spellings(vocabulary).get(word_key(word)) if word else ""


def _table(word: str) -> str:
    key = name_key(word) if word else ""
    return next((name for name, others in SHEETS.items() if key in (name, *others)), "")


def _levels(written: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """ "a | b" or "0 = no; 1 = yes" → levels in order, and codes. "9 = unknown" is a code, and no level."""
    separator = next((s for s in ("|", ";", ",") if s in written), "|")
    levels, codes = [], {}
    for part in written.split(separator):
        code, equals, level = (piece.strip() for piece in re.split(r"(=)", part, maxsplit=1)) if "=" in part else (
            "", "", part.strip())  # fmt: skip
        if level:
            if not (equals and word_key(level) in MISSING_WORDS):
                levels.append(level)
            if equals:
                codes[word_key(_numeric(code))] = level
    return tuple(dict.fromkeys(levels)), codes


def _numeric(code: str) -> object:
    value, _ = cells.number(code) if code else (None, None)
    return code if value is None else value
