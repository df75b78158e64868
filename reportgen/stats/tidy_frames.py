"""Estimates as a tidy frame: one statistic a row, every column of one type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

TEXTS = ("id", "section", "endpoint", "variable", "group", "statistic", "method", "note", "status", "code")
NUMBERS = ("time", "value", "low", "high", "level", "se")
COUNTS = ("n", "events", "at_risk")
COLUMNS = ("id", "section", "endpoint", "variable", "group", "statistic", "time", "value", "low", "high", "level", "se",
           "n", "events", "at_risk", "status", "code", "note", "method")  # fmt: skip
TYPES = {
    **dict.fromkeys(TEXTS, "string"),
    **dict.fromkeys(NUMBERS, "float64"),
    **dict.fromkeys(COUNTS, "Int64"),
}


def estimates_frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """A row for each estimate, as Estimate.to_row gives it. Times in days, proportions within 0–1, nothing rounded.

    Texts are of the type string, numbers float64 with NaN for what does not exist, counts Int64.
    """
    frame = pd.DataFrame({name: [row[name] for row in rows] for name in COLUMNS})
    return frame.astype({name: TYPES[name] for name in COLUMNS})
