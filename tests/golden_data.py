"""R's answers, read from tests/golden: one data set (csv) and the numbers R gave for it (json, gzipped)."""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "golden"


@cache
def load(name: str) -> tuple[dict, dict]:
    """(columns, answers) of one golden data set: `load("tiny8")`; columns are empty for the grids.

    A column is a float array with nan for what is missing or, where any cell is text, an array of str.
    In the answers null is None, R's Inf and -Inf are floats, and everything else is as R wrote it.
    """
    answers = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    table = FOLDER / f"{name}.csv"
    if not table.exists():
        return {}, _with_infinities(answers)
    with table.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {key: _column([row[key] for row in rows]) for key in rows[0]}, _with_infinities(answers)


def endpoint(
    name: str, key: str
) -> tuple[dict, np.ndarray, np.ndarray, np.ndarray | None, np.ndarray | None]:
    """(answers, duration, status, entry, group) of one endpoint of a data set: `endpoint("tiny8", "pfs")`.

    Rows with a missing time or event are left out; group holds R's names of the groups.
    """
    columns, answers = load(name)
    block = answers[key]
    duration, status = columns[block["time_col"]], columns[block["event_col"]]
    known = ~(np.isnan(duration) | np.isnan(status))
    entry = columns[block["entry_col"]][known] if "entry_col" in block else None
    group = names(columns[block["group_col"]][known]) if "group_col" in block else None
    return block, duration[known], status[known], entry, group


def names(column: np.ndarray) -> np.ndarray:
    """The values of a column as R names the levels of their factor: 1, not 1.0."""
    return column if column.dtype.kind == "U" else np.array([f"{value:g}" for value in column])


def floats(values) -> np.ndarray:
    """A list of numbers and None as a float array with nan."""
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _column(cells: list[str]) -> np.ndarray:
    try:
        return np.array([float(cell) if cell not in ("", "NA") else np.nan for cell in cells])
    except ValueError:
        return np.array(cells)


def _with_infinities(value):
    if isinstance(value, dict):
        return {key: _with_infinities(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_infinities(item) for item in value]
    return {"Inf": float("inf"), "-Inf": float("-inf")}.get(value, value) if isinstance(value, str) else value
