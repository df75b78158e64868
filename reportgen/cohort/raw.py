"""What a reader hands over: sheets of cells as they were found, nothing interpreted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from reportgen.base.errors import Issue
from reportgen.cohort.mapping.schema import NUL_SHOWN, SHEETS, known_names, name_key
from reportgen.settings.model import EndpointRule

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# Names that say of what kind a column is, but not of what.
GENERIC = frozenset(
    (
        "date",
        "datum",
        "start",
        "stop",
        "end",
        "yes_no",
        "y_n",
        "value",
        "result",
        "grade",
        "time",
        "site",
        "reason",
    )
)
MAX_NAME = 60
FORMULA_WITHOUT_VALUE = "formula"
Place = Callable[[int, int], tuple[str, str]]
# Sheets of ours, whose rows are what they are: no row of them groups the columns below it.
UNGROUPED = frozenset(("report", "dictionary", *SHEETS["report"], *SHEETS["dictionary"]))


@dataclass(frozen=True)
class RawSheet:
    """One sheet. header: its texts, "" where empty; frame: the rows below it.

    The columns of frame are positions from 0 (A), its index the row numbers of the sheet, its cells
    text, numbers, bool, dates or None. faults: (row number, position) → the error text of a cell
    (#N/A) or FORMULA_WITHOUT_VALUE. typed: the source tells numbers and dates from text. table: the
    canonical table that it is, where the reader knows. place: (row number, position) → the file or table and
    the cell in the source, where the sheet was put together from others or its source has no such cells.
    labels: what the source calls its columns in words, if it does.
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
    top = min(told, len(grid)) - 1 if told and grid else _header_row(grid[:20])
    names = list(grid[top]) if grid else []
    if grid and not told and _goes_on_below(grid, top):
        top += 1
        names = list(grid[top])
    header = names if not grid or name_key(name) in UNGROUPED else with_groups(grid, top, names)
    frame = pd.DataFrame(list(grid[top + 1 :]), dtype=object, columns=range(len(header)))
    frame.index = range(top + 2, top + 2 + len(frame))
    return replace(from_frame(name, header, frame, faults), header_row=top + 1)


def _goes_on_below(grid: Sequence[Sequence], top: int) -> bool:
    """Whether the names of columns stand in two rows: the lower one fills what groups in the upper one leave open.

    The lower row holds texts alone and nothing in the first column, in which the rows below it have their ids.
    """
    if top + 2 >= len(grid):
        return False
    upper, below, after = grid[top], grid[top + 1], grid[top + 2]
    first = next((p for p, cell in enumerate(upper) if _filled(cell)), None)
    filled = [p for p, cell in enumerate(below) if _filled(cell)]
    if first is None or len(filled) < 2 or _filled(below[first]) or not _filled(after[first]):
        return False
    texts = all(isinstance(below[p], str) and len(below[p]) <= MAX_NAME for p in filled)
    opened = [p for p in filled if not _filled(upper[p])]
    known = known_names()
    named = sum(name_key(below[p]) in known or name_key(below[p]) in GENERIC for p in filled) if texts else 0
    return bool(opened) and texts and 2 * named >= len(filled)


def with_groups(grid: Sequence[Sequence], top: int, names: Sequence) -> list:
    """The names of the columns, joined with those of groups in up to two rows above where they say too little alone.

    That is where a name stands twice, or only says what of a group it is (date, grade). A column whose name stands
    above alone, in a merged cell, is called so. Titles, alone in the first column, are no groups.
    """
    names = list(names)
    for above in range(top - 1, max(top - 3, -1), -1):
        row = [*grid[above], *[None] * len(names)][: len(names)]
        groups = [p for p, cell in enumerate(row) if _filled(cell)]
        if (
            not groups
            or (len(groups) == 1 and groups[0] == 0)
            or not all(isinstance(row[p], str) for p in groups)
        ):
            break
        keys = [name_key(name) if _filled(name) else "" for name in names]
        joined, group, of = list(names), "", -1
        for place, key in enumerate(keys):
            if _filled(row[place]):
                group, of = " ".join(str(row[place]).split()), place
            if not group:
                continue
            if not key and of == place:
                joined[place] = group
            elif key and (keys.count(key) > 1 or key in GENERIC) and name_key(group) != key:
                joined[place] = f"{group} {names[place]}"
        names = joined
    return names


def header_row_told(name: str, rows: Mapping[str, int]) -> int:
    """The row that the settings name for a sheet or file; 0 where they name none."""
    return next((row for sheet, row in rows.items() if name_key(sheet) == name_key(name)), 0)


def _header_row(grid: Sequence[Sequence]) -> int:
    filled = [i for i, row in enumerate(grid) if sum(_filled(cell) for cell in row) >= 2]
    if not filled:
        return 0
    known = known_names()
    named = [
        i
        for i in filled
        if sum(name_key(c) in known for c in grid[i] if isinstance(c, str) and c.strip()) >= 2
    ]
    none_above = named and not any(
        name_key(c) in known for c in grid[filled[0]] if isinstance(c, str) and c.strip()
    )
    top = named[0] if none_above else filled[0]
    while (deeper := _deeper(grid, top, known)) > top:
        top = deeper
    return top


def _deeper(grid: Sequence[Sequence], top: int, known: frozenset[str]) -> int:
    """The row of names over which a row only puts groups: the next one, or, below groups again, the one after."""
    for row in (top + 1, top + 2):
        between = grid[top + 1 : row]
        texts = all(isinstance(cell, str) for line in between for cell in line if _filled(cell))
        if row < len(grid) and texts and _stands_over(grid[top], grid[row], known):
            return row
    return top


def _stands_over(row: Sequence, below: Sequence, known: frozenset[str]) -> bool:
    """Whether a row only groups the columns named in the one below: it fills at most half as many cells."""
    names = [cell for cell in below if _filled(cell)]
    texts = all(isinstance(cell, str) for cell in names)
    sparse = 2 * sum(map(_filled, row)) <= len(names)
    return texts and sparse and sum(name_key(cell) in known for cell in names) >= 2


def from_frame(name: str, header: Sequence, frame: pd.DataFrame, faults: Mapping | None = None) -> RawSheet:
    """A sheet from its header in row 1 and the rows below; these are numbered by the frame's index.

    Cells that are "" or not a number are empty. Rows without any content are left out, and columns at the
    right without any.
    """
    import pandas as pd

    faults = dict(faults or {})
    header = [str(cell) if _filled(cell) else "" for cell in header]
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
        keep_rows[row] = has_fault or any(map(_filled, frame.loc[row]))
    filled = [p for p in frame.columns if header[p] or content[p].any()]
    width = max(filled, default=-1) + 1
    kept = frame.loc[keep_rows, list(range(width))]
    return RawSheet(name, tuple(header[:width]), 1, kept, faults)


def from_columns(name: str, header: Sequence[str], frame: pd.DataFrame) -> RawSheet:
    """The same of a frame whose empty cells are None; it is copied only where a row or column may lack content."""
    if all(map(_filled, header)) and len(frame) and _begins(frame).all():
        return RawSheet(name, tuple(header), 1, frame)
    return from_frame(name, header, frame)


def from_records(
    name: str, header: Sequence[str], frame: pd.DataFrame, labels: Sequence[str] = ()
) -> RawSheet:
    """A table without addresses such as C7: its cells are named by column and row, the first being row 1."""
    frame = frame.set_axis(range(len(header)), axis=1).set_axis(range(1, len(frame) + 1), axis=0)
    return _by_name(from_frame(name, header, frame), header, labels)


def from_cells(name: str, header: Sequence[str], frame: pd.DataFrame) -> RawSheet:
    """The same of a table whose empty cells are None, whose columns all have a name and no row of which is empty."""
    frame = frame.set_axis(range(len(header)), axis=1).set_axis(range(1, len(frame) + 1), axis=0)
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
    for position in frame.columns:
        held = [isinstance(cell, str) and "\0" in cell for cell in frame[position]]
        if any(held):
            shown = frame[position].copy()
            shown[held] = [cell.replace("\0", NUL_SHOWN) for cell in shown[held]]
            frame = frame.copy(deep=False) if frame is sheet.frame else frame
            frame[position] = shown
    return sheet if frame is sheet.frame else replace(sheet, frame=frame)


def located(issues: Iterable[Issue], sheets: Iterable[RawSheet]) -> tuple[Issue, ...]:
    """The issues with the places that their cells have in the source."""
    moved = {sheet.name: sheet for sheet in sheets if sheet.place}
    found = []
    for issue in issues:
        cell = re.fullmatch("([A-Z]+)([0-9]+)", issue.cell or "")
        if issue.sheet in moved and cell:
            sheet, place = moved[issue.sheet].cell(int(cell[2]), position_of(cell[1]))
            issue = replace(issue, sheet=sheet, cell=place)
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
    import pandas as pd

    if frame.shape[1] == 0:
        return np.zeros(len(frame), bool)
    codes, distinct = pd.factorize(frame.iloc[:, 0].to_numpy(dtype=object))
    if pd.api.types.infer_dtype(distinct) == "string" and not re.search(
        r"^\s*$", "\n".join(distinct), re.MULTILINE
    ):
        return codes >= 0
    return np.array([*map(_filled, distinct), False], bool)[codes]


def _filled(cell: object) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())
