"""Patients of several rows, or of several tables: one row for each, every cell with the place it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from reportgen.base.errors import ERROR, NOTE, WARNING, Issue
from reportgen.base.message import message
from reportgen.cohort.clean import cells, dates
from reportgen.cohort.mapping.keys import loose_key, name_key, word_key
from reportgen.cohort.mapping.schema import columns_of
from reportgen.cohort.raw import RawSheet
from reportgen.cohort.readers.rising_ages import AGE, first_age, rising

# What is true of a patient now is what was last said; all else is expected to be said once.
LAST_SAID = ("vital_status", "disease_status")
SPELLED_OTHERWISE = message(
    "If it is a patient in another spelling, write alike_ids = true under [source] in report.toml",
    "spelled_otherwise",
)
Canonical = Callable[[str], str]


@dataclass(frozen=True)
class Origin:
    """Where cells of a joined column stand: row of the table → row of the sheet."""

    sheet: RawSheet
    position: int
    rows: Mapping[int, int]

    @property
    def head(self) -> tuple[str, str]:
        """The place of the column's head: sheet and cell."""
        return self.sheet.cell(self.sheet.header_row, self.position)


@dataclass
class Joined:
    """A table of one row per patient that grows by columns. keys: row → id as it is compared; ids: as it is written.

    origins: of each column, where its cells come from, the first of which knows a row.
    """

    header: list[str]
    labels: list[str]
    frame: pd.DataFrame
    keys: pd.Series
    ids: Mapping[int, str] = field(default_factory=dict)
    origins: list[list[Origin]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def sheet(self, like: RawSheet) -> RawSheet:
        """The table as a sheet in the place of another one, under a name of its own: its cells have other places."""
        faults = {place: fault for place, fault in like.faults.items() if place[0] in self.frame.index}
        labels = tuple(self.labels) if any(self.labels) else ()
        return replace(
            like, name=f"{like.name} (joined)", header=tuple(self.header), labels=labels, frame=self.frame,
            place=self.place, faults=faults, merged=(), header_row=0,
        )  # fmt: skip

    def place(self, row: int, position: int) -> tuple[str, str]:
        """Where a cell stands in the source; an empty one of nobody's at the head of its column.

        A column that was derived from others has no cell of its own: it stands at the id of the row.
        """
        origins = self.origins[position if position < len(self.origins) else 0]
        for origin in origins:
            if row in origin.rows:
                return origin.sheet.cell(origin.rows[row], origin.position)
        return origins[0].head

    def add(self, header: str, label: str, values: pd.Series, origin: Origin) -> None:
        """A column at the right. values: by row of the table."""
        self.frame[len(self.header)] = _objects(values.reindex(self.frame.index))
        self.header.append(header)
        self.labels.append(label)
        self.origins.append([origin])


def key_of(cell: object) -> str:
    """An id as it is compared; "" where there is none."""
    return "" if cell is None else word_key(cells.text(cell)[0] if isinstance(cell, str) else cell)


def one_row_each(sheet: RawSheet, key: int, canonical: Canonical) -> Joined:
    """The rows of a patient as one row, that of the first of them; rows without an id stay as they are.

    canonical: header → the column of ours that it is, or "". A value that all rows of the patient share counts, and
    so does one that some of them lack. Where rows differ, the latest day of last contact counts, death before life,
    and of other states the last one; any other column that differs within most patients of several rows describes a
    visit, not a patient, and is left out; where few differ, their cells are asked about and stay empty. A column
    without a name is left out, too.
    """
    ids = sheet.frame[key].map(key_of)
    codes, distinct = pd.factorize(ids.where(ids != "", [f"\0{row}" for row in ids.index]))
    patients = _Patients(sheet.frame.index.to_numpy(), codes, len(distinct))
    rows = patients.rows[patients.starts]
    found = Joined([], [], pd.DataFrame(index=rows), pd.Series(distinct, rows, dtype=object))
    found.ids = {
        row: "" if sheet.frame.at[row, key] is None else cells.text(sheet.frame.at[row, key])[0]
        for row in rows
    }
    labels = (*sheet.labels, *[""] * len(sheet.header))
    for position, text in enumerate(sheet.header):
        if not text:
            continue
        ours = canonical(text)
        values, taken, differ = patients.one_of(sheet.frame[position].to_numpy(dtype=object), ours)
        several = int(patients.several.sum())
        if position != key and 2 * len(differ) > several > 0 and ours not in LAST_SAID:
            found.issues.append(_visits(sheet, position))
            continue
        if ours == AGE and (risen := patients.risen(sheet.frame[position].to_numpy(dtype=object))):
            found.issues.append(rising(sheet, position, int(patients.rows[risen[0]]), len(risen)))
        found.issues.extend(_differing(sheet, position, differ, patients, sheet.frame[key], ours))
        origin = Origin(sheet, position, dict(zip(rows.tolist(), taken.tolist(), strict=True)))
        found.add(text, labels[position], pd.Series(values, rows, dtype=object), origin)
    return found


def as_they_are(sheet: RawSheet, key: int) -> Joined:
    """The rows of a sheet, each by itself, ready to be given further columns. key: the position of the ids."""
    rows = sheet.frame.index
    keys = sheet.frame[key].map(key_of)
    found = Joined([], [], pd.DataFrame(index=rows), pd.Series(keys, rows, dtype=object))
    found.ids = {row: cells.text(cell)[0] for row, cell in sheet.frame[key].items() if cell is not None}
    labels, same = (*sheet.labels, *[""] * len(sheet.header)), {int(row): int(row) for row in rows}
    for position, text in enumerate(sheet.header):
        found.add(text, labels[position], sheet.frame[position], Origin(sheet, position, same))
    return found


def join(table: Joined, other: Joined, key: int, canonical: Canonical) -> None:
    """The columns of another table, by patient, at the right of a table. key: the position of its ids.

    A column that both have is one: what the first table lacks is taken from the other one, and where they differ
    each cell is named and the first table counts.
    """
    theirs = table.keys.map(pd.Series(other.keys.index, index=other.keys.to_numpy()))
    at = {int(row): int(there) for row, there in theirs.dropna().items()}
    here = {name_key(text): position for position, text in enumerate(table.header) if text}
    for position, text in enumerate(other.header):
        if position == key or not text:
            continue
        values = _objects(theirs.map(other.frame[position]))
        first = other.origins[position][0]
        rows = {row: first.rows[there] for row, there in at.items() if there in first.rows}
        origin = replace(first, rows=rows)
        same = here.get(name_key(text))
        if same is None:
            table.add(text, other.labels[position], values, origin)
        else:
            _united(table, same, values, origin, canonical(text))
    table.issues.extend(other.issues)
    known, spelled = set(table.keys), {loose_key(who) for who in table.keys}
    for row, who in other.keys.items():
        if not who.startswith("\0") and who not in known:
            sheet, cell = other.place(int(row), key)
            hint = message("Add the patient, correct the id, or delete the row")
            if loose_key(who) in spelled:
                hint = SPELLED_OTHERWISE
            table.issues.append(Issue(WARNING, "ORPHAN_ROW", sheet, cell, cells.text(other.frame.at[row, key])[0],
                                      message("The patient is not on the sheet of patients, and was not joined"),
                                      hint))  # fmt: skip


def _united(table: Joined, position: int, values: pd.Series, origin: Origin, canonical: str) -> None:
    """A column of the same name in another table: what it knows beside what is known."""
    own = table.frame[position]
    held = own.notna() & ~own.map(_is_missing)
    empty, differ = ~held & values.notna(), held & values.notna() & ~values.map(_is_missing)
    differ &= own.map(key_of) != values.map(key_of)
    table.frame[position] = _objects(own.mask(empty, values))
    for row in own.index[differ]:
        sheet, cell = origin.sheet.cell(origin.rows[row], origin.position)
        other_sheet, other_cell = table.place(row, position)
        problem = message(
            "{a} is not what {b} on {c} says", a=table.header[position], b=other_cell, c=other_sheet
        )
        hint = message("Correct one of the two; until then the first counts")
        severity = _severity(canonical)
        table.issues.append(Issue(severity, "JOIN_CONFLICT", sheet, cell, table.ids[row], problem, hint))
    table.origins[position].insert(0, replace(origin, rows={row: origin.rows[row] for row in own.index[empty]
                                                            if row in origin.rows}))  # fmt: skip


class _Patients:
    """The rows of a sheet by patient. rows: row numbers; starts: place of each one's first; several: who has more."""

    def __init__(self, rows: np.ndarray, codes: np.ndarray, count: int) -> None:
        self.rows = rows
        order = np.argsort(codes, kind="stable")
        bounds = np.searchsorted(codes[order], np.arange(count + 1))
        self.starts = order[bounds[:-1]]
        self.several = np.diff(bounds) > 1
        self.own = {int(who): order[bounds[who] : bounds[who + 1]] for who in np.flatnonzero(self.several)}

    def risen(self, raw: np.ndarray) -> list[int]:
        """The places of the patients' first rows whose ages rise from row to row."""
        held = (
            [p for p in mine if not (raw[p] is None or _is_missing(raw[p]))] for mine in self.own.values()
        )
        return [
            int(places[0])
            for places in held
            if len({key_of(raw[p]) for p in places}) > 1 and first_age(raw, places) is not None
        ]

    def one_of(self, raw: np.ndarray, canonical: str) -> tuple[np.ndarray, np.ndarray, dict[int, list[int]]]:
        """(value, row that it is taken from: per patient; patient → one place of each of several values)."""
        places, differ = self.starts.copy(), {}
        values = raw[self.starts].copy()
        for who, mine in self.own.items():
            held = [int(place) for place in mine if not (raw[place] is None or _is_missing(raw[place]))]
            distinct = {key_of(raw[place]): place for place in reversed(held)}
            chosen = held[0] if len(distinct) == 1 else _counted(raw, held, canonical) if held else None
            if chosen is not None:
                places[who], values[who] = chosen, raw[chosen]
            elif held:
                values[who] = None
                differ[who] = [*reversed(distinct.values())]
        return values, self.rows[places], differ


def _counted(raw: np.ndarray, held: Sequence[int], canonical: str) -> int | None:
    """The place of what counts of several values: what was last said, in columns of which this is so; the first age."""
    if canonical == AGE:
        return first_age(raw, held)
    if canonical == "last_contact" or canonical.startswith("last_contact_"):
        read = {place: _moment(raw[place]) for place in held}
        return None if None in read.values() else max(held, key=lambda place: (read[place], -place))
    if canonical == "vital_status":
        dead = {*map(word_key, columns_of("patients")["vital_status"].words["dead"]), "dead"}
        died = [number for number, place in enumerate(held) if key_of(raw[place]) in dead]
        first, last = [*range(len(died))], [*range(len(held) - len(died), len(held))]
        if died not in (first, last):
            return None  # seen alive before and behind it, whichever way the rows run
        return held[died[0]] if died else held[-1]
    return held[-1] if canonical in LAST_SAID else None


def _moment(cell: object) -> float | None:
    """A day or a number, as they are compared."""
    day = dates.day(cell)[0]
    return cells.number(cell)[0] if day is None else float(day.toordinal())


def _is_missing(cell: object) -> bool:
    return isinstance(cell, str) and cells.missing(cells.text(cell)[0])


def _objects(values: pd.Series) -> pd.Series:
    found = values.astype(object)
    return found.where(found.notna(), None)


def _severity(canonical: str) -> str:
    """Of what the report computes with it is an error; of texts and other columns there may be several."""
    column = columns_of("patients").get(canonical)
    return ERROR if canonical and (column is None or column.kind != "text") else WARNING


def _visits(sheet: RawSheet, position: int) -> Issue:
    problem = message(
        "{a} differs between the rows of the patients and was not read as a column of theirs",
        a=sheet.header[position],
    )
    where = sheet.cell(sheet.header_row, position)
    return Issue(NOTE, "VISIT_COLUMN", *where, None, problem, message("Nothing to do"))


def _differing(
    sheet: RawSheet, position: int, differ: Mapping[int, list[int]], patients: _Patients, ids: pd.Series, ours: str
) -> Iterator[Issue]:  # fmt: skip
    for who, places in differ.items():
        where = sheet.cell(int(patients.rows[places[-1]]), position)
        problem = message("{a} differs between the rows of the patient", a=sheet.header[position])
        hint = message("Correct all but one; until then it counts as not known")
        severity = _severity(ours)
        yield Issue(
            severity, "ROWS_DIFFER", *where, cells.text(ids.iloc[patients.starts[who]])[0], problem, hint
        )
