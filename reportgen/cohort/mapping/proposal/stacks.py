"""Sheets of the same columns, one per year or per arm: proposed as one table, where nobody stands on two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from reportgen.base.message import message
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.matching import match_sheets
from reportgen.cohort.mapping.names.words import DRUG
from reportgen.cohort.mapping.proposal.columns import senses
from reportgen.cohort.mapping.proposal.sheets import Taken, tables_of
from reportgen.cohort.mapping.proposal.types import Choice, Line
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.joining import key_of
from reportgen.cohort.readers.stacking import SHEET, alike
from reportgen.settings.model import Settings

STACK, STACK_IDS, GROUP = ("tables", "stack"), ("tables", "stack_ids"), ("report", "group")
# Sheets of whom no report is to speak, or of the same patients at another time.
OTHER = re.compile(
    r"excl\w*|ausgeschl\w*|exclus|esclus\w*|screen\w*|fail\w*|old|alt|vieux|ancien\w*|archiv\w*|backup|sicherung|copy|kopie|"
    r"copia|copie|test|draft|entwurf|deleted|gelöscht|geloescht|template|vorlage|example|beispiel|duplicates?|version|v\d+"
)
ARM = re.compile(
    r"(?:arm|arme|arms|group|gruppe|groupe|grupo|gruppo|bras|brazo|braccio|cohort|kohorte|cohorte|coorte)"
)
YEARS = re.compile(r"(?:19|20)\d\d")
ARM_COLUMNS = frozenset(
    ("arm", "group", "gruppe", "groupe", "grupo", "gruppo", "bras", "brazo", "braccio", "treatment_arm")
)
FIXED = ("birth_date", "diagnosis_date", "treatment_start")
MOSTLY = 0.5


def stack_lines(book: RawWorkbook, settings: Settings) -> list[Line]:
    """The lines that make one table of each group of sheets with the same columns; none where ids stand on two of them,
    or a name says that its rows are none of the others': then which sheet is the table is asked.
    """
    if settings.source.stack:
        return [*_added(book, settings)]
    if any(sheet.table == "patients" for sheet in book.sheets):
        return []
    groups = groups_of(tables_of(book, settings), settings)
    if "patients" not in groups or any(_is_other(sheet.name) for sheet in groups["patients"]):
        return []
    if _of_one_each(groups["patients"], settings):
        lines = [*_stacked("patients", groups["patients"], "the same columns; each holds one patient")]
        return [
            *lines,
            Line(("columns", "patients", "patient_id"), SHEET, "each sheet is called as its patient"),
        ]
    if _ids_on_two(groups["patients"], settings):
        return []
    return [
        line
        for table, sheets in groups.items()
        for line in _stacked(
            table,
            sheets,
            "the same columns" + ("; nobody stands on two of them" if table == "patients" else ""),
        )
    ]


def _added(book: RawWorkbook, settings: Settings) -> Iterator[Line]:
    """The lines that add new sheets to those that are one table of patients already, where nobody stands on both."""
    main = match_sheets(book, settings)[0].get("patients")
    if main is None or main.place is None:
        return
    key = _column(main, settings, "patient_id")
    for sheet in book.sheets:
        if sheet is main or sheet.table or _is_other(sheet.name) or not alike(main, sheet):
            continue
        by_sheet = key is not None and name_key(main.header[key]) == SHEET
        if by_sheet or not _ids_on_two([main, sheet], settings):
            yield Line(STACK, sheet.name, "the same columns as those above", adds=True)


def stack_choices(found: Sequence[Taken], settings: Settings) -> Iterator[Choice]:
    """The answer that all of several sheets are to be reported, where those of one id are not the same patients."""
    groups = groups_of(found, settings)
    sheets = groups.get("patients", [])
    both = _ids_on_two(sheets, settings)
    if not sheets or (both and not _differ(sheets, settings)):
        return
    lines = [line for table, of in groups.items() for line in _stacked(table, of, "as answered")]
    lines += [Line(STACK_IDS, True, "as answered")] if both else []
    said = message("all of them; each counts its patients anew") if both else message("all of them")
    yield Choice(
        "a",
        message("{what} ({n} rows)", what=said, n=sum(len(sheet.frame) for sheet in sheets)),
        tuple(lines),
    )


def groups_of(found: Sequence[Taken], settings: Settings) -> dict[str, list[RawSheet]]:
    """Table → its sheets, where several have the same columns."""
    free = [one for one in found if not one.nothing and one.table not in ("report", "dictionary")]
    groups: dict[str, list[RawSheet]] = {}
    while free:
        first, *rest = free
        group = [first, *(one for one in rest if alike(first.sheet, one.sheet))]
        free = [one for one in rest if one not in group]
        table = next((one.table for one in group if one.table), "")
        told = name_key(settings.tables.get(table, ""))
        chosen = told and (table == "patients" or told not in {name_key(one.sheet.name) for one in group})
        if len(group) > 1 and table and not chosen:
            groups[table] = [one.sheet for one in group]
    return groups


def _stacked(table: str, sheets: Sequence[RawSheet], why: str) -> Iterator[Line]:
    for sheet in sheets:
        yield Line(STACK, sheet.name, why, adds=True)
    yield Line(("tables", table), sheets[0].name, "with those that are stacked below it")
    if table == "patients" and any(YEARS.search(sheet.name) for sheet in sheets):
        yield Line(("features", "exclude"), SHEET, "the sheets are those of years", adds=True)
    elif table == "patients" and _are_arms(sheets):
        yield Line(GROUP, SHEET, "the sheets are the arms")


def _is_other(name: str) -> bool:
    return any(OTHER.fullmatch(word) for word in re.findall(r"[^\W_]+", name.casefold()))


def _are_arms(sheets: Sequence[RawSheet]) -> bool:
    """Whether the names of the sheets are those of arms, and no column of theirs says the same."""
    said = [re.findall(r"[^\W\d_]+", sheet.name.casefold()) for sheet in sheets]
    named = all(any(ARM.fullmatch(word) or DRUG.fullmatch(word) for word in words) for words in said)
    return named and not {name_key(text) for sheet in sheets for text in sheet.header if text} & ARM_COLUMNS


def _column(sheet: RawSheet, settings: Settings, *names: str) -> int | None:
    found, _ = senses("patients", sheet, settings, {}, frozenset())
    return next((sense.position for name in names for sense in found if name in sense.names), None)


def _of_one_each(sheets: Sequence[RawSheet], settings: Settings) -> bool:
    """Whether each sheet has a single row, and none a column of ids: its name is that of its patient."""
    alone = all(len(sheet.frame) == 1 for sheet in sheets)
    return alone and all(_column(sheet, settings, "patient_id") is None for sheet in sheets)


def _ids_on_two(sheets: Sequence[RawSheet], settings: Settings) -> bool:
    """Whether an id stands on more than one sheet, or ids on none."""
    places = [_column(sheet, settings, "patient_id") for sheet in sheets]
    if None in places:
        return True
    ids = [{*sheet.frame[place].map(key_of)} - {""} for sheet, place in zip(sheets, places, strict=True)]
    return any(one & other for one, other in combinations(ids, 2))


def _differ(sheets: Sequence[RawSheet], settings: Settings) -> bool:
    """Whether most of those who share an id were born, diagnosed or first treated on different days."""
    told: dict[str, str] = {}
    same = other = 0
    for sheet in sheets:
        key, day = _column(sheet, settings, "patient_id"), _column(sheet, settings, *FIXED)
        if key is None or day is None:
            return False
        for who, when in zip(sheet.frame[key].map(key_of), sheet.frame[day].map(key_of), strict=True):
            if who in told and when and told[who]:
                same, other = same + (told[who] == when), other + (told[who] != when)
            told.setdefault(who, when)
    return other > MOSTLY * (same + other)
