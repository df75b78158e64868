"""What a reader hands over: sheets of cells as they were found, nothing interpreted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reportgen.errors import Issue

if TYPE_CHECKING:
    import pandas as pd

FORMULA_WITHOUT_VALUE = "formula"


@dataclass(frozen=True)
class RawSheet:
    """One sheet. header: its texts, "" where empty; frame: the rows below it.

    The columns of frame are positions from 0 (A), its index the row numbers of the sheet, its cells
    text, numbers, bool, dates or None. faults: (row number, position) → the error text of a cell
    (#N/A) or FORMULA_WITHOUT_VALUE. typed: the source tells numbers and dates from text.
    """

    name: str
    header: tuple[str, ...]
    header_row: int
    frame: pd.DataFrame
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    typed: bool = True


@dataclass(frozen=True)
class RawWorkbook:
    """A source as read. name: the file's name without its folder; sha256: of its bytes."""

    name: str
    sha256: str
    sheets: tuple[RawSheet, ...]
    issues: tuple[Issue, ...] = ()


def from_grid(name: str, grid: Sequence[Sequence], faults: Mapping | None = None) -> RawSheet:
    """A sheet from its cells, row 1 and column A first; "" and None are empty.

    The header is the first of the first 20 rows with two filled cells, so that a title above the table
    does no harm. Rows without any content are left out; the others keep their number.
    """
    import pandas as pd

    faults = dict(faults or {})
    top = next((i for i, row in enumerate(grid[:20]) if sum(_filled(cell) for cell in row) >= 2), 0)
    header = [str(cell).strip() if _filled(cell) else "" for cell in (grid[top] if grid else ())]
    frame = pd.DataFrame(list(grid[top + 1 :]), dtype=object, columns=range(len(header)))
    frame.index = range(top + 2, top + 2 + len(frame))
    frame = frame.mask(frame.eq("") | frame.isna(), None).astype(object)
    content = frame.notna()
    for row, position in faults:
        if row in content.index and position in content.columns:
            content.at[row, position] = True
    keep_rows = content.any(axis=1)
    for row in frame.index[keep_rows & ~frame.iloc[:, :1].map(_filled).any(axis=1)]:
        has_fault = (content.loc[row] & frame.loc[row].isna()).any()
        keep_rows[row] = has_fault or any(map(_filled, frame.loc[row]))
    filled = [p for p in frame.columns if header[p] or content[p].any()]
    width = max(filled, default=-1) + 1
    return RawSheet(
        name, tuple(header[:width]), top + 1, frame.loc[keep_rows, list(range(width))], faults
    )  # fmt: skip


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


def _filled(cell: object) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())
