"""Tables put together from the rows of an export, each cell with the place that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reportgen.cohort.mapping.keys import name_key
from reportgen.cohort.raw import RawSheet

EVENT, INSTRUMENT, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
Origin = tuple[RawSheet, int, int]


@dataclass(frozen=True)
class Row:
    """One row of an export: whose it is, which event and which repeating form (as `name_key`) it belongs to."""

    export: RawSheet
    number: int
    record: str
    event: str
    form: str
    positions: Mapping[str, int]
    cells: tuple

    def cell(self, column: str) -> tuple[object, Origin] | None:
        """What a column holds and where; None where it is empty or not in this export."""
        position = self.positions.get(column)
        if position is None or self.cells[position] is None:
            return None
        return self.cells[position], (self.export, self.number, position)


def rows_of(export: RawSheet, record: str) -> Iterator[Row]:
    """The rows of an export that have a record id."""
    positions = {text: position for position, text in enumerate(export.header) if text}
    for number, cells in zip(
        export.frame.index, export.frame.itertuples(index=False, name=None), strict=True
    ):
        system = {name: _text(cells, positions.get(name)) for name in (EVENT, INSTRUMENT, INSTANCE)}
        who = _text(cells, positions[record])
        form = name_key(system[INSTRUMENT]) if system[INSTRUMENT] else ""
        event = " ".join(part for part in (system[EVENT], "" if form else system[INSTANCE]) if part)
        yield Row(export, int(number), who, event, form, positions, cells)


def is_list_of_repeating(sheet: RawSheet) -> bool:
    """Whether a sheet is the API's list of forms that repeat, which names them before any is filled in."""
    return {"form_name", "custom_form_label"} <= set(sheet.header) and "field_name" not in sheet.header


def forms_of(listed: RawSheet) -> set[str]:
    """The forms in such a list, as `name_key`; where an event repeats as a whole, it names none."""
    place = listed.header.index("form_name")
    return {name_key(str(cell)) for cell in listed.frame[place] if cell is not None}


def joined(
    name: str, table: str, header: Sequence[str], rows: Sequence[Sequence[tuple[object, Origin]]]
) -> RawSheet:
    """A sheet of rows whose every cell, even an empty one, has an origin."""
    frame = pd.DataFrame(
        [[cell for cell, _ in row] for row in rows], dtype=object, columns=range(len(header))
    )
    frame.index = range(2, 2 + len(frame))

    def place(row: int, position: int) -> tuple[str, str]:
        export, number, column = rows[max(row - 2, 0)][position][1]
        return export.cell(number if row > 1 else export.header_row, column)

    return RawSheet(name, tuple(header), 1, frame, typed=False, table=table, place=place if rows else None)


def _text(cells: tuple, position: int | None) -> str:
    cell = cells[position] if position is not None else None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
