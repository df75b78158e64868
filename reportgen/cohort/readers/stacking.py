"""Sheets that hold the rows of one table, one per year or per arm: one below the other, each cell where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells
from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.mapping.schema import SHEETS
from reportgen.cohort.raw import RawSheet, RawWorkbook
from reportgen.cohort.readers.alike_ids import is_id
from reportgen.settings.model import Settings
from reportgen.settings.sources.nearest_name import correction

# The column that says of each row on which sheet it stood.
SHEET = "sheet"
AND = " + "
FEWEST, SHARED = 4, 0.8


def alike(one: RawSheet, other: RawSheet) -> bool:
    """Whether two sheets have nearly the same columns, as the files of two years do."""
    here, there = ({name_key(text) for text in sheet.header if text} for sheet in (one, other))
    return same_names(here, there)


def same_names(here: set[str], there: set[str]) -> bool:
    """Whether two sets of names of columns are nearly the same."""
    return min(len(here), len(there)) >= FEWEST and len(here & there) >= SHARED * max(len(here), len(there))


def form_names(sheet: RawSheet) -> set[str]:
    """The names that stand in the first column of a sheet of two, as on that of one patient; none of another sheet."""
    if len(sheet.header) != 2 or 0 not in sheet.frame:
        return set()
    return {name_key(text) for text in (sheet.header[0], *sheet.frame[0]) if isinstance(text, str) and text}


def left_out(names: Sequence[str], setting: str) -> Iterator[Issue]:
    """SHEET_LEFT_OUT: a sheet, perhaps a new one, that has the columns of those that a setting makes one table."""
    for name in names:
        problem = message("The sheet has the columns of those that are read as one table, and was not read")
        hint = message(
            "Let `reportgen map SOURCE` add it, or write it under {setting}, or ignore it: [tables] ignore = [{name}]",
            setting=setting, name=repr(name),
        )  # fmt: skip
        yield Issue(WARNING, "SHEET_LEFT_OUT", name, None, None, problem, hint)


def with_stacked(book: RawWorkbook, settings: Settings) -> RawWorkbook:
    """The workbook in which the sheets that [tables] stack names are one, of those that have the same columns."""
    wanted = dict.fromkeys(map(name_key, settings.source.stack))
    # Those that are one table already, where a sheet is added to them, stand in it under its name.
    here = {name_key(part): sheet for sheet in book.sheets if sheet.place for part in sheet.name.split(AND)}
    here |= {name_key(sheet.name): sheet for sheet in book.sheets}
    issues = [
        Issue(ERROR, "MISSING_SHEET", name, None, None, message("The settings stack this sheet, but it does not exist"),
              correction(name, [sheet.name for sheet in book.sheets]))
        for name in settings.source.stack if name_key(name) not in here
    ]  # fmt: skip
    groups: list[list[RawSheet]] = []
    for sheet in {id(here[key]): here[key] for key in wanted if key in here}.values():
        group = next((group for group in groups if alike(group[0], sheet)), None)
        if group is None:
            groups.append([sheet])
        else:
            group.append(sheet)
    found, gone = {}, set()
    for group in groups:
        if len(group) == 1 and AND in group[0].name:
            continue
        if len(group) == 1:
            where = group[0].cell(group[0].header_row, 0)
            problem = message("The settings stack this sheet, but no other one of theirs has its columns")
            issues.append(Issue(ERROR, "MISSING_SHEET", *where, None, problem,
                                message("Correct [tables] stack in report.toml")))  # fmt: skip
            continue
        found[group[0].name] = stacked(group, settings)
        gone |= {sheet.name for sheet in group}
        names = ", ".join(sheet.name for sheet in group)
        problem = message(
            "{a} were read as one table of {n} rows", a=names, n=sum(len(s.frame) for s in group)
        )
        issues.append(
            Issue(NOTE, "SHEETS_STACKED", group[0].name, None, None, problem, message("Nothing to do"))
        )
    others = [sheet for sheet in book.sheets if name_key(sheet.name) not in wanted and not sheet.table]
    left = [
        sheet.name for sheet in others if any(alike(group[0], sheet) for group in groups if len(group) > 1)
    ]
    issues += left_out(left, "[tables] stack")
    sheets = (
        found.get(sheet.name, sheet) for sheet in book.sheets if sheet.name in found or sheet.name not in gone
    )
    return replace(book, sheets=tuple(sheets), issues=(*book.issues, *issues))


def stacked(group: Sequence[RawSheet], settings: Settings) -> RawSheet:
    """The rows of sheets of the same columns as one sheet, with a column that says which one each stood on."""
    columns: dict[str, str] = {}
    for sheet in group:
        for text in filter(None, sheet.header):
            columns.setdefault(name_key(text), text)
    own = [_positions(sheet) for sheet in group]
    again = any(AND in sheet.name for sheet in group)
    header = [*columns.values(), *([SHEET] if SHEET not in columns else [])]
    parts, origins, faults = [], [], {}
    for sheet, places, part in zip(group, own, parts_of(group), strict=True):
        rows = sheet.frame.index
        content = [
            sheet.frame[places[key]]
            if key in places
            else pd.Series(sheet.name if key == SHEET and again else None, rows, dtype=object)
            for key in columns
        ]
        first = len(origins) + 2
        faults |= {
            (first + rows.get_loc(row), at): text
            for (row, position), text in sheet.faults.items()
            for at, key in enumerate(columns) if row in rows and places.get(key) == position
        }  # fmt: skip
        if settings.source.stack_ids:
            content = [_apart(cell, part) if is_id(text, settings) else cell
                       for cell, text in zip(content, columns.values(), strict=True)]  # fmt: skip
        content += [pd.Series(sheet.name, rows, dtype=object)] if SHEET not in columns else []
        parts.append(pd.concat(content, axis=1, ignore_index=True).to_numpy(dtype=object))
        origins += [(sheet, places, int(row)) for row in rows]
    frame = pd.DataFrame(np.concatenate(parts), dtype=object, columns=range(len(header)))
    frame.index = range(2, 2 + len(frame))
    keys = [*columns, SHEET]

    def place(row: int, position: int) -> tuple[str, str]:
        at = row - 2 if row >= 2 and origins else 0
        sheet, places, number = origins[at] if origins else (group[0], own[0], group[0].header_row)
        return sheet.cell(number if row >= 2 else sheet.header_row, places.get(keys[position], 0))

    names = {name_key(sheet.name) for sheet in group}
    named = (t for t, theirs in settings.tables.items() if name_key(theirs) in names)
    by_name = (t for t, others in SHEETS.items() if names & {t, *others})
    return RawSheet(
        AND.join(sheet.name for sheet in group), tuple(header), 1, frame, faults,
        typed=all(sheet.typed for sheet in group), table=next(chain(named, by_name), group[0].table), place=place,
    )  # fmt: skip


def parts_of(group: Sequence[RawSheet]) -> list[str]:
    """What tells the names of sheets apart: "Arm A", "Arm B" → "A", "B"; the whole names where that is nothing."""
    words = [re.findall(r"[^\W_]+", sheet.name) for sheet in group]
    common = {word.casefold() for word in words[0]}.intersection(
        *({w.casefold() for w in said} for said in words)
    )
    apart = [" ".join(word for word in said if word.casefold() not in common) for said in words]
    return apart if all(apart) and len({*apart}) == len(apart) else [sheet.name for sheet in group]


def _positions(sheet: RawSheet) -> dict[str, int]:
    return {name_key(text): position for position, text in reversed([*enumerate(sheet.header)]) if text}


def _apart(ids: pd.Series, part: str) -> pd.Series:
    """Ids of patients whom each sheet counts anew, with what the name of the sheet has for itself before them."""
    return ids.map(lambda cell: None if cell is None else f"{part}-{_shown(cell)}")


def _shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cells.text(cell)[0]
