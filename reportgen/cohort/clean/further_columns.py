"""The further columns of the patients: what they hold, cleaned by what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.checks.identifiers import found_in, held_by, identifies
from reportgen.cohort.clean import cells
from reportgen.cohort.clean.cleaning import (
    Cleaned,
    Place,
    clean_column,
    softened,
    without_codes,
)
from reportgen.cohort.clean.codes_of_levels import without_level_codes
from reportgen.cohort.clean.column_reading import Reading, reading
from reportgen.cohort.clean.further import Further
from reportgen.cohort.clean.kind_of_column import MAX_LEVEL_LENGTH, MAX_LEVELS, infer
from reportgen.cohort.clean.listed import asked_of_lists, items_of
from reportgen.cohort.clean.numeric_columns import asked_of_numbers
from reportgen.cohort.clean.readable_names import readable
from reportgen.cohort.clean.signs import minus_said, with_minus
from reportgen.cohort.coded import factorized
from reportgen.cohort.mapping.codes import are_levels, measures_nothing
from reportgen.cohort.mapping.dictionary import Entry
from reportgen.cohort.mapping.keys import name_key, word_key
from reportgen.cohort.mapping.matching import Header
from reportgen.cohort.mapping.schema import MISSING_WORDS
from reportgen.cohort.raw import RawSheet, letter
from reportgen.settings.model import Settings

# A word of so many of the patients, one in four, is more than now and then not known.
LIKELY_A_LEVEL = 4
BARE_KEY = re.compile("[A-Za-z0-9_-]+")


def clean_further(
    sheet: RawSheet, headers: tuple[Header, ...], patients: Cleaned, settings: Settings
) -> tuple[Further, list[Issue]]:
    """Clean what is no canonical column. Dates and what endpoints need are kept, but are no features."""
    columns, letters, kinds, labels, examined, ignored = {}, {}, {}, {}, {}, set()
    issues: list[Issue] = []
    ids = patients.frame.get("patient_id", pd.Series(None, index=sheet.frame.index, dtype=object))
    needed = _needed(settings)
    excluded = set(map(name_key, settings.features.exclude))
    lists = set(map(name_key, settings.features.lists))
    for header in (*headers, *_by_header(headers, settings)):
        if header.how != "feature":
            continue
        name, entry = header.name, header.entry or Entry()
        place = Place(sheet.name, header.text, name, letter(header.position), ids)
        forced = name in map(name_key, (*settings.features.include, settings.group, *settings.stratifying))
        free = not forced and not entry.role and name not in needed
        left_out = free and name in excluded
        named = free and identifies(name, sheet.frame[header.position])
        held = free and held_by(found_in(sheet.frame[header.position].dropna()))
        if held or (left_out and named):
            ignored.add(name)  # what its cells hold is said where they are looked at
            continue
        if named:
            ignored.add(name)
            issues.append(_said(WARNING, "DIRECT_IDENTIFIER", sheet, place,
                                message("{a} looks like a direct identifier and was not read", a=header.text),
                                message("Remove it, or give it the role `feature` in the dictionary")))  # fmt: skip
            continue
        kind, asked = _kind_of(name, header, sheet, needed.get(name, ""), forced, settings)
        issues.extend(_said(*question[:2], sheet, place, *question[2:]) for question in asked)
        if free and not left_out and name not in lists and kind in ("category", "text"):
            issues.extend(asked_of_lists(header, sheet))
        unused = _unused(kind, header, entry, free, sheet.frame[header.position])
        if kind != "empty" and (
            name in lists or (unused and name in map(name_key, settings.patients.columns))
        ):
            kind, unused = "text", None  # listed, as with the role `text`
        if unused:
            ignored.add(name)
            if left_out:
                continue
            severity, code, problem, hint = unused
            issues.append(_said(severity, code, sheet, place, problem, hint))
            continue
        how = _reading(kind, name, entry, settings)
        how, minus = with_minus(how, sheet.frame[header.position])
        columns[name], found = clean_column(sheet, header.position, how, place)
        if kind == "category":
            found = list(_levels_asked(found, sheet.frame[header.position], columns[name], place, settings))
        columns[name], asked = _without_codes(columns[name], kind, how, entry, place, name in needed)
        found.extend((*asked, *minus_said(sheet.frame[header.position], place, minus)))
        issues.extend(found if name in needed else softened(found))
        letters[name], kinds[name] = place.letter, kind
        labels[name] = entry.label or pretty(header.text)
        if kind not in ("date", "text") and entry.role != "text" and (forced or name not in needed):
            examined[name] = entry
    further = Further(columns, letters, kinds, labels, examined, frozenset(ignored), sheet.header_row)
    entries = {h.name: h.entry or Entry() for h in headers if h.name in lists and h.name in columns}
    return _with_items(further, entries, headers, tuple(patients.frame)), issues


def _without_codes(
    values: pd.Series, kind: str, how: Reading, entry: Entry, place: Place, needed: bool
) -> tuple[pd.Series, list[Issue]]:
    """A column without what may be codes for a missing value, and the questions; of an endpoint's events none."""
    if kind == "number":
        return without_codes(values, how, entry, place, needed)
    if kind == "category" and not needed and not entry.levels:
        return without_level_codes(values, how, place)
    return values, []


def _with_items(
    further: Further, lists: Mapping[str, Entry], headers: tuple[Header, ...], taken: tuple[str, ...]
) -> Further:
    """With a yes/no column for each finding of the columns of lists: its entry in the dictionary, by their names; and
    with the source's names of the columns of the vocabulary.
    """
    theirs = {name_key(h.text): h.name for h in headers if h.how != "feature"}
    columns, letters, kinds = dict(further.columns), dict(further.letters), dict(further.kinds)
    labels, examined, of = dict(further.labels), dict(further.examined), {}
    for name, entry in lists.items():
        for item in items_of(name, columns[name], (*taken, *columns)):
            columns[item.name], letters[item.name], kinds[item.name] = item.has, letters[name], "yes/no"
            same = item.label in labels.values()
            labels[item.name], of[item.name] = f"{labels[name]}: {item.label}" if same else item.label, name
            if item.examined:
                examined[item.name] = Entry(role=entry.role)
    return replace(
        further,
        columns=columns,
        letters=letters,
        kinds=kinds,
        labels=labels,
        examined=examined,
        of=of,
        theirs=theirs,
    )


def _kind_of(
    name: str, header: Header, sheet: RawSheet, needed: str, forced: bool, settings: Settings
) -> tuple[str, list[tuple[str, str, Message, Message]]]:
    """The kind of a further column, and what is asked of one that nearly holds numbers.

    needed: the kind that an endpoint needs; forced: the settings name it, so that it is examined whatever it holds.
    """
    entry, raw = header.entry or Entry(), sheet.frame[header.position]
    blank = not forced and not needed and raw.isna().all()
    kind = needed or ("empty" if blank else entry.type) or infer(raw, sheet.typed, settings.source)
    unsaid = not (entry.type or entry.role or needed)
    asked = list(asked_of_numbers(header.text, raw)) if kind in ("category", "text") and unsaid else []
    if kind == "number" and not (entry.type or needed) and are_levels(name, raw):
        kind = "category"
    grouping = settings.group and name == name_key(settings.group)
    if (grouping and kind != "yes/no") or (kind == "text" and (forced or entry.role == "feature")):
        kind = "category"
    return kind, asked


def _unused(
    kind: str, header: Header, entry: Entry, free: bool, raw: pd.Series
) -> tuple[str, str, Message, Message] | None:
    """Severity, code, problem and hint of a column that is left unread; None where it is read."""
    describe = message("Give it the role `feature` or `text` in the dictionary if it is needed")
    if kind == "empty":
        return NOTE, "COLUMN_NOT_USED", message("{a} is empty and was not examined", a=header.text), describe
    if kind == "text" and entry.role != "text":
        if _shared(raw):
            return (WARNING, "MANY_LEVELS", message("{a} has more than {n} different values and was not examined",
                                                    "MANY_LEVELS", a=header.text, n=MAX_LEVELS),
                    message("Give it the role `feature` in the dictionary to examine every value, or make fewer groups "
                    "of them"))  # fmt: skip
        problem = message("{a} holds free text and was not examined", a=header.text)
        return NOTE, "COLUMN_NOT_USED", problem, describe
    if free and measures_nothing(header.name, raw):
        problem = message(
            "{a} holds codes or calendar years, which measure nothing, and was not examined", a=header.text
        )
        return NOTE, "COLUMN_NOT_USED", problem, describe
    return None


def _shared(raw: pd.Series) -> bool:
    """Whether short texts are shared by patients, two of them or more on average: a category of too many levels."""
    shown = raw.dropna().map(lambda cell: cells.text(cell)[0])
    distinct = shown.nunique()
    return (
        distinct > MAX_LEVELS
        and distinct <= len(shown) / 2
        and max(map(len, shown.unique())) <= MAX_LEVEL_LENGTH
    )


def _levels_asked(
    found: list[Issue], raw: pd.Series, values: pd.Series, place: Place, settings: Settings
) -> Iterator[Issue]:
    """Words such as NA may be a level, too: how to keep them is said, and who loses the group is no small matter."""
    if all(issue.code != cells.MISSING_WORD for issue in found):
        yield from found
        return
    codes, distinct = factorized(raw)
    missing = [cells.category(cell)[1] == cells.MISSING_WORD for cell in distinct]
    lost = values.isna() & np.array([*missing, False], bool)[codes]
    for issue in found:
        if issue.code != cells.MISSING_WORD or not lost.any():
            yield issue
            continue
        word = cells.text(raw[lost].value_counts().index[0])[0]
        key = word if BARE_KEY.fullmatch(word) else f"'{word}'"
        name, lose = place.name, int(lost.sum())
        parts = {"a": word, "b": key, "c": word, "d": name}
        own = message(
            'If {a} is a value of its own, write {b} = ["{c}"] under [values.{d}] in report.toml', **parts
        )
        if settings.group and name == name_key(settings.group):
            problem = message("{a}: {n} of {k} patients lose the group, for their cells say {b}",
                              a=place.header, n=lose, k=len(raw), b=word)  # fmt: skip
            yield replace(issue, severity=WARNING, code="GROUP_MISSING", problem=problem, hint=own)
        elif values.nunique() == 1 and LIKELY_A_LEVEL * lose >= len(raw):
            # Beside one level alone the word is likely another: an arm called NA.
            yield replace(issue, severity=WARNING, hint=own)
        else:
            hint = message(
                'Nothing to do; if {a} is a value of its own, write {b} = ["{c}"] under [values.{d}] in report.toml',
                **parts,
            )
            yield replace(issue, hint=hint)


def pretty(header: str) -> str:
    """A label from a column's header.

    >>> pretty("fusion_partner"), pretty("ALK status")
    ('fusion partner', 'ALK status')
    """
    return readable(cells.text(header)[0]) or cells.text(header)[0]


def _by_header(headers: tuple[Header, ...], settings: Settings) -> list[Header]:
    """Columns that an endpoint names by their header, and that are something canonical, too ("follow_up_days")."""
    given = {name_key(column) for rule in settings.endpoint for column in rule.given}
    known = {header.name for header in headers}
    return [
        replace(header, name=name, how="feature")
        for header in headers
        if header.how != "feature" and (name := name_key(header.text)) in given and name not in known
    ]


def _needed(settings: Settings) -> dict[str, str]:
    """The columns that the settings' endpoints, and the clock, use → the kind that these need."""
    needed = {name_key(settings.origin): "date"}
    needed |= {name_key(mark): "date" for mark in settings.patients.marks if ":" not in mark}
    for rule in settings.endpoint:
        if rule.time:
            needed[name_key(rule.time)] = "number"
            needed[name_key(rule.event)] = "category"
            if rule.entry:
                needed[name_key(rule.entry)] = "number"
        else:
            for column in filter(
                None, (rule.origin, *rule.events, *rule.competing, rule.censor, *rule.states)
            ):
                needed[name_key(column)] = "date"
    return needed


def _reading(kind: str, name: str, entry: Entry, settings: Settings) -> Reading:
    how = replace(reading(kind, name, settings), measured=kind == "number")
    if kind == "category" and name in (name_key(rule.event) for rule in settings.endpoint if rule.time):
        how = replace(how, kind="event")
    if kind != "category" or not entry.levels:
        return how
    # "9 = unknown" says what a code means, and is no level; a bare NA among the levels is one (an arm).
    codes = {code: None if word_key(level) in MISSING_WORDS else level for code, level in entry.codes.items()}
    levels = {word_key(level): level for level in entry.levels} | codes
    return replace(how, lookup=levels | dict(how.own))


def _said(severity: str, code: str, sheet: RawSheet, place: Place, problem: Message, hint: Message) -> Issue:
    return Issue(severity, code, sheet.name, f"{place.letter}{sheet.header_row}", None, problem, hint)


def with_further(patients: Cleaned, further: Further) -> Cleaned:
    """The patients with their further columns after the canonical ones."""
    columns = {**{name: patients.frame[name] for name in patients.frame}, **further.columns}
    return replace(
        patients,
        frame=pd.DataFrame(columns, index=patients.frame.index, copy=False),
        letters={**patients.letters, **further.letters},
        kinds={**patients.kinds, **further.kinds},
    )
