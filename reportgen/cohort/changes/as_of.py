"""What of today's data an earlier report could have known: the difference between a correction and follow-up.

An earlier report knew each patient up to the last day of which its data said anything. Today's data, cut off
at that day patient by patient, hold exactly what it would have held had it been right; whatever differs was
corrected. All that is dated later is follow-up. Some columns have no date of their own and move on as time
passes: a change there is follow-up if the patient has been seen since, and a correction if not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.cohort.changes.row_pairing import pairs
from reportgen.cohort.clean.cutoff import known_until
from reportgen.cohort.clean.timing import dates_after, id_key
from reportgen.cohort.cohort import Table
from reportgen.cohort.mapping.keys import name_key
from reportgen.settings.model import Settings

Tables = Mapping[str, Table]
BEST_FIRST = ("CR", "PR", "SD", "PD")
MOVE_ON = {
    "patients": ("best_response", "disease_status", "stop_reason", "vital_status", "relapse_site"),
    "treatments": ("best_response", "stop_reason"),
    "toxicities": ("action",),
    "assessments": (),
    "measurements": (),
}  # fmt: skip


def of_patients(tables: Tables, then: Table) -> dict[str, Table]:
    """Today's tables with the rows of those patients only whom the earlier report had."""
    known = set(id_key(then.frame["patient_id"]))
    kept = {}
    for name, table in tables.items():
        rows = id_key(table.frame["patient_id"]).isin(known)
        kept[name] = replace(table, frame=table.frame[rows], days=table.days[rows])
    return kept


def corrected(now: Tables, then: Tables, settings: Settings) -> dict[str, Table]:
    """The earlier report's patients as today's data describe them, up to the day to which it knew each of them."""
    mine = of_patients(now, then["patients"])
    patients, before = mine["patients"], then["patients"]
    rows = pairs(before, patients)
    row_now = pd.Series(list(rows.values()), index=pd.Index(list(rows), dtype="int64"), dtype="int64")
    known = _last_known(then).reindex(row_now.index)
    limit, day = _limits(known, before, patients, row_now)
    until, _ = known_until(mine, limit, day)
    further = _followed_further(before, patients, row_now)
    until["patients"] = _moved_on(until["patients"], patients, before, row_now, further)
    until["patients"] = _given_times(until["patients"], patients, before, row_now, settings)
    for name, table in until.items():
        if name != "patients" and name in then:
            by_id = pd.Series(further.to_numpy(), index=id_key(before.frame.loc[further.index, "patient_id"]))
            again = id_key(then[name].frame["patient_id"]).map(by_id).eq(True)
            matched = pairs(then[name], table)
            found = pd.Series(
                list(matched.values()), index=pd.Index(list(matched), dtype="int64"), dtype="int64"
            )
            further_rows = again.reindex(found.index)
            until[name] = _kept(table, mine[name], then[name], found, further_rows, MOVE_ON[name])
    return until


def _last_known(then: Tables) -> pd.Series:
    """Per row of the patients, the last day (from the start) of which any table says anything."""
    patients = then["patients"]
    last = patients.days.max(axis=1)
    by_id = pd.Series(patients.frame.index, index=id_key(patients.frame["patient_id"]))
    for name, table in then.items():
        if name != "patients" and len(table) and len(table.days.columns):
            rows = id_key(table.frame["patient_id"]).map(by_id)
            latest = table.days.max(axis=1).groupby(rows).max()
            last = pd.concat([last, latest.reindex(last.index)], axis=1).max(axis=1)
    return last


def _limits(known: pd.Series, then: Table, now: Table, row_now: pd.Series) -> tuple[pd.Series, pd.Series]:
    """That day for each row of today's patients: in days from today's start of treatment, and as a date."""
    start_then, start_now = then.start.loc[row_now.index], now.start.loc[row_now.to_numpy()]
    date = dates_after(start_then, known)
    days = (date - pd.to_datetime(pd.Series(start_now.to_numpy(), index=date.index))).dt.days.astype(float)
    limit = days.where(days.notna(), known)
    limit, date = limit.set_axis(row_now.to_numpy()), date.set_axis(row_now.to_numpy())
    return limit.reindex(now.frame.index), date.reindex(now.frame.index)


def _followed_further(then: Table, now: Table, row_now: pd.Series) -> pd.Series:
    """Per earlier row, whether today's data saw the patient, or his death, on a later day than the earlier ones."""
    ends = []
    for table, rows in ((then, row_now.index), (now, row_now.to_numpy())):
        seen = [table.frame[c].loc[rows] for c in ("last_contact", "death_date") if c in table.frame]
        if seen and not all(dates.isna().all() for dates in seen):
            end = pd.concat(seen, axis=1).max(axis=1).astype("int64").astype(float)
        else:
            columns = [c for c in ("last_contact", "death_date") if c in table.days]
            end = table.days[columns].loc[rows].max(axis=1)
        ends.append(end.to_numpy(float))
    return pd.Series(ends[1] > ends[0], index=row_now.index)


def _moved_on(until: Table, now: Table, then: Table, row_now: pd.Series, further: pd.Series) -> Table:
    """Take back what follow-up added to columns without a date of their own, and the last contact itself."""
    table = _kept(until, now, then, row_now, further, MOVE_ON["patients"])
    if "last_contact" not in table.frame or "last_contact" not in then.frame:
        return table
    frame, days = table.frame.copy(), table.days.copy()
    rows, theirs = row_now[further].to_numpy(), row_now.index[further]
    frame.loc[rows, "last_contact"] = then.frame.loc[theirs, "last_contact"].to_numpy()
    start = table.start.loc[rows]
    dated = (frame.loc[rows, "last_contact"] - pd.to_datetime(start)).dt.days.astype(float)
    days.loc[rows, "last_contact"] = dated.where(
        dated.notna(), pd.Series(then.days.loc[theirs, "last_contact"].to_numpy(), index=rows)
    )
    return replace(table, frame=frame, days=days)


def _kept(
    until: Table, now: Table, then: Table, row_now: pd.Series, further: pd.Series, columns: tuple[str, ...]
) -> Table:
    """The table with the earlier words of these columns wherever they only moved on.

    now: the same rows without any limit: a word may be empty in `until` just because its date is later.
    """
    frame = until.frame.copy()
    for column in columns:
        if column in frame and column in then.frame:
            before = then.frame.loc[row_now.index, column]
            after = pd.Series(now.frame.loc[row_now.to_numpy(), column].to_numpy(), index=row_now.index)
            only = further & pd.Series(
                [_moves(column, old, new) for old, new in zip(before, after, strict=True)],
                index=row_now.index,
                dtype=bool,
            )
            frame.loc[row_now[only].to_numpy(), column] = before[only].to_numpy()
    return replace(until, frame=frame)


def _moves(column: str, before: object, after: object) -> bool:
    """Whether a word can become another by the passing of time."""
    if before is None or column in ("disease_status", "stop_reason"):
        return True
    if column == "vital_status":
        return before == "alive"
    if column == "best_response" and before in BEST_FIRST and after in BEST_FIRST:
        return BEST_FIRST.index(after) <= BEST_FIRST.index(before)
    return column == "best_response" and before == "NE"


def _given_times(until: Table, now: Table, then: Table, row_now: pd.Series, settings: Settings) -> Table:
    """Durations that the settings take as given: a longer one is follow-up, with whatever happened at its end."""
    frame = until.frame.copy()
    for rule in settings.endpoint:
        time, event = name_key(rule.time), name_key(rule.event)
        if rule.time and {time, event} <= set(then.frame) and {time, event} <= set(now.frame):
            longer = now.frame.loc[row_now.to_numpy(), time].to_numpy(float) > then.frame.loc[
                row_now.index, time
            ].to_numpy(float)
            rows = row_now[np.asarray(longer, bool)]
            for column in (time, event):
                frame.loc[rows.to_numpy(), column] = then.frame.loc[rows.index, column].to_numpy()
    return replace(until, frame=frame)
