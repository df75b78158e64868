"""The cut-off: what was not yet known on that day is not in the cohort."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from reportgen.base.errors import NOTE, WARNING, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.cohort import Table
from reportgen.cohort.rows import where

# date after the cut-off → what else was not known then
GOES_WITH = {
    "patients": {
        "treatment_stop": ("stop_reason",),
        "response_date": ("best_response",),
        "relapse_date": ("relapse_site", "disease_status"),
        "death_date": ("cause_of_death", "disease_status"),
    },
    "toxicities": {"resolved_date": ()},
    "treatments": {"stop_date": ("stop_reason",)},
    "assessments": {},
    "measurements": {},
}
ROW_BEGINS = {"toxicities": "onset_date", "treatments": "start_date", "assessments": "date",
               "measurements": "date"}  # fmt: skip


def latest_date(patients: Table) -> date | None:
    """The last day on which a patient was seen or died; None where the source has no such dates."""
    seen = [patients.frame[c].max() for c in ("last_contact", "death_date") if c in patients.frame]
    seen = [day for day in seen if not pd.isna(day)]
    return max(seen).date() if seen else None


def apply_cutoff(
    tables: Mapping[str, Table], cutoff: date
) -> tuple[dict[str, Table], pd.Index, tuple[Issue, ...]]:
    """The tables as they were known at the end of the cut-off day, and the rows of patients who left.

    Patients who started later leave with all their rows. Later events are blanked; who was seen or died
    later was alive on the cut-off, which becomes the last contact. Rows of other tables that begin later
    are dropped; a row without a date stays. Each kind of change is one NOTE. Where the source gives only
    elapsed times, no day is known, nothing changes, and a WARNING says so.
    """
    patients = tables["patients"]
    start = patients.start
    if start.isna().all():
        problem = message("The cut-off was not applied: the data have no dates, only elapsed times")
        hint = message("Give the start of treatment as a date, or leave the cut-off away")
        return dict(tables), patients.frame.index[:0], (
            Issue(WARNING, "CUTOFF_NOT_APPLIED", patients.sheet, None, None, problem, hint),
        )  # fmt: skip
    limit = pd.Series((pd.Timestamp(cutoff) - start.array).days, index=start.index, dtype=float)
    left = patients.frame.index[limit < 0]
    patients = _keep(patients, ~(limit < 0))
    limit = limit.loc[patients.frame.index]
    day = pd.Series(pd.Timestamp(cutoff), index=limit.index)
    changed, issues = known_until({**tables, "patients": patients}, limit, day)
    return changed, left, (*_left(patients, len(left)), *issues)


def known_until(
    tables: Mapping[str, Table], limit: pd.Series, day: pd.Series
) -> tuple[dict[str, Table], list[Issue]]:
    """The tables as they were known at the end of a day, which may differ from patient to patient.

    limit: that day in days from the start of treatment, and day: as a date, one per row of the patients.
    """
    patients, issues = _patients_at(tables["patients"], limit, day)
    changed, by_id = {"patients": patients}, limit.set_axis(patients.frame["patient_id"])
    for name, table in tables.items():
        if name != "patients":
            changed[name], said = _rows_at(table, by_id)
            issues.extend(said)
    return changed, issues


def _patients_at(patients: Table, limit: pd.Series, day: pd.Series) -> tuple[Table, list[Issue]]:
    frame, days, issues = patients.frame.copy(deep=False), patients.days.copy(deep=False), []
    later = {c: days[c] > limit for c in days if c != "last_contact"}
    seen_later = (
        days["last_contact"] > limit if "last_contact" in days else pd.Series(False, index=frame.index)
    )
    died_later = later.get("death_date", pd.Series(False, index=frame.index))
    for column, mask in later.items():
        if not mask.any():
            continue
        frame[column], days[column] = frame[column].mask(mask), days[column].mask(mask)
        for other in GOES_WITH["patients"].get(column, ()):
            if other in frame:
                frame[other] = frame[other].mask(mask, None)
        issues.append(_note(patients, _not_yet(column, mask)))
    if "vital_status" in frame:
        frame["vital_status"] = frame["vital_status"].mask(died_later, "alive")
    moved = seen_later | died_later
    if "last_contact" in frame and moved.any():
        with_date = moved & frame["last_contact"].notna()
        frame["last_contact"] = frame["last_contact"].mask(with_date, day)
        days["last_contact"] = days["last_contact"].mask(moved, limit)
        said = message(
            "{n} × last_contact after the cut-off became the cut-off, on which the patient was alive",
            n=int(moved.sum()),
        )
        issues.append(_note(patients, said))
    return replace(patients, frame=frame, days=days), issues


def _rows_at(table: Table, by_id: pd.Series) -> tuple[Table, list[Issue]]:
    issues, ids, begins = [], by_id.index.array, ROW_BEGINS[table.name]

    def limit(part: Table) -> pd.Series:
        return part.frame["patient_id"].map(by_id).astype(float, copy=False)

    gone = where(table, lambda part: limit(part).isna() & ~part.frame["patient_id"].isin(ids))
    later = _later(table, begins, limit)
    if later.any():
        said = message("{n} × rows that begin after the cut-off were left out", n=int(later.sum()))
        issues.append(_note(table, said))
    table = _keep(table, ~gone & ~later)
    frame, days = table.frame.copy(deep=False), table.days.copy(deep=False)
    for column, others in GOES_WITH[table.name].items():
        mask = _later(table, column, limit)
        if mask.any():
            frame[column], days[column] = frame[column].mask(mask), days[column].mask(mask)
            for other in others:
                if other in frame:
                    frame[other] = frame[other].mask(mask, None)
            issues.append(_note(table, _not_yet(column, mask)))
    return replace(table, frame=frame, days=days), issues


def _later(table: Table, column: str, limit: Callable[[Table], pd.Series]) -> pd.Series:
    """(rows,) whose day lies after the limit of their patient; none where the table lacks the column."""
    if column not in table.days:
        return pd.Series(False, index=table.frame.index)
    return where(table, lambda part: part.days[column] > limit(part))


def drop_patients(tables: Mapping[str, Table], ids: set) -> dict[str, Table]:
    """The tables without these patients, and without rows that name no patient."""
    changed = {}
    for name, table in tables.items():
        names = table.frame["patient_id"]
        changed[name] = _keep(table, names.notna() & ~names.isin(ids))
    return changed


def _keep(table: Table, rows: pd.Series) -> Table:
    if rows.all():
        return table
    return replace(table, frame=table.frame[rows], days=table.days[rows])


def _left(patients: Table, count: int) -> Iterator[Issue]:
    if count:
        said = message("{n} × patients who started after the cut-off left the cohort", n=count)
        yield _note(patients, said)


def _not_yet(column: str, later: pd.Series) -> Message:
    return message("{n} × {a} after the cut-off is not yet known", n=int(later.sum()), a=column)


def _note(table: Table, said: Message) -> Issue:
    return Issue(NOTE, "AFTER_CUTOFF", table.sheet, None, None, said, message("Nothing to do"))
