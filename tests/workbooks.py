"""Small workbooks for tests: sheets from plain Python data, written where the test says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook


def write_workbook(path: Path, **sheets: Iterable) -> Path:
    """Write one sheet per keyword, in order, and return the path.

    A sheet is a list of dicts (the header is the union of their keys, in order of appearance) or a list
    of lists (the first is the header). A cell is text, a number, a date, a bool or None. Text that starts
    with "=" stays text; `Formula("=1+1")` is written as a formula, which then has no stored value.

    >>> write_workbook(tmp_path / "small.xlsx", patients=minimal_patients(3))    # doctest: +SKIP
    """
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(_as_lists(rows), start=1):
            for column, value in enumerate(cells, start=1):
                if value is not None:
                    _write(sheet.cell(row, column), value)
    book.save(path)
    return path


class Formula(str):
    """A formula: as openpyxl writes it, without a stored value."""


class ErrorValue(str):
    """An error cell such as #N/A."""


def minimal_patients(n: int, **columns) -> list[dict]:
    """n valid patients P01, P02 … with only the required columns, one starting every 30 days, the 101st with the first.

    A further column is a list of n values, or one value for all: minimal_patients(2, sex=["F", "M"]).
    Everybody starts in or after January 2015 and is seen last 1000 days after the start, alive.
    """
    rows = []
    for k in range(n):
        start = date(2015, 1, 5) + timedelta(days=30 * (k % 100))
        row = {
            "patient_id": f"P{k + 1:02}",
            "treatment_start": start,
            "last_contact": start + timedelta(days=1000),
            "vital_status": "alive",
        }
        for name, values in columns.items():
            row[name] = values[k] if isinstance(values, list) else values
        rows.append(row)
    return rows


def _as_lists(rows: Iterable) -> list[list]:
    rows = list(rows)
    if not rows or not isinstance(rows[0], Mapping):
        return [list(row) for row in rows]
    header = list(dict.fromkeys(key for row in rows for key in row))
    return [header] + [[row.get(key) for key in header] for row in rows]


def _write(cell, value) -> None:
    cell.value = value
    if isinstance(value, ErrorValue):
        cell.data_type = "e"
    elif isinstance(value, str) and not isinstance(value, Formula):
        cell.data_type = "s"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"


def mapped(source: Path):
    """What `map` proposes for a source, taken as it is: the settings are written beside it."""
    from reportgen.run import mapping

    found = mapping.map_source(source)
    mapping.write(found)
    return found
