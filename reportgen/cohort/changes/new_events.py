"""What happened between two reports: events that today's data have and the earlier report's had not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from reportgen.base.required import required
from reportgen.cohort.changes.corrections import shown
from reportgen.cohort.changes.row_pairing import pairs
from reportgen.cohort.clean.timing import id_key
from reportgen.cohort.cohort import Table

Tables = Mapping[str, Table]
SEVERE = 3


@dataclass(frozen=True)
class Happening:
    """One event. when: as the data give it (a date, or "day 12"), "" where not recorded; what: as the data
    name it; grade: of a toxicity, in figures."""

    patient: str
    when: str
    what: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Happenings:
    """One kind of event. then and now: how many were recorded. gone: recorded then, and no longer."""

    key: str
    then: int
    now: int
    new: tuple[Happening, ...]
    gone: tuple[Happening, ...]


def happened(then: Tables, now: Tables) -> tuple[Happenings, ...]:
    """Patients, relapses, deaths, stops of treatment and events of grade ≥ 3; what the data lack is left out."""
    found = [_patients(then["patients"], now["patients"])]
    for key, column, said in (
        ("relapses", "relapse_date", "relapse_site"),
        ("deaths", "death_date", "cause_of_death"),
        ("stops", "treatment_stop", "stop_reason"),
    ):
        if column in now["patients"].frame:
            found.append(_of_kind(key, then["patients"], now["patients"], column, said))
    if "toxicities" in now and "grade" in now["toxicities"].frame:
        found.append(_severe(then.get("toxicities"), now["toxicities"]))
    return tuple(found)


def _patients(then: Table, now: Table) -> Happenings:
    return _compared(
        "patients", then, now, lambda table: pd.Series(True, index=table.frame.index), "treatment_start", ""
    )


def _of_kind(key: str, then: Table, now: Table, column: str, said: str) -> Happenings:
    def recorded(table: Table) -> pd.Series:
        known = (
            table.days[column].notna() if column in table.days else pd.Series(False, index=table.frame.index)
        )
        if key == "deaths" and "vital_status" in table.frame:
            known = known | table.frame["vital_status"].eq("dead")
        return known

    return _compared(key, then, now, recorded, column, said)


def _compared(
    key: str, then: Table, now: Table, recorded: Callable[[Table], pd.Series], column: str, said: str
) -> Happenings:
    sides = []
    for table in (then, now):
        rows = table.frame.index[recorded(table)]
        sides.append(dict(zip(id_key(table.frame.loc[rows, "patient_id"]), rows, strict=True)))
    before, after = sides
    return Happenings(
        key,
        len(before),
        len(after),
        tuple(_happening(now, row, column, said) for who, row in after.items() if who not in before),
        tuple(_happening(then, row, column, said) for who, row in before.items() if who not in after),
    )


def _severe(then: Table | None, now: Table) -> Happenings:
    before = _rows(then) if then is not None and "grade" in then.frame else pd.Index([])
    after = _rows(now)
    same = pairs(then, now) if then is not None and len(before) else {}
    again = {same[row] for row in before if row in same}
    still = {row for row in before if same.get(row) in set(after)}
    return Happenings(
        "severe",
        len(before),
        len(after),
        tuple(_severe_one(now, row) for row in after if row not in again),
        tuple(_severe_one(required(then), row) for row in before if row not in still),
    )


def _rows(table: Table) -> pd.Index:
    return table.frame.index[table.frame["grade"] >= SEVERE]


def _severe_one(table: Table, row: int) -> Happening:
    term = shown(table, row, "term") if "term" in table.frame else ""
    when = shown(table, row, "onset_date") if "onset_date" in table.frame else ""
    return Happening(str(table.frame.at[row, "patient_id"]), when, term, f"{table.frame.at[row, 'grade']:g}")


def _happening(table: Table, row: int, column: str, said: str) -> Happening:
    def cell(name: str) -> str:
        return shown(table, row, name) if name in table.frame else ""

    return Happening(str(table.frame.at[row, "patient_id"]), cell(column), cell(said))
