"""What a reader hands over: sheets of cells as they were found, nothing interpreted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from reportgen.base.errors import Issue
from reportgen.base.message import Message
from reportgen.base.places import is_place, placed
from reportgen.cohort.header_rows import (
    UNGROUPED,
    goes_on_below,
    header_row,
    header_row_told,
    is_filled,
    with_groups,
)
from reportgen.cohort.mapping.keys import NUL_SHOWN, name_key
from reportgen.settings.model import EndpointRule

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FORMULA_WITHOUT_VALUE = "formula"
Place = Callable[[int, int], tuple[str, str]]


@dataclass(frozen=True)
class RawSheet:
    """One sheet. header: its texts, "" where empty; frame: the rows below it.

    The columns of frame are positions from 0 (A), its index the row numbers of the sheet, its cells
    text, numbers, bool, dates or None. faults: (row number, position) → the error text of a cell
    (#N/A) or FORMULA_WITHOUT_VALUE. typed: the source tells numbers and dates from text. table: the
    canonical table that it is, where the reader knows. place: (row number, position) → the file or table and
    the cell in the source, where the sheet was put together from others or its source has no such cells.
    labels: what the source calls its columns in words, if it does. nul_shown: no cell holds U+0000 any more.
    merged: the ranges of merged cells ("A2:A3").
    """

    name: str
    header: tuple[str, ...]
    header_row: int
    frame: pd.DataFrame
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    typed: bool = True
    table: str = ""
    place: Place | None = None
    labels: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    nul_shown: bool = False

    def cell(self, row: int, position: int) -> tuple[str, str]:
        """Where a cell stands in the source: ("patients", "C7")."""
        return self.place(row, position) if self.place else (self.name, f"{letter(position)}{row}")


@dataclass(frozen=True)
class RawWorkbook:
    """A source as read. name: of the file, folder or database, without its path; sha256: of its bytes.

    endpoints: those that the source itself defines, and origin: from when its times count, if it tells; the settings
    win over both. saved: when, by its own account.
    """

    name: str
    sha256: str
    sheets: tuple[RawSheet, ...]
    issues: tuple[Issue, ...] = ()
    endpoints: tuple[EndpointRule, ...] = ()
    saved: date | None = None
    origin: str = ""


def from_grid(
    name: str, grid: Sequence[Sequence], faults: Mapping | None = None, rows: Mapping[str, int] | None = None
) -> RawSheet:
    """A sheet from its cells, row 1 and column A first; "" and None are empty.

    The header is the first of the first 20 rows with two filled cells, or a later one of them if that alone
    holds two names of the vocabulary: titles above the table do no harm. Rows without any content are left
    out; the others keep their number. rows: as [source] header_rows says it.
    """
    import pandas as pd

    told = header_row_told(name, rows or {})
    top = min(told, len(grid)) - 1 if told and grid else header_row(grid[:20])
    names = list(grid[top]) if grid else []
    if grid and not told and goes_on_below(grid, top):
        top += 1
        names = list(grid[top])
    header = names if not grid or name_key(name) in UNGROUPED else with_groups(grid, top, names)
    frame = pd.DataFrame(list(grid[top + 1 :]), dtype=object, columns=range(len(header)))
    frame.index = range(top + 2, top + 2 + len(frame))
    return replace(from_frame(name, header, frame, faults), header_row=top + 1)


def from_frame(name: str, header: Sequence, frame: pd.DataFrame, faults: Mapping | None = None) -> RawSheet:
    """A sheet from its header in row 1 and the rows below; these are numbered by the frame's index.

    Cells that are "" or not a number are empty. Rows without any content are left out, and columns at the
    right without any.
    """
    import pandas as pd

    faults = dict(faults or {})
    header = [str(cell) if is_filled(cell) else "" for cell in header]
    values = frame.to_numpy(dtype=object, copy=True)
    values[(values == "") | pd.isna(values)] = None
    frame = pd.DataFrame(values, index=frame.index, columns=frame.columns, dtype=object)
    content = frame.notna()
    for row, position in faults:
        if row in content.index and position in content.columns:
            content.at[row, position] = True
    keep_rows = content.any(axis=1)
    for row in frame.index[keep_rows & ~_begins(frame)]:
        has_fault = (content.loc[row] & frame.loc[row].isna()).any()
        keep_rows[row] = has_fault or any(map(is_filled, frame.loc[row]))
    used = [p for p in frame.columns if header[p] or content[p].any()]
    width = max(used, default=-1) + 1
    kept = frame.loc[keep_rows, list(range(width))]
    return RawSheet(name, tuple(header[:width]), 1, kept, faults)


def from_columns(name: str, header: Sequence[str], frame: pd.DataFrame) -> RawSheet:
    """The same of a frame whose empty cells are None; it is copied only where a row or column may lack content."""
    if all(map(is_filled, header)) and len(frame) and _begins(frame).all():
        return RawSheet(name, tuple(header), 1, frame)
    return from_frame(name, header, frame)


def from_records(
    name: str, header: Sequence[str], frame: pd.DataFrame, labels: Sequence[str] = ()
) -> RawSheet:
    """A table without addresses such as C7: its cells are named by column and row, the first being row 1."""
    frame = frame.set_axis(range(len(header)), axis=1).set_axis(range(1, len(frame) + 1), axis=0)
    return _by_name(from_frame(name, header, frame), header, labels)


def from_cells(name: str, header: Sequence[str], frame: pd.DataFrame) -> RawSheet:
    """The same of a table whose empty cells are None, whose columns all have a name and no row of which is empty.

    Its cells are not copied: they may be most of what a registry takes of memory.
    """
    import pandas as pd

    frame = frame.copy(deep=False)
    frame.columns, frame.index = pd.RangeIndex(len(header)), pd.RangeIndex(1, len(frame) + 1)
    return _by_name(RawSheet(name, tuple(header), 1, frame), header)


def _by_name(sheet: RawSheet, header: Sequence[str], labels: Sequence[str] = ()) -> RawSheet:
    name = sheet.name
    titles = tuple(header)

    def place(row: int, position: int) -> tuple[str, str]:
        return name, f"{titles[position]}, row {row}" if row else titles[position]

    return replace(sheet, header_row=0, place=place, labels=tuple(labels))


def with_nul_shown(sheet: RawSheet) -> RawSheet:
    """The sheet with U+2400 in place of U+0000, at which pandas takes a text to end: two texts would become one."""
    frame = sheet.frame
    for position in frame.columns if not sheet.nul_shown else ():
        held = [isinstance(cell, str) and "\0" in cell for cell in frame[position]]
        if any(held):
            shown = frame[position].copy()
            shown[held] = [cell.replace("\0", NUL_SHOWN) for cell in shown[held]]
            frame = frame.copy(deep=False) if frame is sheet.frame else frame
            frame[position] = shown
    return sheet if frame is sheet.frame else replace(sheet, frame=frame)


def with_more_columns(sheet: RawSheet) -> Place | None:
    """Where the cells of a sheet stand that is given further columns: theirs stand nowhere, and are said to be in the
    first cell of their row."""
    place, width = sheet.place, len(sheet.header)
    return place and (lambda row, position: place(row, position if position < width else 0))


def located(issues: Iterable[Issue], sheets: Iterable[RawSheet]) -> tuple[Issue, ...]:
    """The issues with the places that their cells have in the source, and those that they name."""
    moved = {sheet.name: sheet for sheet in sheets if sheet.place}

    def place(sheet: str | None, cell: str | None) -> tuple[str, str] | None:
        parts = re.fullmatch("([A-Z]+)([0-9]+)", cell or "")
        known = moved.get(sheet) if sheet is not None else None
        return known.cell(int(parts[2]), position_of(parts[1])) if known and parts else None

    def beside(part: object) -> object:
        if not isinstance(part, Message) or not is_place(part):
            return part
        there = place(str(part.parts["sheet"]), str(part.parts["cell"]))
        return placed(*there) if there else part

    found = []
    for issue in issues:
        if there := place(issue.sheet, issue.cell):
            issue = replace(issue, sheet=there[0], cell=there[1])
        problem = issue.problem
        if any(map(is_place, problem.parts.values())):
            parts = {name: beside(part) for name, part in problem.parts.items()}
            issue = replace(issue, problem=Message(problem.template, parts, problem.code))
        found.append(issue)
    return tuple(found)


def letter(position: int) -> str:
    """The column letters of a position from 0.

    >>> letter(0), letter(25), letter(26), letter(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def position_of(letters: str) -> int:
    """The position from 0 of column letters.

    >>> position_of("A"), position_of("AA")
    (0, 26)
    """
    number = 0
    for character in letters:
        number = 26 * number + ord(character) - 64
    return number - 1


def _begins(frame: pd.DataFrame) -> np.ndarray:
    """The rows whose first cell is filled."""
    import numpy as np

    from reportgen.cohort.coded import factorized
    from reportgen.cohort.whole_columns import inferred

    if frame.shape[1] == 0:
        return np.zeros(len(frame), bool)
    codes, distinct = factorized(frame.iloc[:, 0])
    if inferred(distinct) == "string" and not re.search(r"^\s*$", "\n".join(distinct), re.MULTILINE):
        return codes >= 0
    return np.array([*map(is_filled, distinct), False], bool)[codes]
