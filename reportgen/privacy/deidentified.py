"""The data set that goes to a partner beside the report: no id, no date, no free text; and how anonymous it is.

Tables of the protected cohort, a file each: pseudonyms, ages in whole years (over 89 one group), days since the start
of treatment. Words that fewer patients share than privacy.rare_below are one word, "other".
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import pandas as pd

from reportgen.base.errors import UsageError
from reportgen.base.message import message
from reportgen.cohort.cohort import Cohort, Table
from reportgen.cohort.mapping.schema import columns_of
from reportgen.privacy.protect import PARTNER
from reportgen.privacy.rare_findings import without_rare

FOLDER, OTHER = "data", "other"
# The table of the vocabulary → what its file is called.
FILES = {"patients": "patients", "toxicities": "toxicities", "treatments": "lines"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What by itself may tell who somebody is, where the settings choose nothing else.
TELLING = ("age_at_start", "sex")
NEVER = ("birth_date", "relapse_observed", "toxicity_unknown", "treatment_ongoing")


@dataclass(frozen=True)
class Anonymity:
    """How many patients share the values of the quasi-identifiers. k: with the rarest of them; unique: how many stand
    alone; merged: column → how many words became "other"."""

    quasi: tuple[str, ...]
    k: int
    unique: int
    patients: int
    merged: Mapping[str, int]

    def __str__(self) -> str:
        by = ", ".join(self.quasi) or "nothing"
        alone = f"{self.unique} of {self.patients} patients are alone with their values"
        said = f"k-anonymity by {by}: k = {self.k}; {alone}"
        words = ", ".join(f"{count} of {name}" for name, count in self.merged.items())
        return f"{said}; words merged as rare: {words or 'none'}"


def data_set(cohort: Cohort) -> tuple[dict[str, bytes], Anonymity]:
    """The files by name (data/patients.csv, …), and how anonymous they are. cohort: protected, for a partner.

    CSV in UTF-8, and Parquet where pyarrow is there; dictionary.csv says what each column is. Rows stand in the order
    of pseudonyms. UsageError under another profile, or for a quasi-identifier that is no column.
    """
    privacy = cohort.settings.privacy
    if privacy.profile != PARTNER or not cohort.pseudonymous:
        raise UsageError(message("--format data is for partners: it needs --profile partner."))
    cohort = without_rare(cohort, privacy.rare_below)
    frames = {FILES[table.name]: _frame(cohort, table) for table in _tables(cohort)}
    features = [feature.name for feature in cohort.features if feature.name in frames["patients"]]
    known = frames["patients"].columns
    lost = [name for name in privacy.quasi_identifiers if name not in known]
    if lost:
        raise UsageError(
            message(
                "privacy.quasi_identifiers names {a}; known are {b}.",
                a=", ".join(lost),
                b=", ".join(known[1:]),
            )
        )
    merged = {
        name: _merged(frame, _closed(name), privacy.rare_below)
        for name, frame in frames.items()
        if privacy.rare_below > 1
    }
    own = [name for name in features if name not in columns_of("patients")]
    frames["features"] = frames["patients"][["patient_id", *features]]
    frames["patients"] = frames["patients"].drop(columns=own)
    quasi = tuple(privacy.quasi_identifiers) or tuple(name for name in TELLING if name in known)
    wide = frames["patients"].merge(frames["features"][["patient_id", *own]], on="patient_id")
    sizes = wide.groupby(list(quasi), dropna=False).size() if quasi else pd.Series([len(wide)])
    words = {column: count for counts in merged.values() for column, count in counts.items() if count}
    found = Anonymity(quasi, int(sizes.min()), int((sizes == 1).sum()), len(wide), words)
    files = dict(_written(frames))
    files[f"{FOLDER}/dictionary.csv"] = _csv(_dictionary(cohort, frames))
    files[f"{FOLDER}/README.txt"] = (
        f"{found}.\nTimes are days since the start of treatment; ages are whole years.\n".encode()
    )
    return files, found


def _tables(cohort: Cohort) -> list[Table]:
    return [table for table in (cohort.patients, cohort.toxicities, cohort.treatments) if table is not None]


def _frame(cohort: Cohort, table: Table) -> pd.DataFrame:
    """A table with days in place of dates, in the order of pseudonyms."""
    kept = {}
    for name in table.frame:
        if name in NEVER:
            continue
        if pd.api.types.is_datetime64_any_dtype(table.frame[name]) or name in table.days:
            if name in table.days and name != "treatment_start":
                kept[f"{name}_days"] = _whole(table.days[name].astype(float))
        else:
            kept[name] = _whole(table.frame[name])
    frame = pd.DataFrame(kept, index=table.frame.index)
    return frame.sort_values(["patient_id", *(c for c in frame if c != "patient_id")], kind="stable", ignore_index=True,
                             key=lambda cells: cells.astype(str))  # fmt: skip


def _whole(cells: pd.Series) -> pd.Series:
    """Numbers that all are whole as whole numbers."""
    numbers = pd.api.types.is_float_dtype(cells)
    return cells.astype("Int64") if numbers and (cells.dropna() % 1 == 0).all() else cells


def _closed(file: str) -> set[str]:
    """The columns of a table whose words are ours: alive and dead, CR and PR. None of these is merged."""
    table = next(table for table, name in FILES.items() if name == file)
    return {name for name, column in columns_of(table).items() if column.words or column.kind == "yes/no"}


def _merged(frame: pd.DataFrame, closed: set[str], least: int) -> dict[str, int]:
    """Words that fewer patients share become "other", in place; column → how many words these were."""
    found = {}
    for name in frame:
        if name == "patient_id" or name in closed or pd.api.types.is_numeric_dtype(frame[name]):
            continue
        patients = frame.groupby(name)["patient_id"].nunique()
        rare = set(patients.index[patients < least])
        if rare:
            frame[name] = frame[name].where(~frame[name].isin(rare), OTHER)
            found[str(name)] = len(rare)
    return found


def _dictionary(cohort: Cohort, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    units = {feature.name: feature.unit for feature in cohort.features}
    rows = []
    for table, frame in frames.items():
        for name in frame:
            days, number = name.endswith("_days"), pd.api.types.is_numeric_dtype(frame[name])
            levels = [] if number or name == "patient_id" else sorted(map(str, frame[name].dropna().unique()))
            label = str(cohort.labels.get(name.removesuffix("_days"), name))
            kind, unit = "number" if number else "text", units.get(name, "")
            unit = "days since the start of treatment" if days else unit
            rows.append((table, name, label, kind, unit, "; ".join(levels)))
    return pd.DataFrame(rows, columns=["table", "column", "label", "type", "unit", "levels"])


def _written(frames: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, bytes]]:
    for name, frame in frames.items():
        yield f"{FOLDER}/{name}.csv", _csv(frame)
        if find_spec("pyarrow"):
            plain = io.BytesIO()
            frame.to_parquet(plain, index=False)
            yield f"{FOLDER}/{name}.parquet", plain.getvalue()


def _csv(frame: pd.DataFrame) -> bytes:
    """UTF-8 with its mark; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell)
    return b"\xef\xbb\xbf" + safe.to_csv(index=False, lineterminator="\r\n").encode()
