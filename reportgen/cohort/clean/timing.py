"""From dates, or elapsed times, to days since each patient's time zero; and what follows from them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from reportgen.base import aside
from reportgen.base.errors import NOTE, Issue
from reportgen.base.message import Message, message
from reportgen.cohort.clean.cleaning import Cleaned
from reportgen.cohort.coded import Coded, is_coded
from reportgen.cohort.cohort import Table
from reportgen.cohort.distinct import chosen, kept, narrow, slices, spread
from reportgen.cohort.mapping.keys import plain_and_apart, plain_keys
from reportgen.cohort.mapping.schema import DAYS_PER, ONGOING

ID_KEY = "id_key"
WIDE = 100  # columns
NANOSECONDS = 86_400 * 10**9  # of a day
FROM_CONTACT = (
    message("There is no column death_date; the dead were taken to have died on their last contact"),
    message("Add the column death_date"),
)
FROM_DEATH = (
    message("There is no column vital_status; patients with a date of death are dead, the others alive"),
    message("Add the column vital_status"),
)


def id_key(ids: pd.Series) -> pd.Series:
    """Ids as they are compared: NFKC, trimmed, case folded; None stays None."""
    if is_coded(ids):
        places, keys = kept(ids.array.distinct, ID_KEY, _keys)
        apart = len(keys) == len(ids.array.distinct)
        codes = ids.array.codes if apart else chosen(places, ids.array.codes)
        return pd.Series(Coded(codes, keys), index=ids.index, copy=False)
    codes, distinct = pd.factorize(ids)
    places, keys = _keys(distinct.to_numpy())
    return pd.Series(spread(places[codes], keys), index=ids.index, dtype=object)


def _keys(distinct: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of the keys each of these ids has, and that of none has none; and the keys."""
    keys = plain_keys(distinct)
    if keys is not None and plain_and_apart(distinct):
        return narrow(np.append(np.arange(len(keys)), -1), len(keys)), np.array(keys, dtype=object)
    if keys is None:
        keys = [unicodedata.normalize("NFKC", str(text)).strip().casefold() for text in distinct.tolist()]
    places, keys = pd.factorize(np.array(keys, dtype=object))
    return narrow(np.append(places, -1), len(keys)), keys


def rows_of(patients: Table, table: Table) -> pd.Series:
    """Per row of another table the label of its patient's row; nan where the id is none, or that of several."""
    keys = id_key(patients.frame["patient_id"])
    once = keys.notna() & ~keys.duplicated()
    rows = pd.Series(patients.frame.index[once], index=keys[once])
    return id_key(table.frame["patient_id"]).map(rows)


def dates_after(start: pd.Series, days: pd.Series) -> pd.Series:
    """(rows,) the date so many days after each start; NaT where either is not known."""
    # A day that is nan leaves pandas' conversion to round memory that nobody set, which may warn or not.
    elapsed = pd.to_timedelta(days.fillna(0.0), unit="D").where(days.notna())
    return start + elapsed


def timed_patients(cleaned: Cleaned, origin: str = "treatment_start") -> Table:
    """The patients with their days. Where times are given as elapsed, the origin is day 0 without a date."""
    frame, letters = cleaned.frame.copy(deep=False), dict(cleaned.letters)
    if origin not in frame and cleaned.elapsed:
        frame[origin] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
        letters[origin] = ""
    start = frame.get(origin, pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]"))
    if not pd.api.types.is_datetime64_any_dtype(start):
        start = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")
    days = _days(replace(cleaned, frame=frame), lambda rows: start.iloc[rows])
    if origin in days:
        days[origin] = days[origin].mask(start.isna() & days.notna().any(axis=1), 0.0)
    table = Table("patients", cleaned.sheet, frame, days, letters, origin)
    return _with_age(table)


def timed_rows(cleaned: Cleaned, patients: Table) -> Table:
    """The rows of another table: ids spelled as among the patients, days from the patient's start."""
    frame = cleaned.frame.copy(deep=False)
    keys = id_key(patients.frame["patient_id"])
    once = keys.notna() & ~keys.duplicated()
    asked = [column for column in ("patient_id", patients.origin) if column in patients.frame]
    known = patients.frame.loc[once, asked].set_axis(keys[once])
    own = id_key(frame["patient_id"])
    if not _one_spelling(frame["patient_id"], patients.frame["patient_id"]):
        frame["patient_id"] = own.map(known["patient_id"]).where(own.isin(known.index), frame["patient_id"])

    def start(rows: slice) -> pd.Series:
        if patients.origin in known:
            return pd.to_datetime(own.iloc[rows].map(known[patients.origin]))
        return pd.Series(pd.NaT, index=frame.index[rows], dtype="datetime64[ns]")

    days = _days(replace(cleaned, frame=frame), start)
    return Table(cleaned.name, cleaned.sheet, frame, days, dict(cleaned.letters), patients.origin)


def _one_spelling(ids: pd.Series, known: pd.Series) -> bool:
    """Whether ids that are compared as equal surely are written alike in both columns, as those of a registry are."""
    if not (is_coded(ids) and is_coded(known)) or ids.array.distinct is not known.array.distinct:
        return False
    return len(kept(ids.array.distinct, ID_KEY, _keys)[1]) == len(ids.array.distinct)


def settled(tables: Mapping[str, Table]) -> tuple[dict[str, Table], list[Issue]]:
    """What follows from the checked data: `ongoing` is no reason for stopping, death and last contact fill in.

    Without a column death_date, the dead died on their last contact; without vital_status, those with a
    date of death are dead and the others alive; who died without a last contact was last seen then.
    """
    patients, issues = tables["patients"], []
    # A table of hundreds of columns is put in one piece before it gets another, as pandas asks.
    frame = patients.frame.copy(deep=patients.frame.shape[1] >= WIDE)
    days = patients.days.copy(deep=False)
    letters = dict(patients.letters)
    if "vital_status" in frame and "death_date" not in frame and "last_contact" in frame:
        dead = frame["vital_status"].eq("dead")
        frame["death_date"], days["death_date"] = (
            frame["last_contact"].where(dead),
            days["last_contact"].where(dead),
        )
        letters["death_date"] = letters["last_contact"]
        if dead.any():
            issues.append(_derived(patients, "DEATH_DATE_DERIVED", *FROM_CONTACT))
    elif "death_date" in frame and "vital_status" not in frame:
        # Without a start of treatment there are no days, but who has a date of death is dead all the same.
        died = frame["death_date"].notna() | days["death_date"].notna()
        status = np.where(died, "dead", "alive").astype(object)
        frame["vital_status"], letters["vital_status"] = status, letters["death_date"]
        issues.append(_derived(patients, "VITAL_STATUS_DERIVED", *FROM_DEATH))
    if "death_date" in frame and "last_contact" in frame:
        frame["last_contact"] = frame["last_contact"].fillna(frame["death_date"])
        days["last_contact"] = days["last_contact"].fillna(days["death_date"])
    changed = {**tables, "patients": replace(patients, frame=frame, days=days, letters=letters)}
    for name, table in changed.items():
        if "stop_reason" in table.frame:
            reasons = table.frame["stop_reason"]
            clean = table.frame.copy(deep=False)
            clean["stop_reason"] = reasons.mask(reasons.eq(ONGOING[0]), None)
            changed[name] = replace(table, frame=clean)
    return changed, issues


def _derived(patients: Table, code: str, problem: Message, hint: Message) -> Issue:
    return Issue(NOTE, code, patients.sheet, None, None, problem, hint)


def _days(cleaned: Cleaned, start: Callable[[slice], pd.Series]) -> pd.DataFrame:
    frame = cleaned.frame
    dates = [c for c in frame if pd.api.types.is_datetime64_any_dtype(frame[c])]
    columns = {}
    for name in dates:
        given = name in cleaned.elapsed
        days = cleaned.elapsed[name].to_numpy() if given else _between(start, frame[name])
        columns[name] = pd.Series(aside.put([days])[0], index=frame.index, copy=False)
    return pd.DataFrame(columns, index=frame.index, dtype=float, copy=False)


def _between(start: Callable[[slice], pd.Series], dates: pd.Series) -> np.ndarray:
    """Days from start to the dates, row by row; in parts, for what lies between takes three times as much memory."""
    days = np.empty(len(dates))
    for part in slices(len(dates)):
        # Not by `.dt`, which a column keeps, and by which it would stay in memory.
        begun, ended = (times.to_numpy("datetime64[ns]") for times in (start(part), dates.iloc[part]))
        between = (ended - begun).view(np.int64)
        days[part] = np.floor(between / NANOSECONDS)  # whole days are exact
        days[part][np.isnat(begun) | np.isnat(ended)] = np.nan
    return days


def _with_age(table: Table) -> Table:
    if "birth_date" not in table.frame:
        return table
    derived = -table.days["birth_date"] / DAYS_PER["years"]
    letters = dict(table.letters)
    if "age_at_start" in table.frame:
        age = table.frame["age_at_start"].fillna(derived)
    else:
        age = derived
        letters["age_at_start"] = letters["birth_date"]
    return replace(table, frame=table.frame.assign(age_at_start=age), letters=letters)
