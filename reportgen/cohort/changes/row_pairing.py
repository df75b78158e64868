"""Which row of today's table is which row of the earlier one: by what it says, never by where it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reportgen.cohort.clean.timing import id_key
from reportgen.cohort.cohort import Table

# Rows are sought by ever less of what they say; the first that fit are a pair.
SOUGHT_BY = {
    "patients": (("patient_id",),),
    "toxicities": (("patient_id", "term", "onset_date"), ("patient_id", "term"),
                   ("patient_id", "onset_date", "category")),
    "treatments": (("patient_id", "line"), ("patient_id", "treatment"), ("patient_id", "start_date")),
    "assessments": (("patient_id", "date"),),
    "measurements": (("patient_id", "name", "date"),),
}  # fmt: skip


def pairs(then: Table, now: Table) -> dict[int, int]:
    """Row number then → row number now, of the rows that are the same one. Equal rows are paired first."""
    shared = [column for column in then.frame.columns if column in now.frame.columns]
    before, after = _comparable(then, shared), _comparable(now, shared)
    found: dict[int, int] = {}
    for columns in (tuple(shared), *SOUGHT_BY[then.name]):
        if set(columns) <= set(shared):
            left, right = before.drop(index=list(found)), after.drop(index=list(found.values()))
            found |= dict(_matched(left[list(columns)], right[list(columns)]))
    return found


def _comparable(table: Table, columns: list[str]) -> pd.DataFrame:
    """The cells as hashable words: dates in days where only the elapsed time is known, ids as compared."""
    frame = {}
    for column in columns:
        cells = table.frame[column]
        if column == "patient_id":
            frame[column] = id_key(cells)
        elif column in table.days and cells.isna().all():
            frame[column] = table.days[column].astype(object).where(table.days[column].notna(), None)
        else:
            frame[column] = cells.astype(object).where(cells.notna(), None)
    return pd.DataFrame(frame, index=table.frame.index)


def _matched(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Rows that say the same, the first with the first."""
    waiting: dict[tuple, list[int]] = {}
    for row, words in zip(after.index, after.itertuples(index=False, name=None), strict=True):
        waiting.setdefault(words, []).append(row)
    for row, words in zip(before.index, before.itertuples(index=False, name=None), strict=True):
        if any(word is not None for word in words[1:]) or len(words) == 1:
            same = waiting.get(words)
            if same:
                yield row, same.pop(0)
