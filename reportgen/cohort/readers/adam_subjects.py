"""ADSL as it is completed from other data sets of ADaM, or made of ADTTE, every cell with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from reportgen.base.required import required
from reportgen.cohort.clean import cells
from reportgen.cohort.raw import RawSheet
from reportgen.cohort.readers.adam_time import Parameter

# Variables of ADTTE that are of a record, and not of its subject.
OF_RECORDS = re.compile(
    r"PARAM\w*|PARCAT\w*|AVAL\w*|CNSR\w*|CNSD\w*|EVNT\w*|STARTDTM?|START\w*F|ADTM?|ADTF|ADY|SRC\w*|ANL\d\dFL|\w*SEQ|DTYPE"
)


def subjects_of(adtte: RawSheet) -> RawSheet:
    """ADTTE as ADSL where it comes alone: a row for each subject, of what is the same in all its records."""
    position = next(place for place, text in enumerate(adtte.header) if text.upper() == "USUBJID")
    ids = adtte.frame[position].map(lambda cell: "" if cell is None else cells.text(cell)[0])
    frame = adtte.frame[ids != ""]
    ids = ids[ids != ""]
    written = frame.map(str)
    kept = [
        place
        for place, text in enumerate(adtte.header)
        if text
        and not OF_RECORDS.fullmatch(text.upper())
        and written[place].groupby(ids).nunique().le(1).all()
    ]
    return replace(
        adtte,
        header=tuple(adtte.header[place] for place in kept),
        labels=tuple(adtte.labels[place] for place in kept) if adtte.labels else (),
        frame=frame.loc[~ids.duplicated(), kept].set_axis(range(len(kept)), axis=1),
        faults={
            (row, kept.index(place)): fault for (row, place), fault in adtte.faults.items() if place in kept
        },
        place=lambda row, place: adtte.cell(row, kept[place]),
    )


@dataclass
class Subjects:
    """ADSL as it is completed. added: position → (row → the place of its cell, the place of its head)."""

    sheet: RawSheet
    header: list[str]
    frame: pd.DataFrame
    ids: pd.Series
    added: dict[int, tuple[dict[int, tuple[str, str]], tuple[str, str]]] = field(default_factory=dict)

    def position(self, variable: str) -> int | None:
        """Where a variable stands, in any case of letters; None where it does not."""
        return next((place for place, text in enumerate(self.header) if text.upper() == variable), None)

    def add(self, name: str, parameter: Parameter, variable: str, records: Mapping) -> None:
        """A column from the records of a parameter, by subject."""
        cells = [records[who].values.get(variable) if who in records else None for who in self.ids]
        places = {
            row: parameter.place(records[who], variable) for row, who in self.ids.items() if who in records
        }
        self._append(name, cells, places, parameter.place(None, variable))

    def _append(self, name: str, column: list, places: dict, head: tuple[str, str]) -> None:
        position = len(self.header)
        self.header.append(name)
        self.frame[position] = pd.Series(column, index=self.frame.index, dtype=object)
        self.added[position] = places, head

    def add_column(
        self, name: str, sheet: RawSheet, names: Mapping[str, int], rows: pd.DataFrame, variable: str
    ) -> None:
        """A column from the rows of another data set, in which `value` stands: the first row of each subject."""
        who = rows[names["USUBJID"]].map(lambda cell: "" if cell is None else cells.text(cell)[0])
        once = ~who.duplicated()
        at = dict(zip(who[once], rows.index[once], strict=True))
        column = [rows.at[at[subject], "value"] if subject in at else None for subject in self.ids]
        places = {
            row: sheet.cell(int(at[subject]), names[variable])
            for row, subject in self.ids.items()
            if subject in at
        }
        self._append(name, column, places, sheet.cell(sheet.header_row, names[variable]))

    def add_last_contact(self, variable: str) -> None:
        """Death, or else the last day on which the subject was known to be alive."""
        alive, death = required(self.position(variable)), self.position("DTHDT")
        source = dict.fromkeys(self.frame.index, alive)
        if death is not None:
            source |= dict.fromkeys(self.frame.index[self.frame[death].notna()], death)
        column = [self.frame.at[row, position] for row, position in source.items()]
        places = {row: self.sheet.cell(row, position) for row, position in source.items()}
        self._append("last_contact", column, places, self.sheet.cell(self.sheet.header_row, alive))

    def as_sheet(self) -> RawSheet:
        """The sheet of the patients, each added cell with its place in the data set it came from."""

        def place(row: int, position: int) -> tuple[str, str]:
            if position not in self.added:
                return self.sheet.cell(row, position)
            places, head = self.added[position]
            return places.get(row, head)

        header = tuple(self.header)
        return replace(
            self.sheet, header=header, frame=self.frame, typed=False, table="patients", place=place
        )
