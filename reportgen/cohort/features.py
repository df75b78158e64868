"""The further columns of the patients: what they are, what may be examined, and what is known at the start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from reportgen.cohort import cells
from reportgen.cohort.cleaning import (
    Cleaned,
    Place,
    clean_column,
    mapped,
    only_numbers,
    reader,
    softened,
)
from reportgen.cohort.cohort import Feature, Table
from reportgen.cohort.dictionary import Entry
from reportgen.cohort.matching import Header
from reportgen.cohort.raw import RawSheet, letter
from reportgen.cohort.schema import (
    EARLIER_WORDS,
    LATER_WORDS,
    YES_NO,
    columns_of,
    name_key,
    spellings,
    word_key,
)
from reportgen.errors import ERROR, NOTE, WARNING, Issue
from reportgen.settings import Settings
from reportgen.settings_sources import nearest

ALWAYS = ("sex", "age_at_start", "diagnosis")
MAX_LEVELS = 20
MAX_LEVEL_LENGTH = 60
IDENTIFIERS = re.compile(
    r"(.*_)?(id|no|nr|mrn|nhs|ssn|name|surname|forename|initials|e?mail|phone|telephone|address|zip|postcode)"
)


@dataclass(frozen=True)
class Further:
    """The further columns after cleaning.

    examined: those that are features → their entry in the dictionary. ignored: those left unread.
    """

    columns: Mapping[str, pd.Series]
    letters: Mapping[str, str]
    kinds: Mapping[str, str]
    labels: Mapping[str, str]
    examined: Mapping[str, Entry]
    ignored: frozenset[str]
    header_row: int


def clean_further(
    sheet: RawSheet, headers: tuple[Header, ...], patients: Cleaned, settings: Settings
) -> tuple[Further, list[Issue]]:
    """Clean what is no canonical column. Dates and what endpoints need are kept, but are no features."""
    columns, letters, kinds, labels, examined, ignored = {}, {}, {}, {}, {}, set()
    issues: list[Issue] = []
    ids = patients.frame.get("patient_id", pd.Series(None, index=sheet.frame.index, dtype=object))
    needed = _needed(settings)
    for header in headers:
        if header.how != "feature":
            continue
        name, entry = header.name, header.entry or Entry()
        place = Place(sheet.name, header.text, name, letter(header.position), ids)
        forced = name in map(name_key, (*settings.features.include, settings.group))
        if not forced and not entry.role and name not in needed and IDENTIFIERS.fullmatch(name):
            ignored.add(name)
            issues.append(_said(WARNING, "DIRECT_IDENTIFIER", sheet, place,
                                f"{header.text} looks like a direct identifier and was not read",
                                "Remove it, or give it the role `feature` in the dictionary"))  # fmt: skip
            continue
        kind = needed.get(name) or entry.type or infer(sheet.frame[header.position], sheet.typed)
        if kind == "text" and forced:
            kind = "category"
        if kind == "empty" or (kind == "text" and entry.role != "text"):
            ignored.add(name)
            why = "is empty" if kind == "empty" else "holds free text"
            issues.append(
                _said(
                    NOTE,
                    "COLUMN_NOT_USED",
                    sheet,
                    place,
                    f"{header.text} {why} and was not examined",
                    "Give it the role `feature` or `text` in the dictionary if it is needed",
                )
            )
            continue
        read = _reader(kind, name, entry, settings)
        columns[name], found = clean_column(sheet, header.position, kind, read, place)
        issues.extend(found if name in needed else softened(found))
        letters[name], kinds[name] = place.letter, kind
        labels[name] = entry.label or pretty(header.text)
        if kind not in ("date", "text") and entry.role != "text" and (forced or name not in needed):
            examined[name] = entry
    return Further(columns, letters, kinds, labels, examined, frozenset(ignored), sheet.header_row), issues


def choose(
    further: Further, patients: Table, labels: Mapping[str, str], later: frozenset, settings: Settings
) -> tuple[tuple[Feature, ...], list[Issue]]:
    """The features of the report: sex, age and diagnosis, and the further columns that the settings leave.

    [features] include, where given, names the further columns that are examined, and no others are. A
    group is a feature in any case. `later`: canonical columns that the dictionary calls later.
    """
    frame = patients.frame
    group = name_key(settings.group) if settings.group else ""
    include = {name_key(name) for name in settings.features.include}
    exclude = {name_key(name) for name in settings.features.exclude} - {group}
    issues = list(_unknown((*include, *exclude, group), (*frame.columns, *further.ignored)))
    chosen = []
    for name in dict.fromkeys((*ALWAYS, *sorted(include), group)):
        varies = name != "diagnosis" or name in include or frame.get(name, pd.Series()).nunique() > 1
        if name in frame and name in columns_of("patients") and name not in exclude and varies:
            chosen.append(_canonical(name, frame[name], labels[name], name not in later))
    for name, entry in further.examined.items():
        if name not in exclude and (not include or name in include or name == group):
            feature, said = _feature(name, further.kinds[name], frame[name], entry, labels[name], settings)
            chosen.append(feature)
            cell = patients.address(further.header_row, name)
            issues.extend(Issue(*parts[:2], patients.sheet, cell, None, *parts[2:]) for parts in said)
    return tuple(chosen), issues


def _unknown(names: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Issue]:
    for name in dict.fromkeys(names):
        if name and name not in known:
            yield Issue(ERROR, "MISSING_COLUMN", None, None, None,
                        f"The settings name a column {name!r} that does not exist",
                        f"Correct it in report.toml{nearest(name, known)}")  # fmt: skip


def infer(raw: pd.Series, typed: bool = True) -> str:
    """What an undescribed column holds: empty, date, number, yes/no, category or text (no feature).

    Numbers of at most two kinds are categories (codes). Text is a category when it has at most 20
    different short values and these are clearly fewer than the patients.
    """
    content = raw.dropna()
    if only_numbers(content):
        return _number_or_code(content.astype(float).unique())
    distinct = [cell for cell in pd.unique(content) if not cells.missing(cells.text(cell)[0])]
    if not distinct:
        words = {cells.text(cell)[0].casefold() for cell in content}
        return "category" if "none" in words else "empty"
    if all(isinstance(cell, date) for cell in distinct):
        return "date"
    numbers = [cells.number(cell)[0] for cell in distinct]
    if all(number is not None for number in numbers):
        return _number_or_code(np.unique(np.array(numbers, dtype=float)))
    if all(isinstance(cell, date) or cells.day(cell)[0] for cell in distinct):
        return "date"
    keys = {word_key(cells.text(cell)[0]) for cell in distinct}
    if keys <= set(spellings(YES_NO)):
        return "yes/no"
    short = max(len(key) for key in keys) <= MAX_LEVEL_LENGTH
    few = len(keys) <= MAX_LEVELS and len(keys) <= max(2, 0.8 * len(content))
    return "category" if short and few else "text"


def _number_or_code(distinct: np.ndarray) -> str:
    return "category" if len(distinct) <= 2 and (distinct % 1 == 0).all() else "number"


def pretty(header: str) -> str:
    """A label from a column's header.

    >>> pretty("fusion_partner"), pretty("ALK status")
    ('Fusion partner', 'ALK status')
    """
    shown = " ".join(cells.text(header)[0].replace("_", " ").split()) or cells.text(header)[0]
    return shown[:1].upper() + shown[1:]


def _needed(settings: Settings) -> dict[str, str]:
    """The columns that the settings' endpoints use → the kind that these need."""
    needed = {}
    for rule in settings.endpoint:
        if rule.time:
            needed[name_key(rule.time)] = "number"
            needed[name_key(rule.event)] = "category"
        else:
            for column in (rule.origin, *rule.events, *rule.competing, rule.censor):
                needed[name_key(column)] = "date"
    return needed


def _reader(kind: str, name: str, entry: Entry, settings: Settings):
    if kind == "category" and (entry.levels or name in settings.values):
        lookup = {word_key(level): level for level in entry.levels} | dict(entry.codes)
        lookup |= mapped(settings.values.get(name, {}))
        return lambda cell: (
            (lookup[word_key(cell)], None) if word_key(cell) in lookup else cells.category(cell)
        )
    return reader(kind, name, YES_NO if kind == "yes/no" else {}, settings.values)


def _feature(
    name: str, kind: str, values: pd.Series, entry: Entry, label: str, settings: Settings
) -> tuple[Feature, list[tuple[str, str, str, str]]]:
    said = []
    if entry.role in ("feature", "later"):
        known = entry.role == "feature"
    else:
        known = settings.features.known_at_start and not _sounds_later(name)
        if settings.features.known_at_start and not known:
            said.append((NOTE, "ASSUMED_LATER", f"{label} was taken as known only after the start of treatment",
                         "Give it the role `feature` in the dictionary if it was known at the start"))  # fmt: skip
    levels: tuple[str, ...] = ()
    if kind == "yes/no":
        levels = ("yes", "no")
    elif kind == "category":
        present = in_order(values)
        strange = [level for level in present if level not in entry.levels]
        if entry.levels and strange:
            said.append((WARNING, "UNKNOWN_VALUE", f"{label} has values that the dictionary does not list",
                         "Correct the values, or add them to the levels in the dictionary"))  # fmt: skip
        levels = (*entry.levels, *strange)
    return Feature(name, label, kind, entry.unit, levels, known), said


def in_order(values: pd.Series) -> tuple[str, ...]:
    """The levels of a category in printed order: by number where they are numbers, else by alphabet."""
    levels = [level for level in pd.unique(values) if isinstance(level, str)]

    def rank(level: str):
        value, _ = cells.number(level)
        return (value is None, value or 0.0, level.casefold(), level)

    return tuple(sorted(levels, key=rank))


def _canonical(name: str, values: pd.Series, label: str, known: bool) -> Feature:
    column = columns_of("patients")[name]
    if column.kind == "number":
        return Feature(name, label, "number", column.unit, (), known)
    if column.kind == "yes/no":
        return Feature(name, label, "yes/no", "", ("yes", "no"), known)
    present = in_order(values)
    ordered = tuple(word for word in column.words if word in present) if column.words else present
    known = known and name in ("sex", "diagnosis", "treatment")
    return Feature(name, label, "category", "", ordered, known)


def _sounds_later(name: str) -> bool:
    words = name.split("_")
    return any(w in LATER_WORDS for w in words) and not any(w in EARLIER_WORDS for w in words)


def _said(severity: str, code: str, sheet: RawSheet, place: Place, problem: str, hint: str) -> Issue:
    return Issue(severity, code, sheet.name, f"{place.letter}{sheet.header_row}", None, problem, hint)


def with_further(patients: Cleaned, further: Further) -> Cleaned:
    """The patients with their further columns after the canonical ones."""
    columns = {**{name: patients.frame[name] for name in patients.frame}, **further.columns}
    return replace(
        patients,
        frame=pd.DataFrame(columns, index=patients.frame.index),
        letters={**patients.letters, **further.letters},
        kinds={**patients.kinds, **further.kinds},
    )
